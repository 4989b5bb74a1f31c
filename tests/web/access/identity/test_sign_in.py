"""Signing in with e-mail and password, out again, and what the log keeps of both."""

from datetime import timedelta

import pytest
from django.test import Client

from lineofsight import clock
from lineofsight.web.access.identity import actions
from lineofsight.web.access.models import ChainEvent, Holding


@pytest.fixture
def director(people, password):
    person = people["dcs"]
    person.set_password(password)
    person.save()
    return person


def _post(client, email, password, **more):
    return client.post("/sign-in", {"email": email, "password": password, **more})


def test_the_right_password_signs_in_and_goes_on_to_the_page_that_was_wanted(director, password):
    client = Client()
    wanted = client.get("/access/log/")
    assert wanted["Location"] == "/sign-in?next=/access/log/"
    answer = _post(client, " DCS@Northmere.example ", password, next="/access/log/")
    assert answer["Location"] == "/access/log/"
    event = ChainEvent.objects.get()
    assert (event.actor, event.action, event.subject) == ("p-dcs", actions.SIGNED_IN, "dcs")


@pytest.mark.parametrize("onward", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(director, password, onward):
    assert _post(Client(), director.email, password, next=onward)["Location"] == "/"


def test_a_wrong_password_says_one_thing_whether_the_address_exists_or_not(director):
    pages = [_post(Client(), email, "wrong password").content.decode() for email in (director.email, "x@y.example")]
    for page in pages:
        assert "do not go together" in page and 'class="govuk-error-summary"' in page
    failures = ChainEvent.objects.filter(action=actions.SIGN_IN_FAILED)
    assert failures.count() == 2
    assert not any(director.email in failure.subject for failure in failures)


def test_after_ten_failures_an_address_waits_fifteen_minutes_even_with_the_right_password(director, password):
    began = clock.now()
    for _ in range(10):
        _post(Client(), director.email, "wrong password")
    assert "Wait 15 minutes" in _post(Client(), director.email.upper(), password).content.decode()
    with clock.frozen_at(began + timedelta(minutes=16)):
        assert _post(Client(), director.email, password).status_code == 302


def test_somebody_who_left_cannot_sign_in(director, password):
    director.is_active = False
    director.save()
    assert "do not go together" in _post(Client(), director.email, password).content.decode()


def test_somebody_with_no_office_gets_no_session(director, password):
    Holding.objects.filter(person=director).delete()
    client = Client()
    answer = _post(client, director.email, password)
    assert answer.status_code == 403 and "You hold no office" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_signing_out_ends_the_session_and_is_in_the_log(client_as):
    client = client_as("dcs")
    assert client.get("/").status_code == 200
    assert client.get("/sign-out").status_code == 405
    client.post("/sign-out")
    assert client.get("/")["Location"].startswith("/sign-in")
    assert ChainEvent.objects.get(action=actions.SIGNED_OUT).actor == "p-dcs"


def test_a_form_from_another_site_is_refused_in_plain_words(director, password):
    client = Client(enforce_csrf_checks=True)
    answer = _post(client, director.email, password)
    assert answer.status_code == 403 and "did not come from this site" in answer.content.decode()


def test_passwords_are_kept_as_argon2(director):
    assert director.password.startswith("argon2$argon2id$")


def test_the_session_key_changes_with_the_sign_in(director, password):
    client = Client()
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    _post(client, director.email, password)
    assert client.session.session_key != before
