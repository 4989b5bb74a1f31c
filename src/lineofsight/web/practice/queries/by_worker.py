"""By worker, to their line of management only: by name, without rank or colour, with caseload and absence beside
(DESIGN 7.7). It stands on the measure's page alone, never in evidence, a pack or a file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.measures.definitions import Definition
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.permissions import Capability, Refused, agrees, check, check_see_children
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice.queries import figures, measures, periods
from lineofsight.web.practice.queries.figures import Figure
from lineofsight.web.practice.queries.standing import Standing, catalogue, theirs, workers

CASELOAD = "WF08"  # its rows are workers, the value how many children each holds
AWAY = "WF15"  # its rows are children whose worker may be away with nobody covering


@dataclass(frozen=True)
class WorkersLine:
    """One worker: the measure's value over their children, how many children they hold, whether they are away."""

    name: str
    value: str
    of: str
    caseload: str
    away: str


@dataclass(frozen=True)
class ByWorker:
    """The workers by name, and what the page says of where each number comes from."""

    lines: Sequence[WorkersLine]
    unnamed: int  # rows that no worker answers for


def check_by_worker(viewer: Viewer, definition: Definition) -> None:
    """Raise Refused unless `viewer` manages workers and may see whom they work with."""
    check_see_children(viewer)
    check(viewer, Capability.SEE_WORKERS)
    if viewer.scope.kind not in ("team", "service") or definition.of_workers:
        raise Refused(
            "A measure is divided by worker for the managers of those workers only.",
            held_by=("Team manager", "Head of service"),
            capability=Capability.SEE_WORKERS,
        )


def may_by_worker(viewer: Viewer, definition: Definition) -> bool:
    """The boolean twin of `check_by_worker`."""
    return agrees(check_by_worker, viewer, definition)


def by_worker(stand: Standing, viewer: Viewer, definition: Definition, headline: Figure) -> ByWorker | None:
    """The workers of this manager's teams; None where nobody is to be listed. Raises Refused, LogUnavailable.

    The read is in the log before a name is fetched.
    """
    check_by_worker(viewer, definition)
    if not headline.measured:
        return None
    where = (pc.field("measure") == definition.id) & periods.within(stand, definition, headline.as_at)
    rows = _of(stand, viewer, where)
    ids = sorted(one for one in pc.unique(rows["worker_id"]).to_pylist() if one)
    if not ids:
        return None
    record_read(
        viewer=viewer,
        action="rows.listed",
        subject=f"measure {definition.id}",
        detail={"as_at": headline.as_at.isoformat(), "by": "worker", "rows": len(ids)},
    )
    loads, away = _caseloads(stand, viewer), _away(stand, viewer)
    known, days = workers(stand), periods.behind(definition, periods.months(stand), headline.as_at)
    lines = []
    for one in ids:
        figure = figures.counted(definition, rows.filter(pc.equal(rows["worker_id"], one)), days)
        lines.append(
            WorkersLine(
                name=known[one].name if one in known else "A worker not in the list",
                value=measures.value_words(definition, figure),
                of=measures.of_words(definition, figure),
                caseload=f"{loads[one]:,.0f}" if one in loads else "not measured",
                away=away.get(one, "not measured" if away is _UNKNOWN else ""),
            )
        )
    return ByWorker(sorted(lines, key=lambda line: line.name), rows["worker_id"].null_count)


_UNKNOWN: Mapping[str, str] = {}


def _of(stand: Standing, viewer: Viewer, where: pc.Expression) -> pa.Table:
    mine = theirs(stand, viewer)
    columns = ["as_at", "worker_id", "met", "value", "weight"]
    return stand.lake.read(stand.computation, "rows", columns=columns, where=where if mine is None else where & mine)


def _caseloads(stand: Standing, viewer: Viewer) -> Mapping[str, float]:
    """How many children each worker holds now."""
    rows = _of(stand, viewer, (pc.field("measure") == CASELOAD) & (pc.field("as_at") == stand.as_at))
    found: dict[str, float] = {}
    for worker, value in zip(rows["worker_id"].to_pylist(), rows["value"].to_pylist(), strict=True):
        found[worker] = found.get(worker, 0.0) + (value or 0.0)
    return found


def _away(stand: Standing, viewer: Viewer) -> Mapping[str, str]:
    """Who is away, and whether somebody covers; `_UNKNOWN` where the extract does not tell of absence."""
    series = figures.own(stand, viewer).get(AWAY)
    if AWAY not in catalogue() or series is None or not series.headline.measured:
        return _UNKNOWN
    rows = _of(stand, viewer, (pc.field("measure") == AWAY) & (pc.field("as_at") == stand.as_at))
    covered: dict[str, bool] = {}
    for worker, met in zip(rows["worker_id"].to_pylist(), rows["met"].to_pylist(), strict=True):
        if worker:
            covered[worker] = covered.get(worker, True) and bool(met)
    return {worker: "Away, covered" if all_of_them else "Away, not covered" for worker, all_of_them in covered.items()}
