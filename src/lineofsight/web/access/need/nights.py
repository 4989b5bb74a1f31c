"""Nights of file reading as their reader sees them: tonight's files, and what is left of earlier nights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import Http404

from lineofsight import clock
from lineofsight.web.access.models import ReadingFile, ReadingNight
from lineofsight.web.access.need.reading import DRAWN_FROM, check_reads_files
from lineofsight.web.access.viewer import Viewer

SHOWN = 24


@dataclass(frozen=True)
class Night:
    """One night in counts. `drawn` says which draw of the same evening it is; `files` are for its reader alone."""

    key: str
    begun_at: datetime
    until: datetime
    ended_at: datetime
    open: bool
    drawn_from: str
    snapshot: str
    files: Sequence[ReadingFile]
    draw: int

    @property
    def opened(self) -> int:
        """How many files were opened."""
        return sum(one.opened_at is not None for one in self.files)

    @property
    def noted(self) -> int:
        """How many files have a note."""
        return sum(bool(one.words) for one in self.files)


def tonight(viewer: Viewer) -> Night | None:
    """The night whose files are open to `viewer` now, None where there is none. Raises Refused."""
    return next((one for one in nights(viewer) if one.open), None)


def nights(viewer: Viewer) -> list[Night]:
    """This person's nights in this office, newest first. No child is in what a page shows of them. Raises Refused."""
    check_reads_files(viewer)
    now = clock.now()
    found = list(_theirs(viewer)[:SHOWN])
    return [_night(one, found, viewer, now) for one in found]


def night(viewer: Viewer, key: str) -> Night:
    """One night of this person's own. Raises Refused, and Http404 for anybody else's."""
    check_reads_files(viewer)
    one = _one(viewer, key)
    same = list(_theirs(viewer).filter(until=one.until))
    return _night(one, same, viewer, clock.now())


@dataclass(frozen=True)
class Counted:
    """A night for those who may know that it was held: whose it is, and its counts. Show no note of it."""

    night: Night
    reader: str


def counted(key: str) -> Counted | None:
    """One night as it is counted in the thread, None where there is none."""
    try:
        one = ReadingNight.objects.select_related("person").prefetch_related("files").get(pk=key)
    except (ReadingNight.DoesNotExist, ValidationError):
        return None
    bare = [ReadingFile(place=file.place, opened_at=file.opened_at) for file in one.files.all()]
    ended = min(one.closed_at, one.until) if one.closed_at else one.until
    told = DRAWN_FROM.get(one.drawn_from, one.drawn_from)
    night = Night(str(one.pk), one.begun_at, one.until, ended, False, told, one.snapshot, bare, 1)
    return Counted(night, one.person.key)


def night_row(viewer: Viewer, key: str) -> ReadingNight:
    """The row of one night of this person's own, for its writers. Raises Refused, Http404."""
    check_reads_files(viewer)
    return _one(viewer, key)


def _one(viewer: Viewer, key: str) -> ReadingNight:
    try:
        return _theirs(viewer).get(pk=key)
    except (ReadingNight.DoesNotExist, ValidationError):  # no night of theirs, or no night's key at all
        raise Http404 from None


def _theirs(viewer: Viewer) -> QuerySet[ReadingNight]:
    files = Prefetch("files", queryset=ReadingFile.objects.order_by("place"))
    theirs = ReadingNight.objects.filter(person__key=viewer.person_key, office=viewer.office)
    return theirs.select_related("person").prefetch_related(files).order_by("-begun_at")


def _night(one: ReadingNight, among: Sequence[ReadingNight], viewer: Viewer, now: datetime) -> Night:
    ended = min(one.closed_at, one.until) if one.closed_at else one.until
    return Night(
        key=str(one.pk),
        begun_at=one.begun_at,
        until=one.until,
        ended_at=ended,
        open=one.begun_at <= now < ended and one.holding == viewer.holding_id,
        drawn_from=DRAWN_FROM.get(one.drawn_from, one.drawn_from),
        snapshot=one.snapshot,
        files=list(one.files.all()),
        draw=sum(other.until == one.until and other.begun_at <= one.begun_at for other in among),
    )
