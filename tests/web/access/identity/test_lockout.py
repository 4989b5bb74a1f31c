"""After too many failures an address, a second factor and a peer wait; the log counts them and names none."""

from datetime import timedelta

import pytest
from django.test import Client

from lineofsight import clock
from lineofsight.web.access.identity import lockout
from lineofsight.web.access.models import ChainEvent

pytestmark = pytest.mark.usefixtures("still")


def _fail(email, **meta):
    return Client(**meta).post("/sign-in", {"email": email, "password": "wrong password"}).content.decode()


def test_five_wrong_codes_and_that_person_waits_even_with_the_right_one(director, enter, telephone):
    phone, began = telephone(director), clock.now()
    for _ in range(lockout.MOST_CODES):
        assert "not right" in enter(director).post("/sign-in/code", {"code": "000000"}).content.decode()
    client = enter(director)
    assert "Wait 15 minutes" in client.post("/sign-in/code", {"code": phone.shows()}).content.decode()
    assert ChainEvent.objects.filter(action=lockout.FACTOR_FAILED, subject="p-dcs").count() == lockout.MOST_CODES
    with clock.frozen_at(began + timedelta(minutes=16)):
        assert enter(director, phone.shows()).get("/").status_code == 200


def test_wrong_codes_of_one_person_hold_up_nobody_else(people, director, councillor, enter, telephone):
    telephone(director)
    other = telephone(councillor)
    for _ in range(lockout.MOST_CODES):
        enter(director).post("/sign-in/code", {"code": "000000"})
    assert enter(councillor, other.shows()).get("/").status_code == 200


def test_a_peer_that_tries_many_addresses_waits_and_another_peer_does_not(director, password, enter, monkeypatch):
    monkeypatch.setattr(lockout, "MOST_FROM_A_PEER", 12)
    for number in range(12):
        assert "do not go together" in _fail(f"somebody-{number}@northmere.example", REMOTE_ADDR="203.0.113.7")
    assert "Wait 15 minutes" in _fail("yet-another@northmere.example", REMOTE_ADDR="203.0.113.7")
    right = {"email": director.email, "password": password}
    assert "Wait 15 minutes" in Client(REMOTE_ADDR="203.0.113.7").post("/sign-in", right).content.decode()
    assert Client(REMOTE_ADDR="203.0.113.8").post("/sign-in", right).status_code == 302


def test_a_peer_that_waits_gets_no_further_with_passkeys_or_the_way_back_from_the_council(
    db, home, monkeypatch, settings
):
    from lineofsight.web.access.identity.council import Council

    settings.COUNCIL_ACCOUNT = Council("https://directory.example", "id", "secret")
    monkeypatch.setattr(lockout, "MOST_FROM_A_PEER", 3)
    for _ in range(3):
        page = Client().post("/sign-in/passkey", {"credential": "{}"})
        assert "not recognised" in page.content.decode()
    assert "Wait 15 minutes" in Client().post("/sign-in/passkey", {"credential": "{}"}).content.decode()
    assert "Wait 15 minutes" in Client().get("/sign-in/entra/return?code=x&state=y").content.decode()


def test_the_limit_of_a_peer_is_ten_times_that_of_an_address():
    assert (lockout.MOST_CODES, lockout.MOST_FAILURES, lockout.MOST_FROM_A_PEER) == (5, 10, 100)


def test_behind_a_proxy_the_peer_is_what_our_own_proxy_wrote_last(db, home, settings, monkeypatch):
    settings.BEHIND_PROXY = True
    monkeypatch.setattr(lockout, "MOST_FROM_A_PEER", 2)
    proxy = {"REMOTE_ADDR": "127.0.0.1"}
    for made_up in ("198.51.100.1", "198.51.100.2"):
        _fail("a@northmere.example", HTTP_X_FORWARDED_FOR=f"{made_up}, 203.0.113.7", **proxy)
    assert "Wait" in _fail("b@northmere.example", HTTP_X_FORWARDED_FOR="203.0.113.7", **proxy)
    assert "Wait" not in _fail("b@northmere.example", HTTP_X_FORWARDED_FOR="203.0.113.8", **proxy)


def test_a_forwarding_header_counts_for_nothing_where_there_is_no_proxy(db, home, monkeypatch):
    monkeypatch.setattr(lockout, "MOST_FROM_A_PEER", 2)
    for made_up in ("198.51.100.1", "198.51.100.2"):
        _fail("a@northmere.example", HTTP_X_FORWARDED_FOR=made_up)
    assert "Wait" in _fail("b@northmere.example", HTTP_X_FORWARDED_FOR="198.51.100.3")


def test_the_log_names_neither_the_address_nor_the_peer(db, home):
    _fail("canary@northmere.example", REMOTE_ADDR="203.0.113.7")
    event = ChainEvent.objects.get()
    kept = " ".join(str(value) for value in (event.actor, event.subject, bytes(event.payload)))
    assert "canary" not in kept and "203.0.113.7" not in kept
    assert event.actor.startswith("peer:") and len(event.subject) == 32


def test_somebody_who_waits_is_not_counted_again(director, password):
    began = clock.now()
    for _ in range(lockout.MOST_FAILURES):
        _fail(director.email)
    with clock.frozen_at(began + timedelta(minutes=10)):
        for _ in range(5):
            assert "Wait" in _fail(director.email)
    with clock.frozen_at(began + timedelta(minutes=15, seconds=1)):
        assert Client().post("/sign-in", {"email": director.email, "password": password}).status_code == 302
