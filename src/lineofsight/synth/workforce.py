"""Services, teams, posts and the people who hold them, over the years of the simulation."""

from dataclasses import dataclass, field
from random import Random

from lineofsight.synth.chance import generator
from lineofsight.synth.days import YEAR, working_after
from lineofsight.synth.names import MEN, SURNAMES, WOMEN
from lineofsight.synth.period import Period

OPEN_END = 1 << 29  # the end of what has not ended
TURNOVER = 0.15  # share of social workers who leave in a year (LAIT Work_Force_TO_Rate, near England's)
LOST = 0.34  # share of posts in the troubled teams that fall vacant and stay so


@dataclass(slots=True, eq=False)
class Team:
    """A team, or a service where `parent` is None. `former` is the name it had until the day `renamed`."""

    id: str
    name: str
    parent: "Team | None"
    former: str = ""
    renamed: int = 0
    troubled: bool = False
    manager: "Worker | None" = None
    workers: list["Worker"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Worker:
    """A worker in post from `start` to `end`. `room` is how much of a full caseload they carry."""

    id: str
    name: str
    title: str
    registration: str
    team: Team
    start: int
    end: int = OPEN_END
    fte: float = 1.0
    room: float = 1.0
    asye: int | None = None
    agency: bool = False
    load: float = 0.0


@dataclass(slots=True, eq=False)
class Spell:
    """Part of a post's history: held by `worker`, or vacant."""

    post: str
    team: Team
    worker: Worker | None
    start: int
    end: int
    title: str
    fte: float


class Staff:
    """Everyone who works, or has worked, for the authority's children's services in the period."""

    def __init__(self, period: Period, seed: int) -> None:
        self.period = period
        self.random: Random = generator(seed, "staff")
        self.workers: list[Worker] = []
        self.teams: list[Team] = []
        self.spells: list[Spell] = []
        self.began = period.start - 90
        self._names: set[str] = set()
        self._posts = 0

    def service(self, name: str) -> Team:
        """A service: a department without a parent, with its head."""
        service = self.team(name, None)
        head = self.hire(service, "Head of Service", self.began - self.random.randrange(300, 3000))
        service.manager = head
        self._spell(self._new_post(), service, head, head.start, OPEN_END, "Head of Service")
        return service

    def team(self, name: str, parent: Team | None, *, troubled: bool = False) -> Team:
        """A team in a service."""
        team = Team(f"T{100 + len(self.teams)}", name, parent, troubled=troubled)
        self.teams.append(team)
        return team

    def hire(self, team: Team, title: str, start: int, *, registered: bool = True, agency: bool = False) -> Worker:
        """A new worker. One registered worker in sixteen has no number in the system: unknown, not unqualified."""
        random = self.random
        number = f"SW{random.randrange(10_000, 199_999)}" if registered and random.random() > 0.06 else ""
        while True:
            name = f"{random.choice(WOMEN if random.random() < 0.8 else MEN)} {random.choice(SURNAMES)}"
            if name not in self._names or len(self._names) > 9000:
                break
        self._names.add(name)
        worker = Worker(f"W{1000 + len(self.workers)}", name, title, number, team, start, agency=agency)
        self.workers.append(worker)
        team.workers.append(worker)
        return worker

    def fill_posts(self, team: Team, count: int, vacant: float, title: str = "Social Worker") -> None:
        """Give a team its manager and `count` filled posts, and the share `vacant` of posts beside them unfilled."""
        random = self.random
        manager = self.hire(team, "Team Manager", self.began - random.randrange(100, 2500))
        team.manager = manager
        self._spell(self._new_post(), team, manager, manager.start, OPEN_END, "Team Manager")
        lost = set(range(round(count * LOST))) if team.troubled and count > 1 else set()
        for place in range(count):
            self._post(team, title, leaves_in_trouble=place in lost)
        for _ in range(len(lost) // 2):  # an agency worker covers one vacancy in two, after some weeks
            cover = self.hire(team, "Social Worker (agency)", working_after(self.period.trouble + 95, 0), agency=True)
            cover.room = 0.9
        for _ in range(sum(random.random() < vacant for _ in range(count))):
            since = self.began + random.randrange(0, self.period.last - self.began - 60)
            self._spell(self._new_post(), team, None, since, OPEN_END, title)

    def settled(self, team: Team, count: int, title: str, *, registered: bool = True) -> None:
        """Give a team `count` workers who stay throughout."""
        for _ in range(count):
            worker = self.hire(team, title, self.began - self.random.randrange(200, 3000), registered=registered)
            self._spell(self._new_post(), team, worker, worker.start, OPEN_END, title)

    def supporter(self, team: Team) -> Worker:
        """A family support worker, who helps families that a social worker holds and holds none."""
        start = self.began - self.random.randrange(200, 2000)
        worker = self.hire(team, "Family Support Worker", start, registered=False)
        worker.room = 0.0
        self._spell(self._new_post(), team, worker, start, OPEN_END, worker.title)
        return worker

    def _post(self, team: Team, title: str, *, leaves_in_trouble: bool) -> None:
        """One post and those who hold it, one after another, with a gap between them."""
        random, period = self.random, self.period
        post = self._new_post()
        day = self.began - random.randrange(30, 2600)
        while day < period.last:
            worker = self._practitioner(team, title, day)
            stay = int(random.expovariate(TURNOVER / YEAR)) + 200
            if day < self.began:
                stay += self.began - day
            worker.end = working_after(day + stay, 0)
            if leaves_in_trouble:
                leaving = working_after(period.trouble + random.randrange(0, 75), 0)
                if worker.end > period.trouble - 90:
                    worker.end = leaving
            elif team.troubled and worker.end > period.trouble:
                worker.end = OPEN_END
            if worker.end > period.last - 40:
                worker.end = OPEN_END  # the last weeks' leavers are placed on purpose, in `failures`
            self._spell(post, team, worker, day, worker.end, title)
            if worker.end == OPEN_END:
                return
            gap = random.randrange(0, 40)
            unfilled = leaves_in_trouble and worker.end >= period.trouble
            next_day = OPEN_END if unfilled else working_after(worker.end + gap + 1, 0)
            vacant_to = next_day - 1 if next_day < period.last else OPEN_END
            self._spell(post, team, None, worker.end + 1, vacant_to, title)
            day = next_day

    def _practitioner(self, team: Team, title: str, day: int) -> Worker:
        random = self.random
        draw = random.random()
        worker = self.hire(team, title, day)
        if title != "Social Worker":
            return worker
        if draw < 0.2:
            worker.title, worker.room = "Senior Social Worker", 0.9
        elif draw < 0.36 and day > self.began - 250:
            worker.title, worker.asye, worker.room = "Newly Qualified Social Worker", day, 0.75
        elif draw < 0.5 and day > self.began:
            worker.title, worker.agency = "Social Worker (agency)", True
        elif draw < 0.62:
            worker.fte = worker.room = random.choice((0.7, 0.8))
        else:
            worker.room = random.uniform(0.95, 1.08)
        return worker

    def _new_post(self) -> str:
        self._posts += 1
        return f"POST{self._posts:04d}"

    def _spell(self, post: str, team: Team, worker: Worker | None, start: int, end: int, title: str) -> None:
        if end >= start:
            self.spells.append(Spell(post, team, worker, start, end, title, worker.fte if worker else 1.0))
