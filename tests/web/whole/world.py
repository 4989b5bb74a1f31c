"""One authority in full use, with every kind of object in it: made once a module, and rolled back after it."""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.cookies import SimpleCookie
from typing import Any

import pyarrow.compute as pc
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from tests.web.whole.improving import improved
from tests.web.whole.typing_in import forms_of, send

from lineofsight import clock
from lineofsight.cases import refs
from lineofsight.web.access.appointing import inviting
from lineofsight.web.access.house import keys_in_use, lake_in_use
from lineofsight.web.access.identity import actions as identity
from lineofsight.web.access.identity import password_links
from lineofsight.web.access.models import Holding, LegalHold, Need, Person, ReadingNight, Telling
from lineofsight.web.access.offices import offices
from lineofsight.web.access.restricted import actions as restricted
from lineofsight.web.access.viewer import CHOSEN, Viewer, viewer_in
from lineofsight.web.commitments import actions as commitments
from lineofsight.web.commitments.models import Occurrence, State
from lineofsight.web.data.actions import changes, loads
from lineofsight.web.data.uploads import Sent
from lineofsight.web.practice.actions import alerts
from lineofsight.web.practice.models import Mark, SafeguardDone
from lineofsight.web.practice.monthly import actions as monthly
from lineofsight.web.practice.queries.standing import standing
from lineofsight.web.practice.ten import actions as ten
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

    def ref(self, office: str, *, elsewhere: bool = False, audience: str = "", child: str = "") -> str:
        """A child as `office` names one: a child of its own where it has any, one of another team, or `child`."""
        which = self.elsewhere if elsewhere else self.child
        key = self.kept[child] if child else which.get(office, self.child["dcs"])
        return refs.ref(keys_in_use(), audience or self.viewer(office).audience, key)

    def sign_in(self, persona: str) -> None:
        """A new session for the persona; none for somebody who is not signed in."""
        begun = Client()
        if persona != ANONYMOUS:
            begin(begun, self.people[persona])
        self.cookies[persona] = begun.cookies.output(header="")

    def client(self, persona: str) -> Client:
        """A browser with the persona's session, as it was when it began: what ends a session ends one browser's."""
        client = Client(raise_request_exception=False)
        client.cookies = SimpleCookie(self.cookies[persona])
        return client


def begin(client: Client, person: Person) -> None:
    """A session as one who has given everything that sign-in asks for."""
    client.force_login(person)
    session = client.session
    session[identity.BEGAN] = session[identity.SEEN] = clock.now().isoformat()
    session[identity.CONFIRMED] = clock.now().isoformat()
    session[identity.FACTOR] = "app"
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
    held = _children(stand)
    busiest = _busiest(stand)
    team, service, worker = busiest["team_id"], busiest["service_id"], busiest["worker_id"]
    open_rows = {key: row for key, row in held.items() if not row["restricted"]}
    kept_apart = [key for key, row in open_rows.items() if team not in row["scope_teams"]][1:3]
    free = open_rows.keys() - set(kept_apart)  # the one a need is stated for, and the one that is restricted here
    waits = _owed(stand, free, team, worker, ("CP10",))
    services = sorted({service, waits["service_id"]})  # the head of both, so that there is a child who waits
    inside = {
        "team-manager": lambda row: team in row["scope_teams"],
        "head-of-service": lambda row: row["service_id"] in services,
        "social-worker": lambda row: worker in row["scope_workers"],
        "reviewing-officer": lambda row: worker in row["scope_workers"],
    }
    child = {one: next(key for key, row in open_rows.items() if holds(row)) for one, holds in inside.items()}
    outside = {one: [key for key, row in open_rows.items() if not holds(row)] for one, holds in inside.items()}
    elsewhere = {one: keys[0] for one, keys in outside.items()}
    child["dcs"] = child["team-manager"]
    elsewhere["dcs"] = next(key for key, row in held.items() if row["restricted"])
    scopes = {"team-manager": team, "head-of-service": service, "social-worker": worker, "reviewing-officer": worker}
    people = _people(scopes)
    Holding.objects.filter(office="head-of-service").update(scope_ids=services)
    world = World(people, child, elsewhere)
    world.kept["owed"], world.kept["wait"] = _owed(stand, free, team, worker), waits
    world.kept["needed"], world.kept["restricted"] = outside["team-manager"][1], outside["team-manager"][2]
    _lived_in(world, free)
    _said(world)
    for persona in world.personas:
        world.sign_in(persona)
    _trusted_with(world)
    return world


def _children(stand: Any) -> dict[str, dict[str, Any]]:
    """Every child's row by key, in the order of the case system's numbers: keys differ from home to home."""
    rows = stand.lake.persons(stand.snapshot).sort_by([("person_id", "ascending")]).to_pylist()
    return {row["child_key"]: row for row in rows}


def _owed(
    stand: Any, children: Collection[str], team: str, worker: str, measures: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Something owed to one of these children, best to one of the team and the worker: the ledger's row."""
    rows = stand.lake.read(stand.computation, "exceptions", where=pc.field("state") == "open").to_pylist()
    theirs = [row for row in rows if row["child_key"] in children and (row["measure"] in measures or not measures)]
    return min(
        theirs, key=lambda row: (row["team_id"] != team, row["worker_id"] != worker, row["person_id"], row["measure"])
    )


def _said(world: World) -> None:
    """Something said of what is owed, a safeguard recorded, and the alert begun."""
    told = {"said_at": clock.now(), "said_by_key": "p-team-manager", "said_by_name": "Person", "office": "team-manager"}
    owed, waits = world.kept["owed"], world.kept["wait"]
    world.kept["mark"] = Mark.objects.create(
        exception_id=owed["exception_id"],
        child_key=owed["child_key"],
        measure=owed["measure"],
        kind=Mark.Kind.DONE,
        said_as_at=owed["last_seen"],
        done_on=owed["last_seen"],
        reference="Visit form 4401",
        **told,
    )
    world.kept["done"] = SafeguardDone.objects.create(
        exception_id=waits["exception_id"],
        child_key=waits["child_key"],
        safeguard="manager-aware",
        done_on=clock.today(),
        done_by="Person",
        reference="Note 7001",
        **told,
    )
    alerts.save_draft(by=world.viewer("dcs"), text="Children wait in two teams. Cover is arranged.")


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


def _lived_in(world: World, free: Collection[str]) -> None:
    """A pack of each office, a signed record, a draft, a question asked, texts released; one is of a free child."""
    director = world.viewer("dcs")
    commitments.extend()
    pack = packs.make("dcs", MONTH, director)
    packs.make("lead-member", MONTH, director)
    released = packs.release("lead-member", MONTH, "Cover is arranged in both teams.", by=director)
    world.kept["ten"] = ten.freeze(by=director)
    on_it = world.kept["ten"].places.values_list("child_key", flat=True)
    world.kept["ten-child"] = next(key for key in on_it if key in free)
    about = {"child_key": world.kept["ten-child"], "text": "A visit was missed; cover is agreed.", "read_again": False}
    world.kept["ten-text"] = ten.release(by=director, **about)
    lead = Holding.objects.get(office="head-of-service")
    monthly.name_lead(by=director, measure="CP08", holding=lead.pk)
    lines = monthly.Three("Fewer visits were in time.", "Posts are vacant.", "Cover begins; look again in a month.")
    monthly.write(by=world.viewer("head-of-service"), measure="CP08", told=lines)
    world.kept["lines-text"] = monthly.release(by=director, measure="CP08", text="Visits were late.")
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
    world.kept |= improved(director)
    lake = lake_in_use()
    world.kept["load"], world.kept["waiting-load"] = lake.snapshots()[-1].id, lake.waiting()[0].id
    files = [Sent("october.zip", 9)]
    world.kept["sending"] = loads.send(by=world.viewer("analyst"), sending="", files=files, as_at=None)


def _trusted_with(world: World) -> None:
    """What trust needs: a need and who was told of it, a night of reading, an invitation, a legal hold, a factor.

    Made through the pages, by the people whose work it is.
    """
    manager, director = world.client("team-manager"), world.client("dcs")
    outside = f"/children/{world.ref('team-manager', child='needed')}/need/"
    _send(manager, outside, purpose="harm-now", reason="A neighbour rang the duty desk about this child tonight.")
    world.kept["need"] = Need.objects.get()
    world.kept["telling"] = Telling.objects.first()
    _send(director, "/reading/", how_many="5")
    world.kept["night"] = ReadingNight.objects.get()
    restricted.restrict(
        by=world.viewer("dcs"),
        child_key=world.kept["restricted"],
        kind="family-of-staff",
        reason="An aunt works in the duty team.",
        people=[world.people["dcs"], world.people["psw"]],
    )
    offer = inviting.Offer("scrutiny", clock.today())
    made = inviting.invite(
        by=world.viewer("administrator"), name="Somebody New", email="new@northmere.example", offer=offer
    )
    world.kept["invitation"], world.kept["secret"] = made.invitation, made.secret
    asked = changes.ask(by=world.viewer("analyst"), what="word", told={"word": "Fostering link", "kind": "duty"})
    world.kept["change"] = asked
    _send(world.client("information-governance"), "/access/retention/hold/", keeps="log", child="")
    world.kept["factor"] = Authenticator.objects.create(user=world.people["dcs"], type=Authenticator.Type.TOTP, data={})
    world.kept["hold"] = LegalHold.objects.get()
    link = password_links.make(by=world.viewer("administrator"), person=world.people["leader"])
    world.kept["password-secret"] = link.secret


def _send(client: Client, at: str, **chosen: str) -> None:
    """Fill in the first form of a page that takes words or numbers, and send it."""
    page = client.get(at)
    assert page.status_code == 200, (at, page.status_code, page.headers)
    mine = [one for one in forms_of(page.content.decode(), at) if one.fields and "sign-out" not in one.action]
    answer = send(client, mine[0], **chosen)
    assert answer.status_code == 302, (at, re.findall(r"error-message[^<]*<[^<]*<[^<]*", answer.content.decode()))
