"""Being looked after, as the measures of care say it: periods, what is left of them without short breaks, homes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tests.oracle.world import OPEN, Record, World, add_months, birthday, in_month, same_word

SHORT_BREAKS = ("V3", "V4")
TEMPORARY = ("T0", "T1", "T2", "T3", "T4")


@dataclass(frozen=True)
class Spell:
    """A stay in care, from its first day to the day it ended (OPEN while it lasts), and the period it is part of."""

    person: str
    start: date
    end: date
    began: date  # the period's first day: the same, or earlier where short breaks came first
    over: date  # the period's end

    def holds(self, day: date) -> bool:
        return self.start <= day < self.end


def code(given: str | None) -> str:
    """A code as it is compared: no spaces at the ends, upper case; nothing where it is blank."""
    return (given or "").strip().upper()


def episodes(world: World) -> Mapping[str, list[Record]]:
    """Each child's episodes that have a first day and did not end before it."""
    if "care episodes" not in world.kept:
        found: dict[str, list[Record]] = {}
        for row in world.rows("ssd_cla_episodes"):
            start, end = row["clae_cla_episode_start_date"], row["clae_cla_episode_ceased_date"]
            if start is not None and (end is None or end >= start):
                found.setdefault(row["clae_person_id"], []).append(row)
        world.kept["care episodes"] = found
    kept: Mapping[str, list[Record]] = world.kept["care episodes"]
    return kept


def periods(world: World, person: str) -> list[tuple[date, date]]:
    """From when to when the child was in care: episodes without a day between are one, 18 and death end it."""
    spans = sorted(
        (row["clae_cla_episode_start_date"], row["clae_cla_episode_ceased_date"] or OPEN)
        for row in episodes(world).get(person, [])
    )
    joined: list[tuple[date, date]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    born, died = world.person(person)["pers_dob"], world.person(person)["pers_death_date"]
    last = min(birthday(born, 18) if born else OPEN, died or OPEN)
    return [(start, min(end, last)) for start, end in joined if start < min(end, last)]


def legal_status(world: World, person: str, day: date) -> Record | None:
    """The legal status of a day: of those told that hold, the one that began last, of one day the last code."""
    held = [
        row
        for row in world.by("ssd_legal_status", "lega_person_id")[person]
        if code(row["lega_legal_status"])
        and row["lega_legal_status_start_date"] is not None
        and row["lega_legal_status_start_date"] <= day < (row["lega_legal_status_end_date"] or OPEN)
    ]
    return max(
        held, key=lambda row: (row["lega_legal_status_start_date"], code(row["lega_legal_status"])), default=None
    )


def in_short_breaks(world: World, person: str, day: date) -> bool:
    status = legal_status(world, person, day)
    return status is not None and same_word(status["lega_legal_status"], *SHORT_BREAKS)


def spells(world: World, person: str) -> list[Spell]:
    """The child's stays in care, with the days of short breaks cut out of them."""
    kept: dict[str, list[Spell]] = world.kept.setdefault("care spells", {})
    if person not in kept:
        kept[person] = list(_spells(world, person))
    return kept[person]


def _spells(world: World, person: str) -> Iterator[Spell]:
    statuses = world.by("ssd_legal_status", "lega_person_id")[person]
    changes = {row["lega_legal_status_start_date"] for row in statuses} | {
        row["lega_legal_status_end_date"] for row in statuses
    }
    for began, over in periods(world, person):
        days = sorted({began, over} | {day for day in changes if day is not None and began < day < over})
        start = None
        for day in days:
            care = day < over and not in_short_breaks(world, person, day)
            if care and start is None:
                start = day
            elif not care and start is not None:
                yield Spell(person, start, day, began, over)
                start = None


def every_spell(world: World) -> list[Spell]:
    return [spell for person in episodes(world) for spell in spells(world, person)]


def in_care(world: World, day: date) -> list[Spell]:
    """Whoever is looked after at the end of the day."""
    return [spell for spell in every_spell(world) if spell.holds(day)]


def begun(world: World, day: date) -> list[Spell]:
    """The stays that began in the month."""
    return [spell for spell in every_spell(world) if in_month(spell.start, day)]


def ended(world: World, day: date) -> list[Spell]:
    """The stays that ended in the month."""
    return [spell for spell in every_spell(world) if in_month(spell.end, day)]


def end_reason(world: World, spell: Spell) -> str:
    """How it ended, as the last episode says; nothing where none says it."""
    last = [row for row in episodes(world)[spell.person] if row["clae_cla_episode_ceased_date"] == spell.end]
    last.sort(key=lambda row: (row["clae_cla_episode_start_date"], row["clae_cla_episode_id"]))
    reasons = [code(row["clae_cla_episode_ceased_reason"]) for row in last]
    told = [one for one in reasons if one not in ("", "X1")]
    return told[-1] if told else ""


def year_of(day: date) -> date:
    """The first day of the year that ends with a day."""
    return add_months(day + timedelta(days=1), -12)


def through_the_year(world: World, day: date) -> list[Spell]:
    """Whoever was looked after on every day of the year that ends with the day."""
    return [spell for spell in in_care(world, day) if spell.start <= year_of(day)]


def of_child(world: World, table: str, person: str, care: str) -> Mapping[str, list[Record]]:
    """The rows of a table by child: the one it names, or whoever's period of care it names."""
    key = f"of child {table}"
    if key not in world.kept:
        whose: dict[str | None, set[str]] = {}
        for row in world.rows("ssd_cla_episodes"):
            if row["clae_cla_id"]:
                whose.setdefault(row["clae_cla_id"], set()).add(row["clae_person_id"])
        found: dict[str, list[Record]] = {}
        for row in world.rows(table):
            named = row[person] if person else None
            for child in {named} if named else whose.get(row[care], set()):
                found.setdefault(child, []).append(row)
        world.kept[key] = found
    kept: Mapping[str, list[Record]] = world.kept[key]
    return kept


def placements(world: World, person: str) -> list[Record]:
    """The child's placements with a first day, in the order in which they began."""
    rows = of_child(world, "ssd_cla_placement", "clap_person_id", "clap_cla_id").get(person, [])
    told = [row for row in rows if row["clap_cla_placement_start_date"] is not None]
    return sorted(told, key=lambda row: (row["clap_cla_placement_start_date"], row["clap_cla_placement_id"]))


def placement_on(world: World, spell: Spell, day: date) -> Record | None:
    """Where the child lives: the placement begun last of those open that day."""
    there = [
        row
        for row in placements(world, spell.person)
        if row["clap_cla_placement_start_date"] <= day < (row["clap_cla_placement_end_date"] or OPEN)
    ]
    return there[-1] if there else None


def same_papers(world: World, person: str, day: date) -> bool:
    """Whether an episode says that what began that day is with the same carers."""
    return any(
        row["clae_cla_episode_start_date"] == day and same_word(row["clae_cla_episode_start_reason"], "T", "U")
        for row in episodes(world).get(person, [])
    )


@dataclass
class Place:
    """A home: where the same carers are. `kind`, `postcode` and first day (`newest`) are of its newest placement."""

    start: date
    end: date
    kind: str
    postcode: str
    newest: date


def homes(world: World, person: str) -> list[Place]:
    """The homes of a child, in order; temporary moves are passed over. What began on one day is one home."""
    found: list[Place] = []
    for row in placements(world, person):
        start, end = row["clap_cla_placement_start_date"], row["clap_cla_placement_end_date"] or OPEN
        kind, postcode = code(row["clap_cla_placement_type"]), code(row["clap_cla_placement_postcode"]).replace(" ", "")
        if kind in TEMPORARY or end <= start:
            continue
        now = found[-1] if found else None
        same = now is not None and (
            start == now.newest
            or same_papers(world, person, start)
            or kind in ("A3", "A5")
            or (kind == now.kind != "" and postcode == now.postcode != "")
        )
        if now is not None and same:
            now.end, now.kind, now.postcode, now.newest = max(now.end, end), kind, postcode, start
        else:
            found.append(Place(start, end, kind, postcode, start))
    return found


def visits(world: World, person: str, since: date, day: date) -> list[Record]:
    """The visits to a looked-after child from one day to another, both among them."""
    rows = of_child(world, "ssd_cla_visits", "clav_person_id", "clav_cla_id").get(person, [])
    return [row for row in rows if row["clav_cla_visit_date"] and since <= row["clav_cla_visit_date"] <= day]


def held_reviews(world: World, person: str, day: date) -> list[Record]:
    """The child's looked-after reviews held by the end of the day."""
    rows = of_child(world, "ssd_cla_reviews", "", "clar_cla_id").get(person, [])
    return [
        row
        for row in rows
        if row["clar_cla_review_date"]
        and row["clar_cla_review_date"] <= day
        and row["clar_cla_review_cancelled"] != "Y"
    ]


def review_days(world: World, spell: Spell, day: date) -> list[date]:
    """The days of this stay on which a review was held, in order; the first day of care is none."""
    held = {row["clar_cla_review_date"] for row in held_reviews(world, spell.person, day)}
    return sorted(one for one in held if spell.start < one)
