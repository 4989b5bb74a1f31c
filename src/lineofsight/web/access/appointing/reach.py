"""The services, teams and workers an office can reach, by name, from the newest extract. No child is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lineofsight.errors import PlainError
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.models import Holding
from lineofsight.web.access.offices import ScopeKind, offices

# What the ids of a kind of scope are ids of; the other kinds have none, and agencies are written by hand.
SERVICES, TEAMS, WORKERS = "service", "team", "worker"
ARE: dict[str, str] = {"service": SERVICES, "team": TEAMS, "own": WORKERS, "assigned": WORKERS}


@dataclass(frozen=True)
class Choice:
    """One service, team or worker. `within` is the service of a team and the team of a worker."""

    id: str
    name: str
    within: str = ""


def choices(kind: ScopeKind) -> list[Choice]:
    """What an office with this kind of scope can be given, by name; nothing where no extract is loaded."""
    known = _registry()[ARE[kind]] if kind in ARE else {}
    return sorted(known.values(), key=lambda one: (one.within, one.name, one.id))


def named(holdings: Iterable[Holding]) -> dict[int, list[str]]:
    """What each holding reaches, in names; an id that the newest extract no longer has stands as it is."""
    held = list(holdings)
    by_id = [one for one in held if one.scope_ids and kind_of(one) in ARE]
    known = _registry() if by_id else {}
    told: dict[int, list[str]] = {}
    for holding in held:
        names = known.get(ARE.get(kind_of(holding), ""), {})
        told[holding.pk] = [names[of].name if of in names else of for of in map(str, holding.scope_ids)]
    return told


def kind_of(holding: Holding) -> str:
    """The kind of scope a holding has: its own, else its office's."""
    known = offices().get(holding.office)
    return holding.scope_kind or (known.scope if known else "none")


def _registry() -> dict[str, dict[str, Choice]]:
    """Services, teams and workers of the newest extract, each by id. Names of staff, and of no child."""
    found: dict[str, list[Choice]] = {SERVICES: [], TEAMS: [], WORKERS: []}
    try:
        lake = lake_in_use()
        newest = lake.latest()
        teams = lake.teams(newest).to_pylist() if newest else []
        workers = lake.workers(newest).to_pylist() if newest else []
    except PlainError:
        teams, workers = [], []
    team_names = {row["team_id"]: row["team_name"] or "" for row in teams}
    for row in teams:
        found[SERVICES].append(Choice(row["service_id"], row["service_name"] or row["service_id"]))
        found[TEAMS].append(Choice(row["team_id"], row["team_name"] or row["team_id"], row["service_name"] or ""))
    for row in workers:
        found[WORKERS].append(
            Choice(row["worker_id"], row["worker_name"] or row["worker_id"], team_names.get(row["team_id"]) or "")
        )
    return {what: {one.id: one for one in some if one.id} for what, some in found.items()}
