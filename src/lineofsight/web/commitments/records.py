"""Writers of the formal record: prepared by the office or its delegate, signed by the office-holder, then frozen.

The event of the audit chain is each transaction's last statement: everybody waits for the head of the chain, so
nothing else is locked by who holds it, and no two of them can wait for each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access import chain
from lineofsight.web.access.models import Person
from lineofsight.web.access.offices import offices
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.commitments import protocol
from lineofsight.web.commitments.models import Judgement, Occurrence, Record, State
from lineofsight.web.commitments.permissions import (
    check_prepare,
    check_sign,
    check_stands,
    holds,
    office_kept_by,
    office_title,
)
from lineofsight.web.commitments.schedule import settle
from lineofsight.web.evidence.actions import link
from lineofsight.web.evidence.frozen import digest


class Incomplete(PlainError):
    """A record lacks something it cannot be signed without. `field` is the question to answer."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


CHANGED = "Somebody else has changed this draft since you read it. Read what it says now, then send yours again."
SIGNED_ONCE = "This pack is signed already. Its record can be corrected."
CORRECTED_ONCE = "This record has been corrected already: correct the newest version."


@dataclass(frozen=True)
class Subject:
    """What a record is of: a title with no child's name in it, and the kind and key the thread finds it by."""

    title: str
    kind: str
    key: str


@dataclass(frozen=True)
class Told:
    """What the office-holder says. `present` are the offices that took part, their own always among them."""

    held_on: date
    judgement: str
    words: str
    with_whom: str = ""
    present: tuple[str, ...] = ()
    asked_of: str = ""
    asked_by: date | None = None
    difference: str = ""
    look_again_on: date | None = None


@dataclass(frozen=True)
class Frozen:
    """One frozen thing a record rests on: its kind and key in the thread, and its digest."""

    kind: str
    key: str
    digest: str


def prepare_record(
    subject: Subject,
    told: Told,
    *,
    by: Viewer,
    office: str = "",
    occurrence: Occurrence | None = None,
    rests_on: Sequence[Frozen] = (),
    draft: Record | None = None,
) -> Record:
    """Write a draft for `office` (the one `by` keeps), or change `draft`. Nothing of it counts until it is signed.

    Who prepared it stays with it when the office-holder changes it and signs: a signed record names both.
    Raises Refused where `by` neither holds the office nor acts for it, Incomplete for a day to come, PlainError
    where `draft`, as it was read, is no longer what it says: nobody's words are written over unread.
    """
    with transaction.atomic():
        record = _prepared(subject, told, by, office or office_kept_by(by), occurrence, rests_on, draft)
        _tell_prepared(record, by)
    return record


def sign_record(record: Record, *, by: Viewer) -> Record:
    """Sign a draft: it is frozen, what it rests on is bound to it, and what it fulfils is held.

    Raises Refused for anybody but the office-holder and for a pack of a load that was withdrawn, Incomplete where an
    answer is missing, PlainError where it is signed already, or was changed since `record` was read.
    """
    check_sign(by, record.office, record.about_kind, asking=record.judgement == Judgement.ASKED)
    with transaction.atomic():
        signed, fulfilled = _signed(record, by)
        _tell_signed(signed, by, fulfilled)
    return signed


def sign_now(
    subject: Subject,
    told: Told,
    *,
    by: Viewer,
    occurrence: Occurrence | None = None,
    rests_on: Sequence[Frozen] = (),
    draft: Record | None = None,
) -> Record:
    """Write and sign in one step: what an office-holder does for themselves. Raises what the two raise."""
    check_sign(by, by.office, subject.kind, asking=told.judgement == Judgement.ASKED)
    with transaction.atomic():
        record = _prepared(subject, told, by, by.office, occurrence, rests_on, draft)
        signed, fulfilled = _signed(record, by)
        _tell_prepared(record, by)
        _tell_signed(signed, by, fulfilled)
    return signed


def correct_record(record: Record, told: Told, *, by: Viewer) -> Record:
    """Write a new version of a signed record. The first stands as it was; both name each other.

    Raises Refused for anybody but the office that signed, PlainError where it is a draft or corrected already.
    """
    asking = record.judgement == told.judgement == Judgement.ASKED  # a question stays one, or it is a record to sign
    check_sign(by, record.office, record.about_kind, asking=asking)
    if not record.signed:
        raise PlainError("A draft is changed, not corrected.")
    if Record.objects.filter(replaces=record).exists():
        raise PlainError(CORRECTED_ONCE)
    subject = Subject(record.title, record.about_kind, record.about_key)
    with transaction.atomic():
        version = _draft(subject, record.office, None)
        version.version, version.replaces, version.occurrence = record.version + 1, record, record.occurrence
        version.rests_on = list(record.rests_on)
        _say(version, told)
        version.prepared_by_key, version.prepared_by_name = by.person_key, by.person_name
        version.prepared_at = clock.now()
        _save_once(version, CORRECTED_ONCE)
        signed, fulfilled = _signed(version, by)
        _tell_signed(signed, by, fulfilled)
    return signed


def _prepared(
    subject: Subject,
    told: Told,
    by: Viewer,
    whose: str,
    occurrence: Occurrence | None,
    rests_on: Sequence[Frozen],
    draft: Record | None,
) -> Record:
    """The draft, saved and not yet told of."""
    _check_writes(by, whose, told)
    if told.held_on > clock.today():
        raise Incomplete("held_on", "This is a record of what has happened: the day cannot be in the future.")
    record = _draft(subject, whose, draft)
    _say(record, told)
    record.occurrence = occurrence if occurrence is not None else record.occurrence
    record.rests_on = [{"kind": one.kind, "key": one.key, "digest": one.digest} for one in rests_on]
    if draft is None or not holds(by, whose):
        record.prepared_by_key, record.prepared_by_name = by.person_key, by.person_name
        record.prepared_at = clock.now()
    record.save()
    return record


def _signed(record: Record, by: Viewer) -> tuple[Record, list[str]]:
    """The record, signed and not yet told of, and what it fulfils."""
    locked: Record = Record.objects.select_for_update().get(pk=record.pk)
    if locked.signed:
        raise PlainError("This record is signed already. It never changes: write a correction instead.")
    if locked.mark != record.mark:
        raise PlainError(CHANGED)
    if not locked.replaces_id:  # what was signed before may still be put right
        check_stands(locked.about_kind, locked.about_key)
    _check_complete(locked)
    locked.person, locked.person_name, locked.level = _person(by), by.person_name, by.level
    locked.signed_at = clock.now()
    locked.occurrence = locked.occurrence or _occurrence_of(locked)
    locked.digest = digest(locked.statement())
    _save_once(locked, SIGNED_ONCE)
    _join(locked)
    return locked, _fulfil(locked)


def _save_once(record: Record, taken: str) -> None:
    """Save what there may be one of. Raises PlainError(`taken`) where somebody else was first by a moment."""
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError:
        raise PlainError(taken) from None


def _tell_prepared(record: Record, by: Viewer) -> None:
    chain.record(viewer=by, action="record.prepared", subject=f"record {record.pk}", detail=_about(record))


def _tell_signed(record: Record, by: Viewer, fulfilled: list[str]) -> None:
    chain.record(
        viewer=by,
        action="record.corrected" if record.replaces_id else "record.signed",
        subject=f"record {record.pk}",
        detail={**_about(record), "digest": record.digest, "fulfils": fulfilled},
    )


def _check_writes(by: Viewer, office: str, told: Told) -> None:
    """An office-holder writes their own record; a delegate prepares one for the office they act for."""
    if holds(by, office):
        check_sign(by, office, asking=told.judgement == Judgement.ASKED)
    else:
        check_prepare(by, office)


def _draft(subject: Subject, office: str, draft: Record | None) -> Record:
    if draft is None:
        level = offices()[office].level if office in offices() else "identified"
        return Record(title=subject.title, about_kind=subject.kind, about_key=subject.key, office=office, level=level)
    locked: Record = Record.objects.select_for_update().get(pk=draft.pk)
    if locked.signed or locked.office != office:
        raise PlainError("That draft cannot be changed any more.")
    if locked.mark != draft.mark:
        raise PlainError(CHANGED)
    return locked


def _say(record: Record, told: Told) -> None:
    record.held_on, record.judgement, record.words = told.held_on, told.judgement, told.words.strip()
    record.with_whom, record.difference = told.with_whom.strip(), told.difference.strip()
    record.present = sorted({record.office, *told.present})
    asked = told.judgement == Judgement.ASKED
    record.asked_of, record.asked_by = (told.asked_of, told.asked_by) if asked else ("", None)
    record.look_again_on = told.look_again_on


def _check_complete(record: Record) -> None:
    """Raise Incomplete for the first answer a record cannot be signed without."""
    today = clock.today()
    if record.judgement not in Judgement.values:
        raise Incomplete("judgement", "Say whether you are satisfied, have asked, or have decided.")
    if not record.words:
        raise Incomplete("words", "Say it in your words.")
    if record.judgement == Judgement.ASKED:
        if record.asked_of not in offices() or record.asked_of == record.office:
            raise Incomplete("asked_of", "Say who was asked.")
        if record.level == "identified" and offices()[record.asked_of].level != "identified":
            raise Incomplete("asked_of", "That office sees no child by name, so it cannot be sent your words.")
        if record.asked_by is None or record.asked_by < record.held_on:
            raise Incomplete("asked_by", "Say by when you asked for the answer, a day after you asked.")
    if not record.difference and record.look_again_on is None:
        raise Incomplete("difference", "Say what difference this has made to children, or the day you will look again.")
    if record.look_again_on is not None and record.look_again_on <= min(record.held_on, today):
        raise Incomplete("look_again_on", "The day to look again is after this one.")


def _join(record: Record) -> None:
    """Hang what the record rests on below it in the thread."""
    key = str(record.pk)
    if not any(one["kind"] == record.about_kind and one["key"] == record.about_key for one in record.rests_on):
        link("record", key, record.about_kind, record.about_key, "is about")
    for one in record.rests_on:
        link("record", key, one["kind"], one["key"], "rests on")
    if record.replaces_id:
        link("record", key, "record", str(record.replaces_id), "corrects")


def _occurrence_of(record: Record) -> Occurrence | None:
    """The occurrence that a record falls into, by the day it was held: of a pack, a commitment, or what keeps one."""
    if record.about_kind == "pack":
        commitment = protocol.for_pack(record.office)
    elif record.about_kind == "commitment":
        commitment = protocol.in_force().by_slug().get(record.about_key)
    else:
        commitment = protocol.for_kind(record.about_kind, record.office)
    return _standing_on(commitment.slug, record.held_on) if commitment else None


def _standing_on(slug: str, day: date) -> Occurrence | None:
    """The occurrence of a commitment whose period holds `day`, one still to be settled before any other."""
    found = Occurrence.objects.filter(commitment=slug, period_start__lte=day, period_end__gte=day)
    chosen = sorted(found, key=lambda one: (one.state != State.DUE, one.state != State.MISSED, one.due_on))
    return next((one for one in chosen if one.state not in (State.MOVED, State.CANCELLED)), None)


def _fulfil(record: Record) -> list[str]:
    """Hold the occurrence for those who were present, and the others this meeting also counts for."""
    if record.occurrence is None:
        return []
    occurrence = Occurrence.objects.select_for_update().get(pk=record.occurrence.pk)
    commitment = protocol.commitment(occurrence.commitment)
    if commitment.shared == "together":
        missing = [office_title(o) for o in commitment.offices if o not in record.present]
        if missing:
            raise Incomplete(
                "present", f"This is held together with the {missing[0]}. Without them it is moved or cancelled."
            )
    link("record", str(record.pk), "commitment", commitment.slug, "fulfils")
    fulfilled = _hold(occurrence, record)
    for slug in commitment.also_fulfils:
        other = _standing_on(slug, record.held_on)
        if other is not None:
            link("record", str(record.pk), "commitment", slug, "fulfils")
            fulfilled += _hold(Occurrence.objects.select_for_update().get(pk=other.pk), record)
    return fulfilled


def _hold(occurrence: Occurrence, record: Record) -> list[str]:
    """Mark the parts of those present as held. Held after its due date stays missed: it was late, and says so."""
    if record.held_on > occurrence.due_on or record.held_on < occurrence.period_start:
        return []
    if occurrence.needed > 1 and _records_of(occurrence, record) < occurrence.needed:
        return []
    parts = occurrence.holders.filter(office__in=record.present, state__in=(State.DUE, State.MISSED))
    held = sorted(parts.values_list("office", flat=True))
    parts.update(state=State.HELD)
    settle(occurrence)
    return [f"{occurrence.commitment} {occurrence.due_on} {office}" for office in held]


def _records_of(occurrence: Occurrence, record: Record) -> int:
    """How many different signed records an occurrence has, versions of one counted once."""
    others = Record.objects.current().filter(occurrence=occurrence).exclude(pk__in=[record.pk, record.replaces_id])
    return others.count() + 1


def _person(viewer: Viewer) -> Person | None:
    return Person.objects.filter(key=viewer.person_key).first()


def _about(record: Record) -> dict[str, object]:
    return {"about": [record.about_kind, record.about_key], "office": record.office, "version": record.version}
