"""Information governance's monthly report: every child opened outside somebody's scope, and what was made of it.

Children stand as codes of that month, never by name. Reasons are read in words: that is what the report is for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from dateutil.relativedelta import relativedelta

from lineofsight import clock
from lineofsight.cases import refs
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.downloads import Cell, Sheet
from lineofsight.web.access.house import keys_in_use
from lineofsight.web.access.models import ChainChild, ChainEvent, Need, Person
from lineofsight.web.access.need.purposes import words_of
from lineofsight.web.access.need.queries import ended_at, office_title
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import Viewer

ANSWERS = {"knew": "knew of it", "did-not-know": "did not know of it: look into it", "": "not answered"}
REVIEWS = {"in-order": "In order", "asked-about": "Asked about", "": "Not reviewed"}
CODE_LENGTH = 8


@dataclass(frozen=True)
class Answer:
    """One person who was told, when they first read of it, and what they answered."""

    person: str
    seen_at: datetime | None
    answer: str
    answer_words: str
    words: str


@dataclass(frozen=True)
class NeedRow:
    """One need of the month. `child` is a code of this office and month; `pages` is how often the child was opened."""

    key: str
    person: str
    office: str
    purpose: str
    reason: str
    child: str
    opened_at: datetime
    ended_at: datetime
    open: bool
    told: Sequence[Answer]
    pages: int
    review: str
    review_said: str
    review_words: str
    reviewed_at: datetime | None
    reviewed_by: str
    own: bool

    @property
    def lasted(self) -> str:
        """How long the child was open: '45 minutes', '3 hours 20 minutes', '3 days'."""
        minutes = int((self.ended_at - self.opened_at).total_seconds() // 60)
        days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
        parts = [(days, "day"), (hours, "hour"), (0 if days else rest, "minute")]
        said = [f"{number} {word}{'s' if number != 1 else ''}" for number, word in parts if number]
        return " ".join(said) or "less than a minute"

    @property
    def unexpected(self) -> bool:
        """Whether somebody who was told did not know of it."""
        return any(one.answer == "did-not-know" for one in self.told)


@dataclass(frozen=True)
class Report:
    """One month of needs, the newest first."""

    month: date
    rows: Sequence[NeedRow]
    over: bool

    @property
    def waiting(self) -> int:
        """How many are not reviewed yet."""
        return sum(not one.review for one in self.rows)

    @property
    def unexpected(self) -> int:
        """How many the person told did not know of."""
        return sum(one.unexpected for one in self.rows)


@dataclass(frozen=True)
class MonthLine:
    """One month of the list: how many needs, how many not reviewed, how many the person told did not know of."""

    month: date
    needs: int
    waiting: int
    unexpected: int


def months(viewer: Viewer) -> list[MonthLine]:
    """Every month in which a child was opened for a need, newest first; counts only. Raises Refused."""
    check(viewer, Capability.SEE_LOG)
    found: dict[date, list[tuple[str, bool]]] = {}
    for need in Need.objects.only("opened_at", "review").prefetch_related("tellings"):
        surprised = any(one.answer == "did-not-know" for one in need.tellings.all())
        found.setdefault(month_of(need.opened_at), []).append((need.review, surprised))
    return [
        MonthLine(month, len(some), sum(not review for review, _ in some), sum(surprised for _, surprised in some))
        for month, some in sorted(found.items(), reverse=True)
    ]


def overdue(viewer: Viewer) -> MonthLine | None:
    """The oldest month that is over and has needs not reviewed; None where there is none, or for another office."""
    if Capability.SEE_LOG not in viewer.capabilities:
        return None
    this_month = _begins(clock.today().replace(day=1))
    late = Need.objects.filter(review="", opened_at__lt=this_month).order_by("opened_at")
    first = late.first()
    return MonthLine(month_of(first.opened_at), late.count(), late.count(), 0) if first else None


def unexpected_waiting(viewer: Viewer) -> int:
    """How many needs that the person told did not know of are not reviewed yet; 0 for another office."""
    if Capability.SEE_LOG not in viewer.capabilities:
        return 0
    return Need.objects.filter(review="", tellings__answer="did-not-know").distinct().count()


def report(viewer: Viewer, month: date, *, form: str = "page") -> Report:
    """The needs begun in one month of London's calendar. The reading is in the log before anything is shown.

    Raises Refused without SEE_LOG, LogUnavailable.
    """
    check(viewer, Capability.SEE_LOG)
    begins, ends = _begins(month), _begins(month + relativedelta(months=1))
    within = Need.objects.filter(opened_at__gte=begins, opened_at__lt=ends)
    keys = sorted(set(within.values_list("child_key", flat=True)))
    record_read(viewer=viewer, action="needs.read", subject=f"{month:%Y-%m}", child_keys=keys, detail={"form": form})
    needs = list(within.select_related("person").prefetch_related("tellings__person"))
    pages = _pages_seen(needs)
    names = dict(Person.objects.filter(key__in={one.reviewed_by_key for one in needs}).values_list("key", "name"))
    rows = [_row(viewer, one, month, pages[str(one.pk)], names) for one in needs]
    return Report(month, rows, over=clock.now() >= ends)


def sheet(found: Report) -> Sheet:
    """The report as a table: one row a need, with the columns of the page."""
    columns = ["Opened", "Person", "Office", "Purpose", "Reason", "Child (code of this month)"]
    columns += ["Open for", "Pages seen", "Told", "Reviewed", "Words of the review"]
    rows: list[list[Cell]] = [
        [
            _stamp(one.opened_at),
            one.person,
            one.office,
            one.purpose,
            one.reason,
            one.child,
            f"open until {_stamp(one.ended_at)}" if one.open else one.lasted,
            one.pages,
            "; ".join(f"{told.person}: {told.answer_words}{_quoted(told.words)}" for told in one.told),
            one.review_said,
            one.review_words,
        ]
        for one in found.rows
    ]
    note = f"Children opened outside somebody’s scope in {found.month:%B %Y}"
    return Sheet(f"needs-{found.month:%Y-%m}", note, columns, rows)


def _row(viewer: Viewer, need: Need, month: date, pages: int, names: Mapping[str, str]) -> NeedRow:
    ends = ended_at(need)
    audience = f"{viewer.office}:{month:%Y-%m}"
    return NeedRow(
        key=str(need.pk),
        person=need.person.name,
        office=office_title(need.office),
        purpose=words_of(need.purpose),
        reason=need.reason,
        child=refs.ref(keys_in_use(), audience, need.child_key)[:CODE_LENGTH],
        opened_at=need.opened_at,
        ended_at=ends,
        open=ends > clock.now(),
        told=[
            Answer(one.person.name, one.seen_at, one.answer, ANSWERS[one.answer], one.words)
            for one in sorted(need.tellings.all(), key=lambda one: one.pk)
        ],
        pages=pages,
        review=need.review,
        review_said=REVIEWS[need.review],
        review_words=need.review_words,
        reviewed_at=need.reviewed_at,
        reviewed_by=names.get(need.reviewed_by_key, need.reviewed_by_key),
        own=need.person.key == viewer.person_key,
    )


def _pages_seen(needs: Sequence[Need]) -> dict[str, int]:
    """How often each need's person opened its child while it was open, as the chain itself says."""
    shown = ChainChild.objects.filter(child_key__in={one.child_key for one in needs}, place=0)
    keys = dict(shown.values_list("sequence", "child_key"))
    people = {one.person.key for one in needs}
    events = ChainEvent.objects.filter(
        action="child.opened", actor__in=people, sequence__in=shown.values("sequence")
    ).values_list("sequence", "actor", "at")
    looks = [(actor, keys[sequence], datetime.fromisoformat(at)) for sequence, actor, at in events if sequence in keys]
    return {
        str(need.pk): sum(
            actor == need.person.key and key == need.child_key and need.opened_at <= at < ended_at(need)
            for actor, key, at in looks
        )
        for need in needs
    }


def _begins(month: date) -> datetime:
    """The first moment of a month in London."""
    return datetime.combine(month, time(), clock.LONDON).astimezone(UTC)


def month_of(moment: datetime) -> date:
    """The month of London’s calendar that a moment falls in, as its first day."""
    return moment.astimezone(clock.LONDON).date().replace(day=1)


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(clock.LONDON):%Y-%m-%d %H:%M}"


def _quoted(words: str) -> str:
    return f" (“{words}”)" if words else ""
