"""Whoever runs the system sees no child: every address there is, asked with a real child in it."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from lineofsight.cases import refs
from lineofsight.web import keys_in_use
from lineofsight.web.access.chain import told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.practice.queries import people as cards

RUNNING = ["administrator", "information-governance"]
# What the parts of an address are filled with; `ref` is a real child's.
FILLED = {
    "measure": "CP08",
    "office": "dcs",
    "month": date(2026, 10, 1),
    "due_on": date(2026, 11, 30),
    "slug": "case-audit",
    "kind": "measure",
    "secret": "A" * 43,
}
BY_TYPE = {"IntConverter": 1, "UUIDConverter": uuid4(), "StringConverter": "CP08", "SlugConverter": "dcs"}
LEAVING = {"access:sign-out", "access:account-end-sessions"}


def _routes(patterns, space=""):
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _routes(one.url_patterns, f"{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern) and one.name:
            yield f"{space}{one.name}", one.pattern.converters


ROUTES = dict(_routes(get_resolver().url_patterns))
OF_A_CHILD = sorted(name for name, parts in ROUTES.items() if "ref" in parts)


def _address(name, ref):
    given = {}
    for part, converter in ROUTES[name].items():
        kind = type(converter).__name__
        given[part] = ref if part == "ref" else FILLED[part] if part in FILLED else BY_TYPE[kind]
        if part == "month" and kind == "StringConverter":
            given[part] = "2026-10"
    return reverse(name, kwargs=given)


@pytest.fixture
def child(persons):
    return next(one for one in persons if one["on_plan"] and not one["restricted"])


def test_there_are_addresses_of_children_to_ask():
    assert "practice:child" in OF_A_CHILD


@pytest.mark.parametrize("office", RUNNING)
@pytest.mark.parametrize("name", OF_A_CHILD)
def test_no_address_with_a_child_in_it_opens_by_any_method(client_as, child, office, name):
    client = client_as(office)
    for audience in ("identified", f"{office}:2026-11"):
        where = _address(name, refs.ref(keys_in_use(), audience, child["child_key"]))
        for answer in (client.get(where), client.post(where, {}), client.generic("HEAD", where)):
            assert answer.status_code in (403, 404, 405), (where, answer.status_code)
    assert not [one for one in ChainEvent.objects.exclude(action="child.refused") if (t := told(one)) and t.children], (
        "no child was shown to anybody"
    )


@pytest.mark.parametrize("office", RUNNING)
def test_no_address_there_is_answers_them_with_a_childs_name(client_as, persons, child, office):
    client = client_as(office)
    names = {cards.name(one) for one in persons}
    ref = refs.ref(keys_in_use(), "identified", child["child_key"])
    opened = 0
    for name in sorted(set(ROUTES) - LEAVING):
        answer = client.get(_address(name, ref))
        body = b"".join(answer) if answer.streaming else answer.content
        page = re.sub(r"\s+", " ", body.decode(errors="replace"))
        assert not [one for one in names if one in page], name
        assert "/children/" not in page or answer.status_code != 200, name
        opened += answer.status_code == 200
    assert opened >= 3, "some pages are theirs"


@pytest.mark.parametrize("office", RUNNING)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_list_comes_to_them_as_a_file(client_as, office, form):
    client = client_as(office)
    for where in ("/measures/CP08/children/", "/exceptions/", "/measures/"):
        assert client.get(where, {"format": form}).status_code == 403
