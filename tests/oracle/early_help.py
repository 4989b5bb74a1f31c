"""Early help, worked out a second time."""

from collections.abc import Callable
from datetime import date

from tests.oracle.holders import DUTY, MANAGER, NOBODY, standing
from tests.oracle.world import Record, Row, World, add_months, is_open


def helped(world: World, day: date) -> dict[str, list[Record]]:
    """By child under 18, the early help episodes open at the end of the day."""
    found: dict[str, list[Record]] = {}
    for row in world.rows("ssd_early_help_episodes"):
        child = row["earl_person_id"]
        if child is None or world.dead(child, day) or world.adult(child, day):
            continue
        if is_open(row["earl_episode_start_date"], row["earl_episode_end_date"], day):
            found.setdefault(child, []).append(row)
    return found


def in_early_help(world: World, day: date) -> list[Row]:
    """EH01: children with an open episode."""
    return [Row(child, None) for child in helped(world, day)]


def stepped_up(world: World, day: date) -> list[Row]:
    """EH03: of children who had early help in the year, those referred in it since the help began."""
    back = int(world.number("early_help.look_back", day))

    def in_year(one: date | None) -> bool:
        return one is None or add_months(one, back) > day

    began: dict[str, date] = {}
    for row in world.rows("ssd_early_help_episodes"):
        child, start = row["earl_person_id"], row["earl_episode_start_date"]
        if child is not None and start is not None and start <= day and in_year(row["earl_episode_end_date"]):
            began[child] = min(start, began.get(child, start))
    rows = []
    for child, start in began.items():
        referred = [one["cine_referral_date"] for one in world.by("ssd_cin_episodes", "cine_person_id")[child]]
        rows.append(Row(child, any(one and start <= one <= day and in_year(one) for one in referred)))
    return rows


def with_a_lead(world: World, day: date) -> list[Row]:
    """FH01: children in early help, and whether a named person leads."""
    return [Row(child, _led(world, child, episodes, day)) for child, episodes in helped(world, day).items()]


def _led(world: World, child: str, episodes: list[Record], day: date) -> bool | None:
    if any(_is_named(world, row["earl_episode_worker_id"]) for row in episodes):
        return True
    return standing(world, child, day, in_need=True)


def _is_named(world: World, worker: str | None) -> bool:
    """Whether somebody is listed under a person's name, and is neither a manager nor on duty."""
    for row in world.by("ssd_professionals", "prof_professional_id")[worker]:
        name, title = row["prof_professional_name"] or "", row["prof_professional_job_title"] or ""
        return bool(name) and not NOBODY.search(name) and not MANAGER.search(title) and not DUTY.search(title)
    return False


MEASURES: dict[str, Callable[[World, date], list[Row]]] = {
    "EH01": in_early_help,
    "EH03": stepped_up,
    "FH01": with_a_lead,
}
