"""The only writers of the ten: frozen once a month, changed with a reason only; notes; texts for the Lead Member.

The month is that of what the actor looks at: now, or (in the demonstration alone) an earlier extract in its own time.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.models import TenMonth, TenNote, TenPlace, TenRelease
from lineofsight.web.practice.queries import naming
from lineofsight.web.practice.queries.standing import Standing, standing
from lineofsight.web.practice.ten import found, warnings
from lineofsight.web.practice.ten.permissions import check_change_ten, check_release


class Warned(PlainError):
    """A text that may point to a child, and nobody said that it was read again. `warnings` says what to look at."""

    def __init__(self, told: list[str]) -> None:
        super().__init__("Read the text again: something in it could point to the child.")
        self.warnings = told


def freeze(*, by: Viewer) -> TenMonth:
    """Freeze the ten of the newest extract's month, as the rules give it.

    Raises Refused, NotWorkedOut, and PlainError where that month is frozen already or over.
    """
    check_change_ten(by)
    stand = standing(by)
    month = found.month_of(stand)
    if clock.today() > found.last_day(month):
        raise PlainError(f"The time to talk about the ten of {wording.month(month)} is over. Load the next extract.")
    chosen = found.proposed(stand)
    try:
        with transaction.atomic():
            made = TenMonth(
                month=month,
                as_at=stand.as_at,
                snapshot_id=stand.snapshot.id,
                computation_id=stand.computation.id,
                rules=found.rules(stand),
                more=found.more(stand, chosen),
                frozen_at=clock.now(),
                frozen_by_key=by.person_key,
                frozen_by_name=by.person_name,
            )
            made.save()
            TenPlace.objects.bulk_create(
                TenPlace(
                    ten=made,
                    child_key=one.child_key,
                    position=number,
                    origin=TenPlace.Origin.RULES,
                    reasons=list(one.reasons),
                    siblings=list(one.siblings),
                )
                for number, one in enumerate(chosen, start=1)
            )
            made.digest = made.seal()
            made.save(update_fields=["digest"])
            detail = {"computation": made.computation_id, "digest": made.digest, "children": len(chosen)}
            keys = [one.child_key for one in chosen]
            record(viewer=by, action="ten.frozen", subject=_subject(month), child_keys=keys, detail=detail)
    except IntegrityError:
        raise PlainError(f"The ten of {wording.month(month)} is frozen already.") from None
    return made


def add(*, by: Viewer, child_key: str, why: str) -> TenPlace:
    """Put a child on the month's list, with the reason. Raises Refused, PlainError."""
    check_change_ten(by)
    _check_said(why, "Say why this child is to be talked about.")
    stand = standing(by)
    with transaction.atomic():
        month = _open_month(stand)
        if month.places.filter(child_key=child_key, removed_at=None).exists():
            raise PlainError("This child is on the list already.")
        last = month.places.order_by("-position").first()
        made = TenPlace.objects.create(
            ten=month,
            child_key=child_key,
            position=last.position + 1 if last else 1,
            origin=TenPlace.Origin.ADDED,
            reasons=found.reasons(stand, [child_key]).get(child_key, []),
            siblings=[],
            added_why=why.strip(),
            added_at=clock.now(),
            added_by_key=by.person_key,
            added_by_name=by.person_name,
        )
        record(viewer=by, action="ten.child added", subject=_subject(month.month), child_keys=[child_key])
    return made


def remove(*, by: Viewer, child_key: str, why: str) -> None:
    """Take a child off the month's list, with the reason: it stays on the record as taken off. Raises Refused,
    PlainError."""
    check_change_ten(by)
    _check_said(why, "Say why this child need not be talked about this month.")
    with transaction.atomic():
        place = _place(standing(by), child_key)
        place.removed_why, place.removed_at = why.strip(), clock.now()
        place.removed_by_key, place.removed_by_name = by.person_key, by.person_name
        place.save(update_fields=["removed_why", "removed_at", "removed_by_key", "removed_by_name"])
        record(viewer=by, action="ten.child taken off", subject=_subject(place.ten.month), child_keys=[child_key])


def write_note(*, by: Viewer, child_key: str, words: str) -> TenNote:
    """The Director's note on one child of the month. Raises Refused, PlainError."""
    check_change_ten(by)
    _check_said(words, "Write the note.")
    with transaction.atomic():
        place = _place(standing(by), child_key)
        made = TenNote.objects.create(
            place=place,
            words=words.strip(),
            written_at=clock.now(),
            written_by_key=by.person_key,
            written_by_name=by.person_name,
        )
        record(viewer=by, action="ten.note written", subject=_subject(place.ten.month), child_keys=[child_key])
    return made


def release(*, by: Viewer, child_key: str, text: str, read_again: bool) -> TenRelease:
    """Release a text about one child to the Lead Member, under the month's code.

    Raises Refused; Warned where something in it could point to the child and nobody says they read it again;
    PlainError where it is empty or holds a child's whole name.
    """
    check_release(by)
    _check_said(text, "Write the text to release.")
    if naming.names_a_child(text):
        raise PlainError("This text names a child. Say what the issue is without the name, then release it.")
    stand = standing(by)
    told = warnings.of(stand, child_key, text)
    if told and not read_again:
        raise Warned(told)
    with transaction.atomic():
        place = _place(stand, child_key)
        made = TenRelease.objects.create(
            place=place,
            text=text.strip(),
            released_at=clock.now(),
            released_by_key=by.person_key,
            released_by_name=by.person_name,
        )
        detail: dict[str, Any] = {"release": made.pk, "warnings": len(told)}
        subject = _subject(place.ten.month)
        record(viewer=by, action="ten.text released", subject=subject, child_keys=[child_key], detail=detail)
    return made


def take_back(*, by: Viewer, child_key: str, key: int) -> None:
    """Take a released text back: it is no longer shown, and stays as taken back. Raises Refused, PlainError."""
    check_release(by)
    with transaction.atomic():
        place = _place(standing(by), child_key)
        text = place.releases.select_for_update().filter(pk=key, taken_back_at=None).first()
        if text is None:
            raise PlainError("That text is not released.")
        text.taken_back_at, text.taken_back_by_key = clock.now(), by.person_key
        text.save(update_fields=["taken_back_at", "taken_back_by_key"])
        record(viewer=by, action="ten.text taken back", subject=_subject(place.ten.month), child_keys=[child_key])


def _check_said(words: str, otherwise: str) -> None:
    if not words.strip():
        raise PlainError(otherwise)


def _open_month(stand: Standing) -> TenMonth:
    """This month's list, to be changed; inside the caller's transaction. Raises PlainError where none can be."""
    month = found.month_of(stand)
    frozen = TenMonth.objects.select_for_update().filter(month=month).first()
    if frozen is None:
        raise PlainError(f"Freeze the ten of {wording.month(month)} first: then it can be changed.")
    if clock.today() > found.last_day(month):
        raise PlainError(f"The ten of {wording.month(month)} has expired. It is no longer changed.")
    return frozen


def _place(stand: Standing, child_key: str) -> TenPlace:
    """The child's place on this month's list. Raises PlainError where there is none."""
    place = _open_month(stand).places.filter(child_key=child_key, removed_at=None).first()
    if place is None:
        raise PlainError("This child is not on the list.")
    return place


def _subject(month: date) -> str:
    return f"the ten {month:%Y-%m}"
