"""Signing in with e-mail and password, out again, and what the log keeps of both."""

from datetime import date, timedelta

import pytest
from django.test import Client

from lineofsight import clock
from lineofsight.web.access.chain import LogUnavailable, told
from lineofsight.web.access.identity import actions, lockout
from lineofsight.web.access.identity.store import SessionStore
from lineofsight.web.access.models import ChainEvent, Holding, Session
from lineofsight.web.access.permissions import Refused


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
    failures = ChainEvent.objects.filter(action=lockout.SIGN_IN_FAILED)
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


def test_somebody_with_no_office_is_not_even_asked_for_the_second_factor(director, password, telephone):
    telephone(director)
    Holding.objects.filter(person=director).delete()
    assert _post(Client(), director.email, password).status_code == 403


def test_nobody_is_signed_in_where_the_log_cannot_be_written(director, password, monkeypatch):
    def cannot(*args, **kwargs):
        raise LogUnavailable

    monkeypatch.setattr(actions, "record", cannot)
    client = Client()
    assert _post(client, director.email, password).status_code == 503
    assert "_auth_user_id" not in client.session
    assert not Session.objects.filter(person=director).exists()
    assert client.get("/").status_code == 302


def test_begin_session_itself_refuses_whoever_left_or_holds_no_office(director, rf):
    request = rf.get("/")
    request.session = SessionStore()
    director.is_active = False
    with pytest.raises(Refused, match="no office"):
        actions.begin_session(request, director, how="invitation")
    director.is_active = True
    Holding.objects.filter(person=director).update(until=date(2025, 1, 1))
    with pytest.raises(Refused, match="no office"):
        actions.begin_session(request, director, how="invitation")
    assert not Session.objects.exists() and not ChainEvent.objects.exists()


def test_a_session_begun_some_other_way_says_how_in_the_log(director, rf):
    request = rf.get("/", HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    request.session = SessionStore()
    actions.begin_session(request, director, how="invitation")
    assert told(ChainEvent.objects.get()).detail == {"how": "invitation"}
    assert Session.objects.get().person == director and Session.objects.get().device == "Firefox on Linux"


def test_there_is_no_way_to_sign_up(client):
    from django.urls import NoReverseMatch, reverse

    for name in ("account_signup", "account_login", "socialaccount_signup", "mfa_index", "openid_connect_login"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    for address in ("/accounts/", "/accounts/signup/", "/accounts/login/", "/signup/", "/oidc/council/login/"):
        assert client.get(address).status_code in (302, 404)


def test_allauth_itself_signs_nobody_in_or_up(rf, director):
    from allauth.account.adapter import get_adapter as account_adapter
    from allauth.socialaccount.adapter import get_adapter as social_adapter

    assert account_adapter().is_open_for_signup(rf.get("/")) is False
    assert social_adapter().is_open_for_signup(rf.get("/"), None) is False
    with pytest.raises(Refused):
        account_adapter().login(rf.get("/"), director)


def test_somebody_whose_last_office_ends_sees_nothing_from_the_next_page(councillor, enter):
    client = enter(councillor)
    assert client.get("/").status_code == 200
    Holding.objects.filter(person=councillor).update(until=clock.today() - timedelta(days=1))
    answer = client.get("/")
    assert answer.status_code == 403 and "You hold no office" in answer.content.decode()


def test_somebody_who_leaves_is_signed_out_at_the_next_page(councillor, enter):
    client = enter(councillor)
    councillor.is_active = False
    councillor.save()
    assert client.get("/")["Location"].startswith("/sign-in")


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
