"""Journeys: what happens to a family between one referral and its close, as true dates."""

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from lineofsight.synth.chance import Quota, Stays, generator
from lineofsight.synth.days import YEAR, working_after, working_back, working_before
from lineofsight.synth.flows import Path
from lineofsight.synth.people import Child, Family
from lineofsight.synth.rates import Rates

if TYPE_CHECKING:
    from lineofsight.synth.allocation import Leg

PLANNED = (Path.PROTECTED, Path.PROTECTED_THEN_CARE)


@dataclass(slots=True, eq=False)
class Enquiry:
    """A section 47 enquiry, from the strategy discussion to its end."""

    start: int
    end: int
    known: int = 0


@dataclass(slots=True, eq=False)
class Journey:
    """One referral of `children` and what follows. Days are true days; None is what never happens."""

    path: Path
    start: int
    close: int
    size: int
    family: Family | None = None
    children: list[Child] = field(default_factory=list)
    assessed: int | None = None
    enquiries: list[Enquiry] = field(default_factory=list)
    conference: int | None = None
    plan: tuple[int, int] | None = None
    support: list[tuple[int, int]] = field(default_factory=list)
    care: tuple[int, int] | None = None
    leaving: str = ""  # how care ends: home, order, adopted, eighteen
    alone: bool = False  # an unaccompanied asylum-seeking child
    transferred: bool = False  # the plan came from another authority
    elsewhere: bool = False  # the plan is another authority's
    moved_out: bool = False  # to another authority, at the close
    past: bool = False  # before the years that the case system holds in detail
    referrals: list[str] = field(default_factory=list)
    known: int = 0
    closed_known: int | None = None
    legs: list["Leg"] = field(default_factory=list)

    @property
    def home(self) -> Family:
        """The family, once it is known who they are."""
        assert self.family is not None
        return self.family


class Timeline:
    """Gives a journey its dates, so that the shares of things done in time are those published."""

    def __init__(
        self, rates: Rates, stays: dict[Path, Stays], seed: int, enquiries_alone: float, conferences_alone: float
    ) -> None:
        self._random: Random = generator(seed, "timeline")
        self._assessed_in_time = Quota(rates.assessed_in_time, seed, "assessed")
        self._conference_in_time = Quota(rates.conferences_in_time, seed, "conference")
        self._enquiry = Quota(enquiries_alone, seed, "enquiry")
        self._conference = Quota(conferences_alone, seed, "conference alone")
        self._transferred = Quota(0.02, seed, "transferred")
        years = rates.looked_after / max(rates.care_started, 0.1)
        self._alone = Quota(min(rates.unaccompanied * years / 1.5, 0.5), seed, "alone")
        self._adopted = Quota(rates.adopted, seed, "adopted")
        self._stays = stays

    def fill(self, journey: Journey) -> None:
        """Set the journey's dates from its start, which for a plan is the day meant for the conference."""
        if journey.path in PLANNED:
            self._protect(journey)
            return
        if journey.path == Path.SCREENED:
            journey.close = working_after(journey.start, self._random.choice((0, 0, 0, 1)))
            return
        self._assess(journey)
        if journey.path == Path.ASSESSED:
            assert journey.assessed is not None
            journey.close = journey.assessed + self._random.choice((0, 0, 1, 2, 5))
            self._enquire_alone(journey)
        elif journey.path in (Path.SUPPORTED, Path.DISABLED):
            self._support(journey)
        else:
            self._look_after(journey, journey.start + self._random.randrange(0, 81))

    def _assess(self, journey: Journey) -> None:
        random = self._random
        if self._assessed_in_time.says(journey.size):
            # Half are done in good time, the other half in the last days before the limit, as everywhere.
            days = random.randrange(6, 40) if random.random() < 0.55 else random.randrange(40, 45)
        else:
            days = random.randrange(47, 76)
        journey.assessed = working_after(journey.start, days)

    def _support(self, journey: Journey) -> None:
        assert journey.assessed is not None
        stay = self._stays[journey.path].draw(journey.start, journey.size)
        close = working_after(journey.start + stay, 0)
        if journey.assessed > close - 2:
            if journey.assessed <= working_after(journey.start, 44):
                journey.assessed = working_after(journey.start, self._random.randrange(12, 26))
            else:
                close = journey.assessed + 3
        journey.close = close
        if close - journey.assessed > 14:
            journey.support.append((journey.assessed + self._random.randrange(0, 6), close))
        if not self._conference.says(journey.size):
            self._enquire_alone(journey)
        else:
            self._enquiry.times(journey.size, 0)
            strategy = working_after(journey.start + self._random.randrange(0, 9), 0)
            journey.conference = working_after(strategy, self._days_to_conference(journey.size))
            journey.enquiries = [Enquiry(strategy, working_after(strategy, 8))]
            journey.close = max(journey.close, journey.conference + 10)

    def _enquire_alone(self, journey: Journey) -> None:
        """Enquiries that end without a conference: as many as the published figures leave over."""
        day = journey.start + self._random.choice((0, 0, 0, 1, 2, 4, 7))
        room = 1 + (journey.close - day > 90) + (journey.close - day > 220)
        for _ in range(self._enquiry.times(journey.size, room)):
            strategy = working_after(day, 0)
            days = self._random.randrange(3, 16)
            # one in a dozen is left open far too long
            end = working_after(strategy, days + strategy % 17 if days == 15 else days)
            journey.enquiries.append(Enquiry(strategy, end))
            journey.close = max(journey.close, end)
            day = end + self._random.randrange(30, 76)

    def _days_to_conference(self, size: int) -> int:
        """Working days from the strategy discussion to the initial conference."""
        random = self._random
        if self._conference_in_time.says(size):
            return random.choice((8, 10, 11, 12, 13, 13, 14, 14, 14, 15))
        return random.randrange(16, 32)

    def _protect(self, journey: Journey) -> None:
        """Counted back from the conference, so that conferences and plans come as evenly as the flow says."""
        random = self._random
        journey.conference = conference = working_after(journey.start, 0)
        before = random.randrange(0, 9) if random.random() < 0.65 else random.randrange(30, 151)
        journey.transferred = self._transferred.says(journey.size)
        if journey.transferred:
            journey.start = working_back(conference, random.randrange(9, 16))
        else:
            strategy = working_back(conference, self._days_to_conference(journey.size))
            journey.enquiries = [Enquiry(strategy, min(working_after(strategy, random.randrange(4, 8)), conference))]
            journey.start = working_before(strategy - before)
        self._assess(journey)
        start = conference
        stay = self._stays[Path.PROTECTED].draw(start, journey.size)
        end = working_after(start + max(stay, 18), 0)
        journey.plan = (start, end)
        if journey.path == Path.PROTECTED_THEN_CARE:
            begins = working_after(end - random.randrange(0, 22), 0)
            self._look_after(journey, max(begins, start + 5))
            return
        after = random.randrange(0, 141)
        journey.close = working_after(max(end + after, (journey.assessed or end) + 1), 0)
        if after > 21:
            journey.support.append((end, journey.close))

    def _look_after(self, journey: Journey, begins: int) -> None:
        """Entry to care, and how it ends. A child who stays to 18 leaves on the birthday."""
        random = self._random
        eligible = journey.size == 1 and journey.path == Path.CARE
        start = max(begins, journey.start)
        stay = self._stays[Path.CARE].draw(start, journey.size)
        end = start + max(stay, 8)
        years = stay / YEAR
        if self._alone.owes(journey.size) and eligible and 0.3 < years < 2.6:
            self._alone.take()
            journey.alone = True
        if self._adopted.owes(journey.size) and 1.0 < years < 4.0 and not journey.alone:
            self._adopted.take(journey.size)
            journey.leaving = "adopted"
        elif journey.alone or (eligible and random.random() < 0.42):
            journey.leaving = "eighteen"
        else:
            journey.leaving = "order" if years > 0.8 and random.random() < 0.4 else "home"
        journey.care = (start, end)
        after = 0 if journey.leaving in ("eighteen", "adopted") else random.randrange(0, 29)
        journey.close = max(end + after, journey.assessed or 0)
        if journey.leaving == "eighteen":
            journey.close = end
            if journey.assessed is not None and journey.assessed > end:
                journey.assessed = end
