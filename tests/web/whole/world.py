"""One authority in full use, with every kind of object in it: made once a module, and rolled back after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.cookies import SimpleCookie
from typing import Any

import pyarrow.compute as pc
from django.db import transaction
from django.test import Client

from lineofsight import clock
from lineofsight.cases import refs
from lineofsight.web.access.house import keys_in_use
from lineofsight.web.access.identity import actions as identity
from lineofsight.web.access.models import Holding, Person
from lineofsight.web.access.offices import offices
from lineofsight.web.access.viewer import CHOSEN, Viewer, viewer_in
from lineofsight.web.commitments import actions as commitments
from lineofsight.web.commitments.models import Occurrence, State
from lineofsight.web.practice.queries.standing import belonging, standing, teams
from lineofsight.web.reports import packs

NOW = datetime(2026, 11, 12, 12, tzinfo=UTC)
SINCE = date(2024, 4, 1)
MONTH = date(2026, 10, 1)
NOBODY = "no office"
ANONYMOUS = "anonymous"


@dataclass
class World:
    """What is there to be asked for, and who asks. `kept` holds the keys of what was made, by what it is."""

    people: dict[str, Person]
    child: dict[str, str]
    elsewhere: dict[str, str]
    kept: dict[str, Any] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def personas(self) -> list[str]:
        """Who asks: nobody signed in, somebody without an office, and each office."""
        return [ANONYMOUS, NOBODY, *offices()]

    def viewer(self, office: str) -> Viewer:
        """The viewer that an office's holder is."""
        held = Holding.objects.select_related("person").get(person=self.people[office], office=office)
        return viewer_in(held)

    def ref(self, office: str, *, elsewhere: bool = False, audience: str = "") -> str:
        """A child as `office` names one: a child of its own where it has any, or one of another team."""
        which = self.elsewhere if elsewhere else self.child
        key = which.get(office, self.child["dcs"])
        return refs.ref(keys_in_use(), audience or self.viewer(office).audience, key)

    def client(self, persona: str) -> Client:
        """A browser with the persona's session, as it was when it began: what ends a session ends one browser's."""
        client = Client(raise_request_exception=False)
        client.cookies = SimpleCookie(self.cookies[persona])
        return client


def begin(client: Client, person: Person) -> None:
    """A session as one who has given everything that sign-in asks for."""
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[identity.BEGAN] = session[identity.SEEN] = clock.now().isoformat()
    holding = Holding.objects.filter(person=person).first()
    if holding:
        session[CHOSEN] = holding.pk
    session.save()


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is rolled back. Durable transactions are allowed, as in Django's own test case."""
    atomic = transaction.atomic()
    atomic._from_testcase = True
    with atomic:
        yield
        transaction.set_rollback(True)


def made() -> World:
    """The world: people in every office, two years of commitments, packs, records, releases, and what trust needs."""
    stand = standing()
    keys = stand.lake.persons(stand.snapshot, columns=["child_key"])["child_key"].to_pylist()
    held = belonging(stand, keys)
    busiest = _busiest(stand)
    team, service, worker = busiest["team_id"], busiest["service_id"], busiest["worker_id"]
    inside = {
        "team-manager": lambda row: team in row["scope_teams"],
        "head-of-service": lambda row: row["service_id"] == service,
        "social-worker": lambda row: worker in row["scope_workers"],
        "reviewing-officer": lambda row: worker in row["scope_workers"],
    }
    open_rows = {key: row for key, row in held.items() if not row["restricted"]}
    child = {office: min(key for key, row in open_rows.items() if holds(row)) for office, holds in inside.items()}
    elsewhere = {
        office: min(key for key, row in open_rows.items() if not holds(row)) for office, holds in inside.items()
    }
    child["dcs"] = child["team-manager"]
    elsewhere["dcs"] = min(key for key, row in held.items() if row["restricted"])
    scopes = {"team-manager": team, "head-of-service": service, "social-worker": worker, "reviewing-officer": worker}
    people = _people(scopes)
    world = World(people, child, elsewhere)
    world.kept["team"] = teams(stand)[team].name
    _lived_in(world)
    for persona in world.personas:
        begun = Client()
        if persona != ANONYMOUS:
            begin(begun, people[persona])
        world.cookies[persona] = begun.cookies.output(header="")
    return world


def _busiest(stand: Any) -> dict[str, Any]:
    """The team and worker with most children on a plan, so that every office has somebody to look at."""
    where = (pc.field("measure") == "CP01") & (pc.field("as_at") == stand.as_at) & pc.field("worker_id").is_valid()
    rows = stand.lake.read(stand.computation, "rows", columns=["team_id", "service_id", "worker_id"], where=where)
    counted = rows.group_by(["team_id", "service_id", "worker_id"]).aggregate([([], "count_all")])
    return counted.sort_by([("count_all", "descending"), ("worker_id", "ascending")]).slice(0, 1).to_pylist()[0]


def _people(scopes: dict[str, str]) -> dict[str, Person]:
    found = {}
    for slug in [*offices(), NOBODY]:
        key = f"p-{slug.replace(' ', '-')}"
        found[slug] = Person.objects.create_person(key=key, name=f"Person {slug}", email=f"{key}@northmere.example")
        if slug != NOBODY:
            ids = [scopes[slug]] if slug in scopes else ["health"] if slug == "agency" else []
            Holding.objects.create(person=found[slug], office=slug, from_date=SINCE, scope_ids=ids)
    return found


def _lived_in(world: World) -> None:
    """A pack of each office, a signed record, a draft, a question asked, a text released."""
    director = world.viewer("dcs")
    commitments.extend()
    pack = packs.make("dcs", MONTH, director)
    packs.make("lead-member", MONTH, director)
    released = packs.release("lead-member", MONTH, "Cover is arranged in both teams.", by=director)
    subject = commitments.Subject("October 2026 pack for the Director", "pack", str(pack.pk))
    told = commitments.Told(
        held_on=clock.today(), judgement="satisfied", words="Because cover is arranged.", difference="All were seen."
    )
    bound = [commitments.Frozen("pack", str(pack.pk), pack.digest)]
    world.kept["record"] = commitments.sign_now(subject, told, by=director, rests_on=bound)
    seen = commitments.Subject("Team visits", "commitment", "team-visits")
    world.kept["draft"] = commitments.prepare_record(seen, told, by=director)
    world.kept["release"] = released
    world.kept["due"] = Occurrence.objects.filter(commitment="team-visits", state=State.DUE).earliest("due_on").due_on
    world.kept["holding"] = Holding.objects.get(office="scrutiny")
