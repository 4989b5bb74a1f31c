"""The home of whoever manages a team: what is owed and due, worker by worker, and who waits for one (PAGES.md).

Workers stand by name, without rank or colour, with their caseload and absence beside (DESIGN 7.7).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.cases import coming
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries import episodes, figures, owing, people
from lineofsight.web.practice.queries.homes import reading
from lineofsight.web.practice.queries.homes.reading import Due, Told
from lineofsight.web.practice.queries.standing import Standing, standing, whose, withheld

FEW = 5  # lines of one worker on the page; the list of exceptions has them all
CASELOAD, AWAY, ON_A_PLAN, LOOKED_AFTER = "WF08", "WF15", "CP01", "LA01"
BESIDE = (CASELOAD, AWAY, ON_A_PLAN, LOOKED_AFTER)

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Waiting:
    """One child who waits for a social worker: how long, and the safeguards that are to be done now."""

    key: str
    child: people.Card
    waited: int
    overdue: Sequence[str]
    due: Sequence[str]


@dataclass(frozen=True)
class Part:
    """One worker: what is owed and due, the first few of each, and what stands beside it. `key` is '' for nobody."""

    key: str
    name: str
    owed: Sequence[owing.Owed]
    owed_count: int
    due: Sequence[Due]
    due_count: int
    caseload: str
    beside: str
    away: str

    @property
    def more(self) -> int:
        """How much more is owed than the page shows."""
        return self.owed_count - len(self.owed)

    @property
    def more_due(self) -> int:
        """How much more falls due than the page shows."""
        return self.due_count - len(self.due)


@dataclass(frozen=True)
class TeamHome:
    """The page: who waits, then the workers by name."""

    told: Told
    waiting: Sequence[Waiting]
    parts: Sequence[Part]
    owed: int
    due: int
    longest: int | None
    whose: str

    @property
    def said(self) -> str:
        """'43 things are owed and not done; 12 fall due by 9 November 2026: Assessment East.'"""
        now = self.told.fresh
        be = ("is" if self.owed == 1 else "are") if now else ("was" if self.owed == 1 else "were")
        fall = ("falls" if self.due == 1 else "fall") if now else "fell"
        when = "" if now else f"On {wording.day(self.told.as_at)}, "
        owed = wording.counted(self.owed, "thing")
        start = f"{when}{owed}" if when else owed[:1].upper() + owed[1:]
        due = f"{self.due:,}" if self.due else "none"
        return f"{start} {be} owed and not done, and {due} {fall} due by {wording.day(self.told.until)}: {self.whose}."


def team_home(viewer: Viewer) -> TeamHome:
    """What is owed in the viewer's teams, by worker. The read is in the log before a name is fetched.

    Raises Refused, TooFast, LogUnavailable.
    """
    reading.check_home(viewer, "team")
    stand = standing(viewer)
    everything = reading.owed_rows(stand, viewer)
    rows = reading.newest_rows(stand, viewer, pc.field("measure").isin([*coming.measures(), *BESIDE]))
    hidden = withheld(stand, viewer)
    owed, due = reading.without(everything, hidden), reading.soon(stand, reading.without(rows, hidden))
    ordered = reading.longest_first(owed)
    is_wait = pc.equal(ordered["measure"], owing.UNALLOCATED)
    waits, others = ordered.filter(is_wait).to_pylist(), ordered.filter(pc.invert(is_wait))
    by_worker, due_by_worker = _by_worker(others), _by_worker(due)
    shown = [row for held in (by_worker, due_by_worker) for of_one in held.values() for row in of_one[:FEW]]
    keys = [row["child_key"] for row in [*waits, *shown]]
    reading.log(viewer, keys, len(keys))
    cards = people.cards(stand, viewer, [key for key in keys if key])
    beside = _Beside(stand, rows)
    return TeamHome(
        told=reading.told(stand, everything.num_rows - owed.num_rows),
        waiting=_waiting(stand, waits, cards),
        parts=[
            _part(stand, key, by_worker.get(key, []), due_by_worker.get(key, []), cards, beside)
            for key in _in_order(stand, by_worker.keys() | due_by_worker.keys() | beside.holders)
        ],
        owed=owed.num_rows,
        due=due.num_rows,
        longest=pc.max(reading.of(everything, [owing.UNALLOCATED])["days_over"]).as_py(),
        whose=whose(stand, viewer),
    )


def _by_worker(rows: pa.Table) -> dict[str, list[Mapping[str, Any]]]:
    """The rows of each worker, in the order they have; '' for those of nobody."""
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows.to_pylist():
        found[row["worker_id"] or ""].append(row)
    return found


def _in_order(stand: Standing, keys: set[str]) -> list[str]:
    """What nobody is named for first, then the workers by name: never ranked (DESIGN 7.7)."""
    return sorted(keys, key=lambda key: (key != "", reading.worker_name(stand, key), key))


class _Beside:
    """What stands beside each worker: counts of their children, and absence, from the rows of the extract's date."""

    def __init__(self, stand: Standing, rows: pa.Table) -> None:
        self._held = _of_each(reading.of(rows, [CASELOAD]), "value")
        self._counts = {key: _counted(reading.of(rows, [key])) for key in (ON_A_PLAN, LOOKED_AFTER)}
        away = reading.of(rows, [AWAY])
        self._uncovered = _counted(away.filter(pc.invert(pc.fill_null(away["met"], True))))
        self._away = _counted(away)
        series = figures.authority(stand, "identified")
        self._measured = {key: key in series and series[key].headline.measured for key in BESIDE}

    @property
    def holders(self) -> set[str]:
        """The workers who hold children."""
        return set(self._held)

    def caseload(self, worker: str) -> str:
        """'14', 'not measured', or '–' for one whose caseload is counted in another team."""
        if not self._measured[CASELOAD]:
            return wording.NOT_MEASURED
        return f"{self._held[worker]:,.0f}" if worker in self._held else "–"

    def words(self, worker: str) -> str:
        """'3 on a protection plan, 2 looked after'."""
        said = {ON_A_PLAN: "on a protection plan", LOOKED_AFTER: "looked after"}
        counts = [(self._counts[key].get(worker, 0), words) for key, words in said.items() if self._measured[key]]
        return wording.listed([f"{count:,} {words}" for count, words in counts if count])

    def away(self, worker: str) -> str:
        """Whether the worker has long been away, and whether somebody covers."""
        if not self._measured[AWAY]:
            return wording.NOT_MEASURED
        if uncovered := self._uncovered.get(worker):
            return f"Away, and nobody covers {wording.counted(uncovered, 'child', 'children')}"
        return "Away, covered" if worker in self._away else ""


def _counted(rows: pa.Table) -> dict[str, int]:
    held = pc.value_counts(rows["worker_id"].combine_chunks()).to_pylist()
    return {one["values"]: one["counts"] for one in held if one["values"]}


def _of_each(rows: pa.Table, column: str) -> dict[str, float]:
    summed = rows.group_by("worker_id").aggregate([(column, "sum")]).to_pylist()
    return {row["worker_id"]: row[f"{column}_sum"] or 0.0 for row in summed if row["worker_id"]}


def _part(stand: Standing, key: str, owed: Rows, due: Rows, cards: Mapping[str, people.Card], beside: _Beside) -> Part:
    return Part(
        key=key,
        name=reading.worker_name(stand, key),
        owed=reading.owed_lines(stand, owed[:FEW], cards),
        owed_count=len(owed),
        due=[reading.due_line(stand, row, cards) for row in due[:FEW]],
        due_count=len(due),
        caseload=beside.caseload(key) if key else "",
        beside=beside.words(key) if key else "",
        away=beside.away(key) if key else "",
    )


def _waiting(stand: Standing, waits: Rows, cards: Mapping[str, people.Card]) -> Sequence[Waiting]:
    """Each child who waits, with the safeguards overdue and due; of what was known then, none."""
    recorded = {} if stand.past else episodes.recorded([row["exception_id"] for row in waits])
    seen = {} if stand.past else reading.visits(stand, [row["child_key"] for row in waits])
    found = []
    for row in waits:
        card = cards.get(row["child_key"], people.ELSEWHERE)
        owed = episodes.owing_of(stand, row, seen, recorded, is_open=True) if row["owed_since"] else []
        words = {
            word: [one.safeguard.title for one in owed if one.word == word and card.ref] for word in ("overdue", "due")
        }
        found.append(Waiting(row["exception_id"], card, row["days_over"] or 0, words["overdue"], words["due"]))
    return found
