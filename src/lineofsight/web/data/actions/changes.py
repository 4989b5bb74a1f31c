"""The only writers of changes of the rules: asked for, kept or let go.

The worker works out what a change would do, and writes it into the home once somebody has looked and said yes.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import Http404

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.policy import changing
from lineofsight.web.access.chain import record
from lineofsight.web.access.house import home_in_use
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.data import wanted
from lineofsight.web.data.models import Change, Job
from lineofsight.web.data.permissions import check_change


def ask(*, by: Viewer, what: str, told: wanted.Told) -> Change:
    """Ask what a change would do. Raises Refused, PlainError for one that cannot be made or changes nothing."""
    check_change(by)
    if what == wanted.RULE and wanted.is_guarded(told["key"]):
        raise PlainError(wanted.GUARDED)
    if what == wanted.RULE and not wanted.is_source(told["source"]):
        raise PlainError(wanted.SOURCE_TOO_SHORT)
    asked = wanted.wanted(what, told)
    now = changing.text_of(home_in_use(), asked.file)
    after = changing.with_text(home_in_use(), asked.file, asked.edit(now))
    if after == changing.in_force(home_in_use()):
        raise PlainError("That is how it is already.")
    with transaction.atomic():
        made = Change.objects.create(
            what=what,
            told=dict(told),
            base=changing.digest(now),
            asked_at=clock.now(),
            by_key=by.person_key,
            by_name=by.person_name,
            preview=_job(by, Job.PREVIEW),
        )
        record(viewer=by, action="change.asked", subject=f"change {made.key}", detail=_detail(made))
    return made


def save(*, by: Viewer, key: UUID) -> Change:
    """Keep a change whose effect was looked at: the worker writes it and computes with it.

    Raises Refused, Http404, PlainError where its effect is not known, the rules were changed since, or it is over.
    """
    check_change(by)
    with transaction.atomic():
        change = _open(key)
        if not change.effect:
            raise PlainError("What this change would do is not worked out yet. Wait for it, then decide.")
        file = wanted.of(change).file
        if changing.digest(changing.text_of(home_in_use(), file)) != change.base:
            raise PlainError("Somebody changed the rules since this was tried out. Ask for it again.")
        change.saving, change.saved_at = _job(by, Job.RULES), clock.now()
        change.saved_by_key, change.saved_by_name = by.person_key, by.person_name
        change.save()
        record(viewer=by, action="change.saved", subject=f"change {change.key}", detail=_detail(change))
    return change


def drop(*, by: Viewer, key: UUID) -> Change:
    """Let a change go that was only tried out. Raises Refused, Http404, PlainError where it is over."""
    check_change(by)
    with transaction.atomic():
        change = _open(key)
        change.dropped_at = clock.now()
        change.save()
        record(viewer=by, action="change.dropped", subject=f"change {change.key}", detail=_detail(change))
    return change


def _open(key: UUID) -> Change:
    change = Change.objects.select_for_update().filter(key=key).first()
    if change is None:
        raise Http404
    if change.saved_at or change.dropped_at:
        raise PlainError("This change was decided before.")
    return change


def _job(by: Viewer, kind: str) -> Job:
    return Job.objects.create(kind=kind, asked_at=clock.now(), by_key=by.person_key, by_name=by.person_name)


def _detail(change: Change) -> dict[str, object]:
    return {"file": wanted.of(change).file, "what": change.what, "told": change.told, "base": change.base}
