"""Who is let in: offices held, second factors, the council's directory; and what is past its time."""

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest
from allauth.mfa.models import Authenticator

from lineofsight import clock
from lineofsight.cli.doctor import people as checks
from lineofsight.web.access import chain
from lineofsight.web.access.identity.council import Council
from lineofsight.web.access.models import Holding, Person
from lineofsight.web.access.offices import offices

pytestmark = pytest.mark.django_db


@pytest.fixture
def persons(home):
    """Somebody in each office that cannot stand empty."""
    made = {}
    for slug in checks.NEEDED:
        made[slug] = Person.objects.create_person(key=f"p-{slug}", name=f"Person {slug}", email=f"{slug}@n.example")
        Holding.objects.create(person=made[slug], office=slug, from_date=clock.today())
    return made


def _factor(person, kind=Authenticator.Type.TOTP):
    Authenticator.objects.create(user=person, type=kind, data={})


def test_an_office_nobody_holds_is_to_be_looked_at(found, persons):
    assert found(checks.offices_held).state == "ok"
    Holding.objects.filter(office="information-governance").delete()
    told = found(checks.offices_held)
    assert told.state == "look" and "Information governance" in told.says


def test_an_office_held_by_somebody_who_was_disabled_is_to_be_looked_at(found, persons):
    Person.objects.filter(key="p-dcs").update(is_active=False)
    assert found(checks.offices_held).state == "look"


def test_a_person_without_an_office_is_to_be_looked_at(found, persons):
    assert found(checks.people_without_office).state == "ok"
    Person.objects.create_person(key="p", name="Pat Example", email="pat@n.example")
    told = found(checks.people_without_office)
    assert told.state == "look" and "Pat Example" in told.says


def test_more_people_than_are_named_are_counted(found, persons):
    for number in range(7):
        Person.objects.create_person(key=f"x{number}", name=f"Pat {number}", email=f"x{number}@n.example")
    assert "7 people have no office" in found(checks.people_without_office).says
    assert "and 2 more" in found(checks.people_without_office).says


def test_a_missing_second_factor_is_to_be_looked_at(found, persons):
    needing = [slug for slug in checks.NEEDED if offices()[slug].second_factor]
    assert needing
    for slug in needing[1:]:
        _factor(persons[slug], Authenticator.Type.WEBAUTHN)
    told = found(checks.second_factor)
    assert told.state == "look" and f"Person {needing[0]}" in told.says and "1 person has" in told.says
    _factor(persons[needing[0]])
    assert found(checks.second_factor).state == "ok"


def test_recovery_codes_alone_are_no_second_factor(found, persons):
    for person in persons.values():
        _factor(person, Authenticator.Type.RECOVERY_CODES)
    assert found(checks.second_factor).state == "look"


@pytest.mark.parametrize("says", [True, False])
def test_a_directory_counts_as_a_second_factor_only_where_it_says_so(found, persons, settings, says):
    from allauth.socialaccount.models import SocialAccount

    for person in persons.values():
        SocialAccount.objects.create(user=person, provider="council", uid=person.key)
    words = frozenset({"mfa"}) if says else frozenset()
    settings.COUNCIL_ACCOUNT = Council("https://login.example", "id", "not told", words)
    assert found(checks.second_factor).state == ("ok" if says else "look")


def _directory(answer):
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer(self.server.server_port))

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (lambda port: json.dumps({"issuer": f"http://127.0.0.1:{port}"}).encode(), "ok"),
        (lambda port: json.dumps({"issuer": "https://elsewhere.example"}).encode(), "wrong"),
        (lambda port: b"<html>a portal</html>", "wrong"),
    ],
)
def test_the_council_s_directory_must_answer_by_its_own_name(found, home, settings, answer, state):
    server = _directory(answer)
    try:
        settings.COUNCIL_ACCOUNT = Council(f"http://127.0.0.1:{server.server_port}", "id", "the-client-secret")
        told = found(checks.council_account)
    finally:
        server.shutdown()
        server.server_close()
    assert told.state == state and "the-client-secret" not in told.says + told.do


def test_doctor_goes_no_further_than_where_the_directory_was_configured(found, home, settings):
    class Elsewhere(BaseHTTPRequestHandler):
        asked: ClassVar = []

        def do_GET(self):
            self.asked.append(self.path)
            if not self.path.startswith("/there"):
                self.send_response(302)
                self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/there")
                self.end_headers()
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"issuer": f"http://127.0.0.1:{self.server.server_port}"}).encode())

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        settings.COUNCIL_ACCOUNT = Council(f"http://127.0.0.1:{server.server_port}", "id", "s")
        assert found(checks.council_account).state == "wrong"
    finally:
        server.shutdown()
        server.server_close()
    assert Elsewhere.asked == ["/.well-known/openid-configuration"]


def test_a_directory_that_does_not_answer_is_wrong_and_none_is_well(found, home, settings):
    settings.COUNCIL_ACCOUNT = Council("http://127.0.0.1:9", "id", "s")
    assert found(checks.council_account).state == "wrong"
    settings.COUNCIL_ACCOUNT = None
    assert found(checks.council_account).state == "ok"


def test_what_the_worker_should_have_erased_is_to_be_looked_at(found, home):
    assert found(checks.past_its_time).state == "ok"
    with clock.frozen_at(datetime(2015, 5, 1, tzinfo=UTC)):
        chain.record(actor="nobody", action="looked")
    told = found(checks.past_its_time)
    assert told.state == "look" and "the log of who looked" in told.says
