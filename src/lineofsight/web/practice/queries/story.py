"""One child's chronology: every dated thing that any table says, in words, narrowed by kind and by days, and paged."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import Http404

from lineofsight.lake import event_kinds
from lineofsight.web.access import paging
from lineofsight.web.access.paging import Paged

PAGE = 100
# Kinds of event that last: without an end they are what stands now.
PLANS = {
    "child_protection_plan": "Child protection plan",
    "care_episode": "Looked after",
    "placement": "Placement",
    "legal_status": "Legal status",
    "deprivation_of_liberty": "Deprived of liberty",
    "private_fostering": "Privately fostered",
    "child_in_need_plan": "Child in need plan",
    "early_help": "Early help",
    "referral": "Open to children’s social care",
    "missing": "Missing",
    "homelessness": "Homeless",
}
WEIGHTY = frozenset(
    {
        "referral",
        "section_47",
        "conference",
        "child_protection_plan",
        "child_protection_plan_ended",
        "care_episode",
        "left_care",
        "permanence",
        "missing",
        "pre_proceedings",
        "deprivation_of_liberty",
        "private_fostering",
        "homelessness",
        "referral_closed",
        "death",
    }
)
# Several kinds in one choice of the filter: what it is called, and the kinds.
TOGETHER = {
    "visits": ("Visits only", ("child_protection_visit", "child_in_need_visit", "looked_after_visit")),
    "meetings": (
        "Conferences, reviews and core groups",
        ("conference", "child_protection_review", "core_group", "child_in_need_review", "looked_after_review"),
    ),
    "legal": (
        "Legal steps",
        ("section_47", "pre_proceedings", "legal_status", "permanence", "deprivation_of_liberty"),
    ),
}


@dataclass(frozen=True)
class Event:
    """One row of the chronology."""

    on: date
    kind: str
    title: str
    detail: str
    ended_on: date | None
    team: str
    worker: str
    source: str
    worker_id: str = ""

    @property
    def plan_title(self) -> str:
        """What stands now, in words: 'Child protection plan: neglect'."""
        about = self.title.partition(": ")[2]
        return PLANS.get(self.kind, self.title) + (f": {about}" if about else "")

    @property
    def about(self) -> str:
        """What follows the first words of the title: 'school nurse' of 'Professional: school nurse'."""
        return self.title.partition(": ")[2]

    @property
    def works_now(self) -> bool:
        """Whether it is somebody's work with the child that has not ended."""
        return self.kind == "involvement" and self.ended_on is None

    @property
    def weighty(self) -> bool:
        """Whether it changes what stands: drawn stronger, so that a long chronology can be read at a glance."""
        return self.kind in WEIGHTY


@dataclass(frozen=True)
class Narrowed:
    """The filters as they stand in the address: a kind, or several in one word; from a day and until a day."""

    kind: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def any(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.kind or self.since or self.until)

    def holds(self, event: Event) -> bool:
        """Whether an event is among what was chosen."""
        kinds = TOGETHER[self.kind][1] if self.kind in TOGETHER else (self.kind,)
        within = (self.since is None or event.on >= self.since) and (self.until is None or event.on <= self.until)
        return within and (not self.kind or event.kind in kinds)


@dataclass(frozen=True)
class Month:
    """The events of one month of one page of a chronology."""

    on: date
    events: Sequence[Event]


@dataclass(frozen=True)
class Chronology(Paged):
    """One page of a child's chronology, newest first, with the kinds there are to choose from."""

    months: Sequence[Month]
    kinds: Sequence[tuple[str, str, int]]
    together: Sequence[tuple[str, str, int]]
    asked: Narrowed
    number: int
    size: int
    total: int
    pages: int

    @property
    def kind(self) -> str:
        """The kind that was chosen."""
        return self.asked.kind

    def years(self) -> Iterator[tuple[int, list[Month]]]:
        """The months by year, newest first."""
        for year, months in groupby(self.months, key=lambda month: month.on.year):
            yield year, list(months)


def told(events: Sequence[Event], asked: Narrowed, page: int) -> Chronology:
    """One page of the chronology, newest first. Raises Http404 for a kind or page there is not."""
    tally: dict[str, int] = {}
    for event in events:
        tally[event.kind] = tally.get(event.kind, 0) + 1
    if asked.kind and asked.kind not in tally and asked.kind not in TOGETHER:
        raise Http404
    chosen = [event for event in events if asked.holds(event)]
    pages = paging.pages(len(chosen), PAGE)
    if not 1 <= page <= pages:
        raise Http404
    shown = chosen[(page - 1) * PAGE : page * PAGE]
    months = [
        Month(date(year, month, 1), list(found))
        for (year, month), found in groupby(shown, key=lambda event: (event.on.year, event.on.month))
    ]
    kinds = [(key, words, tally[key]) for key, words in event_kinds().items() if key in tally]
    together = [(key, words, sum(tally.get(one, 0) for one in held)) for key, (words, held) in TOGETHER.items()]
    return Chronology(months, kinds, together, asked, page, PAGE, len(chosen), pages)
