"""The plans of one child: since when each stands, when it was last reviewed, and by when it is to be reviewed."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from lineofsight.web.practice.queries.coming import Coming
from lineofsight.web.practice.queries.ledger import Owed
from lineofsight.web.practice.queries.standing import catalogue
from lineofsight.web.practice.queries.story import Event


@dataclass(frozen=True)
class Plan:
    """One plan as a child's page tells it. `missing`: something stands that it should stand beside, and it does not.

    `due_on` is when the next review is due, or was where it is `overdue`; `told` is whether anything measures that.
    """

    title: str
    about: str
    since: date | None
    reviewed_on: date | None
    due_on: date | None
    overdue: bool
    told: bool
    missing: bool


def plans(events: Sequence[Event], as_at: date, owed: Sequence[Owed], coming: Sequence[Coming]) -> Sequence[Plan]:
    """The plans that stand on the day, and those that should."""
    return list(_told(events, as_at, owed, coming))


def _told(events: Sequence[Event], as_at: date, owed: Sequence[Owed], coming: Sequence[Coming]) -> Iterator[Plan]:
    happened = [event for event in events if event.on <= as_at]
    stands = {event.kind for event in happened if event.ended_on is None}
    for one in _known():
        begun = next((event for event in happened if event.kind == one["kind"] and event.ended_on is None), None)
        missing = begun is None and one.get("owed_with") in stands
        if begun is None and not missing:
            continue
        from_reviews = one.get("without", False)
        since = begun.on if begun and not from_reviews else None
        reviews = [event.on for event in happened if event.kind in one["reviews"]]
        reviewed = next((on for on in reviews if since is None or on >= since), None)
        late = min((row.owed_since for row in owed if row.measure in one["measures"] and row.owed_since), default=None)
        due = min((row.due_on for row in coming if row.measure in one["measures"]), default=None)
        yield Plan(
            title=one["title"],
            about=begun.about if begun and not from_reviews else "",
            since=since,
            reviewed_on=reviewed,
            due_on=late or due,
            overdue=late is not None,
            told=any(measure in catalogue() for measure in one["measures"]),
            missing=missing,
        )


@cache
def _known() -> Sequence[Mapping[str, Any]]:
    told = tomllib.loads((files("lineofsight.web.practice") / "plans.toml").read_text("utf-8"))
    plans_known: list[Mapping[str, Any]] = told["plan"]
    return plans_known
