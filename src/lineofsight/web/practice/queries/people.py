"""Names for keys: the persons of a page, as this viewer may see them."""

from collections.abc import Iterable, Mapping
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
from lineofsight.web.practice.queries.standing import Standing

CARD = [
    "child_key",
    "forename",
    "surname",
    "dob",
    "expected_dob",
    "death_date",
    "team_id",
    "team_name",
    "service_id",
    "worker_id",
    "worker_name",
    "scope_teams",
    "scope_workers",
    "restricted",
]


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


def cards(stand: Standing, viewer: Viewer, child_keys: Iterable[str]) -> Mapping[str, Card]:
    """A card for each of `child_keys`, in one read. Call it after the read has been logged."""
    wanted = sorted(set(child_keys))
    if not wanted:
        return {}
    chosen = pc.field("child_key").isin(pa.array(wanted, pa.string()))
    found = stand.lake.persons(stand.snapshot, columns=CARD, where=chosen).to_pylist()
    return {row["child_key"]: card(stand, viewer, row) for row in found}


def card(stand: Standing, viewer: Viewer, person: Mapping[str, Any]) -> Card:
    """The card of one row of the persons read model."""
    if not scope.may_open(viewer, person):
        return ELSEWHERE
    return Card(
        ref=refs.ref(keys_in_use(), viewer.audience, person["child_key"]),
        name=name(person),
        age=age(person, stand.as_at),
        team=person["team_name"] or "",
        worker=person["worker_name"] or "",
    )


def name(person: Mapping[str, Any]) -> str:
    """'Ann Smith'; a child not yet named is called what they are."""
    said = " ".join(part for part in (person["forename"], person["surname"]) if part)
    return said or ("Unborn child" if person["dob"] is None and person["expected_dob"] else "Name not recorded")


def age(person: Mapping[str, Any], on: date) -> str:
    """Age on a day, or at death."""
    last = min(on, person["death_date"]) if person["death_date"] else on
    return wording.age(person["dob"], last, person["expected_dob"])
