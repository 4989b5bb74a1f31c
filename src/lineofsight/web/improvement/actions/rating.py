"""An action takes a colour: the one place where a rating is written, called inside the caller's transaction."""

from __future__ import annotations

from datetime import date

from lineofsight import clock
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement import rag
from lineofsight.web.improvement.models import Action, Rating
from lineofsight.web.improvement.rag import Proofs, Rated
from lineofsight.web.improvement.standings import standing

RULE, PERSON, PLAN = Action.SetBy.RULE, Action.SetBy.PERSON, Action.SetBy.PLAN


def by_the_rule(action: Action, on: date | None = None, proofs: Proofs | None = None) -> Rated:
    """What the rule gives for an action as it stands, today or on a day."""
    return rag.rate(standing(action, proofs), on or clock.today())


def first(action: Action, *, by: Viewer) -> Rating:
    """The first colour of a new action: the rule's."""
    return _put(action, by_the_rule(action, proofs=Proofs()), by=by, set_by=RULE)


def settle(action: Action, *, by: Viewer) -> None:
    """After something changed: the rule's colour, unless a person or the plan set another that still stands."""
    rated = by_the_rule(action)
    if action.set_by == RULE and rated.colour != action.rag:
        _put(action, rated, by=by, set_by=RULE)


def to_rule(action: Action, *, by: Viewer, why: str = "") -> Rating:
    """The rule's colour, whoever set the one before."""
    return _put(action, by_the_rule(action), by=by, set_by=RULE, why=why)


def set_by_person(action: Action, *, by: Viewer, colour: str, why: str) -> Rating:
    """A colour that a person sets, with the reason."""
    return _put(action, by_the_rule(action), by=by, set_by=PERSON, colour=colour, why=why)


def _put(action: Action, rated: Rated, *, by: Viewer, set_by: str, colour: str = "", why: str = "") -> Rating:
    now = clock.now()
    action.rag, action.set_by = colour or rated.colour, set_by
    action.save(update_fields=["rag", "set_by"])
    made: Rating = Rating.objects.create(
        action=action,
        on=clock.today(),
        rag=action.rag,
        set_by=set_by,
        by_rule=rated.colour,
        rule=rated.rule,
        why=why.strip(),
        why_cleared_at=None if by.level == "identified" else now,
        rated_at=now,
        rated_by_key=by.person_key,
        rated_by_name=by.person_name,
    )
    return made
