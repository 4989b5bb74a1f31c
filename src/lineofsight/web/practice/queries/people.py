"""Names for keys: the persons of a page, as this viewer may see them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.cases import refs
from lineofsight.web import keys_in_use
from lineofsight.web.access import scope
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries.standing import Standing, belonging, team_name, workers

# What is read of a child to name them in a list.
NAMED = ["child_key", "forename", "surname", "dob", "expected_dob", "death_date"]


@dataclass(frozen=True)
class Card:
    """A child as a row of a list shows them. Without a page (`ref` empty) the name is not shown either."""

    ref: str
    name: str
    age: str
    team: str
    worker: str

    @property
    def aged(self) -> str:
        """The age beside a name: 'aged 9', '7 months', 'unborn'."""
        return f"aged {self.age}" if self.age.isdigit() else self.age


# After a transfer the old team keeps its past counts, but not the child's page (DESIGN 5 C).
ELSEWHERE = Card("", "A child now with another team", "", "", "")
# In the past: a child of whom no extract tells any more.
NO_LONGER = Card("", "A child of whom nothing is held now", "", "", "")


def cards(stand: Standing, viewer: Viewer, child_keys: Collection[str]) -> Mapping[str, Card]:
    """A card for each of `child_keys`, in one read. Call it after the read has been logged."""
    held = belonging(stand, set(child_keys))
    open_to = [key for key, one in held.items() if scope.may_open(viewer, one)]
    found = named(stand, open_to)
    gone = dict.fromkeys(set(child_keys) - held.keys(), NO_LONGER) if stand.past else {}
    told = {key: card(stand, viewer, {**held[key], **found[key]}) if key in found else ELSEWHERE for key in held}
    return gone | told


def named(stand: Standing, child_keys: Iterable[str], also: Sequence[str] = ()) -> Mapping[str, Mapping[str, Any]]:
    """The names and dates of birth of these children, and further columns, in one read; none for no child."""
    wanted = pa.array(sorted(child_keys), pa.string())
    if not len(wanted):
        return {}
    found = stand.lake.persons(stand.snapshot, columns=[*NAMED, *also], where=pc.field("child_key").isin(wanted))
    return {row["child_key"]: row for row in found.to_pylist()}


def card(stand: Standing, viewer: Viewer, person: Mapping[str, Any]) -> Card:
    """The card of one child whose page this viewer may open (`belonging` and `named` together)."""
    worker = workers(stand).get(person["worker_id"])
    return Card(
        ref=refs.ref(keys_in_use(), viewer.audience, person["child_key"]),
        name=name(person),
        age=age(person, stand.as_at),
        team=team_name(stand, person["team_id"]),
        worker=worker.name if worker else person["worker_id"] or "",
    )


def name(person: Mapping[str, Any]) -> str:
    """'Ann Smith'; a child not yet named is called what they are."""
    said = " ".join(part for part in (person["forename"], person["surname"]) if part)
    return said or ("Unborn child" if person["dob"] is None and person["expected_dob"] else "Name not recorded")


def age(person: Mapping[str, Any], on: date) -> str:
    """Age on a day, or at death."""
    last = min(on, person["death_date"]) if person["death_date"] else on
    return wording.age(person["dob"], last, person["expected_dob"])
