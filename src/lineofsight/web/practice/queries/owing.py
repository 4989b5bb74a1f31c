"""One thing owed, in words: what, to whom, since when, who must act, and what was said of it."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from lineofsight.cases.safeguards import UNALLOCATED
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries import people
from lineofsight.web.practice.queries.standing import Standing, catalogue, team_name, workers

__all__ = ["FILTERS", "OWED_NOW", "STATES", "UNALLOCATED", "Owed", "Step", "kind_title", "owed_title", "owner", "told"]

# How an exception stands: what the ledger says of it, and while it is open what somebody said.
STATES = {
    "open": "Open",
    "said-done": "Said done",
    "came-back": "Said done, not borne out",
    "explained": "Explained",
    "not re-measured": "Not measured again",
    "cleared": "Cleared",
}
# What the list may be narrowed to. “open” holds all that is owed now: what was said never takes a thing out of it.
FILTERS = {
    "open": "Owed now",
    "unanswered": "Nothing said yet",
    "came-back": "Said done, not borne out",
    "said-done": "Said done",
    "explained": "Explained",
    "not re-measured": "Not measured again",
    "cleared": "Cleared",
}
OWED_NOW = ("open", "said-done", "came-back", "explained")


@dataclass(frozen=True)
class Step:
    """One line of an exception's history."""

    on: date
    what: str


@dataclass(frozen=True)
class Owed:
    """One exception as a list shows it. `standing` is a key of STATES, `until` the day to which it is explained."""

    key: str
    measure: str
    title: str
    about: str
    child: people.Card | None
    name: str
    age: str
    team: str
    worker: str
    owner: str
    owed_since: date | None
    first_seen: date
    cleared_on: date | None
    state: str
    days_over: int | None
    reason: str
    history: Sequence[Step]
    standing: str = "open"
    until: date | None = None

    @property
    def state_words(self) -> str:
        """How it stands, for a page: 'Open', 'Explained until 3 December 2026', 'Cleared'."""
        return STATES[self.standing] + (f" until {wording.day(self.until)}" if self.standing == "explained" else "")


def told(stand: Standing, row: Mapping[str, Any], cards: Mapping[str, people.Card], names_workers: bool) -> Owed:
    """One row of the ledger in the words of the list; what was said of it where the row has that (`said.beside`)."""
    card = cards.get(row["child_key"], people.ELSEWHERE) if row["child_key"] else None
    definition = catalogue().get(row["measure"])
    team, worker = team_name(stand, row["team_id"]), workers(stand).get(row["worker_id"])
    hidden = card is not None and not card.ref
    worker_name = worker.name if worker and names_workers and not hidden else ""
    return Owed(
        key=row["exception_id"],
        measure=row["measure"],
        title=owed_title(row["measure"]),
        about=definition.title if definition else "",
        child=card,
        name=card.name if card else worker_name,
        age=card.age if card else "",
        team=team,
        worker=worker_name,
        owner=owner(row["owner"], worker.name if worker else "", team, names_workers),
        owed_since=row["owed_since"],
        first_seen=row["first_seen"],
        cleared_on=row["cleared_on"],
        state=row["state"],
        days_over=row["days_over"],
        reason="" if hidden else row["reason"] or "",
        history=[Step(step["as_at"], step["what"]) for step in row["history"] or ()],
        standing=row.get("standing") or row["state"],
        until=row.get("until"),
    )


def owed_title(measure: str) -> str:
    """What is owed, in a few words; the measure's own title where nobody has said it shorter."""
    known = catalogue().get(measure)
    return _words().get(measure) or (known.title if known else measure)


def kind_title(measure: str) -> str:
    """The same in a list of kinds, where 'A visit in time' alone would not say whose."""
    known = catalogue().get(measure)
    if known and measure in _words():
        return f"{owed_title(measure)} ({known.area.lower()})"
    return owed_title(measure)


def owner(said: str | None, worker: str, team: str, names_workers: bool) -> str:
    """Who must act. Above the line of management a worker is said by the team, not by name (DESIGN 7.7)."""
    if not said:
        return ""
    if worker and worker in said and not names_workers:
        return f"Allocated worker, {team}" if team else "Allocated worker"
    return said


@cache
def _words() -> dict[str, str]:
    return tomllib.loads((files("lineofsight.cases") / "owed.toml").read_text("utf-8"))
