"""Who answers for a child: the lead workers, who may stand beside each other (DESIGN 7.14), and who is over them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lineofsight.web.practice.queries.standing import KEPT, Standing, teams, workers
from lineofsight.web.practice.queries.story import Event

LEADS = ("Allocated worker", "Family help lead")
# As the ledger finds who must act (cases/owners.sql).
_MANAGER = re.compile(r"\bteam manager\b", re.IGNORECASE)
_NOT_IN_CHARGE = re.compile(r"\b(assistant|deputy)\b", re.IGNORECASE)
_HEAD = re.compile(r"\b(head of service|service manager)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Lead:
    """Somebody who leads the work with the child now: in which role, since when, and what is known of them."""

    role: str
    name: str
    since: date
    team: str
    title: str
    registered: bool  # whether a registration number is on file; none is unknown, never unregistered (7.7)


@dataclass(frozen=True)
class InCharge:
    """Who is over a team, as far as the extract says."""

    manager: str = ""
    head: str = ""


def leads(stand: Standing, events: Sequence[Event]) -> Sequence[Lead]:
    """The leads of now, in the order of LEADS."""
    known, found = workers(stand), []
    for event in events:
        role, _, name = event.title.partition(": ")
        if event.works_now and role in LEADS and name:
            about = known.get(event.worker_id)
            title, registered = (about.job_title or "", bool(about.registration)) if about else ("", False)
            found.append(Lead(role, name, event.on, event.team, title, registered))
    return sorted(found, key=lambda one: (LEADS.index(one.role), one.since))


def in_charge(stand: Standing, team_id: str | None) -> InCharge:
    """The manager of a team and the head of its service."""
    team = teams(stand).get(team_id) if team_id else None
    managers, heads = _over(stand)
    service = team.service_id if team else None
    return InCharge(managers.get(team_id or "", ""), heads.get(service or "", ""))


@lru_cache(maxsize=KEPT)
def _over(stand: Standing) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The manager of each team and the head of each service, by name: of two the lowest id."""
    managers: dict[str, str] = {}
    heads: dict[str, str] = {}
    for _, worker in sorted(workers(stand).items()):
        title, team = worker.job_title or "", worker.team_id
        if team and _MANAGER.search(title) and not _NOT_IN_CHARGE.search(title):
            managers.setdefault(team, worker.name)
        if team and _HEAD.search(title):
            heads.setdefault(team, worker.name)
    return managers, heads
