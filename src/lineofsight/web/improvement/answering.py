"""What pages of this room do alike: a value read from an address, and a form whose action may refuse in plain words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, QueryDict

from lineofsight.errors import PlainError

Made = TypeVar("Made")
LONGEST_NUMBER = 9  # digits; no page and no row here has more


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, an empty form too; None for a page that is only read."""
    return request.POST if request.method == "POST" else None


def done(form: forms.Form, act: Callable[[], object], field: str | None = None) -> bool:
    """Whether the action was done; what it refuses in plain words becomes an error on the form, nothing lost."""
    try:
        act()
    except PlainError as refused:
        form.add_error(field, str(refused))
        return False
    return True


def made_by(form: forms.Form, act: Callable[[], Made]) -> Made | None:
    """What the action made; None where it refuses in plain words, which then stand on the form."""
    made: list[Made] = []
    return made[0] if done(form, lambda: made.append(act())) else None


def number_of(text: str) -> int:
    """A whole number from 1. Raises Http404 for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER and int(text)):
        raise Http404
    return int(text)


def day_of(text: str) -> date | None:
    """The day written as 2026-10-31, None for nothing. Raises Http404 for anything else."""
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if text != found.isoformat():
        raise Http404
    return found


def key_of(text: str) -> UUID | None:
    """The key in an address, None for nothing. Raises Http404 for anything else."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
