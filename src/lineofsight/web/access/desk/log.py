"""The log: who did what, newest first, with children counted and never named; and the same rows as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Min, QuerySet

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record_read, told
from lineofsight.web.access.desk import subjects, wording
from lineofsight.web.access.desk.period import Period
from lineofsight.web.access.models import ChainChild, ChainEvent, ChainShown
from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import Viewer

PAGE = 50
MOST_TAKEN = 50_000
COLUMNS = ("Number", "When", "Who", "Office", "What was done", "About", "Because", "Children shown", "File made")


@dataclass(frozen=True)
class Asked:
    """The filters: a person, a kind of event, one child (a key), a reason (its digest), days."""

    person: str = ""
    action: str = ""
    child: str = ""
    reason: str = ""
    period: Period = field(default_factory=Period)

    @property
    def told(self) -> dict[str, str]:
        """What the log keeps of a search: never a child, whose key stands among the event's children."""
        return {
            "person": self.person,
            "action": self.action,
            "reason": self.reason,
            "days": self.period.words if self.period != Period() else "",
        }


@dataclass(frozen=True)
class Row:
    """One event as a page shows it. `children` is how many; None where retention has erased what it told."""

    sequence: int
    at: datetime
    actor: str
    person: str
    office: str
    action: str
    subject: str
    purpose: str
    children: int | None
    form: str = ""
    refused: bool = False
    altered: bool = False


@dataclass(frozen=True)
class Page:
    """A page of the log, newest first, what there is to choose from, and where the older ones begin."""

    rows: list[Row]
    people: list[tuple[str, str]]
    actions: list[tuple[str, str]]
    reasons: list[tuple[str, str]]
    older: int | None

    @property
    def days(self) -> list[tuple[date, list[Row]]]:
        """The rows by the day they fell on in London."""
        return by_day(self.rows)


def page(viewer: Viewer, asked: Asked, before: int | None = None) -> Page:
    """The log as asked for. Reading it is itself in the log.

    Raises Refused without SEE_LOG, and LogUnavailable where the reading cannot be logged.
    """
    check(viewer, Capability.SEE_LOG)
    _log(viewer, "log.read", asked, {})
    events = _chosen(asked)
    if before is not None:
        events = events.filter(sequence__lt=before)
    some = list(events[: PAGE + 1])
    known = wording.names()
    actors = ChainEvent.objects.order_by("actor").values_list("actor", flat=True).distinct()
    actions = ChainEvent.objects.order_by("action").values_list("action", flat=True).distinct()
    return Page(
        rows=rows(some[:PAGE], known),
        people=sorted(((actor, wording.called(actor, known)) for actor in actors), key=lambda one: one[1]),
        actions=sorted(((action, wording.action_words(action)) for action in actions), key=lambda one: one[1]),
        reasons=sorted(reasons().items(), key=lambda one: one[1]),
        older=some[PAGE - 1].sequence if len(some) > PAGE else None,
    )


def taken(viewer: Viewer, asked: Asked) -> list[list[Any]]:
    """Every event as asked for under COLUMNS, newest first, for a file. The taking is itself in the log.

    Raises Refused, LogUnavailable, and PlainError where there are more than MOST_TAKEN.
    """
    check(viewer, Capability.SEE_LOG)
    events = _chosen(asked)
    many = events.count()
    if many > MOST_TAKEN:
        raise PlainError(f"That is {many:,} events. Choose fewer days: one file holds {MOST_TAKEN:,} at most.")
    _log(viewer, "log.taken", asked, {"format": "csv", "rows": many})
    newest = events.values_list("sequence", flat=True).first() or 0
    return [
        [
            row.sequence,
            row.at.isoformat(timespec="seconds"),
            row.person,
            row.office,
            row.action,
            row.subject,
            row.purpose,
            "no longer held" if row.children is None else row.children,
            row.form,
        ]
        for row in _streamed(events.filter(sequence__lte=newest))
    ]


def rows(events: Iterable[ChainEvent], known: dict[str, str] | None = None) -> list[Row]:
    """Events as a page shows them; each one's payload is opened for its office and reason."""
    known = wording.names() if known is None else known
    return [_row(event, known) for event in events]


def by_day(some: Iterable[Row]) -> list[tuple[date, list[Row]]]:
    """Rows by the day they fell on in London, in the order they stand."""
    return [(day, list(of_day)) for day, of_day in groupby(some, key=lambda row: row.at.date())]


def reasons() -> dict[str, str]:
    """Every reason in the index: its digest, and the words somebody gave it in."""
    firsts = ChainShown.objects.exclude(reason="").values("reason").annotate(first=Min("sequence"))
    at = {row["first"]: row["reason"] for row in firsts}
    found = {}
    for event in ChainEvent.objects.filter(sequence__in=list(at)):
        try:
            telling = told(event)
        except PlainError:
            continue
        if telling:
            found[at[event.sequence]] = wording.purpose_words(telling.purpose)
    return found


def _chosen(asked: Asked) -> QuerySet[ChainEvent]:
    events = ChainEvent.objects.order_by("-sequence")
    if asked.person:
        events = events.filter(actor=asked.person)
    if asked.action:
        events = events.filter(action=asked.action)
    if asked.child:
        events = events.filter(sequence__in=ChainChild.objects.filter(child_key=asked.child).values("sequence"))
    if asked.reason:
        events = events.filter(sequence__in=ChainShown.objects.filter(reason=asked.reason).values("sequence"))
    if asked.period.begins:
        events = events.filter(at__gte=asked.period.since)
    if asked.period.ends:
        events = events.filter(at__lt=asked.period.before)
    return events


def _log(viewer: Viewer, action: str, asked: Asked, more: dict[str, Any]) -> None:
    record_read(
        viewer=viewer,
        action=action,
        subject=asked.action,
        child_keys=[asked.child] if asked.child else [],
        detail={**asked.told, **more},
    )


def _streamed(events: QuerySet[ChainEvent]) -> Iterator[Row]:
    known = wording.names()
    for event in events.iterator(chunk_size=2_000):
        yield _row(event, known)


def _row(event: ChainEvent, known: dict[str, str]) -> Row:
    altered = False
    try:
        telling = told(event)
    except PlainError:
        telling, altered = None, True
    office = offices().get(telling.office) if telling else None
    detail = telling.detail if telling else {}
    form = str(detail.get("format") or detail.get("form") or "")
    return Row(
        sequence=event.sequence,
        at=datetime.fromisoformat(event.at).astimezone(clock.LONDON),
        actor=event.actor,
        person=wording.called(event.actor, known),
        office=office.title if office else "",
        action=wording.action_words(event.action),
        subject=subjects.about(event.subject, known),
        purpose=wording.purpose_words(telling.purpose) if telling else "",
        children=len(set(telling.children)) if telling else None,
        form="" if form in ("page", "unallocated") else wording.FILES.get(form, form),
        refused=event.action.endswith(".refused"),
        altered=altered,
    )
