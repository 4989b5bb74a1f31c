"""What the log shows: who did what, with children counted, never named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record_read, told
from lineofsight.web.access.models import ChainEvent, Person
from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import WORDS, Capability, check
from lineofsight.web.access.viewer import Viewer

LOG_PAGE = 50


@dataclass(frozen=True)
class LogRow:
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
    altered: bool = False


@dataclass(frozen=True)
class LogPage:
    """A page of the log, newest first, and where the older ones begin."""

    rows: list[LogRow]
    people: list[tuple[str, str]]
    actions: list[tuple[str, str]]
    older: int | None

    @property
    def days(self) -> list[tuple[date, list[LogRow]]]:
        """The rows by the day they fell on in London."""
        return [(day, list(some)) for day, some in groupby(self.rows, key=_london_day)]


def log_page(viewer: Viewer, *, person: str = "", action: str = "", before: int | None = None) -> LogPage:
    """The log, newest first, by person and by action. Reading it is itself in the log.

    Raises Refused without SEE_LOG, and LogUnavailable where the reading cannot be logged.
    """
    check(viewer, Capability.SEE_LOG)
    record_read(viewer=viewer, action="log.read", subject=action, detail={"person": person})
    events = ChainEvent.objects.order_by("-sequence")
    if person:
        events = events.filter(actor=person)
    if action:
        events = events.filter(action=action)
    if before is not None:
        events = events.filter(sequence__lt=before)
    some = list(events[: LOG_PAGE + 1])
    names = dict(Person.objects.values_list("key", "name"))
    shown = some[:LOG_PAGE]
    actors = ChainEvent.objects.order_by("actor").values_list("actor", flat=True).distinct()
    actions = ChainEvent.objects.order_by("action").values_list("action", flat=True).distinct()
    return LogPage(
        rows=[_log_row(event, names) for event in shown],
        people=[(actor, _called(actor, names)) for actor in actors],
        actions=[(action, action_words(action)) for action in actions],
        older=shown[-1].sequence if len(some) > LOG_PAGE else None,
    )


def _log_row(event: ChainEvent, names: dict[str, str]) -> LogRow:
    altered = False
    try:
        telling = told(event)
    except PlainError:
        telling, altered = None, True
    known = offices().get(telling.office) if telling else None
    return LogRow(
        sequence=event.sequence,
        at=datetime.fromisoformat(event.at),
        actor=event.actor,
        person=_called(event.actor, names),
        office=known.title if known else "",
        action=action_words(event.action),
        subject=_about(event.subject),
        purpose=telling.purpose if telling else "",
        children=len(telling.children) if telling else None,
        altered=altered,
    )


def _london_day(row: LogRow) -> date:
    return row.at.astimezone(clock.LONDON).date()


def action_words(action: str) -> str:
    """What a room calls its action ("child.opened"), as a person reads it ("Child opened")."""
    words = action.replace(".", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def _about(subject: str) -> str:
    """An office or a permission in words; anything else as it stands."""
    if subject in offices():
        return offices()[subject].title
    return WORDS[Capability(subject)] if subject in set(Capability) else subject


def _called(actor: str, names: dict[str, str]) -> str:
    if actor in names:
        return names[actor]
    if actor.startswith("console:"):
        return f"{actor.removeprefix('console:')} (command line)"
    return {"nobody": "Nobody signed in", "system": "The system"}.get(actor, actor)
