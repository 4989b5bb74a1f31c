"""Writers of occurrences: making them ahead, settling them, and moving or cancelling one with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dateutil.relativedelta import relativedelta
from django.db import transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access import chain
from lineofsight.web.access.models import Holding
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.commitments import protocol
from lineofsight.web.commitments.cadence import Period, periods
from lineofsight.web.commitments.models import Occurrence, OccurrenceHolder, State
from lineofsight.web.commitments.permissions import check_prepare, office_kept_by
from lineofsight.web.commitments.protocol import Commitment

VACANT = "nobody held this office"
SYSTEM = "system"
BROKEN = "Its text is broken in the source. Ask what it was, and write it into the protocol first."


def extend(until: date | None = None, by: str = SYSTEM, since: date | None = None) -> int:
    """Make every occurrence due from `since` (a year ago) to `until` (a year ahead), and say how many were new.

    Run as often as you like: what stands is never made again. Who holds each office is frozen for what is past
    (nothing is owed for a day when nobody held it); what is still to come follows a change of office-holder.
    """
    today = clock.today()
    start, until = since or today - relativedelta(years=1), until or today + relativedelta(years=1)
    with transaction.atomic():
        standing = set(Occurrence.objects.filter(due_on__range=(start, until)).values_list("commitment", "due_on"))
        holdings = Holders()
        wanted = [
            (commitment, period)
            for commitment in protocol.in_force().commitments
            for period in periods(commitment.cadence, start, until)
            if (commitment.slug, period.due_on) not in standing and _owed(commitment, period, holdings, today)
        ]
        made = _make(wanted, holdings, today)
        changed = _follow(holdings, today)
        if made or changed:
            detail = {"made": len(made), "holders_changed": changed}
            chain.record(actor=by, action="commitments.extended", subject=until.isoformat(), detail=detail)
    return len(made)


def mark_missed(on: date | None = None, by: str = SYSTEM) -> int:
    """Settle everything whose due date has passed before `on` (today): not held is missed. Says how many parts.

    For the daily job; running it again changes nothing.
    """
    today = on or clock.today()
    with transaction.atomic():
        # Locked as every writer locks them, the event before its parts: who is second finds nothing left to settle.
        past = OccurrenceHolder.objects.filter(occurrence__due_on__lt=today, state=State.DUE).values("occurrence")
        occurrences = list(Occurrence.objects.select_for_update().filter(pk__in=past).order_by("pk"))
        late = OccurrenceHolder.objects.filter(occurrence__in=occurrences, state=State.DUE)
        slugs = sorted(f"{_name(part.occurrence)} {part.office}" for part in late.select_related("occurrence"))
        if not slugs:
            return 0
        missed = late.update(state=State.MISSED)
        for occurrence in occurrences:
            settle(occurrence)
        detail = {"occurrences": slugs}
        chain.record(actor=by, action="commitments.missed", subject=today.isoformat(), detail=detail)
    return missed


def plan(commitment: Commitment, due_on: date, *, by: Viewer) -> Occurrence:
    """Add a date to a commitment that has no rule, once it has been agreed. Raises PlainError where it stands."""
    check_prepare(by, _office_of(commitment, by))
    if commitment.text_broken:
        raise PlainError(BROKEN)
    if commitment.cadence.kind == "rule":
        raise PlainError(f"{commitment.title} follows its own rule: {commitment.cadence.words}.")
    if due_on < clock.today():
        raise PlainError("A date is added ahead. What has been held already is written as a record.")
    _check_free(commitment.slug, due_on)
    with transaction.atomic():
        (made,) = _make([(commitment, Period(due_on, due_on))], Holders(), clock.today())
        chain.record(viewer=by, action="commitment.planned", subject=_name(made))
    return made


def move(occurrence: Occurrence, due_on: date, reason: str, *, by: Viewer) -> Occurrence:
    """Move a due occurrence to another day, with its reason. The first stays, as moved; the new one names it."""
    check_prepare(by, _office_of_occurrence(occurrence, by))
    if due_on < clock.today():
        raise PlainError("A meeting is moved to a day ahead.")
    with transaction.atomic():
        locked = _open(occurrence, reason, "moved")
        _check_free(locked.commitment, due_on)
        moved = Occurrence.objects.create(
            commitment=locked.commitment,
            period_start=min(locked.period_start, due_on),
            period_end=max(locked.period_end, due_on),
            due_on=due_on,
            needed=locked.needed,
            moved_from=locked,
        )
        parts = list(locked.holders.filter(state=State.DUE))
        OccurrenceHolder.objects.bulk_create(
            OccurrenceHolder(occurrence=moved, office=h.office, role=h.role, person=h.person, person_name=h.person_name)
            for h in parts
        )
        _close(locked, State.MOVED, reason)
        chain.record(viewer=by, action="commitment.moved", subject=_name(locked), detail={"to": due_on.isoformat()})
    return moved


def cancel(occurrence: Occurrence, reason: str, *, by: Viewer) -> Occurrence:
    """Say that an occurrence will not take place, and why. Raises PlainError without a reason."""
    check_prepare(by, _office_of_occurrence(occurrence, by))
    with transaction.atomic():
        locked = _open(occurrence, reason, "cancelled")
        _close(locked, State.CANCELLED, reason)
        chain.record(viewer=by, action="commitment.cancelled", subject=_name(locked))
    return locked


def settle(occurrence: Occurrence) -> None:
    """Set the state of the event from its parts: due while any part is, held if anybody held it, else missed."""
    states = set(occurrence.holders.values_list("state", flat=True))
    for state in (State.DUE, State.HELD, State.MISSED, State.CANCELLED, State.MOVED):
        if state in states:
            if state != occurrence.state:
                occurrence.state = state
                occurrence.settled_at = None if state == State.DUE else clock.now()
                occurrence.save(update_fields=["state", "settled_at"])
            return


class Holders:
    """Who held which office when, read once."""

    def __init__(self) -> None:
        held = Holding.objects.filter(as_delegate=False).select_related("person")
        self._held = list(held.order_by("from_date", "pk"))

    def on(self, office: str, day: date) -> Holding | None:
        """The holding of `office` in force on `day`, the newest where two overlap."""
        held = [
            h for h in self._held if h.office == office and h.from_date <= day and (h.until is None or h.until >= day)
        ]
        return held[-1] if held else None


def _owed(commitment: Commitment, period: Period, holders: Holders, today: date) -> bool:
    """Whether anybody could have kept it: what is past is owed only by those who held an office then."""
    return period.due_on >= today or any(holders.on(seat.office, period.due_on) for seat in commitment.seats)


def _make(wanted: Sequence[tuple[Commitment, Period]], holders: Holders, today: date) -> list[Occurrence]:
    """Occurrences with the part of each office in them, in two statements."""
    made = Occurrence.objects.bulk_create(
        Occurrence(
            commitment=commitment.slug,
            period_start=period.start,
            period_end=period.end,
            due_on=period.due_on,
            needed=commitment.cadence.at_least,
        )
        for commitment, period in wanted
    )
    parts = []
    for occurrence, (commitment, period) in zip(made, wanted, strict=True):
        for seat in commitment.seats:
            held = holders.on(seat.office, min(period.due_on, today))
            parts.append(
                OccurrenceHolder(
                    occurrence=occurrence,
                    office=seat.office,
                    role=seat.role,
                    person=held.person if held else None,
                    person_name=held.person.name if held else VACANT,
                )
            )
    OccurrenceHolder.objects.bulk_create(parts)
    return made


def _follow(holders: Holders, today: date) -> int:
    """Give what is still to come to whoever holds the office now."""
    changed = 0
    for part in OccurrenceHolder.objects.filter(state=State.DUE, occurrence__due_on__gte=today).order_by("pk"):
        held = holders.on(part.office, today)
        person, name = (held.person, held.person.name) if held else (None, VACANT)
        if (part.person_id, part.person_name) != (person.pk if person else None, name):
            part.person, part.person_name = person, name
            part.save(update_fields=["person", "person_name"])
            changed += 1
    return changed


def _open(occurrence: Occurrence, reason: str, done: str) -> Occurrence:
    """The occurrence, locked, if it is still due and a reason was given."""
    if not reason.strip():
        raise PlainError(f"Say why it is {done}.")
    locked = Occurrence.objects.select_for_update().get(pk=occurrence.pk)
    if locked.state != State.DUE:
        raise PlainError(f"This is {State(locked.state).label.lower()} already.")
    return locked


def _close(occurrence: Occurrence, state: State, reason: str) -> None:
    occurrence.holders.filter(state=State.DUE).update(state=state)
    occurrence.reason = reason.strip()
    occurrence.save(update_fields=["reason"])
    settle(occurrence)


def _check_free(slug: str, due_on: date) -> None:
    if Occurrence.objects.filter(commitment=slug, due_on=due_on).exists():
        raise PlainError("There is one on that day already.")


def _office_of(commitment: Commitment, viewer: Viewer) -> str:
    kept = office_kept_by(viewer)
    return kept if commitment.seat(kept) else commitment.offices[0]


def _office_of_occurrence(occurrence: Occurrence, viewer: Viewer) -> str:
    return _office_of(protocol.commitment(occurrence.commitment), viewer)


def _name(occurrence: Occurrence) -> str:
    return f"{occurrence.commitment} {occurrence.due_on}"
