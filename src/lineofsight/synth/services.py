"""The shape of the authority: which services and teams there are, and how many people each needs."""

from collections import defaultdict

from lineofsight.synth.allocation import (
    ASSESSMENT,
    CARE,
    DISABLED,
    FAMILY_HELP,
    LEAVING,
    REVIEWING,
    SAFEGUARDING,
    Leg,
    mean_load,
)
from lineofsight.synth.names import AREAS
from lineofsight.synth.period import Period
from lineofsight.synth.rates import Rates
from lineofsight.synth.workforce import Staff, Team, Worker

PoolKey = tuple[str, int]
TEAM_SIZE = 6.5
MOST_CHILDREN = {LEAVING: 22.0, REVIEWING: 62.0, FAMILY_HELP: 15.0}


class Services:
    """The teams, by what they do. `pools` are the workers among whom a kind of work is shared."""

    def __init__(self, staff: Staff, rates: Rates, legs: list[Leg], areas: int) -> None:
        self.staff = staff
        self.pools: dict[PoolKey, list[Worker]] = {}
        self.support: dict[PoolKey, list[Worker]] = defaultdict(list)
        # A published caseload is an average over a year's busy and quiet teams; above 14.6 whole teams would stand
        # over the local limit of 18, which no authority means to be.
        self._caseload = min(max(rates.caseload, 11.0), 14.6)
        self._vacant = rates.vacant * 0.4
        self._loads = self._mean_loads(legs, areas, staff.period)
        front = staff.service("Front Door Service")
        self.front_door = staff.team("Integrated Front Door", front)
        self.out_of_hours = staff.team("Emergency Duty Team", front)
        self._build(areas)
        duty = max(3, round(sum(self._loads.values()) / 250))
        staff.fill_posts(self.front_door, 1, 0.0, title="Duty Social Worker")
        staff.settled(self.front_door, duty, "Duty Social Worker")
        staff.settled(self.out_of_hours, 2, "Duty Social Worker")
        self.duty = [worker for worker in self.front_door.workers if worker.title == "Duty Social Worker"]
        self._rename(areas)

    def _mean_loads(self, legs: list[Leg], areas: int, period: Period) -> dict[PoolKey, float]:
        by_pool: dict[PoolKey, list[Leg]] = {}
        for leg in legs:
            by_pool.setdefault(leg.pool, []).append(leg)
        keys = [(kind, area) for kind in (ASSESSMENT, SAFEGUARDING, FAMILY_HELP) for area in range(areas)]
        keys += [(kind, 0) for kind in (DISABLED, CARE, LEAVING, REVIEWING)]
        return {key: mean_load(by_pool.get(key, []), period) for key in keys}

    def _build(self, areas: int) -> None:
        staff = self.staff
        for area in range(areas):
            service = staff.service(f"{AREAS[area]} Family Safeguarding Service")
            self._teams(ASSESSMENT, area, f"{AREAS[area]} Assessment Team", service)
            self._teams(SAFEGUARDING, area, f"{AREAS[area]} Safeguarding Team", service, troubled=area == 0)
        service = staff.service("Disabled Children's Service")
        self._teams(DISABLED, 0, "Disabled Children Team", service)
        service = staff.service("Children Looked After and Care Leavers Service")
        self._teams(CARE, 0, "Children in Care Team", service)
        self._teams(LEAVING, 0, "Leaving Care Team", service, title="Personal Adviser")
        service = staff.service("Family Help Service")
        for area in range(areas):
            name = f"{AREAS[area]} Family Help Team"
            self._teams(FAMILY_HELP, area, name, service, title="Family Help Practitioner")
        service = staff.service("Quality Assurance Service")
        self._teams(REVIEWING, 0, "Independent Reviewing Team", service, title="Independent Reviewing Officer")

    def _teams(
        self,
        kind: str,
        area: int,
        name: str,
        service: Team,
        *,
        title: str = "Social Worker",
        troubled: bool = False,
    ) -> None:
        """As many teams as the load needs; the children are shared among the workers of all of them."""
        load = self._loads[kind, area]
        needed = max(round(load / MOST_CHILDREN.get(kind, self._caseload) + 0.2), 1)
        count = max(round(needed / TEAM_SIZE), 1)
        workers: list[Worker] = []
        for number in range(count):
            team_name = f"{name} {number + 1}" if count > 1 else name
            team = self.staff.team(team_name, service, troubled=troubled)
            share = needed // count + (number < needed % count)
            if title == "Social Worker":
                self.staff.fill_posts(team, share, self._vacant)
                if kind in (SAFEGUARDING, DISABLED):
                    self.support[kind, area].append(self.staff.supporter(team))
            else:
                self.staff.fill_posts(team, 0, 0.0)
                self.staff.settled(team, share, title, registered=kind == REVIEWING)
            workers += [worker for worker in team.workers if worker.room and worker is not team.manager]
        self.pools[kind, area] = workers

    def _rename(self, areas: int) -> None:
        """One team gets a new name and keeps its id, between the oldest extract and the next."""
        period = self.staff.period
        area = areas - 1
        wanted = f"{AREAS[area]} {'Assessment' if areas == 1 else 'Safeguarding'} Team"
        team = next(team for team in self.staff.teams if team.name.startswith(wanted))
        team.former = team.name.replace(wanted, f"{AREAS[area]} Child in Need Team")
        team.renamed = period.first + 9 if len(period.taken) > 1 else period.last - 200
