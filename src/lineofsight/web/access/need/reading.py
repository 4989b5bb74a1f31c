"""The only writers of a night of file reading: the draw, the first opening of a file, the reader's notes, the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.db import transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access import chain
from lineofsight.web.access.models import Person, ReadingFile, ReadingNight
from lineofsight.web.access.need.actions import holding_of
from lineofsight.web.access.need.purposes import number
from lineofsight.web.access.need.queries import NIGHT
from lineofsight.web.access.permissions import Capability, Refused, check, check_see_children
from lineofsight.web.access.viewer import Viewer

FEWEST, MOST, USUAL = 3, 30, 10

# What the files are drawn from, in the order of the form.
DRAWN_FROM = {
    "on-plan": "Children on a child protection plan",
    "looked-after": "Children looked after",
    "in-need": "Children in need",
    "everyone": "Every child on record",
}


def check_reads_files(viewer: Viewer) -> None:
    """Raise Refused unless the viewer holds nights of file reading, in person and seeing children by name."""
    check_see_children(viewer)
    check(viewer, Capability.READ_FILES)


def morning_after(moment: datetime) -> datetime:
    """When files drawn at `moment` close: the next time that London's clocks show the hour of the policy."""
    here = moment.astimezone(clock.LONDON)
    hour = time(number("reading.closes"))
    morning = datetime.combine(here.date(), hour, clock.LONDON)
    if morning <= here:
        morning = datetime.combine(here.date() + timedelta(days=1), hour, clock.LONDON)
    return morning


def draw_night(*, by: Viewer, drawn_from: str, snapshot: str, child_keys: Sequence[str]) -> ReadingNight:
    """Keep a draw as a night: these files, in this order, open to `by` until the morning.

    A night that is still open ends with the new draw, and stays on the list: drawing again is seen. Raises Refused,
    and PlainError where nothing was drawn.
    """
    check_reads_files(by)
    if drawn_from not in DRAWN_FROM:
        raise PlainError("Choose what the files are drawn from.")
    if not child_keys:
        raise PlainError("There is no child to draw: nobody on record is one of those you chose.")
    with transaction.atomic():
        person = Person.objects.select_for_update().get(key=by.person_key)
        now = clock.now()
        before = ReadingNight.objects.open_at(now).filter(person=person)
        replaced = [str(one.key) for one in before]
        before.update(closed_at=now)
        night = ReadingNight.objects.create(
            person=person,
            office=by.office,
            holding=holding_of(by),
            drawn_from=drawn_from,
            snapshot=snapshot,
            begun_at=now,
            until=morning_after(now),
        )
        ReadingFile.objects.bulk_create(
            ReadingFile(night=night, place=place, child_key=key) for place, key in enumerate(child_keys, 1)
        )
        chain.record(
            viewer=by.for_purpose(NIGHT),
            action="night.drawn",
            subject=drawn_from,
            child_keys=child_keys,
            detail={"night": str(night.key), "until": night.until.isoformat(), "instead_of": replaced},
        )
    return night


def note_opened(night_key: str, place: int) -> None:
    """Keep when a file was first opened. The opening itself is in the log already, before this."""
    ReadingFile.objects.filter(night__pk=night_key, place=place, opened_at=None).update(opened_at=clock.now())


def write_words(file: ReadingFile, *, by: Viewer, words: str) -> None:
    """Keep what the reader saw in a file while the night is open. Raises Refused for others, PlainError after."""
    _check_theirs(file.night, by)
    with transaction.atomic():
        night = ReadingNight.objects.select_for_update().get(pk=file.night.pk)
        if night.closed_at is not None or night.until <= clock.now():
            raise PlainError("This night is over, so its notes stay as they are. What you typed was not kept.")
        ReadingFile.objects.filter(pk=file.pk).update(words=words.strip())
        chain.record(
            viewer=by.for_purpose(NIGHT),
            action="night.noted",
            subject=f"file {file.place}",
            child_keys=[file.child_key],
            detail={"night": str(night.key)},
        )


def close_night(night: ReadingNight, *, by: Viewer) -> None:
    """End a night before the morning. Its files are open no more. Raises Refused for anybody else."""
    _check_theirs(night, by)
    with transaction.atomic():
        locked = ReadingNight.objects.select_for_update().get(pk=night.pk)
        now = clock.now()
        if locked.closed_at is not None or locked.until <= now:
            return
        locked.closed_at = now
        locked.save(update_fields=["closed_at"])
        chain.record(
            viewer=by,
            action="night.closed",
            subject=locked.drawn_from,
            child_keys=[file.child_key for file in locked.files.all()],
            detail={"night": str(locked.key)},
        )


def _check_theirs(night: ReadingNight, by: Viewer) -> None:
    check_reads_files(by)
    if night.person.key != by.person_key or night.holding != by.holding_id:
        raise Refused("Only the person who drew a night’s files reads and notes them.")
