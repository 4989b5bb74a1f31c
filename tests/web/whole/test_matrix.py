"""The matrix: every address, asked by everybody, by every method, against one checked-in table.

`LINEOFSIGHT_WRITE_MATRIX=1 pytest tests/web/whole/test_matrix.py` writes what it saw into permissions.csv: every
line that changes there is a permission that changed, to be read by a person before it is kept.
"""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from tests.web.whole.places import PLACES, address, names, routes, unnamed
from tests.web.whole.world import ANONYMOUS, NOBODY, World, undone

from lineofsight.web.access.identity.actions import FACTOR
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import Capability

TABLE = Path(__file__).with_name("permissions.csv")
METHODS = ("GET", "POST")
OTHER_METHODS = ("PUT", "PATCH", "DELETE")
PERSONAS = [ANONYMOUS, NOBODY, *offices()]
WRITING = bool(os.environ.get("LINEOFSIGHT_WRITE_MATRIX"))
GOOD = {200, 301, 302}


def table() -> dict[tuple[str, str], dict[str, int]]:
    """What permissions.csv says: for a name and a method, the status that each persona is answered with."""
    with TABLE.open(newline="") as handle:
        return {
            (row["name"], row["method"]): {one: int(row[one]) for one in PERSONAS} for row in csv.DictReader(handle)
        }


@pytest.fixture(scope="module")
def seen() -> Iterator[dict[tuple[str, str], dict[str, int]]]:
    """What was seen; written as the table at the end, where that was asked for."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    yield found
    if WRITING:
        with TABLE.open("w", newline="") as handle:
            write = csv.writer(handle, lineterminator="\n")
            write.writerow(["name", "method", *PERSONAS])
            for (name, method), statuses in sorted(found.items()):
                write.writerow([name, method, *(statuses[one] for one in PERSONAS)])


def ask(world: World, name: str, method: str, persona: str) -> int:
    """The status of one request, with whatever it wrote undone."""
    client = world.client(persona)
    with undone():
        where = address(name, world, persona)
        if method == "POST":
            return client.post(where, PLACES[name].post(world, persona)).status_code
        return client.generic(method, where).status_code


def test_every_address_has_a_name_and_the_table_has_no_row_for_one_that_is_gone() -> None:
    assert not unnamed()
    assert WRITING or {name for name, _ in table()} == set(names()) == set(PLACES)


@pytest.mark.parametrize("name", list(names()))
@pytest.mark.parametrize("method", METHODS)
def test_everybody_is_answered_as_the_table_says(world: World, seen, name: str, method: str) -> None:
    assert name in PLACES, "say in places.py how this address is filled in"
    statuses = {persona: ask(world, name, method, persona) for persona in PERSONAS}
    seen[name, method] = statuses
    if not WRITING:
        assert (name, method) in table(), "this address has no row in permissions.csv"
        told = table()[name, method]
        wrong = {one: (seen_now, told[one]) for one, seen_now in statuses.items() if seen_now != told[one]}
        assert not wrong, f"(seen, told by the table): {wrong}"


def test_no_address_ever_fails_by_itself() -> None:
    assert not [key for key, statuses in table().items() if any(one >= 500 for one in statuses.values())]


def test_every_address_is_reached_with_a_good_answer_by_somebody() -> None:
    reached = {
        name
        for (name, _), statuses in table().items()
        if any(status in GOOD for office, status in statuses.items() if office in offices())
    }
    assert set(names()) - reached == set(NEVER_GOOD), "an address that nobody reaches is dead, or its place is wrong"


# At most five, each with its reason and with tests of its own.
NEVER_GOOD = {
    "access:demo-sign-in": "exists only in a demonstration; every journey opens it",
    "access:sign-in-entra": "exists only where a council account is configured; tests/web/access/identity opens it",
    "access:sign-in-entra-return": "the council's own provider sends people here; tests/web/access/identity does",
    "access:account-remove-council-account": "opens for one who has a council account; tests/web/access/identity",
    "access:desk-sighting": "opens only on a pattern that was seen; tests/web/access/desk makes one",
}


def test_nobody_gets_in_without_signing_in_and_nobody_signed_in_without_an_office() -> None:
    for (name, method), statuses in table().items():
        if name not in OPEN_TO_ALL:
            assert statuses[ANONYMOUS] in (302, 405), (name, method)
            assert statuses[NOBODY] in (302, 403, 404, 405), (name, method)


# Where somebody who is not signed in yet begins, or somebody signed in ends.
OPEN_TO_ALL = {
    "access:sign-in",
    "access:sign-in-code",
    "access:sign-in-passkey",
    "access:sign-in-entra",
    "access:sign-in-entra-return",
    "access:sign-out",
    "access:demo-sign-in",
    "access:invitation",
    "access:choose-password",
}


# One who has a second factor gives it; one who has none sets one up.
GIVEN_AT = {"dcs": "/sign-in/code", "lead-member": "/account/second-factor/"}


@pytest.mark.parametrize("office", GIVEN_AT)
@pytest.mark.parametrize("name", [one for one in names() if one not in OPEN_TO_ALL])
def test_without_the_second_factor_nothing_opens_but_the_place_to_give_it(world: World, name: str, office: str) -> None:
    client = world.client(office)
    with undone():
        session = client.session
        del session[FACTOR]
        session.save()
        answer = client.get(address(name, world, office))
        if not name.startswith("access:account"):
            assert answer.status_code in (302, 405)
            assert answer.status_code == 405 or answer["Location"].startswith(GIVEN_AT[office])


@pytest.mark.parametrize("name", list(names()))
def test_no_address_knows_any_other_method(world: World, name: str) -> None:
    for method in OTHER_METHODS:
        for persona in ("dcs", "administrator"):
            assert ask(world, name, method, persona) in (403, 404, 405), (method, persona)


SEE_CHILDREN = [one.slug for one in offices().values() if Capability.SEE_CHILDREN in one.capabilities]
WITH_A_CHILD = [name for name, route in routes().items() if "<str:ref>" in route and name.startswith("practice:")]


@pytest.mark.parametrize("name", WITH_A_CHILD)
@pytest.mark.parametrize("office", ["team-manager", "head-of-service", "social-worker", "reviewing-officer"])
def test_a_child_of_another_team_is_not_there(world: World, name: str, office: str) -> None:
    ref = world.ref(office, elsewhere=True)
    for method in METHODS:
        with undone():
            status = world.client(office).generic(method, reverse(name, kwargs={"ref": ref})).status_code
            if name in FOR_A_NEED:
                assert status in (200, 302), method
            else:
                assert status == (table()[name, method][office] if refused(name, method, office) else 404), method


def refused(name: str, method: str, office: str) -> bool:
    """Whether the office may not go there at all, whichever child it is."""
    return table()[name, method][office] in (403, 405)


# Where the need to open a child outside one's scope is stated: it must be reachable from outside, and shows no child.
FOR_A_NEED = {"practice:need"}


@pytest.mark.parametrize("name", WITH_A_CHILD)
@pytest.mark.parametrize("office", SEE_CHILDREN)
def test_a_ref_made_for_another_audience_opens_nothing(world: World, name: str, office: str) -> None:
    for audience in ("lead-member:2026-11", "scrutineer:2026-11", "lead-member:2026-10"):
        where = reverse(name, kwargs={"ref": world.ref(office, audience=audience)})
        for method in METHODS:
            with undone():
                assert world.client(office).generic(method, where).status_code in (404, 403, 405), (method, audience)
                assert ANY_CHILD_OPENED not in list(ChainEvent.objects.values_list("action", flat=True)[:1])


ANY_CHILD_OPENED = "child.opened"


def test_the_desk_knows_a_child_by_its_own_ref_only(world: World) -> None:
    governance = world.client("information-governance")
    for audience in ("identified", "lead-member:2026-11"):
        where = reverse("access:desk-of-child", kwargs={"ref": world.ref("dcs", audience=audience)})
        with undone():
            assert governance.get(where).status_code == 404, audience


@pytest.mark.parametrize("name", WITH_A_CHILD)
def test_a_restricted_child_is_not_there_for_the_director_either(world: World, name: str) -> None:
    where = reverse(name, kwargs={"ref": world.ref("dcs", elsewhere=True)})
    for method in METHODS:
        with undone():
            assert world.client("dcs").generic(method, where).status_code in (403, 404, 405), method
