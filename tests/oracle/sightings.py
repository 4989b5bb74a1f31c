"""Visits: which saw the child, and which nobody can say of."""

from datetime import date

from tests.oracle.people import unborn
from tests.oracle.world import Record, World

# The table of a kind of visit, and what its columns begin with.
Kind = tuple[str, str]
PROTECTION: tuple[Kind, ...] = (("ssd_cp_visits", "cppv_cp"),)
EVERY_KIND = (*PROTECTION, ("ssd_cin_visits", "cinv_cin"), ("ssd_cla_visits", "clav_cla"))


def visits(world: World, kinds: tuple[Kind, ...]) -> dict[str, list[tuple[date, str | None, str | None]]]:
    """By child: the day of each visit, whether the child was seen, and whether alone."""
    key = f"visits of {len(kinds)}"
    if key not in world.kept:
        found: dict[str, list[tuple[date, str | None, str | None]]] = {}
        for table, begins in kinds:
            for one in world.rows(table):
                day, seen = one[f"{begins}_visit_date"], one[f"{begins}_visit_seen"]
                for child in _visited(world, one, begins[:4]) if day else ():
                    found.setdefault(child, []).append((day, seen, one[f"{begins}_visit_seen_alone"]))
        world.kept[key] = found
    return world.kept[key]


def _visited(world: World, visit: Record, begins: str) -> set[str]:
    """Whom a visit was to: the child it names, or without one the child whose period of care it names."""
    if visit[f"{begins}_person_id"]:
        return {visit[f"{begins}_person_id"]}
    if begins != "clav" or visit["clav_cla_id"] is None:
        return set()
    episodes = world.by("ssd_cla_episodes", "clae_cla_id")[visit["clav_cla_id"]]
    return {one["clae_person_id"] for one in episodes if one["clae_person_id"]}


def seen_and_unsure(
    world: World, kinds: tuple[Kind, ...], child: str, start: date, day: date
) -> tuple[date | None, date | None]:
    """From `start` to `day`: the last day the child was seen, and the last visit nobody can say of.

    That is one with no answer, or one to a child not yet born that is not marked as having seen it.
    """
    seen = unsure = None
    for when, answer, _ in visits(world, kinds).get(child, []):
        if not start <= when <= day:
            continue
        if answer == "Y":
            seen = max(seen or when, when)
        elif answer is None or unborn(world, child, when):
            unsure = max(unsure or when, when)
    return seen, unsure
