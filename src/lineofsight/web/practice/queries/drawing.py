"""Drawing files by chance for a night of file reading, and listing them for their reader."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from lineofsight.web.access import scope
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.models import ReadingFile
from lineofsight.web.access.need.nights import Night
from lineofsight.web.access.need.queries import NIGHT
from lineofsight.web.access.need.reading import check_reads_files
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice.queries import people
from lineofsight.web.practice.queries.standing import belonging, standing

# What each choice of the form is in the persons read model; None for everybody on record.
COLUMNS = {"on-plan": "on_plan", "looked-after": "looked_after", "in-need": "in_need", "everyone": None}

Below = Callable[[int], int]


@dataclass(frozen=True)
class Draw:
    """What was drawn: the children's keys in their order, from which snapshot, and out of how many."""

    child_keys: Sequence[str]
    snapshot: str
    out_of: int


def draw(viewer: Viewer, drawn_from: str, wanted: int, *, below: Below = secrets.randbelow) -> Draw:
    """Draw `wanted` children by the system's own chance (or by the chance given), or as many as there are.

    Every team has the same chance to be drawn, then every child in it; of brothers and sisters one at most.
    Restricted records are never drawn. Nothing of a child is shown here: the draw itself is logged when it is kept.
    """
    check_reads_files(viewer)
    stand = standing()
    column = COLUMNS[drawn_from]
    where = pc.field(column) if column else None
    keys = stand.lake.persons(stand.snapshot, columns=["child_key"], where=where)["child_key"].to_pylist()
    held = belonging(stand, keys)
    pool = {key: one for key, one in held.items() if scope.may_open(viewer, one) and not one["restricted"]}
    return Draw(sample(pool, wanted, below), stand.snapshot.id, len(pool))


def sample(pool: Mapping[str, Mapping[str, Any]], wanted: int, below: Below) -> list[str]:
    """`wanted` keys of `pool` (each with team_id and siblings), one from each team in turn, siblings once.

    `below(n)` gives a number from 0 to n - 1 by chance. Fewer come back where there are no more families.
    """
    teams: dict[str, list[str]] = {}
    for key in sorted(pool):
        teams.setdefault(pool[key]["team_id"] or "", []).append(key)
    drawn: list[str] = []
    family: set[str] = set()
    waiting: list[str] = []
    while len(drawn) < wanted and teams:
        waiting = waiting or _shuffled(sorted(teams), below)
        team = waiting.pop()
        left = teams[team]
        while left:
            key = left.pop(below(len(left)))
            if key not in family:
                drawn.append(key)
                family |= {key, *(pool[key]["siblings"] or ())}
                break
        if not left:
            del teams[team]
    return drawn


@dataclass(frozen=True)
class Listed:
    """One file of tonight as its reader sees it. Without a `card.ref` the child may not be opened any more."""

    file: ReadingFile
    card: people.Card


def listed(viewer: Viewer, night: Night) -> list[Listed]:
    """Tonight's files by name. The reading of the list is in the log before a name is fetched.

    A child whose record was restricted since the draw, or who is gone from a newer extract, stands without a name.
    """
    check_reads_files(viewer)
    stand = standing()
    held = belonging(stand, [file.child_key for file in night.files])
    open_to = [key for key, one in held.items() if scope.may_open(viewer, one) and not one["restricted"]]
    record_read(
        viewer=viewer.for_purpose(NIGHT), action="night.listed", child_keys=open_to, detail={"night": night.key}
    )
    cards = people.cards(stand, viewer, open_to)
    return [Listed(file, cards.get(file.child_key, GONE)) for file in night.files]


GONE = people.Card("", "A record that may not be opened any more", "", "", "")


def _shuffled(values: list[str], below: Below) -> list[str]:
    """The values in an order by chance (Fisher and Yates)."""
    for last in range(len(values) - 1, 0, -1):
        other = below(last + 1)
        values[last], values[other] = values[other], values[last]
    return values
