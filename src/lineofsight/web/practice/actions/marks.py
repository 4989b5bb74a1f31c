"""Saying that something owed was done, or why it is not: the extract alone clears it (DESIGN 7.2)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.http import Http404

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record
from lineofsight.web.access.permissions import Refused
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import permissions, wording
from lineofsight.web.practice.models import Mark
from lineofsight.web.practice.queries import one_exception

DONE = "exception.said done"
EXPLAINED = "exception.explained"
TAKEN_BACK = "exception.taken back"


def mark_done(*, by: Viewer, key: str, done_on: date, reference: str, words: str = "") -> Mark:
    """Say that what is owed was done on a day, with the case system's reference that proves it.

    Raises Refused (also for a stale extract), Http404, and PlainError for a day to come or no reference.
    """
    permissions.check_mark_done(by)
    stand, row = _sayable(by, key)
    if done_on > clock.today():
        raise PlainError("What was done was done today or before. Give the day it was done.")
    if not reference.strip():
        raise PlainError("Give the case system’s reference: without it nobody can check that it was done.")
    made = _made(by, row, Mark.Kind.DONE, stand.as_at, reference, words, done_on=done_on)
    with transaction.atomic():
        made.save()
        record(viewer=by, action=DONE, **_about(row))
    return made


def explain(*, by: Viewer, key: str, until: date, words: str) -> Mark:
    """Explain why what is owed is not done, until a day at most one interval of its measure away.

    It never leaves the number. Raises Refused (also for a stale extract), Http404, and PlainError without a reason,
    or for a day that is past or too far.
    """
    permissions.check_explain(by)
    stand, row = _sayable(by, key)
    latest = one_exception.explained_until(row["measure"])
    if not words.strip():
        raise PlainError("Say why it is not done.")
    if until < clock.today():
        raise PlainError("Give a day to come: the explanation holds until then.")
    if until > latest:
        raise PlainError(
            f"An explanation holds for one interval at most: {one_exception.interval(row['measure']).words()}, "
            f"until {wording.day(latest)}. After that, say again how it stands."
        )
    made = _made(by, row, Mark.Kind.EXPLAINED, stand.as_at, "", words, until=until)
    with transaction.atomic():
        made.save()
        record(viewer=by, action=EXPLAINED, **_about(row))
    return made


def take_back(*, by: Viewer, key: str, mark: int) -> None:
    """Take back what was said of an exception: whoever may say it may. It stays in the history.

    Raises Refused, and Http404 for what was not said of this one, or is taken back already.
    """
    _, row = one_exception.found(by, key)
    with transaction.atomic():
        found = Mark.objects.select_for_update().filter(pk=mark, exception_id=key, taken_back_at=None).first()
        if found is None:
            raise Http404
        (permissions.check_mark_done if found.kind == Mark.Kind.DONE else permissions.check_explain)(by)
        found.taken_back_at = clock.now()
        found.taken_back_by_key, found.taken_back_by_name = by.person_key, by.person_name
        found.save()
        record(viewer=by, action=TAKEN_BACK, **_about(row))


def _sayable(by: Viewer, key: str) -> tuple[Any, one_exception.Row]:
    stand, row = one_exception.found(by, key)
    if refused := one_exception.refused_now(stand, row):
        raise Refused(refused)
    return stand, row


def _made(by: Viewer, row: one_exception.Row, kind: str, as_at: date, reference: str, words: str, **days: date) -> Mark:
    return Mark(
        exception_id=row["exception_id"],
        child_key=row["child_key"] or "",
        measure=row["measure"],
        kind=kind,
        said_as_at=as_at,
        reference=reference.strip(),
        words=words.strip(),
        said_at=clock.now(),
        said_by_key=by.person_key,
        said_by_name=by.person_name,
        office=by.office,
        **days,
    )


def _about(row: one_exception.Row) -> dict[str, Any]:
    return {
        "subject": f"measure {row['measure']}",
        "child_keys": [row["child_key"]] if row["child_key"] else [],
        "detail": {"exception": row["exception_id"]},
    }
