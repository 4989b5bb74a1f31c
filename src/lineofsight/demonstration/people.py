"""A person in every office, with a scope that shows something: all of them invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pyarrow.compute as pc

from lineofsight import clock
from lineofsight.lake import Computation, Lake, Snapshot
from lineofsight.web.access.appointing import actions
from lineofsight.web.access.models import Holding, Person
from lineofsight.web.access.offices import ScopeKind
from lineofsight.web.access.viewer import Viewer, viewer_in

YEARS_HELD = 3
LEAD_MEMBER_CHANGED_DAYS_AGO = 400

# One invented person an office. The demonstration's people never have passwords: they sign in by its own door.
NAMES = {
    "dcs": "Miriam Okell",
    "dcs-delegate": "Tobias Renn",
    "lead-member": "Councillor Anwen Sharrow",
    "chief-executive": "Desmond Ayling",
    "leader": "Councillor Ruth Penhallow",
    "head-of-service": "Farida Quill",
    "team-manager": "Joss Leighfield",
    "social-worker": "",
    "reviewing-officer": "",
    "lado": "Celia Marwood",
    "psw": "Ikenna Brill",
    "qa-manager": "Sorcha Venn",
    "analyst": "Pavel Thorne",
    "partnership-manager": "Gwen Aldous",
    "scrutineer": "Dr Hallam Pryce",
    "agency": "Sister Joan Mabey",
    "scrutiny": "Councillor Idris Wain",
    "action-owner": "Leonie Stroud",
    "information-governance": "Marcus Teale",
    "administrator": "Nadia Corrin",
}
BEFORE = ("lead-member-before", "Councillor Piers Lovell")
# An officer who prepares what the Lead Member signs.
DELEGATE = ("lead-member-delegate", "Orla Fenwick")


@dataclass(frozen=True)
class Reach:
    """What the people of practice are given: the ids their offices reach."""

    service: str
    team: str
    worker: str
    reviewer: str


def appoint(lake: Lake) -> None:
    """Give every office its person, from three years ago. What is there already stays."""
    began = clock.today() - timedelta(days=365 * YEARS_HELD)
    changed = clock.today() - timedelta(days=LEAD_MEMBER_CHANGED_DAYS_AGO)
    with clock.frozen_at(datetime.combine(began, time(9), clock.LONDON)):
        _appoint(reach_of(lake), lake, began, changed)


def holder(office: str, on: date | None = None) -> Viewer:
    """Whoever holds `office` on a day (today where none is given), not as a delegate, as a viewer."""
    held = Holding.objects.in_force(on or clock.today()).select_related("person")
    holding = held.filter(office=office, as_delegate=False).order_by("-from_date").first()
    assert holding is not None
    return viewer_in(holding)


def _appoint(reach: Reach, lake: Lake, began: date, changed: date) -> None:
    names = NAMES | _workers(lake, reach)
    _hold(BEFORE[0], BEFORE[1], "lead-member", began, until=changed - timedelta(days=1))
    for office, name in names.items():
        kind, ids = _scope(office, reach)
        _hold(office, name, office, changed if office == "lead-member" else began, kind=kind, ids=ids)
    _hold(DELEGATE[0], DELEGATE[1], "lead-member", changed, as_delegate=True)


def _hold(
    key: str,
    name: str,
    office: str,
    since: date,
    *,
    until: date | None = None,
    kind: ScopeKind | None = None,
    ids: Sequence[str] = (),
    as_delegate: bool = False,
) -> None:
    person = Person.objects.filter(key=key).first()
    if person is None:
        person = actions.add_person(by=None, key=key, name=name, email=f"{key}@council.example")
    if not Holding.objects.filter(person=person, office=office).exists():
        actions.give_office(
            by=None,
            person=person,
            slug=office,
            from_date=since,
            until=until,
            scope_kind=kind,
            scope_ids=ids,
            as_delegate=as_delegate,
        )


def reach_of(lake: Lake) -> Reach:
    """The team with most owed to children on a plan, its service, its busiest worker, and a reviewing officer."""
    snapshot, computation = _newest(lake)
    late = lake.read(
        computation,
        "rows",
        columns=["team_id", "service_id", "worker_id"],
        where=(pc.field("measure") == "CP08") & (pc.field("as_at") == snapshot.as_at) & ~pc.field("met"),
    )
    busiest = _most(lake.persons(snapshot, columns=["team_id"])["team_id"])  # where nothing is late
    team = _most(late["team_id"]) or busiest or str(lake.teams(snapshot)["team_id"][0])
    teams = {row["team_id"]: row["service_id"] for row in lake.teams(snapshot).to_pylist()}
    held = lake.persons(snapshot, columns=["worker_id", "team_id"], where=pc.field("team_id") == team)
    workers = lake.workers(snapshot)
    reviewers = workers.filter(pc.match_substring_regex(workers["job_title"], "(?i)review"))
    return Reach(
        service=teams.get(team) or team,
        team=team,
        worker=_most(held["worker_id"]) or str(workers["worker_id"][0]),
        reviewer=str((reviewers if reviewers.num_rows else workers)["worker_id"][0]),
    )


def _workers(lake: Lake, reach: Reach) -> dict[str, str]:
    """The social worker and the reviewing officer are workers of the extract, by its own names."""
    snapshot, _ = _newest(lake)
    names = {row["worker_id"]: row["worker_name"] for row in lake.workers(snapshot).to_pylist()}
    return {"social-worker": names[reach.worker], "reviewing-officer": names[reach.reviewer]}


def _scope(office: str, reach: Reach) -> tuple[ScopeKind | None, tuple[str, ...]]:
    """The ids an office reaches; most offices reach the authority, or nobody, and need none."""
    given = {
        "head-of-service": (reach.service,),
        "team-manager": (reach.team,),
        "social-worker": (reach.worker,),
        "reviewing-officer": (reach.reviewer,),
        "agency": ("health",),
    }
    return None, given.get(office, ())


def _newest(lake: Lake) -> tuple[Snapshot, Computation]:
    snapshot = lake.latest()
    computation = lake.computation(snapshot) if snapshot else None
    assert snapshot is not None
    assert computation is not None
    return snapshot, computation


def _most(column: object) -> str | None:
    """The value met most often, the first in order where several are."""
    counted = [one for one in pc.value_counts(column).to_pylist() if one["values"]]
    return min(counted, key=lambda one: (-one["counts"], one["values"]))["values"] if counted else None
