"""Looked-after children who went missing, and the interviews afterwards (LA18 to LA22)."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from tests.oracle.stays import code, every_spell, spells, year_of
from tests.oracle.world import Record, Row, World, in_month


def _while_in_care(world: World, episode: Record) -> bool:
    began = episode["miss_missing_episode_start_date"]
    return began is not None and any(spell.holds(began) for spell in spells(world, episode["miss_person_id"] or ""))


def _went(world: World, day: date, kind: str) -> list[Row]:
    """Whoever was in care on a day of the year: not met where an episode of the kind began in it, in care."""
    since = year_of(day)
    found = []
    for person in dict.fromkeys(
        spell.person for spell in every_spell(world) if spell.start <= day and spell.end > since
    ):
        kinds = [
            code(row["miss_missing_episode_type"])
            for row in world.by("ssd_missing", "miss_person_id")[person]
            if _while_in_care(world, row) and since <= row["miss_missing_episode_start_date"] <= day
        ]
        found.append(Row(person, False if kind in kinds else None if "" in kinds else True))
    return found


def went_missing(world: World, day: date) -> list[Row]:
    """LA18: missing at least once in the year."""
    return _went(world, day, "M")


def away(world: World, day: date) -> list[Row]:
    """LA19: away without authorisation at least once in the year."""
    return _went(world, day, "A")


def _returns(world: World, day: date) -> Iterator[Record]:
    """The times a child came back in the month from going missing while looked after."""
    for row in world.rows("ssd_missing"):
        if (
            code(row["miss_missing_episode_type"]) == "M"
            and in_month(row["miss_missing_episode_end_date"], day)
            and _while_in_care(world, row)
        ):
            yield row


def _answer(given: str | None) -> bool | None:
    said = code(given)
    return True if said in ("Y", "YES") else False if said in ("N", "NO") else None


def offered(world: World, day: date) -> list[Row]:
    """LA20: an interview was offered."""
    return [
        Row(row["miss_person_id"], _answer(row["miss_missing_rhi_offered"]), row["miss_table_id"])
        for row in _returns(world, day)
    ]


def accepted(world: World, day: date) -> list[Row]:
    """LA21: the child accepted the interview offered."""
    return [
        Row(row["miss_person_id"], _answer(row["miss_missing_rhi_accepted"]), row["miss_table_id"])
        for row in _returns(world, day)
        if _answer(row["miss_missing_rhi_offered"])
    ]


def interviewed(world: World, day: date) -> list[Row]:
    """LA22: an interview was held within 72 hours, of which days can only tell more or less; as known at the newest."""
    return [
        Row(row["miss_person_id"], _within_hours(world, row, world.as_at), row["miss_table_id"])
        for row in _returns(world, day)
    ]


def _within_hours(world: World, episode: Record, day: date) -> bool | None:
    back = episode["miss_missing_episode_end_date"]
    limit = int(world.number("la.return_interview", day))
    talks = [
        row["rhin_held_date"]
        for row in world.by("side_return_interview", "rhin_missing_id")[episode["miss_table_id"]]
        if row["rhin_held_date"] and row["rhin_held_date"] <= day
    ]
    if not talks:
        return None if day <= back + timedelta(days=limit) else False
    days = (min(talks) - back).days
    return None if days < 0 or days == limit else days < limit


MEASURES: dict[str, Callable[[World, date], list[Row]]] = {
    "LA18": went_missing,
    "LA19": away,
    "LA20": offered,
    "LA21": accepted,
    "LA22": interviewed,
}
