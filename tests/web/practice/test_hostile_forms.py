"""Every form of the house, sent what no form sends: a plain answer, never a failure, and nothing saved."""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from tests.web.practice.conftest import Place
from tests.web.whole.improving import improved

from lineofsight.cases import refs
from lineofsight.web import keys_in_use
from lineofsight.web.access.models import Holding, Person
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.commitments.actions import extend
from lineofsight.web.commitments.models import Record

URLENCODED, BOUNDARY = "application/x-www-form-urlencoded", "los"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
COMMITMENT = {"slug": "case-audit", "due_on": date(2026, 11, 30)}
PACK = {"office": "dcs", "month": date(2026, 10, 1)}
SEEN = "?kind=measure&key=CP10"
# For what takes no form: any key will do, the method is refused first.
SAMPLE_KEYS: dict[str, Any] = {
    "measure": "CP10",
    "ref": "x",
    "kind": "measure",
    "key": uuid.UUID(int=0),
    "month": "2026-10",
    "pattern": "bulk",
    "actor": "1",
    "what": "1",
    "office": "dcs",
    "snapshot": "nobodys",
    "table": "side_post",
    "form": "csv",
    "practice:exception": "nothing-owed",
    "practice:wait": "nothing-owed",
}
NOBODY = uuid.UUID(int=0)
OF_ACTION = (
    *("say", "colour", "rule", "mitigation", "owners", "deadline", "action-finding", "measure", "proof", "close"),
    "reopen",
)
OF_PROOF = ("proof-look", "proof-drop")
OF_FINDING = ("recommend", "theme", "repeats", "finding-close", "finding-reopen")

# By address: an office that may, and the keys. Where a key has to be of something that is not there yet, the
# answer to an honest form is 404, and what is held here is that a hostile one is refused before anybody looks.
FORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "access:sign-in": ("dcs", {}),
    "access:sign-in-code": ("dcs", {}),
    "access:sign-in-passkey": ("dcs", {}),
    "access:sign-in-entra": ("dcs", {}),
    "access:sign-out": ("dcs", {}),
    "access:demo-sign-in": ("dcs", {}),
    "access:choose-office": ("dcs", {}),
    "access:account-confirm": ("dcs", {}),
    "access:account-password": ("dcs", {}),
    "access:account-add-app": ("dcs", {}),
    "access:account-add-passkey": ("dcs", {}),
    "access:account-remove-factor": ("dcs", {"factor_id": 1}),
    "access:account-recovery-codes": ("dcs", {}),
    "access:account-remove-council-account": ("dcs", {}),
    "access:account-end-sessions": ("dcs", {}),
    "access:account-read-notices": ("dcs", {}),
    "access:choose-password": ("dcs", {"secret": "nobodys"}),
    "access:person-end-sessions": ("administrator", {"key": "p-leader"}),
    "access:person-give-link": ("administrator", {"key": "p-leader"}),
    "access:person-take-factor-away": ("administrator", {"key": "p-leader", "factor_id": 1}),
    "access:person-take-link-back": ("administrator", {"key": "p-leader"}),
    "access:give-office": ("administrator", {}),
    "access:end-office": ("administrator", {"holding_id": "a holding"}),
    "access:take-back-invitation": ("administrator", {"key": NOBODY}),
    "access:invitation": ("dcs", {"secret": "nobodys"}),
    "access:answer-telling": ("dcs", {"telling": 1}),
    "access:close-need": ("dcs", {"key": NOBODY}),
    "access:review-need": ("dcs", {"key": NOBODY}),
    "access:restricted": ("dcs", {}),
    "access:desk-child": ("information-governance", {}),
    "access:desk-sighting": ("information-governance", {"pattern": "bulk", "actor": "1", "what": "1"}),
    "access:subject-access": ("information-governance", {}),
    "access:place-hold": ("information-governance", {}),
    "access:lift-hold": ("information-governance", {"key": NOBODY}),
    "practice:find": ("team-manager", {}),
    "practice:lines-of": ("qa-manager", {"measure": "IC01"}),
    "practice:lines-lead": ("dcs", {"measure": "CP08"}),
    "practice:lines-release": ("dcs", {"measure": "CP08"}),
    "practice:lines-take-back": ("dcs", {"measure": "CP08"}),
    "practice:ten-freeze": ("dcs", {}),
    "practice:ten-add": ("dcs", {"ref": "a child"}),
    "practice:ten-remove": ("dcs", {"ref": "a child"}),
    "practice:ten-note": ("dcs", {"ref": "a child"}),
    "practice:ten-release": ("dcs", {"ref": "a child"}),
    "practice:ten-take-back": ("dcs", {"ref": "a child"}),
    "practice:exception-done": ("team-manager", {"key": "something owed"}),
    "practice:exception-explain": ("team-manager", {"key": "something owed"}),
    "practice:exception-unsay": ("team-manager", {"key": "something owed"}),
    "practice:safeguard": ("head-of-service", {"key": "a wait", "safeguard": "family-told"}),
    "practice:safeguard-take-back": ("head-of-service", {"key": "a wait"}),
    "practice:letter": ("head-of-service", {"key": "a wait", "letter": "family"}),
    "practice:alert": ("dcs", {}),
    "practice:alert-sent": ("dcs", {}),
    "practice:need": ("social-worker", {"ref": "a child"}),
    "practice:restrict": ("dcs", {"ref": "a child"}),
    "practice:restrict-lift": ("dcs", {"ref": "a child"}),
    "practice:restrict-name": ("dcs", {"ref": "a child"}),
    "practice:restrict-unname": ("dcs", {"ref": "a child"}),
    "practice:readings": ("dcs", {}),
    "practice:close-reading": ("dcs", {"key": NOBODY}),
    "practice:note-file": ("dcs", {"key": NOBODY, "place": 1}),
    "commitments:commitment": ("dcs", {"slug": "improvement-board"}),
    "commitments:hold-now": ("dcs", {"slug": COMMITMENT["slug"]}),
    "commitments:hold": ("dcs", COMMITMENT),
    "commitments:change": ("dcs", COMMITMENT),
    "commitments:seen": ("dcs", {}),
    "commitments:ask": ("dcs", {}),
    "commitments:sign": ("dcs", {"key": "a draft"}),
    "commitments:correct": ("dcs", {"key": "a draft"}),
    "reports:pack": ("dcs", PACK),
    "reports:make": ("dcs", PACK),
    "reports:release": ("dcs", PACK),
    "reports:take-back": ("dcs", {"key": 1}),
    "data:word": ("analyst", {}),
    "data:rule": ("analyst", {"key": "cp.visit"}),
    "data:entry": ("analyst", {}),
    "data:save-change": ("analyst", {"key": NOBODY}),
    "data:drop-change": ("analyst", {"key": NOBODY}),
    "data:answer-load": ("analyst", {"snapshot": "nobodys"}),
    "data:withdraw-load": ("analyst", {"snapshot": "nobodys"}),
    **{f"improvement:{name}": ("dcs", {}) for name in ("ask", "clear", "finding-new", "new-plan")},
    **{f"improvement:{name}": ("dcs", {"key": "an action"}) for name in OF_ACTION},
    **{f"improvement:{name}": ("dcs", {"key": "an action", "number": "a proof"}) for name in OF_PROOF},
    **{f"improvement:{name}": ("dcs", {"key": "a finding"}) for name in OF_FINDING},
    **{f"improvement:{name}": ("dcs", {"key": "a plan"}) for name in ("new-action", "plan-step", "close-plan")},
    "improvement:plan-report-file": ("dcs", {"key": "a plan", "form": "docx"}),
}
# Those that take files: what is sent to them is tried in tests/hostile/test_uploads.py and with the plans' pages.
TAKES_FILES = {"data:new-load", "improvement:load-plan", "improvement:load-next"}


@dataclass(frozen=True)
class Body:
    """What is sent, and as what it is said to be."""

    what: str
    data: bytes
    kind: str = URLENCODED


def part(name: str, value: bytes, more: str = "") -> bytes:
    """One part of a multipart form."""
    said = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return said.encode() + value + b"\r\n"


def multipart(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


REFUSED = [
    Body("a gigantic body", b"words=" + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
    Body("a gigantic part", multipart(part("words", b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE)), MULTIPART),
    Body("too many fields", b"&".join(b"a=1" for _ in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))),
    Body("a NUL", b"words=a%00b"),
    Body("a NUL as it is", b"words=a\0b"),
    Body("a NUL in a name", b"wor%00ds=a"),
    Body("a NUL in a part", multipart(part("words", b"a\0b")), MULTIPART),
    Body("half of a pair", b"words=%ED%A0%80"),
    Body("half of a pair in a part", multipart(part("words", b"\xed\xa0\x80")), MULTIPART),
    Body("no encoding", b"words=%FF%FE"),
    Body("another encoding", "words=é".encode("utf-16"), f"{URLENCODED}; charset=utf-16"),
    Body("an encoding of escapes", multipart(part("words", b"\\ud800")), f"{MULTIPART}; charset=unicode_escape"),
    Body("an encoding of old mail", multipart(part("words", b"+2AA-")), f"{MULTIPART}; charset=utf-7"),
    Body("JSON", json.dumps({"words": "a"}).encode(), "application/json"),
    Body("XML", b"<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>", "application/xml"),
    Body("a file where none is expected", multipart(part("words", b"a,b", '; filename="a.csv"')), MULTIPART),
    Body("parts without a boundary", multipart(part("words", b"a")), "multipart/form-data"),
    Body("parts with another boundary", multipart(part("words", b"a")), "multipart/form-data; boundary=\u00e9"),
    Body("parts packed in parts", b"a" * 50, f"multipart/mixed; boundary={BOUNDARY}"),
]
# Text that any form may be sent: refused or kept, as the form has it, but never a failure.
TEXTS = [
    "x" * 60_000,
    "\u202e\u2066\u0007\ufffe\U000e0001",
    "9" * 400,
    "-1",
    "99/99/9999",
    "1e309",
    "'; drop table access_person; --",
    "<script>alert(1)</script>{{ 7*7 }}{% load x %}",
    "../../etc/passwd",
    "\r\nSet-Cookie: a=b",
]


def addresses(resolver: URLResolver, room: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every address of the house: its name, and the names of its keys."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one, f"{one.namespace}:" if one.namespace else room)
        else:
            yield f"{room}{one.name}", tuple(one.pattern.converters)


@pytest.fixture(autouse=True)
def diary(people: dict[str, Person]) -> None:
    """The year's commitments, so that there is one to answer."""
    extend()


@pytest.fixture
def child(persons: list[dict[str, Any]], place: Place) -> str:
    """The ref of a child of the worker's own team whom another worker has: a need is what opens the page."""
    other = next(
        one
        for one in persons
        if place.team in one["scope_teams"] and place.worker not in one["scope_workers"] and not one["restricted"]
    )
    return refs.ref(keys_in_use(), "identified", other["child_key"])


@pytest.fixture
def draft(client_as: Callable[[str], Client]) -> Callable[[], uuid.UUID]:
    """The key of a record that a delegate prepared and the Director may sign."""

    def made() -> uuid.UUID:
        answer = {"held_on": "2 November 2026", "judgement": "satisfied", "words": "Because.", "difference": "Two."}
        client_as("dcs-delegate").post(reverse("commitments:hold", kwargs=COMMITMENT), answer)
        return Record.objects.get().pk

    return made


@pytest.fixture
def plan(viewer_as: Callable[[str], Viewer]) -> dict[str, Any]:
    """A plan with an action that calls for proof, and a finding that it answers."""
    return improved(viewer_as("dcs"))


@pytest.fixture
def form(
    client_as: Callable[[str], Client], child: str, draft: Callable[[], uuid.UUID], request: pytest.FixtureRequest
) -> Callable[[str], tuple[Client, str]]:
    """`form("commitments:sign")`: a client of an office that may, and the address its form is sent to."""

    def kept(what: str) -> Any:
        return request.getfixturevalue("plan")[what].pk

    def made(name: str) -> tuple[Client, str]:
        office, keys = FORMS[name]
        found: dict[str, Callable[[], Any]] = {
            "a child": lambda: child,
            "a holding": lambda: Holding.objects.get(office="agency").pk,
            "a draft": draft,
            "something owed": lambda: request.getfixturevalue("owed")["exception_id"],
            "a wait": lambda: request.getfixturevalue("wait")["exception_id"],
            **{f"{a} {what}": partial(kept, what) for a, what in (("a", "plan"), ("an", "action"), ("a", "finding"))},
            "a proof": partial(kept, "proof"),
        }
        keys = {key: found[value]() if value in found else value for key, value in keys.items()}
        query = SEEN if name in ("commitments:seen", "commitments:ask") else ""
        return client_as(office), reverse(name, kwargs=keys) + query

    return made


def rows() -> dict[str, int]:
    """How many rows each table has."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def sent(client: Client, where: str, body: Body) -> HttpResponse:
    return client.generic("POST", where, body.data, content_type=body.kind)


def plain(answer: HttpResponse) -> None:
    """One of our own pages, that says nothing of the machinery."""
    text = answer.content.decode()
    assert "<h1" in text
    for word in ("Traceback", "Exception", "django", "sqlite", "psycopg"):
        assert word not in text


def test_every_form_of_the_house_is_tried(client_as: Callable[[str], Client]) -> None:
    named = dict(addresses(get_resolver()))
    assert set(FORMS) <= set(named)
    client = client_as("dcs")
    for name in set(named) - set(FORMS) - TAKES_FILES:
        keys = {key: SAMPLE_KEYS[name if name in SAMPLE_KEYS else key] for key in named[name]}
        assert client.post(reverse(name, kwargs=keys)).status_code == 405, f"{name} takes a form: add it to FORMS"


@pytest.mark.parametrize("name", FORMS)
def test_what_no_form_sends_is_refused_plainly_and_nothing_is_saved(
    name: str, form: Callable[[str], tuple[Client, str]], counted: Callable[..., None]
) -> None:
    client, where = form(name)
    before = rows()
    for body in REFUSED:
        answer = sent(client, where, body)
        assert answer.status_code == 400, f"{body.what}: {answer.status_code}"
        plain(answer)
    counted("hostile form bodies tried", len(REFUSED))
    assert rows() == before


@pytest.mark.parametrize("name", FORMS)
def test_no_text_in_any_field_makes_a_form_fail(
    name: str,
    form: Callable[[str], tuple[Client, str]],
    client_as: Callable[[str], Client],
    asked_for: set[str],
    counted: Callable[..., None],
) -> None:
    client, where = form(name)
    client.post(where, {"then": "sign"})
    for text in TEXTS:
        for many in (False, True):
            # Signed in anew: one form may have ended the session, which would shield the next from being read.
            client = client_as(FORMS[name][0])
            answer = client.post(where, {field: [text, text] if many else text for field in asked_for})
            assert answer.status_code < 500, f"{sorted(asked_for)} = {text[:20]!r}: {answer.status_code}"
    counted("hostile form bodies tried", 2 * len(TEXTS))


@pytest.fixture
def asked_for(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of the fields that any form has looked for, as they are looked for."""
    names = {"then", "what", "next"}

    def noting(method: str) -> None:
        real = getattr(QueryDict, method)

        def noted(self: QueryDict, name: str, *more: Any) -> Any:
            names.add(name)
            return real(self, name, *more)

        monkeypatch.setattr(QueryDict, method, noted)

    for method in ("get", "getlist", "__getitem__", "__contains__"):
        noting(method)
    return names


HONEST = {
    "commitments:hold": {
        "held_on": "12 November 2026",
        "judgement": "satisfied",
        "words": "Because I read it with the worker.",
        "difference": "The visit was brought forward.",
        "then": "sign",
    },
    "commitments:change": {"what": "move", "due_on": "4 December 2026", "reason": "Leave."},
    "practice:find": {"forename": "An", "surname": "Sm", "born": "31 October 2012", "case_id": "1"},
}


@pytest.mark.parametrize(("name", "field"), [(name, field) for name, fields in HONEST.items() for field in fields])
def test_one_field_of_an_honest_form_may_hold_any_text(
    name: str, field: str, form: Callable[[str], tuple[Client, str]]
) -> None:
    client, where = form(name)
    for text in TEXTS:
        answer = client.post(where, {**HONEST[name], field: text})
        assert answer.status_code < 500, text[:20]
        assert "Set-Cookie: a" not in str(answer.headers)


@pytest.mark.parametrize("where", ["/measures/CP10%00/", "/children/%00/", "/?month=%00", "/exceptions/?team=a%00b"])
def test_a_nul_in_an_address_is_refused_plainly(client_as: Callable[[str], Client], where: str) -> None:
    answer = client_as("dcs").get(where)
    assert answer.status_code == 400
    plain(answer)


def test_a_nul_in_a_cookie_is_refused_plainly(client_as: Callable[[str], Client]) -> None:
    client = client_as("dcs")
    client.cookies[settings.SESSION_COOKIE_NAME] = "a\0bcdefgh"
    answer = client.get("/")
    assert answer.status_code == 400
    plain(answer)
