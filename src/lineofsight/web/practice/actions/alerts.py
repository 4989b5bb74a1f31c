"""The Director's alert to the partnership: written here, sent outside by a person who says so here (DESIGN 7.10)."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import permissions
from lineofsight.web.practice.models import Alert
from lineofsight.web.practice.queries import alerts, naming
from lineofsight.web.practice.queries.standing import standing

SAVED = "alert.saved"
SENT = "alert.sent"


def save_draft(*, by: Viewer, text: str) -> Alert:
    """Keep the alert's text as it is now.

    Raises Refused, and PlainError for no text, one that names a child, or where somebody else has just begun one.
    """
    permissions.check_alert(by)
    _check_text(text)
    stand = standing(by)
    found = alerts.counted(stand, by)
    now = clock.now()
    with transaction.atomic():
        draft = Alert.objects.select_for_update().filter(as_at=stand.as_at, sent_on=None).first() or Alert(
            as_at=stand.as_at, computation=stand.computation.id, begun_at=now, begun_by_name=by.person_name
        )
        draft.text, draft.counts = text.strip(), found.counts()
        draft.changed_at, draft.changed_by_key, draft.changed_by_name = now, by.person_key, by.person_name
        _save_once(draft)
        record(viewer=by, action=SAVED, subject=f"alert {draft.pk}", detail=dict(found.counts()))
    return draft


def mark_sent(*, by: Viewer, sent_on: date, recipients: str, reference: str) -> Alert:
    """Say that the alert was sent: on which day, to whom, and where it can be found.

    Raises Refused, and PlainError where no draft is kept, for a day to come or before the draft was begun, or without
    recipients or reference. From then on it does not change.
    """
    permissions.check_alert(by)
    if not recipients.strip():
        raise PlainError("Say to whom it was sent.")
    if not reference.strip():
        raise PlainError("Give the reference by which what was sent can be found.")
    if sent_on > clock.today():
        raise PlainError("It was sent today or before. Give the day it was sent.")
    stand = standing(by)
    with transaction.atomic():
        draft = Alert.objects.select_for_update().filter(as_at=stand.as_at, sent_on=None).first()
        if draft is None:
            raise PlainError("Keep the text first: what was sent is what is kept here.")
        if sent_on < draft.begun_at.astimezone(clock.LONDON).date():
            raise PlainError("That day is before this text was begun.")
        draft.sent_on, draft.recipients, draft.reference = sent_on, recipients.strip(), reference.strip()
        draft.sent_by_key, draft.sent_by_name = by.person_key, by.person_name
        draft.save()
        record(viewer=by, action=SENT, subject=f"alert {draft.pk}", detail={"sent_on": sent_on.isoformat()})
    return draft


def _save_once(draft: Alert) -> None:
    """Save the one draft that there may be of an extract; what somebody else began in the same moment stands."""
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:
        raise PlainError(
            "Somebody else has just kept the first text about this extract. Look at theirs before you keep yours."
        ) from None


def _check_text(text: str) -> None:
    if not text.strip():
        raise PlainError("Write the alert’s text.")
    if naming.names_a_child(text):
        raise PlainError("This text names a child. The alert holds counts only: take the name out.")
