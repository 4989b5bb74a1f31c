"""What the pages of this room show: the month's commitments, how they were kept, and the records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db.models import Q
from django.http import Http404

from lineofsight import clock
from lineofsight.web.access.permissions import Capability, Refused, check
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.commitments import protocol
from lineofsight.web.commitments.models import Occurrence, OccurrenceHolder, Record, State
from lineofsight.web.commitments.permissions import (
    check_read,
    may_prepare,
    may_read,
    may_read_words,
    may_sign,
    office_kept_by,
    office_title,
    stands,
)
from lineofsight.web.commitments.protocol import Commitment
from lineofsight.web.evidence.frozen import Gone

AHEAD = relativedelta(months=3)
PAGE = 30


@dataclass(frozen=True)
class Part:
    """One office's part in one occurrence, with what can be done about it."""

    commitment: Commitment
    occurrence: Occurrence
    office: str
    role: str
    person_name: str
    state: str
    others: str
    record: Record | None
    may_record: bool

    @property
    def due_on(self) -> date:
        return self.occurrence.due_on

    @property
    def open(self) -> bool:
        """Whether something can still be written: due, or missed and the reason or the record is wanted."""
        return self.state in (State.DUE, State.MISSED)


@dataclass(frozen=True)
class Month:
    """An office's commitments in one month: what falls due in it, what comes after, and what to look at again."""

    office: str
    office_title: str
    month: date
    parts: Sequence[Part]
    coming: Sequence[Part]
    undated: Sequence[Commitment]
    look_again: Sequence[Record]
    drafts: Sequence[Record]

    def counted(self, state: str) -> int:
        """How many of the month's parts are in `state`."""
        return sum(part.state == state for part in self.parts)

    @property
    def sentence(self) -> str:
        """The month in one sentence: '3 of 7 held in November 2026, 4 still due.'"""
        if not self.parts:
            return f"Nothing falls due in {self.month:%B %Y}."
        held, put_off = self.counted(State.HELD), self.counted(State.MOVED) + self.counted(State.CANCELLED)
        said = [f"{held or 'None'} of {len(self.parts)} held in {self.month:%B %Y}"]
        told = (self.counted(State.DUE), "still due"), (self.counted(State.MISSED), "missed"), (put_off, "put off")
        said += [f"{count} {words}" for count, words in told if count]
        return ", ".join(said) + "."


def month_of(viewer: Viewer, month: date | None = None) -> Month:
    """The commitments that `viewer` keeps, or whose office they act for, in a month (this one).

    Raises Refused for an office that keeps none.
    """
    check(viewer, Capability.KEEP_COMMITMENTS)
    today = clock.today()
    first = (month or today).replace(day=1)
    last = first + relativedelta(months=1, days=-1)
    office = office_kept_by(viewer)
    found = _parts(viewer, Q(office=office, occurrence__due_on__range=(first, last + AHEAD)))
    again = Record.objects.current().filter(office=office, look_again_on__range=(first, last))
    now = [part for part in found if part.due_on <= last]
    known = {part.commitment.slug for part in now}
    coming = _next_of_each(part for part in found if part.due_on > last and part.commitment.slug not in known)
    dated = known | {part.commitment.slug for part in coming}
    return Month(
        office=office,
        office_title=office_title(office),
        month=first,
        parts=now,
        coming=coming,
        undated=[
            c for c in protocol.in_force().commitments if c.seat(office) and not c.cadence.dated and c.slug not in dated
        ],
        look_again=list(again.order_by("look_again_on")),
        drafts=list(Record.objects.filter(office=office, signed_at=None).order_by("-prepared_at")),
    )


@dataclass(frozen=True)
class Kept:
    """How one office kept one commitment between two dates: counts, and each part in order."""

    commitment: Commitment
    parts: Sequence[Part]

    def counted(self, *states: str) -> int:
        return sum(part.state in states for part in self.parts)

    @property
    def held(self) -> int:
        return self.counted(State.HELD)

    @property
    def missed(self) -> int:
        return self.counted(State.MISSED)

    @property
    def put_off(self) -> int:
        return self.counted(State.MOVED, State.CANCELLED)

    @property
    def due(self) -> int:
        return self.counted(State.DUE)

    @property
    def said(self) -> str:
        """The row as a sentence, for who cannot see the marks."""
        return f"{self.held} held, {self.missed} missed, {self.put_off} moved or cancelled, {self.due} still to come"


@dataclass(frozen=True)
class Coverage:
    """One office over two years."""

    office: str
    office_title: str
    rows: Sequence[Kept]
    since: date
    until: date

    @property
    def sentence(self) -> str:
        """What was done, and nothing more: commitments met are never shown as safety (rule 7.6)."""
        held, missed = sum(row.held for row in self.rows), sum(row.missed for row in self.rows)
        if not held + missed:
            return "Nothing has fallen due yet."
        return f"{held} of {held + missed} that fell due were held."


def coverage(viewer: Viewer) -> list[Coverage]:
    """Every office of the protocol over the past and the coming year. Raises Refused without SEE_RECORDS."""
    check(viewer, Capability.SEE_RECORDS)
    today = clock.today()
    since, until = today - relativedelta(years=1), today + relativedelta(years=1)
    found = _parts(viewer, Q(occurrence__due_on__range=(since, until)))
    made = []
    for office in protocol.in_force().offices:
        theirs = [c for c in protocol.in_force().commitments if c.seat(office)]
        rows = [
            Kept(c, [part for part in found if part.office == office and part.commitment.slug == c.slug])
            for c in theirs
        ]
        made.append(Coverage(office, office_title(office), rows, since, until))
    return made


def history(viewer: Viewer, commitment: Commitment) -> list[Part]:
    """Every part of every occurrence of one commitment, newest first. Raises Refused without SEE_RECORDS."""
    check(viewer, Capability.SEE_RECORDS)
    return _parts(viewer, Q(occurrence__commitment=commitment.slug))[::-1]


def occurrence_of(viewer: Viewer, commitment: Commitment, due_on: date) -> Occurrence:
    """One occurrence to write about. Raises Refused for who may not, Http404 where there is none."""
    found = Occurrence.objects.filter(commitment=commitment.slug, due_on=due_on).first()
    if found is None:
        raise Http404
    if not any(may_prepare(viewer, office) for office in commitment.offices):
        names = tuple(office_title(office) for office in commitment.offices)
        raise Refused(f"This is for the {' and the '.join(names)} to record.", held_by=names)
    return found


@dataclass(frozen=True)
class Told:
    """A record as one viewer may read it; `gone` says since when a part of it is no longer held."""

    record: Record
    office_title: str
    asked_of_title: str
    shows_words: bool
    may_sign: bool
    may_change: bool
    may_correct: bool
    unaltered: bool
    gone: Gone | None
    newer: Record | None
    occasion: str


def records(viewer: Viewer, office: str = "", page: int = 1) -> tuple[list[Told], int]:
    """One page of signed records, newest first, and how many pages there are. Raises Refused, Http404."""
    check(viewer, Capability.SEE_RECORDS)
    found = Record.objects.current().select_related("occurrence")
    if office:
        found = found.filter(office=office)
    pages = max(-(-found.count() // PAGE), 1)
    if not 1 <= page <= pages:
        raise Http404
    shown = found.order_by("-signed_at")[(page - 1) * PAGE : page * PAGE]
    return [_told(viewer, record) for record in shown], pages


def record(viewer: Viewer, key: UUID) -> Told:
    """One record. Raises Http404 where there is none, Refused for who may not read it."""
    found = Record.objects.select_related("occurrence", "replaces").filter(pk=key).first()
    if found is None:
        raise Http404
    check_read(viewer, found)
    return _told(viewer, found, Record.objects.signed().filter(replaces=found).first())


def offices_with_records() -> list[tuple[str, str]]:
    """The offices that have signed something, by title."""
    slugs = Record.objects.signed().order_by().values_list("office", flat=True).distinct()
    return sorted(((slug, office_title(slug)) for slug in slugs), key=lambda one: one[1])


def _told(viewer: Viewer, found: Record, newer: Record | None = None) -> Told:
    asking = found.judgement == "asked"
    return Told(
        record=found,
        office_title=office_title(found.office),
        asked_of_title=office_title(found.asked_of) if found.asked_of else "",
        shows_words=may_read_words(viewer, found),
        may_sign=not found.signed
        and may_sign(viewer, found.office, found.about_kind, asking)
        and stands(found.about_kind, found.about_key),
        may_change=not found.signed and may_prepare(viewer, found.office),
        may_correct=found.signed and newer is None and may_sign(viewer, found.office, found.about_kind, asking),
        unaltered=not found.signed or found.is_as_signed(),
        gone=found.no_longer_held() if found.signed else None,
        newer=newer,
        occasion=_occasion(found.occurrence) if found.occurrence else "",
    )


def _occasion(occurrence: Occurrence) -> str:
    """'Audit of one case, due 30 November 2026'."""
    known = protocol.in_force().by_slug().get(occurrence.commitment)
    due = occurrence.due_on
    return f"{known.title if known else occurrence.commitment}, due {due.day} {due:%B %Y}"


def _parts(viewer: Viewer, wanted: Q) -> list[Part]:
    """Parts by due date, each with the record that stands for it, in three queries."""
    found = list(
        OccurrenceHolder.objects.filter(wanted)
        .select_related("occurrence")
        .order_by("occurrence__due_on", "occurrence__commitment", "office")
    )
    ids = {part.occurrence_id for part in found}
    written: dict[int, list[Record]] = {}
    for one in Record.objects.current().filter(occurrence_id__in=ids).order_by("signed_at"):
        written.setdefault(one.occurrence_id, []).append(one)
    known = protocol.in_force().by_slug()
    return [
        _part(viewer, holder, known[holder.occurrence.commitment], written.get(holder.occurrence_id, []))
        for holder in found
        if holder.occurrence.commitment in known
    ]


def _part(viewer: Viewer, holder: OccurrenceHolder, commitment: Commitment, written: list[Record]) -> Part:
    theirs = next((one for one in reversed(written) if holder.office in one.present), None)
    others = [office_title(office) for office in commitment.offices if office != holder.office]
    return Part(
        commitment=commitment,
        occurrence=holder.occurrence,
        office=holder.office,
        role=holder.role,
        person_name=holder.person_name,
        state=holder.state,
        others=", ".join(others),
        record=theirs if theirs and may_read(viewer, theirs) else None,
        may_record=may_prepare(viewer, holder.office),
    )


def _next_of_each(parts: Iterable[Part]) -> list[Part]:
    """The first part still to come of each commitment."""
    first: dict[str, Part] = {}
    for part in parts:
        if part.state == State.DUE:
            first.setdefault(part.commitment.slug, part)
    return list(first.values())
