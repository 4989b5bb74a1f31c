"""One synthetic authority, from published rates to a book of rows."""

from collections.abc import Callable
from dataclasses import dataclass

from lineofsight.synth import (
    around,
    care_edges,
    care_life,
    edges,
    failures,
    front_door,
    homes,
    involvements,
    leaving,
    oversight,
    protection,
    restrictions,
    staff_records,
)
from lineofsight.synth.allocation import Leg, allocate, set_legs
from lineofsight.synth.care import Care, write_care, write_short_breaks
from lineofsight.synth.chance import generator
from lineofsight.synth.cohort import CONTACT_ONLY, EARLY_HELP_ONLY, area_count, cohort, sized
from lineofsight.synth.days import YEAR, working_after
from lineofsight.synth.flows import Path
from lineofsight.synth.journeys import PLANNED, Journey
from lineofsight.synth.lateness import Lateness
from lineofsight.synth.people import Child, Family
from lineofsight.synth.period import Period
from lineofsight.synth.rates import Rates
from lineofsight.synth.scene import Scene
from lineofsight.synth.services import Services
from lineofsight.synth.sheets import Book
from lineofsight.synth.visits import ProtectionRound, write_enquiry_visits, write_support_visits
from lineofsight.synth.workforce import Staff

Progress = Callable[[str, float], None]
_REASONS = ("Parenting", "Emotional wellbeing", "School attendance", "Domestic abuse", "Housing", "Behaviour")


@dataclass(frozen=True)
class _Help:
    """An early help episode of a family."""

    family: Family
    children: list[Child]
    leg: Leg


class Authority:
    """An authority whose families, services and failures are settled; `book()` writes its rows, once."""

    def __init__(self, rates: Rates, period: Period, seed: int, people: int | None, progress: Progress) -> None:
        self._progress = progress
        progress("Working out who is known", 0.02)
        self.population = sized(rates, period, seed, people)
        self._areas = area_count(rates, self.population)
        found = cohort(rates, self.population, period, seed, self._areas)
        self._journeys, self._registry = found.journeys, found.registry
        self._period, self._rates, self._seed = period, rates, seed
        self._random = generator(seed, "authority")
        failures.held_elsewhere(self._journeys, period)
        for journey in self._journeys:
            set_legs(journey, self._random, period)
        self._help = self._early_help()
        self._legs = [leg for journey in self._journeys for leg in journey.legs] + [one.leg for one in self._help]
        progress("Sharing the work among teams", 0.12)
        staff = Staff(period, seed)
        services = Services(staff, rates, self._legs, self._areas)
        allocate(self._legs, services.pools, period, staff.began, generator(seed, "allocation"))
        self._failures = failures.leave_unallocated(self._journeys, staff, services.duty, period)
        drawn = (Lateness(seed), generator(seed, "rows"), generator(seed, "side tables"), Lateness(seed + 1))
        self._scene = Scene(period, found, services, Book(period), *drawn)
        self._reviews = protection.Reviews(rates.reviewed_in_time, seed)
        self._visits = ProtectionRound(self._scene, self._journeys, seed)
        self._lived: list[tuple[Journey, Care]] = []

    def book(self) -> Book:
        """Every row."""
        scene = self._scene
        by_family: dict[str, list[Journey]] = {}
        # In order of start: the dealing out of late reviews relies on it.
        for at, journey in enumerate(self._journeys):
            if at % 500 == 0:
                self._progress("Writing what happened", 0.15 + 0.4 * at / len(self._journeys))
            self._write_journey(journey)
            by_family.setdefault(journey.home.id, []).append(journey)
        for one in self._help:
            reason = self._random.choice(_REASONS)
            front_door.write_early_help(scene, one.children, one.leg, reason)
            none: list[str | None] = [None for _ in one.children]
            involvements.write_legs(scene, [one.leg], one.children, none, 0)
        self._write_contacts(by_family)
        self._write_short_breaks()
        self._stand_in()
        for family in self._registry.families:
            journeys = by_family.get(family.id, [])
            if any(journey.path in PLANNED for journey in journeys):
                self._registry.parent(family)
            homes.write_family(scene, family, any(journey.alone for journey in journeys))
        restrictions.write_restrictions(scene, self._seed)
        staff_records.write_staff(scene, self._legs, self._failures.sick)
        around.write_merges(scene, self._seed)
        edges.write_edges(scene, self._journeys, self._seed)
        care_edges.write_care_edges(scene, self._lived, self._seed)
        oversight.write_checkpoints(scene, self._journeys, self._seed)
        return scene.book

    def _write_journey(self, journey: Journey) -> None:
        scene = self._scene
        front_door.write_referral(scene, journey)
        enquiries = front_door.write_enquiries(scene, journey)
        involvements.write_involvements(scene, journey)
        if journey.conference is not None:
            protection.write_protection(scene, journey, self._reviews, self._visits, enquiries)
        protection.write_support_plans(scene, journey)
        if journey.path != Path.SCREENED and not journey.past:
            write_support_visits(scene, journey)
            write_enquiry_visits(scene, journey)
            around.write_missing_from_home(scene, journey)
            staff_records.write_case_supervision(scene, journey)
            oversight.write_oversight(scene, journey)
            oversight.write_transfers(scene, journey)
            around.write_professionals(scene, journey)
        if journey.care:
            for care in write_care(scene, journey):
                self._lived.append((journey, care))
                care_life.write_care_life(scene, journey, care)
                if journey.leaving in ("adopted", "order"):
                    leaving.write_permanence(scene, journey, care)
            if journey.leaving == "eighteen" and scene.ended(journey.care[1]):
                leaving.write_care_leaver(scene, journey)

    def _early_help(self) -> list[_Help]:
        """Early help for families who get no further, and after some referrals that close."""
        random, period, registry = self._random, self._period, self._registry
        found: list[_Help] = []
        years = (period.last - period.start) / YEAR
        left = EARLY_HELP_ONLY * self.population / 10_000 * years
        while left > 0.5:
            size = random.choice((1, 1, 2, 2, 3))
            start = working_after(random.randrange(period.start - 60, period.last - 2), 0)
            end = working_after(start + random.randrange(50, 270), 0)
            family = registry.family(random.randrange(self._areas))
            registry.siblings(family, size, start, end, young=1.0, unborn=False)
            found.append(self._help_for(family, list(family.children), start, end))
            left -= size
        for journey in self._journeys:
            ended = journey.path in (Path.ASSESSED, Path.SUPPORTED) and period.start < journey.close < period.last
            if ended and random.random() < 0.12:
                start = working_after(journey.close + random.randrange(0, 15), 0)
                end = working_after(start + random.randrange(50, 270), 0)
                found.append(self._help_for(journey.home, journey.children, start, end))
        return found

    @staticmethod
    def _help_for(family: Family, children: list[Child], start: int, end: int) -> _Help:
        return _Help(family, children, front_door.early_help_leg(family.area, start, end, len(children)))

    def _write_contacts(self, by_family: dict[str, list[Journey]]) -> None:
        """Contacts that lead to no referral: about children known already, and children known from nothing else."""
        scene, random, period, registry = self._scene, self._random, self._period, self._registry
        known = [family for family in registry.families if family.id in by_family]
        heard = generator(self._seed, "contacts heard")
        for family in known:
            journeys = by_family[family.id]
            if any(child.born > period.last - 18 * YEAR for child in family.children):
                front_door.write_other_contacts(scene, family, journeys, heard)
        years = (period.last - period.start) / YEAR
        left = self._rates.referrals * CONTACT_ONLY * self.population / 10_000 * years
        while left > 0.5:
            size = random.choice((1, 1, 1, 2))
            day = working_after(random.randrange(period.start, period.last - 2), 0)
            family = registry.family(random.randrange(self._areas))
            registry.siblings(family, size, day, day, young=1.0, unborn=False)
            for child in family.children:
                front_door.write_contact_only(scene, child, day)
            left -= size

    def _write_short_breaks(self) -> None:
        disabled = [journey for journey in self._journeys if journey.path == Path.DISABLED]
        current = [journey for journey in disabled if journey.close > self._period.last]
        for journey in current[:: max(len(current) // (1 + len(current) // 30), 1)]:
            write_short_breaks(self._scene, journey)

    def _stand_in(self) -> None:
        """Duty and managers who hold children whose worker has gone."""
        scene = self._scene
        for one in self._failures.stand_ins:
            role = involvements.DUTY if one.kind == failures.DUTY_HOLDS else involvements.MANAGER
            team = next((leg.holds[-1].worker.team for leg in one.journey.legs if leg.holds), one.worker.team)
            for child, referral in zip(one.journey.children, one.journey.referrals, strict=True):
                known = (max(one.start, child.known), None)
                span = (one.start, one.journey.close)
                involvements.write_involvement(scene, child, referral, one.worker, role, span, known, team=team)
