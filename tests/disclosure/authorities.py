"""Small invented authorities, made by chance from a seed, in which almost every cell is small."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tests.lake.extracts import extract_of

from lineofsight.sources import Extract

AS_AT = date(2026, 10, 31)
BEFORE = date(2026, 9, 30)
ETHNICITIES = ("WBRI", "WBRI", "WBRI", "MWAS", "AIND", "BAFR", "OOTH", None)
SEXES = ("F", "F", "M", "M", "U")
ALLOCATED, HELP_LEAD, DUTY, MANAGER = "ALLOCATED CASE WORKER", "FAMILY HELP LEAD", "DUTY", "TEAM MANAGER"
# Every table that is written, there though it may be empty: nothing on a plan is 0, and not "not measured".
TABLES = ("ssd_department", "ssd_professionals", "side_supervision", "ssd_person", "ssd_involvements",
          "ssd_cin_episodes", "ssd_cin_assessments", "ssd_s47_enquiry", "ssd_initial_cp_conference", "ssd_cp_plans",
          "ssd_cp_visits", "ssd_cp_reviews", "ssd_cla_episodes", "ssd_cla_placement", "ssd_legal_status",
          "ssd_cla_reviews", "ssd_cla_visits", "ssd_early_help_episodes", "side_absence",
          "side_registration")  # fmt: skip


# The days on which what a row tells of began and ended: an extract holds no day after its own.
BEGINS = {
    "side_supervision": "supv_date",
    "ssd_involvements": "invo_involvement_start_date",
    "ssd_cin_episodes": "cine_referral_date",
    "ssd_cin_assessments": "cina_assessment_start_date",
    "ssd_s47_enquiry": "s47e_s47_start_date",
    "ssd_initial_cp_conference": "icpc_icpc_date",
    "ssd_cp_plans": "cppl_cp_plan_start_date",
    "ssd_cp_visits": "cppv_cp_visit_date",
    "ssd_cp_reviews": "cppr_cp_review_date",
    "ssd_cla_episodes": "clae_cla_episode_start_date",
    "ssd_cla_placement": "clap_cla_placement_start_date",
    "ssd_legal_status": "lega_legal_status_start_date",
    "ssd_cla_reviews": "clar_cla_review_date",
    "ssd_cla_visits": "clav_cla_visit_date",
    "ssd_early_help_episodes": "earl_episode_start_date",
    "side_absence": "abse_start_date",
    "side_registration": "regi_valid_from",
}
ENDS = {"ssd_cin_episodes": "cine_close_date", "ssd_cin_assessments": "cina_assessment_auth_date"}
RECENT = timedelta(days=300)  # before what day nothing was entered late


@dataclass(frozen=True)
class Shape:
    """What an authority is like; by default it is drawn from the seed, small and mixed."""

    services: int | None = None
    teams: int | None = None  # of each service
    children: int | None = None
    weights: tuple[int, ...] = (1, 2, 5, 12)
    population: int = 20_000
    protected: float = 0.5
    looked_after: float = 0.35
    alike: bool = False  # every child in one team, of one sex, age and ethnic group
    alone: int = 0  # so many teams with a single child each


MIXED = Shape()
SHAPES = {
    "one service with one team": Shape(services=1, teams=1),
    "teams with a single child": Shape(services=2, teams=6, children=70, alone=6),
    "nothing to count": Shape(children=30, protected=0, looked_after=0),
    "no child at all": Shape(children=0),
    "one group holds everything": Shape(services=2, teams=3, alike=True),
    "hundreds of children": Shape(services=3, teams=4, children=420),
    "a population of hundreds": Shape(children=60, population=400),
    "every plan": Shape(services=2, teams=3, children=40, protected=1, looked_after=1),
    "few of each": Shape(services=3, teams=4, children=90, protected=0.08, looked_after=0.06),
    "a handful": Shape(services=1, teams=3, children=9),
}


class Authority:
    """One authority: services, teams of very different sizes, and children with plans, care, referrals and visits."""

    def __init__(self, seed: int, shape: Shape = MIXED) -> None:
        self.chance = Random(seed)
        self.seed = seed
        self.shape = shape
        self.rows: dict[str, list[dict[str, object]]] = {name: [] for name in TABLES}
        services = [f"s{n}" for n in range(shape.services or self.chance.randint(1, 3))]
        self.teams = {f"{s}t{n}": s for s in services for n in range(shape.teams or self.chance.randint(1, 4))}
        self._departments(services)
        names = list(self.teams)
        weights = [self.chance.choice(shape.weights) for _ in names]
        count = self.chance.choice((25, 60, 110, 160)) if shape.children is None else shape.children
        alone, shared = names[: shape.alone], names[shape.alone :]
        for number in range(count):
            drawn = self.chance.choices(shared, weights[shape.alone :])[0]
            self._child(f"c{number}", alone[number] if number < len(alone) else shared[0] if shape.alike else drawn)

    def extract(self) -> Extract:
        """The extract, as at AS_AT."""
        return extract_of(self.rows, as_at=AS_AT, authority="999", authority_name="Westharbour",
                          population=self.shape.population)  # fmt: skip

    def _add(self, table: str, **row: object) -> None:
        self.rows[table].append(row)

    def _day(self, earliest: int, latest: int) -> date:
        return AS_AT - timedelta(days=self.chance.randint(latest, earliest))

    def _departments(self, services: list[str]) -> None:
        for service in services:
            self._add("ssd_department", dept_team_id=service, dept_team_name=f"Service {service}",
                      dept_team_parent_id=None)  # fmt: skip
        for team, service in self.teams.items():
            self._add("ssd_department", dept_team_id=team, dept_team_name=f"Team {team}", dept_team_parent_id=service)
            for number in range(self.chance.randint(1, 3)):
                worker = f"{team}w{number}"
                self._add("ssd_professionals", prof_professional_id=worker, prof_professional_name=f"Worker {worker}",
                          prof_professional_job_title="Social Worker")  # fmt: skip
                self._standing(worker)
                for days in range(self.chance.choice((5, 40, 90)), 400, 28):
                    self._add("side_supervision", supv_supervision_id=f"{worker}{days}", supv_worker_id=worker,
                              supv_date=AS_AT - timedelta(days=days), supv_kind="personal")  # fmt: skip

    def _child(self, key: str, team: str) -> None:
        chance = self.chance
        born = date(2026 - chance.randint(1, 17), chance.randint(1, 12), chance.randint(1, 28))
        sex, ethnicity = chance.choice(SEXES), chance.choice(ETHNICITIES)
        if self.shape.alike:
            born, sex, ethnicity = date(2014, 1, 1), "F", "WBRI"
        self._add("ssd_person", pers_person_id=key, pers_forename=f"Fore{key}", pers_surname=f"Sur{key}",
                  pers_dob=born, pers_sex=sex, pers_ethnicity=ethnicity)  # fmt: skip
        since = self._day(900, 30)
        self._referrals(key, team, since)
        self._holder(key, team, since)
        if chance.random() < self.shape.protected:
            self._protection(key, team, max(since, self._day(500, 10)))
        if chance.random() < self.shape.looked_after:
            self._care(key, max(since, self._day(700, 20)))

    def _standing(self, worker: str) -> None:
        """What the side tables say of a worker, drawn for each apart."""
        chance = Random(f"{self.seed} {worker}")
        if chance.random() < 0.8:
            self._add("side_registration", regi_registration_id=f"g{worker}", regi_worker_id=worker,
                      regi_registered=chance.choice(("Y", "Y", "Y", "N", "U")),
                      regi_valid_from=AS_AT - timedelta(days=chance.choice((30, 400, 900))))  # fmt: skip
        if chance.random() < 0.4:
            self._add("side_absence", abse_absence_id=f"b{worker}", abse_worker_id=worker, abse_kind="sickness",
                      abse_start_date=AS_AT - timedelta(days=chance.choice((5, 30, 70))), abse_end_date=None,
                      abse_covered_by_worker_id=chance.choice((None, f"{worker[:-1]}0")))  # fmt: skip

    def _holder(self, key: str, team: str, since: date) -> None:
        """Who holds a child: one of the team's workers, the duty desk, a manager or nobody."""
        chance = Random(f"{self.seed} {key}")
        workers = [str(row["prof_professional_id"]) for row in self.rows["ssd_professionals"]]
        mine = [one for one in workers if one.startswith(f"{team}w")]
        role = chance.choices((ALLOCATED, HELP_LEAD, DUTY, MANAGER), (75, 8, 10, 7))[0]
        held = {"invo_person_id": key, "invo_professional_role_id": role, "invo_professional_team": team,
                "invo_professional_id": chance.choice(mine) if chance.random() < 0.85 else None}  # fmt: skip
        if chance.random() < 0.92:
            self._add("ssd_involvements", invo_involvements_id=f"i{key}", invo_involvement_start_date=since,
                      invo_involvement_end_date=None, **held)  # fmt: skip
        if chance.random() < 0.4:
            self._add("ssd_early_help_episodes", earl_episode_id=f"h{key}", earl_person_id=key,
                      earl_episode_start_date=since, earl_episode_end_date=None,
                      earl_episode_worker_id=mine[0] if chance.random() < 0.3 else None)  # fmt: skip

    def _referrals(self, key: str, team: str, since: date) -> None:
        chance = self.chance
        for number in range(chance.choice((1, 1, 2, 3))):
            on = since if number == 0 else self._day(800, 10)
            closed = on + timedelta(days=60) if number and on + timedelta(days=60) < AS_AT else None
            self._add("ssd_cin_episodes", cine_referral_id=f"r{key}{number}", cine_person_id=key, cine_referral_date=on,
                      cine_close_date=closed, cine_referral_team=team,
                      cine_referral_nfa="Y" if chance.random() < 0.1 else "N")  # fmt: skip
            if chance.random() < 0.7:
                done = on + timedelta(days=chance.choice((20, 50, 90)))
                self._add("ssd_cin_assessments", cina_assessment_id=f"a{key}{number}", cina_person_id=key,
                          cina_referral_id=f"r{key}{number}", cina_assessment_start_date=on,
                          cina_assessment_auth_date=done if done < AS_AT else None,
                          cina_assessment_team=team)  # fmt: skip

    def _protection(self, key: str, team: str, since: date) -> None:
        chance = self.chance
        self._add("ssd_s47_enquiry", s47e_s47_enquiry_id=f"e{key}", s47e_person_id=key,
                  s47e_s47_start_date=since - timedelta(days=14), s47e_s47_completed_by_team=team)  # fmt: skip
        self._add("ssd_initial_cp_conference", icpc_icpc_id=f"k{key}", icpc_person_id=key, icpc_icpc_team=team,
                  icpc_icpc_date=since + timedelta(days=chance.choice((0, 20))),
                  icpc_s47_enquiry_id=f"e{key}", icpc_icpc_transfer_in="N")  # fmt: skip
        self._add("ssd_cp_plans", cppl_cp_plan_id=f"p{key}", cppl_person_id=key, cppl_cp_plan_start_date=since,
                  cppl_cp_plan_end_date=None)  # fmt: skip
        for days in range(chance.choice((2, 9, 30)), 200, 12):
            self._add("ssd_cp_visits", cppv_cp_visit_id=f"v{key}{days}", cppv_person_id=key, cppv_cp_plan_id=f"p{key}",
                      cppv_cp_visit_date=AS_AT - timedelta(days=days),
                      cppv_cp_visit_seen=chance.choice(("Y", "Y", "Y", "N", None)))  # fmt: skip
        for months in range(chance.choice((2, 4)), 15, chance.choice((3, 5))):
            self._add("ssd_cp_reviews", cppr_cp_review_id=f"q{key}{months}", cppr_person_id=key,
                      cppr_cp_plan_id=f"p{key}", cppr_cp_review_date=since + timedelta(days=30 * months))  # fmt: skip

    def _care(self, key: str, since: date) -> None:
        chance = self.chance
        self._add("ssd_cla_episodes", clae_cla_episode_id=f"l{key}", clae_person_id=key, clae_cla_id=f"L{key}",
                  clae_cla_episode_start_date=since, clae_cla_episode_ceased_date=None)  # fmt: skip
        self._add("ssd_cla_placement", clap_cla_placement_id=f"m{key}", clap_cla_id=f"L{key}", clap_person_id=key,
                  clap_cla_placement_type="U1", clap_cla_placement_start_date=since)  # fmt: skip
        self._add("ssd_legal_status", lega_legal_status_id=f"g{key}", lega_person_id=key, lega_legal_status="C2",
                  lega_legal_status_start_date=since)  # fmt: skip
        self._add("ssd_cla_reviews", clar_cla_review_id=f"w{key}", clar_cla_id=f"L{key}",
                  clar_cla_review_date=since + timedelta(days=20))  # fmt: skip
        for days in range(chance.choice((5, 40, 70)), 500, 40):
            self._add("ssd_cla_visits", clav_cla_visit_id=f"x{key}{days}", clav_cla_id=f"L{key}", clav_person_id=key,
                      clav_cla_visit_date=AS_AT - timedelta(days=days),
                      clav_cla_visit_seen=chance.choice(("Y", "Y", "N", None)))  # fmt: skip


def planted(seed: int, shape: Shape = MIXED) -> Extract:
    """The extract of the authority of a seed."""
    return Authority(seed, shape).extract()


def planted_before(seed: int, shape: Shape = MIXED, as_at: date = BEFORE, late: float = 0.12) -> Extract:
    """The extract of an earlier day: what had happened by then, less what was entered late."""
    authority, chance = Authority(seed, shape), Random(f"{seed} before")
    for table, column in BEGINS.items():
        authority.rows[table] = [row for row in authority.rows[table] if _was_known(row[column], as_at, chance, late)]
    for table, column in ENDS.items():
        for row in authority.rows[table]:
            ended = row[column]
            row[column] = ended if isinstance(ended, date) and ended <= as_at else None
    return extract_of(authority.rows, as_at=as_at, authority="999", authority_name="Westharbour",
                      population=authority.shape.population)  # fmt: skip


def _was_known(day: object, as_at: date, chance: Random, late: float) -> bool:
    assert isinstance(day, date)
    return day <= as_at and (day < as_at - RECENT or chance.random() > late)


def month_end(words: str) -> date:
    """The month end behind 'October 2026'."""
    names = {f"{date(2026, n, 1):%B}": n for n in range(1, 13)}
    name, year = words.split()
    return date(int(year), names[name], monthrange(int(year), names[name])[1])
