"""Where one is signed in, and ending it: from the page, by an administrator, by time. It counts at once."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client

from lineofsight import clock
from lineofsight.web.access.chain import told
from lineofsight.web.access.identity import actions, lockout
from lineofsight.web.access.identity.store import SessionStore
from lineofsight.web.access.models import ChainEvent, Session
from lineofsight.web.access.permissions import Refused

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"

pytestmark = pytest.mark.usefixtures("still")


@pytest.fixture
def two(councillor, enter):
    """The same person signed in on a computer and on a telephone."""
    return enter(councillor, HTTP_USER_AGENT=FIREFOX), enter(councillor, HTTP_USER_AGENT=IPHONE)


def _gone(client):
    return client.get("/").headers.get("Location", "").startswith("/sign-in?")


def _killed():
    return [told(event).detail for event in ChainEvent.objects.filter(action=actions.KILLED).order_by("sequence")]


def test_the_page_says_where_one_is_signed_in_and_never_the_key_of_a_session(two):
    page = two[0].get("/account/")
    assert [one.device for one in page.context["sessions"]] == ["Firefox on Windows", "Safari on an iPhone"]
    assert [one.here for one in page.context["sessions"]] == [True, False]
    for key in Session.objects.values_list("session_key", flat=True):
        assert key not in page.content.decode()


def test_one_other_session_is_ended_and_its_next_page_is_the_sign_in(two):
    computer, telephone = two
    other = computer.get("/account/").context["sessions"][1]
    assert computer.post("/account/sessions/end/", {"session": other.mark})["Location"] == "/account/"
    assert _gone(telephone) and computer.get("/").status_code == 200
    assert _killed() == [{"sessions": 1, "why": "asked to"}]


def test_all_others_are_ended_at_once(two, councillor, enter):
    third = enter(councillor)
    two[0].post("/account/sessions/end/", {"session": "others"})
    assert _gone(two[1]) and _gone(third) and two[0].get("/").status_code == 200
    assert _killed() == [{"sessions": 2, "why": "asked to"}]


def test_ending_all_others_leaves_everybody_elses_sessions(two, client_as):
    somebody_else = client_as("leader")
    two[0].post("/account/sessions/end/", {"session": "others"})
    assert _gone(two[1]) and not _gone(somebody_else)


def test_nobody_ends_a_session_that_is_not_theirs(two, people, client_as, viewer_as, confirm):
    other = people["chief-executive"]
    client_as("chief-executive")
    stranger = client_as("leader")
    confirm(stranger)
    marks = [one.mark for one in two[0].get("/account/").context["sessions"]]
    for mark in (*marks, "", "x"):
        assert stranger.post("/account/sessions/end/", {"session": mark}).status_code == 404
    with pytest.raises(Refused, match="not a session of yours"):
        actions.end_my_session(by=viewer_as("leader"), session=Session.objects.get(person=other))

    assert not _gone(two[1])


def test_no_session_is_ended_without_showing_again_who_one_is(two, councillor, password):
    later = clock.now() + timedelta(minutes=16)
    with clock.frozen_at(later):
        page = two[0].get("/account/")
        other = page.context["sessions"][1]
        assert "Show that it is you, to sign a device out" in page.content.decode()
        assert other.mark not in page.content.decode()
        for which in (other.mark, "others"):
            answer = two[0].post("/account/sessions/end/", {"session": which})
            assert answer["Location"] == "/account/confirm/?next=%2Faccount%2F"
        assert not _gone(two[1]) and _killed() == []
        two[0].post("/account/confirm/", {"password": password, "next": "/account/"})
        assert other.mark in two[0].get("/account/").content.decode()
        two[0].post("/account/sessions/end/", {"session": other.mark})
        assert _gone(two[1])


def test_a_page_that_was_under_way_when_its_session_was_ended_does_not_bring_it_back(two):
    store = SessionStore(two[1].session.session_key)
    assert store["_auth_user_id"]
    two[0].post("/account/sessions/end/", {"session": "others"})
    store["seen"] = clock.now().isoformat()
    with pytest.raises(UpdateError):
        store.save()
    assert _gone(two[1])


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(two, councillor, password):
    new = "a long new phrase for this"
    given = {"current": password, "password": new, "again": new}
    answer = two[0].post("/account/password/", given, follow=True)
    assert "Your password is changed" in answer.content.decode()
    assert _gone(two[1]) and two[0].get("/").status_code == 200
    councillor.refresh_from_db()
    assert councillor.check_password(new)
    assert ChainEvent.objects.filter(action="password.changed", subject="p-scrutiny").count() == 1


@pytest.mark.parametrize(
    ("first", "again", "why"),
    [
        ("short", "short", "too short"),
        ("1qaz2wsx3edc", "1qaz2wsx3edc", "too common"),
        ("a long new phrase", "another long phrase", "not the same"),
        ("scrutiny@northmere.example", "scrutiny@northmere.example", "too similar"),
    ],
)
def test_a_new_password_must_be_a_good_one_typed_twice(two, councillor, password, first, again, why):
    answer = two[0].post("/account/password/", {"current": password, "password": first, "again": again})
    assert why in answer.content.decode()
    councillor.refresh_from_db()
    assert councillor.check_password(password)


@pytest.mark.parametrize("current", ["", "not the password"])
def test_a_new_password_needs_the_one_it_replaces_and_a_wrong_one_counts_as_a_failure(
    two, councillor, password, current
):
    new = {"password": "a long new phrase for this", "again": "a long new phrase for this"}
    for tries in range(1, lockout.MOST_FAILURES + 1):
        page = two[0].post("/account/password/", {"current": current, **new}).content.decode()
        assert ("not your password" if current else "Enter the password you have now") in page
        failed = ChainEvent.objects.filter(action=lockout.SIGN_IN_FAILED).count()
        assert failed == (tries if current else 0)
    answer = two[0].post("/account/password/", {"current": password, **new})
    councillor.refresh_from_db()
    if current:
        assert "Wait 15 minutes" in answer.content.decode() and councillor.check_password(password)
    else:
        assert answer.status_code == 302 and councillor.check_password(new["password"])


def test_somebody_who_has_no_password_chooses_one_without(client_as, people, confirm):
    people["leader"].set_unusable_password()
    people["leader"].save()
    client = client_as("leader")
    confirm(client)
    assert "current" not in client.get("/account/password/").context["form"].fields
    new = "a long new phrase for this"
    assert client.post("/account/password/", {"password": new, "again": new}).status_code == 302
    people["leader"].refresh_from_db()
    assert people["leader"].check_password(new)


def test_a_session_ends_after_thirty_minutes_without_use_and_is_then_no_longer_listed(councillor, enter):
    began = clock.now()
    first, second = enter(councillor), enter(councillor)
    with clock.frozen_at(began + timedelta(minutes=29)):
        assert second.get("/").status_code == 200
    with clock.frozen_at(began + timedelta(minutes=31)):
        assert len(second.get("/account/").context["sessions"]) == 1
        assert first.get("/")["Location"] == "/sign-in"


def test_a_session_ends_after_twelve_hours_though_it_gave_its_second_factor(director, enter, telephone):
    phone, began = telephone(director), clock.now()
    client = enter(director, phone.shows())
    for minutes in range(20, 12 * 60, 20):
        with clock.frozen_at(began + timedelta(minutes=minutes)):
            assert client.get("/account/").status_code == 200, minutes
    with clock.frozen_at(began + timedelta(hours=12)):
        assert client.get("/account/")["Location"] == "/sign-in"
        assert client.get("/account/")["Location"].startswith("/sign-in?")


def test_sessions_that_are_over_are_cleared_away_by_the_next_sign_in(councillor, enter):
    Session.objects.create(session_key="old", session_data="", expire_date=clock.now() - timedelta(days=1))
    enter(councillor)
    assert not Session.objects.filter(session_key="old").exists()


def test_a_session_that_belongs_to_nobody_yet_has_no_person(db, home):
    client = Client()
    client.get("/sign-in/passkey")
    assert Session.objects.get().person is None


@pytest.mark.parametrize("onward", ["9999", "today", "//elsewhere.example/", "https://elsewhere.example/", "\\\\x"])
def test_where_to_go_next_is_an_address_of_this_site_or_the_first_page(two, password, onward):
    for address, sent in (("/account/confirm/", {"password": password}), ("/account/notices/read/", {})):
        assert two[0].post(address, {**sent, "next": onward})["Location"] == "/", onward
