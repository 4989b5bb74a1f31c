"""Passkeys: one that fits signs in and is a second factor; an altered, replayed or foreign one is refused.

The ceremony in a real browser is in tests/journeys/test_sign_in_with_a_passkey.py.
"""

import base64
import json

import pytest
from django.test import Client

from lineofsight.web.access.chain import told
from lineofsight.web.access.identity import actions, factors, lockout
from lineofsight.web.access.models import ChainEvent, Person

PASSKEY = "/sign-in/passkey"

pytestmark = pytest.mark.usefixtures("still")


def _options(client):
    return client.get(PASSKEY, secure=True).json()


def _use(client, credential, where=PASSKEY):
    return client.post(where, {"credential": credential}, secure=True)


def test_a_passkey_signs_in_without_a_password_and_counts_as_the_second_factor(with_passkey):
    key, client = with_passkey("dcs"), Client()
    assert _use(client, key.answer(_options(client)))["Location"] == "/"
    assert client.get("/", secure=True).status_code == 200
    event = ChainEvent.objects.filter(action=actions.SIGNED_IN).latest("sequence")
    assert (event.actor, told(event).detail) == ("p-dcs", {"how": "passkey"})


def test_making_one_gives_recovery_codes_and_is_in_the_log(with_passkey, people):
    with_passkey("dcs")
    event = ChainEvent.objects.get(action=factors.ADDED)
    assert told(event).detail == {"kind": "passkey", "recovery codes": 10}
    assert factors.factors_of(people["dcs"])[0].name == "work laptop"


def test_the_same_answer_twice_is_refused_the_second_time(with_passkey):
    key, client = with_passkey("dcs"), Client()
    answer = key.answer(_options(client))
    _use(client, answer)
    client.post("/sign-out", secure=True)
    again = Client()
    _options(again)
    assert "not recognised" in _use(again, answer).content.decode()
    assert "_auth_user_id" not in again.session


def _altered(credential, part):
    told_ = json.loads(credential)
    raw = bytearray(base64.urlsafe_b64decode(told_["response"][part] + "=="))
    raw[-1] ^= 1
    told_["response"][part] = base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode()
    return json.dumps(told_)


@pytest.mark.parametrize("part", ["signature", "authenticatorData", "clientDataJSON"])
def test_an_altered_answer_is_refused_and_counted(with_passkey, part):
    key, client = with_passkey("dcs"), Client()
    assert "not recognised" in _use(client, _altered(key.answer(_options(client)), part)).content.decode()
    assert "_auth_user_id" not in client.session
    assert ChainEvent.objects.filter(action=lockout.SIGN_IN_FAILED).count() == 1


def test_an_answer_for_another_site_is_refused(with_passkey):
    key, client = with_passkey("dcs"), Client()
    key.origin = "https://elsewhere.example"
    assert "not recognised" in _use(client, key.answer(_options(client))).content.decode()


def test_a_device_that_did_not_ask_whose_finger_it_was_is_refused(with_passkey, client_as, soft_key, confirm, people):
    key, client = with_passkey("dcs"), Client()
    key.verified = False
    assert "not recognised" in _use(client, key.answer(_options(client))).content.decode()
    other = client_as("leader")
    confirm(other)
    page = other.get("/account/second-factor/passkey/", secure=True)
    made = soft_key(verified=False).make(page.context["passkey"])
    other.post("/account/second-factor/passkey/", {"name": "x", "credential": made}, secure=True)
    assert not factors.has_factor(people["leader"])


def test_a_passkey_that_says_it_is_somebody_elses_is_refused(with_passkey):
    key, other, client = with_passkey("dcs"), with_passkey("leader"), Client()
    key.owner = other.owner
    assert "not recognised" in _use(client, key.answer(_options(client))).content.decode()


def test_a_passkey_taken_away_signs_in_no_more(with_passkey, client_as, confirm, people):
    key = with_passkey("dcs")
    client = client_as("dcs")
    confirm(client)
    one = factors.factors_of(people["dcs"])[0]
    client.post(f"/account/second-factor/{one.id}/remove/")
    other = Client()
    assert "not recognised" in _use(other, key.answer(_options(other))).content.decode()


def test_a_passkey_of_somebody_who_left_signs_nobody_in(with_passkey):
    key, client = with_passkey("dcs"), Client()
    Person.objects.filter(key="p-dcs").update(is_active=False)
    assert "not recognised" in _use(client, key.answer(_options(client))).content.decode()


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "x",
        "{}",
        "[]",
        "null",
        "1",
        '{"response": []}',
        '{"id": "a", "rawId": "a", "response": {"userHandle": "AAAA"}}',
    ],
)
def test_nonsense_is_refused_in_plain_words(people, nonsense):
    client = Client()
    _options(client)
    assert "not recognised" in _use(client, nonsense).content.decode()
    assert "not recognised" in _use(Client(), nonsense).content.decode()


def test_a_passkey_is_the_second_factor_after_a_password(with_passkey, director, enter):
    key, client = with_passkey("dcs"), enter(director)
    page = client.get("/sign-in/code", secure=True)
    assert _use(client, key.answer(page.context["passkey"]), "/sign-in/code")["Location"] == "/"
    event = ChainEvent.objects.filter(action=actions.SIGNED_IN).latest("sequence")
    assert told(event).detail == {"how": "password and passkey"}


def test_somebody_elses_passkey_is_no_second_factor(with_passkey, director, enter):
    with_passkey("dcs")
    other, client = with_passkey("leader"), enter(director)
    page = client.get("/sign-in/code", secure=True)
    assert "not recognised" in _use(client, other.answer(page.context["passkey"]), "/sign-in/code").content.decode()
    assert "_auth_user_id" not in client.session
    assert ChainEvent.objects.filter(action=lockout.FACTOR_FAILED, subject="p-dcs").count() == 1


def test_a_passkey_shows_that_it_is_still_they(with_passkey, client_as):
    key, client = with_passkey("dcs"), client_as("dcs")
    page = client.get("/account/confirm/?next=/account/password/", secure=True)
    answer = client.post(
        "/account/confirm/",
        {"credential": key.answer(page.context["passkey"]), "next": "/account/password/"},
        secure=True,
    )
    assert answer["Location"] == "/account/password/"
    assert client.get("/account/password/", secure=True).status_code == 200
