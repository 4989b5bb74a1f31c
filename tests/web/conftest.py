"""For every test of the web: people in every office, and a browser's client signed in as one of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils.crypto import get_random_string

from lineofsight.home import Home
from lineofsight.web.access.identity import actions
from lineofsight.web.access.models import Holding, Person
from lineofsight.web.access.offices import offices
from lineofsight.web.access.viewer import CHOSEN, Viewer, viewer_in

SINCE = date(2024, 4, 1)
# What an office that reaches by id reaches here, unless a test says otherwise.
SCOPE_IDS = {
    "head-of-service": ["S1"],
    "team-manager": ["T1"],
    "social-worker": ["W1"],
    "reviewing-officer": ["W9"],
    "agency": ["health"],
}


@pytest.fixture
def people(db: None, home: Home) -> dict[str, Person]:
    """One person for every office, by the office's slug, each holding it since April 2024."""
    persons = [Person(key=f"p-{slug}", name=f"Person {slug}", email=f"{slug}@northmere.example") for slug in offices()]
    Person.objects.bulk_create(persons)
    made = dict(zip(offices(), Person.objects.order_by("pk"), strict=True))
    Holding.objects.bulk_create(
        Holding(person=person, office=slug, from_date=SINCE, scope_ids=SCOPE_IDS.get(slug, []))
        for slug, person in made.items()
    )
    return made


@pytest.fixture
def client_as(people: dict[str, Person]) -> Callable[[str], Client]:
    """`client_as("dcs")`: a client with a session of the person who holds that office."""

    def sign_in(office: str) -> Client:
        from lineofsight import clock

        client = Client()
        person = people[office]
        client.force_login(person)
        session = client.session
        session[actions.BEGAN] = session[actions.SEEN] = clock.now().isoformat()
        # No test but those of signing in is about the second factor: here it was given, as by an app.
        session[actions.FACTOR] = "app"
        session[CHOSEN] = Holding.objects.get(person=person, office=office).pk
        session.save()
        return client

    return sign_in


@pytest.fixture
def viewer_as(people: dict[str, Person]) -> Callable[[str], Viewer]:
    """`viewer_as("dcs")`: the viewer that office's holder is, without a request."""

    def made(office: str) -> Viewer:
        return viewer_in(Holding.objects.select_related("person").get(person=people[office], office=office))

    return made


@pytest.fixture
def password() -> str:
    """A password nobody else has."""
    return get_random_string(20)
