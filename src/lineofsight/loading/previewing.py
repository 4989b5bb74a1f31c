"""What a change of the rules would do, before anybody keeps it: nothing of it is written anywhere (DESIGN 5 K, 5 O)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.cases import exceptions
from lineofsight.errors import PlainError
from lineofsight.lake import Lake, Snapshot
from lineofsight.loading import carrying
from lineofsight.loading.computing import Progress, before
from lineofsight.measures import computing, definitions, values
from lineofsight.policy import Registry
from lineofsight.policy.changing import Rules


@dataclass(frozen=True)
class Counted:
    """What one measure counts at the newest date: numerator and denominator, None where it is not measured."""

    numerator: int | None
    denominator: int | None


@dataclass(frozen=True)
class MeasureEffect:
    """One measure whose figure or exceptions would be others."""

    measure: str
    title: str
    before: Counted
    after: Counted
    opened: int
    cleared: int


@dataclass(frozen=True)
class TeamEffect:
    """One team that would have more or fewer children."""

    team_id: str
    name: str
    before: int
    after: int


@dataclass(frozen=True)
class Effect:
    """What a change would do to what is shown now: the computation it was compared with, and what would differ."""

    snapshot: str
    computation: str
    measures: tuple[MeasureEffect, ...]
    teams: tuple[TeamEffect, ...]

    @property
    def opened(self) -> int:
        """How many exceptions would open."""
        return sum(one.opened for one in self.measures)

    @property
    def cleared(self) -> int:
        """How many exceptions would be open no more."""
        return sum(one.cleared for one in self.measures)

    def told(self) -> dict[str, Any]:
        """As JSON, for whoever keeps it until somebody decides."""
        return {
            "snapshot": self.snapshot,
            "computation": self.computation,
            "measures": [
                {
                    "measure": one.measure,
                    "title": one.title,
                    "before": [one.before.numerator, one.before.denominator],
                    "after": [one.after.numerator, one.after.denominator],
                    "opened": one.opened,
                    "cleared": one.cleared,
                }
                for one in self.measures
            ],
            "teams": [[one.team_id, one.name, one.before, one.after] for one in self.teams],
        }


def preview(lake: Lake, rules: Rules, *, progress: Progress | None = None) -> Effect:
    """What the newest snapshot would show under `rules`, against what it shows now.

    Raises PlainError where nothing is loaded, or the rules are not right.
    """
    found = lake.newest()
    if found is None:
        raise PlainError("Nothing has been loaded yet, so there is nothing that a change could do.")
    snapshot, computation = found
    measured = computing.preview(lake, snapshot, rules.policy, rules.roles, rules.registry, progress=progress)
    people = lake.people_under(snapshot, rules.roles, rules.registry)
    carried = before(lake, snapshot)
    ledger = exceptions.derive_from(
        lake,
        snapshot,
        measured.rows,
        measured.values,
        carrying.kept(lake, carried.computation if carried else None, "exceptions"),
        rules.registry,
        people,
    )
    told = lake.read(computation, "values")
    return Effect(
        snapshot.id,
        computation.id,
        _measures(snapshot, told, measured.values, _open(lake.read(computation, "exceptions")), _open(ledger)),
        _teams(lake, snapshot, people, rules.registry),
    )


def _measures(
    snapshot: Snapshot, told: pa.Table, anew: pa.Table, was: Mapping[str, set[str]], now: Mapping[str, set[str]]
) -> tuple[MeasureEffect, ...]:
    first, then = _figures(snapshot, told), _figures(snapshot, anew)
    found = [
        MeasureEffect(
            one.id,
            one.title,
            first.get(one.id, Counted(None, None)),
            then.get(one.id, Counted(None, None)),
            len(now.get(one.id, set()) - was.get(one.id, set())),
            len(was.get(one.id, set()) - now.get(one.id, set())),
        )
        for one in definitions.load().values()
    ]
    return tuple(one for one in found if one.before != one.after or one.opened or one.cleared)


def _figures(snapshot: Snapshot, table: pa.Table) -> dict[str, Counted]:
    """The authority's figure of each measure for the newest date that is measured, as its page has it."""
    whole = table.filter(
        (pc.field("breakdown") == values.AUTHORITY)
        & (pc.field("as_at") == snapshot.as_at)
        & (pc.field("status") == values.MEASURED)
    )
    rows = whole.sort_by([("measure", "ascending"), ("window", "ascending")]).to_pylist()
    found: dict[str, Counted] = {}
    for row in rows:  # one row a measure and window: the month's, where there are two
        found.setdefault(row["measure"], Counted(row["numerator"], row["denominator"]))
    return found


def _open(ledger: pa.Table) -> dict[str, set[str]]:
    """The ids of the open exceptions, by measure."""
    held = ledger.filter(pc.equal(ledger["state"], exceptions.OPEN))
    grouped = held.group_by("measure").aggregate([("exception_id", "list")])
    ids = grouped["exception_id_list"].to_pylist()
    return {measure: set(some) for measure, some in zip(grouped["measure"].to_pylist(), ids, strict=True)}


def _teams(
    lake: Lake, snapshot: Snapshot, people: Mapping[str, pa.Table], registry: Registry
) -> tuple[TeamEffect, ...]:
    """A row a team as it will be: ids that become one are one row, with what all of them had."""
    was, now = _by_team(lake.persons(snapshot, columns=["team_id"])), _by_team(people["persons"])
    names = {
        row["team_id"]: row["team_name"]
        for table in (lake.teams(snapshot), people["teams"])
        for row in table.to_pylist()
    }
    changed = {
        registry.stands_for("team", team) for team in was.keys() | now.keys() if was.get(team, 0) != now.get(team, 0)
    }
    held: Counter[str] = Counter()
    for team, count in was.items():
        held[registry.stands_for("team", team)] += count
    return tuple(TeamEffect(one, names.get(one, one), held[one], now.get(one, 0)) for one in sorted(changed))


def _by_team(persons: pa.Table) -> dict[str, int]:
    counted = pc.value_counts(persons["team_id"].combine_chunks()).to_pylist()
    return {one["values"]: one["counts"] for one in counted if one["values"]}
