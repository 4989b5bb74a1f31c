"""Plans and episodes: which there are, when they began and ended, which is open."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from tests.oracle.world import World, is_open


@dataclass(frozen=True)
class Span:
    """A plan or an episode of one child; `end` is None while it is open."""

    id: str
    person: str
    start: date
    end: date | None
    ours: bool = True
    category: str | None = None

    def open_on(self, day: date) -> bool:
        """Whether it is open at the end of the day: one that ends that day is not."""
        return is_open(self.start, self.end, day)


def _one_a_start(spans: Iterable[Span]) -> list[Span]:
    """Two rows for one start are one plan; it ends when the last of them does, and has the lower id."""
    found: dict[tuple[str, date, bool], Span] = {}
    for one in sorted(spans, key=lambda span: span.id):
        key = (one.person, one.start, one.ours)
        first = found.setdefault(key, one)
        ends_later = one.end is None or (first.end is not None and one.end > first.end)
        found[key] = replace(first, end=one.end) if ends_later else first
    return list(found.values())


def protection_plans(world: World) -> list[Span]:
    """Every child protection plan, those held for another authority too (`ours` is false)."""
    if "protection plans" not in world.kept:
        rows = [
            Span(
                one["cppl_cp_plan_id"],
                one["cppl_person_id"],
                one["cppl_cp_plan_start_date"],
                one["cppl_cp_plan_end_date"],
                one["cppl_cp_plan_ola"] != "Y",
                one["cppl_cp_plan_latest_category"],
            )
            for one in world.rows("ssd_cp_plans")
            if one["cppl_person_id"] and one["cppl_cp_plan_start_date"]
        ]
        world.kept["protection plans"] = _one_a_start(rows)
    return world.kept["protection plans"]


def support_plans(world: World) -> list[Span]:
    """Every child in need plan."""
    if "support plans" not in world.kept:
        rows = [
            Span(
                one["cinp_cin_plan_id"],
                one["cinp_person_id"],
                one["cinp_cin_plan_start_date"],
                one["cinp_cin_plan_end_date"],
            )
            for one in world.rows("ssd_cin_plans")
            if one["cinp_person_id"] and one["cinp_cin_plan_start_date"]
        ]
        world.kept["support plans"] = _one_a_start(rows)
    return world.kept["support plans"]


def episodes(world: World) -> list[Span]:
    """Every episode of need: a referral with a date that did not end in no further action."""
    if "episodes" not in world.kept:
        world.kept["episodes"] = [
            Span(one["cine_referral_id"], one["cine_person_id"], one["cine_referral_date"], one["cine_close_date"])
            for one in world.rows("ssd_cin_episodes")
            if one["cine_person_id"] and one["cine_referral_date"] and one["cine_referral_nfa"] != "Y"
        ]
    return world.kept["episodes"]


def longest_open(world: World, spans: Iterable[Span], day: date) -> list[Span]:
    """One a living child: of the spans open at the end of the day the one that began first."""
    found: dict[str, Span] = {}
    for one in spans:
        if not one.open_on(day) or world.dead(one.person, day):
            continue
        before = found.get(one.person)
        if before is None or (one.start, one.id) < (before.start, before.id):
            found[one.person] = one
    return list(found.values())


def on_plan(world: World, day: date) -> list[Span]:
    """The children on a child protection plan of this authority, with the plan."""
    return longest_open(world, [one for one in protection_plans(world) if one.ours], day)


def in_need(world: World, day: date) -> list[Span]:
    """The children in need, with the episode they have been in need by longest."""
    return longest_open(world, episodes(world), day)
