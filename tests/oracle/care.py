"""Who is looked after on a day."""

from datetime import date

from tests.oracle.world import World, is_open

SHORT_BREAKS = ("V3", "V4")


def looked_after(world: World, child: str, day: date) -> bool:
    """Whether an episode of care is open at the end of the day, not in a series of short breaks, and under 18."""
    if world.dead(child, day) or world.adult(child, day):
        return False
    episodes = world.by("ssd_cla_episodes", "clae_person_id")[child]
    if not any(
        is_open(one["clae_cla_episode_start_date"], one["clae_cla_episode_ceased_date"], day) for one in episodes
    ):
        return False
    return not in_short_breaks(world, child, day)


def in_short_breaks(world: World, child: str, day: date) -> bool:
    """Whether the child's legal status of the day is that of a series of short breaks: of several the newest."""
    statuses = [
        one
        for one in world.by("ssd_legal_status", "lega_person_id")[child]
        if is_open(one["lega_legal_status_start_date"], one["lega_legal_status_end_date"], day)
    ]
    if not statuses:
        return False
    newest = max(one["lega_legal_status_start_date"] for one in statuses)
    return any(
        one["lega_legal_status"] in SHORT_BREAKS for one in statuses if one["lega_legal_status_start_date"] == newest
    )
