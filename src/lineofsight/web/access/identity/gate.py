"""The gate of the second factor: who must give one, or set one up, before any other page opens.

Asked afresh on every request, so an office given while its holder is signed in counts from their next page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from django.http import HttpRequest

from lineofsight.web.access.demo import in_demonstration
from lineofsight.web.access.identity import actions, factors
from lineofsight.web.access.models import Person

Wanting = Literal["", "give", "set up"]
View = TypeVar("View", bound=Callable[..., Any])

_OPEN = "opens_while_wanting"


def opens_while(*wanting: Wanting) -> Callable[[View], View]:
    """Mark a page that opens to somebody who has yet to give, or to set up, a second factor."""

    def mark(view: View) -> View:
        setattr(view, _OPEN, wanting)
        return view

    return mark


def wanting(request: HttpRequest) -> Wanting:
    """What the session behind `request` lacks: nothing, a second factor to be given, or one to be set up."""
    person = request.user
    if not isinstance(person, Person):
        return ""
    given = request.session.get(actions.FACTOR, "")
    if given and (given != actions.DEMONSTRATION or in_demonstration()):
        return ""
    if factors.has_factor(person):
        return "give"
    return "set up" if factors.needs_factor(person) else ""


def opens(view: Callable[..., Any], lacks: Wanting) -> bool:
    """Whether `view` opens to a session that `lacks` something."""
    return not lacks or lacks in getattr(view, _OPEN, ())
