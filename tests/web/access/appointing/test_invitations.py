"""Invitations: the only way an account begins. Made, taken back, taken up once, and too old after seven days."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.appointing import actions, inviting, post
from lineofsight.web.access.chain import told as payload_of
from lineofsight.web.access.models import ChainEvent, Holding, Invitation, Person
from lineofsight.web.access.permissions import Refused

EMAIL = "ada.example@council.example"


@pytest.fixture
def by(viewer_as):
    return viewer_as("administrator")


@pytest.fixture
def made(by):
    """`made(office="psw")`: an invitation to Ada Example, and its secret."""

    def invite(office="psw", email=EMAIL, name="Ada Example", **offered):
        offer = inviting.Offer(office, offered.pop("from_date", clock.today()), **offered)
        return inviting.invite(by=by, name=name, email=email, offer=offer)

    return invite


def address(secret):
    return reverse("access:invitation", args=[secret])


def take_up(secret, password, **more):
    client = Client()
    return client, client.post(address(secret), {"password": password, "again": password, **more})


def test_a_person_takes_an_invitation_up_and_is_signed_in_with_the_office(made, password):
    one = made()
    page = Client().get(address(one.secret)).content.decode()
    assert "Welcome, Ada Example" in page and "Principal Social Worker" in page
    client, answer = take_up(one.secret, password)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    person = Person.objects.get(email=EMAIL)
    assert person.check_password(password) and person.name == "Ada Example"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert Holding.objects.get(person=person).office == "psw"
    actions_told = list(ChainEvent.objects.order_by("sequence").values_list("action", flat=True))
    assert actions_told[:4] == [inviting.MADE, actions.ADDED_PERSON, actions.GAVE_OFFICE, inviting.TAKEN_UP]
    given_by = payload_of(ChainEvent.objects.get(action=actions.GAVE_OFFICE)).detail
    assert given_by["invited_by"] == "p-administrator"


def test_an_invitation_works_once(made, password):
    one = made()
    take_up(one.secret, password)
    _, again = take_up(one.secret, password)
    assert again.status_code == 410
    assert Client().get(address(one.secret)).status_code == 410
    with pytest.raises(PlainError, match="cannot be used any more"):
        inviting.open_account(one.invitation, password)
    assert Person.objects.filter(email=EMAIL).count() == 1


@pytest.mark.parametrize(("after", "status"), [(timedelta(days=7, seconds=-1), 200), (timedelta(days=7), 410)])
def test_an_invitation_is_too_old_after_seven_days_to_the_second(made, after, status):
    one = made()
    with clock.frozen_at(one.invitation.made_at + after):
        assert Client().get(address(one.secret)).status_code == status


def test_an_invitation_that_was_taken_back_opens_nothing(made, by, password):
    one = made()
    inviting.take_back(by=by, key=one.invitation.key)
    _, answer = take_up(one.secret, password)
    assert answer.status_code == 410
    assert not Person.objects.filter(email=EMAIL).exists()
    assert ChainEvent.objects.get(action=inviting.TAKEN_BACK).subject == "psw"
    with pytest.raises(PlainError, match="not open any more"):
        inviting.take_back(by=by, key=one.invitation.key)


def test_an_invitation_for_days_that_have_passed_opens_nothing(made):
    one = made(until=clock.today() + timedelta(days=1))
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        assert Client().get(address(one.secret)).status_code == 410


@pytest.mark.parametrize("wrong", ["x", "A" * 43, "A" * 200, "é", "..%2F..", "0" * 64])
def test_a_wrong_secret_is_no_page(people, made, wrong):
    made()
    assert Client().get(address(wrong)).status_code == 404


def test_the_digest_that_is_kept_is_no_secret(made):
    one = made()
    assert Client().get(address(one.invitation.secret_digest)).status_code == 404


def test_the_secret_stands_nowhere_in_the_database(made):
    one = made()
    assert len(one.secret) >= 43
    with connection.cursor() as cursor:
        held = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'select * from "{table}"')
            held.append(repr(cursor.fetchall()))
    assert not [text for text in held if one.secret in text]


def test_two_invitations_never_have_one_secret(made):
    secrets = {made(email=f"p{number}@council.example").secret for number in range(20)}
    assert len(secrets) == 20


def test_after_ten_wrong_addresses_a_machine_waits_and_another_does_not(made):
    one = made()
    client = Client(REMOTE_ADDR="192.0.2.7")
    for number in range(inviting.MOST_MISSES):
        assert client.get(address(f"wrong{number}")).status_code == 404
    for secret in ("wrong", one.secret):
        waiting = client.get(address(secret))
        assert waiting.status_code == 429
        assert "Wait 15 minutes" in waiting.content.decode()
    misses = ChainEvent.objects.filter(action=inviting.MISSED)
    assert misses.count() == inviting.MOST_MISSES
    assert not [one for one in misses if "192.0.2.7" in f"{one.actor} {one.subject}"]
    assert Client(REMOTE_ADDR="192.0.2.8").get(address(one.secret)).status_code == 200
    with clock.frozen_at(clock.now() + timedelta(minutes=inviting.MISS_MINUTES, seconds=1)):
        assert client.get(address(one.secret)).status_code == 200


def test_behind_a_proxy_it_is_the_machine_that_waits_and_not_the_proxy(made, settings):
    settings.BEHIND_PROXY = True
    one = made()
    client = Client(REMOTE_ADDR="10.0.0.1")
    for number in range(inviting.MOST_MISSES):
        # What a client writes into the header itself stands before what our proxy adds.
        client.get(address(f"wrong{number}"), HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, 192.0.2.7")
    waiting = client.get(address(one.secret), HTTP_X_FORWARDED_FOR="203.0.113.5, 192.0.2.7")
    other = client.get(address(one.secret), HTTP_X_FORWARDED_FOR="192.0.2.8")
    assert (waiting.status_code, other.status_code) == (429, 200)


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("short", "short", "too short"),
        ("password1234", "password1234", "too common"),
        ("ada.example@council", "ada.example@council", "too similar"),
        ("three odd words here", "three odd words there", "not the same"),
        ("", "", "Choose a password"),
    ],
)
def test_a_weak_or_mistyped_password_begins_no_account_and_leaves_the_invitation_open(made, password, again, said):
    one = made()
    answer = Client().post(address(one.secret), {"password": password, "again": again})
    assert answer.status_code == 200 and said in answer.content.decode()
    assert not Person.objects.filter(email=EMAIL).exists()
    assert inviting.is_open(Invitation.objects.get())


def test_an_office_from_a_later_day_gives_an_account_that_signs_in_from_that_day(made, password):
    one = made(from_date=clock.today() + timedelta(days=3))
    client, answer = take_up(one.secret, password)
    assert "Your account is ready" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    person = Person.objects.get(email=EMAIL)
    assert not Holding.objects.in_force(clock.today()).filter(person=person).exists()
    assert Holding.objects.in_force(clock.today() + timedelta(days=3)).filter(person=person).exists()


def test_somebody_with_an_account_signs_in_first_and_then_holds_the_office_beside_their_own(made, client_as, people):
    one = made(office="scrutiny", email=people["psw"].email)
    out = Client().get(address(one.secret)).content.decode()
    assert "You have an account already" in out and 'name="password"' not in out
    Client().post(address(one.secret), {"password": "a new long password", "again": "a new long password"})
    assert not people["psw"].holdings.filter(office="scrutiny").exists()
    client = client_as("psw")
    assert "Take up another office?" in client.get(address(one.secret)).content.decode()
    assert client.post(address(one.secret)).status_code == 302
    assert people["psw"].holdings.filter(office="scrutiny").exists()


def test_an_invitation_is_taken_up_by_nobody_but_whom_it_was_made_for(made, client_as, people):
    one = made(office="scrutiny", email=people["psw"].email)
    client = client_as("analyst")
    assert "This invitation is for somebody else" in client.post(address(one.secret)).content.decode()
    with pytest.raises(Refused):
        inviting.accept(one.invitation, people["analyst"])
    new = made(email="new@council.example")
    assert "This invitation is for somebody else" in client.get(address(new.secret)).content.decode()
    assert not Person.objects.filter(email="new@council.example").exists()
    assert not Holding.objects.filter(office="scrutiny").exclude(person=people["scrutiny"]).exists()


@pytest.mark.parametrize("own", ["administrator@northmere.example", "ADMINISTRATOR@Northmere.example",
                                 "administrator+second@northmere.example"])  # fmt: skip
def test_an_administrator_does_not_invite_themselves_by_any_writing_of_their_address(made, own):
    with pytest.raises(Refused, match="your own e-mail address"):
        made(email=own)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("office", ["dcs", "information-governance", "analyst", "lead-member"])
def test_nobody_invites_without_the_permission(viewer_as, office):
    with pytest.raises(Refused):
        inviting.invite(by=viewer_as(office), name="A", email=EMAIL, offer=inviting.Offer("psw", clock.today()))


@pytest.mark.parametrize(
    ("offered", "said"),
    [
        ({"office": "emperor"}, "no office called"),
        ({"office": "team-manager"}, "say which"),
        ({"office": "analyst", "as_delegate": True}, "signs nothing in person"),
        ({"office": "psw", "until": clock.today() - timedelta(days=1)}, "has passed"),
    ],
)
def test_an_invitation_to_what_cannot_be_given_is_refused(made, offered, said):
    with pytest.raises(PlainError, match=said):
        made(**offered)


def test_one_address_is_invited_to_one_office_once_until_it_is_over(made, by):
    first = made()
    with pytest.raises(PlainError, match="already"):
        made()
    made(office="scrutiny")
    inviting.take_back(by=by, key=first.invitation.key)
    made()


# --- the pages


@pytest.fixture
def administrator(client_as):
    return client_as("administrator")


def sent(**changes):
    return {"who": "new", "name": "Ada Example", "email": EMAIL, "as_what": "holder",
            "from_date": "1 December 2099", "until": "", **changes}  # fmt: skip


def test_the_address_is_shown_once_and_the_list_never_shows_it(administrator):
    answer = administrator.post("/access/offices/give/?office=psw", sent())
    secret = re.search(r"/invitation/([\w-]{43})/", answer.content.decode())[1]
    assert inviting.found(secret) == Invitation.objects.get()
    listed = administrator.get("/access/invitations/").content.decode()
    assert "Ada Example" in listed and EMAIL in listed and secret not in listed
    assert administrator.get("/access/invitations/").context["open"][0].made_by == "Person administrator"


def test_the_letter_says_nothing_of_whom_or_of_which_office(administrator, settings):
    settings.EMAIL_HOST = "mail.council.example"
    page = administrator.post("/access/offices/give/?office=psw", sent()).content.decode()
    assert f"was sent to {EMAIL}" in page
    letter = mail.outbox[0]
    assert letter.to == [EMAIL]
    words = f"{letter.subject}\n{letter.body}"
    assert "Northmere" in words and re.search(r"/invitation/[\w-]{43}/", letter.body)
    for personal in ("Ada", "Example", EMAIL, "Principal", "psw", "Person administrator"):
        assert personal not in words


def test_without_a_mail_server_no_letter_is_sent_and_the_page_says_to_give_the_address(administrator):
    page = administrator.post("/access/offices/give/?office=psw", sent()).content.decode()
    assert not mail.outbox and "the address below yourself" in page


def test_a_letter_that_cannot_be_sent_loses_nothing(administrator, settings, monkeypatch):
    settings.EMAIL_HOST = "mail.council.example"

    def broken(*given, **more):
        raise OSError

    monkeypatch.setattr(post, "send_mail", broken)
    page = administrator.post("/access/offices/give/?office=psw", sent()).content.decode()
    assert "could not be sent" in page and re.search(r"/invitation/[\w-]{43}/", page)


def test_taking_back_from_the_list_asks_for_a_post_and_for_the_permission(administrator, client_as, made):
    one = made()
    place = reverse("access:take-back-invitation", args=[one.invitation.key])
    assert administrator.get(place).status_code == 405
    assert client_as("dcs").post(place).status_code == 403
    assert inviting.is_open(Invitation.objects.get())
    assert "no longer works" in administrator.post(place, follow=True).content.decode()
    assert not inviting.is_open(Invitation.objects.get())


@pytest.mark.parametrize("office", ["dcs", "information-governance", "lead-member", "agency"])
def test_invitations_are_for_those_who_manage_access(client_as, office):
    for place in ("/access/invitations/", "/access/offices/give/", "/access/offices/give/?office=psw"):
        assert client_as(office).get(place).status_code == 403


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=120))
def test_no_text_but_the_secret_itself_finds_an_invitation(made, text):
    if not Invitation.objects.exists():
        made()
    assert inviting.found(text) is None
