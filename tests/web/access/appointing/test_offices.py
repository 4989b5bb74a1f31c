"""The offices, their capabilities, and what happens when one is given or taken away."""

from datetime import date, timedelta

import pytest

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.appointing import actions
from lineofsight.web.access.identity import actions as identity
from lineofsight.web.access.models import ChainEvent, Holding
from lineofsight.web.access.offices import LEVEL_WORDS, LEVELS, SCOPE_KINDS, SCOPE_WORDS, office, offices
from lineofsight.web.access.permissions import WORDS, Capability, Refused

CONTRACT = (
    "dcs|dcs-delegate|lead-member|chief-executive|leader|head-of-service|team-manager|social-worker|reviewing-officer|"
    "lado|psw|qa-manager|analyst|partnership-manager|scrutineer|agency|scrutiny|action-owner|information-governance|"
    "administrator"
)


def test_the_offices_are_the_twenty_of_the_contract():
    assert sorted(offices()) == sorted(CONTRACT.split("|"))


@pytest.mark.parametrize("slug", list(offices()))
def test_an_office_says_in_plain_words_what_it_is_for(slug):
    told = office(slug)
    assert told.title[0].isupper() and told.group
    assert len(told.description) > 60 and told.description.endswith(".")
    assert "\n" not in told.description
    assert told.capabilities


@pytest.mark.parametrize("capability", list(Capability))
def test_a_capability_is_held_by_some_office_and_described_in_words(capability):
    assert any(capability in one.capabilities for one in offices().values())
    assert WORDS[capability][0].islower() and len(WORDS[capability]) > 10


def test_every_level_and_scope_has_its_words():
    assert set(LEVEL_WORDS) == set(LEVELS) and set(SCOPE_WORDS) == set(SCOPE_KINDS)


@pytest.mark.parametrize("slug", [slug for slug, one in offices().items() if one.level != "identified"])
def test_an_office_that_sees_no_names_reaches_no_child(slug):
    by_name = {
        Capability.SEE_CHILDREN,
        Capability.SEE_EXCEPTIONS,
        Capability.SEE_WORKERS,
        Capability.RELEASE_TEXT,
    }
    assert by_name.isdisjoint(office(slug).capabilities)


def test_figures_by_worker_stop_at_the_head_of_service():
    holders = {slug for slug, one in offices().items() if Capability.SEE_WORKERS in one.capabilities}
    assert holders == {"head-of-service", "team-manager"}


def test_those_who_run_the_system_see_no_figure_at_all():
    for slug in ("administrator", "information-governance"):
        assert office(slug).level == "none"
        assert Capability.SEE_MEASURES not in office(slug).capabilities


def test_the_one_who_gives_offices_does_not_read_the_log_and_the_other_way_round():
    for one in offices().values():
        assert not {Capability.MANAGE_ACCESS, Capability.SEE_LOG} <= one.capabilities


def test_an_office_taken_away_is_gone_with_the_next_request(client_as, viewer_as, people):
    client = client_as("dcs")
    assert client.get("/").status_code == 200
    actions.end_office(by=viewer_as("administrator"), holding=Holding.objects.get(person=people["dcs"]))
    answer = client.get("/")
    assert answer.status_code == 403
    assert "You hold no office in this system today" in answer.content.decode()


def test_somebody_who_left_is_out_with_the_next_request(client_as, people):
    client = client_as("dcs")
    people["dcs"].is_active = False
    people["dcs"].save()
    assert client.get("/")["Location"].startswith("/sign-in")


def test_an_office_begins_and_ends_with_its_days(people):
    holding = Holding.objects.get(person=people["dcs"])
    holding.from_date, holding.until = date(2026, 3, 1), date(2026, 3, 31)
    holding.save()
    force = [
        Holding.objects.in_force(day).filter(pk=holding.pk).exists()
        for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1))
    ]
    assert force == [False, True, True, False]


def test_a_person_with_two_offices_starts_in_the_older_and_may_choose_the_other(client_as, people):
    newer = Holding.objects.create(person=people["dcs"], office="scrutiny", from_date=date(2026, 1, 1))
    client = client_as("dcs")
    session = client.session
    del session["holding"]
    session.save()
    page = client.get("/")
    assert page.context["viewer"].office == "dcs"
    assert "Scrutiny committee" in page.content.decode()
    client.post("/access/choose/", {"holding": newer.pk})
    assert client.get("/").context["viewer"].office == "scrutiny"
    assert ChainEvent.objects.get(action=identity.CHANGED_OFFICE).subject == "scrutiny"


def test_nobody_chooses_an_office_of_somebody_else(client_as, people):
    client = client_as("scrutiny")
    other = Holding.objects.get(person=people["dcs"])
    for wrong in (other.pk, "0", "dcs", ""):
        assert client.post("/access/choose/", {"holding": wrong}).status_code == 403
    assert client.get("/").context["viewer"].office == "scrutiny"


def test_giving_an_office_is_for_those_who_manage_access_and_never_for_oneself(viewer_as, people):
    with pytest.raises(Refused):
        actions.give_office(by=viewer_as("dcs"), person=people["leader"], slug="scrutiny")
    with pytest.raises(Refused, match="their own"):
        actions.give_office(by=viewer_as("administrator"), person=people["administrator"], slug="dcs")
    actions.give_office(by=viewer_as("administrator"), person=people["leader"], slug="scrutiny")
    assert ChainEvent.objects.get(action=actions.GAVE_OFFICE).subject == "scrutiny"


def test_an_office_that_reaches_by_id_is_not_given_without_one(viewer_as, people):
    with pytest.raises(PlainError, match="say which"):
        actions.give_office(by=viewer_as("administrator"), person=people["leader"], slug="team-manager")


def test_the_page_of_offices_names_holders_and_ends_one_after_asking(client_as, people):
    client = client_as("administrator")
    page = client.get("/access/offices/")
    text = page.content.decode()
    assert "Person dcs" in text and "Counts are exact, small groups are hidden" in text
    holding = Holding.objects.get(person=people["leader"])
    address = f"/access/offices/{holding.pk}/end/"
    assert address in text
    assert "Person leader would no longer be" in client.get(address).content.decode()
    assert Holding.objects.in_force(clock.today()).filter(pk=holding.pk).exists()
    answer = client.post(address, follow=True)
    assert "no longer holds the office" in answer.content.decode()
    assert "Leader of the Council" in answer.content.decode() and "Nobody holds it today" in answer.content.decode()
    assert client.get(address).status_code == 404


def test_the_administrator_is_offered_no_way_to_change_their_own_office(client_as, people):
    mine = Holding.objects.get(person=people["administrator"])
    client = client_as("administrator")
    assert f"/access/offices/{mine.pk}/end/" not in client.get("/access/offices/").content.decode()
    assert client.post(f"/access/offices/{mine.pk}/end/").status_code == 403


@pytest.mark.parametrize("slug", [slug for slug in offices() if slug != "administrator"])
def test_other_offices_are_refused_the_page_of_offices_and_told_who_may(client_as, slug):
    answer = client_as(slug).get("/access/offices/")
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "You need permission to manage people and their offices" in text and "<li>Administrator</li>" in text


def test_a_refusal_is_in_the_log_with_the_permission_that_was_lacking(client_as):
    client_as("lead-member").get("/access/log/")
    event = ChainEvent.objects.get(action=identity.REFUSED)
    assert (event.actor, event.subject) == ("p-lead-member", "see-log")


def test_an_office_that_ended_yesterday_is_not_counted_as_held(client_as, people):
    Holding.objects.filter(person=people["leader"]).update(until=clock.today() - timedelta(days=1))
    assert "One of 20 offices is held by nobody" in client_as("administrator").get("/access/offices/").content.decode()


def test_somebody_is_let_in_from_the_command_line_and_a_second_office_goes_to_the_same_person(db, home, password):
    first = actions.admit(
        name="Ada Example",
        email="Ada@x.example",
        office="psw",
        password=password,
        from_date=date(2026, 1, 1),
        by="console",
    )
    again = actions.admit(name="Ada Example", email="ada@x.example", office="scrutiny", by="console")
    other = actions.admit(name="Ada Example", email="ada2@x.example", office="leader", by="console")
    assert (first.key, again.pk, other.key) == ("ada-example", first.pk, "ada-example-2")
    assert first.check_password(password) and not other.has_usable_password()
    assert {event.actor for event in ChainEvent.objects.all()} == {"console"}


@pytest.mark.parametrize("weak", ["short", "password1234", "ada@x.example"])
def test_a_weak_password_lets_nobody_in(db, home, weak):
    with pytest.raises(PlainError, match="password"):
        actions.admit(name="Ada Example", email="ada@x.example", office="psw", password=weak, by="console")
    assert not Holding.objects.exists()


def test_an_office_that_does_not_exist_lets_nobody_in(db, home):
    with pytest.raises(PlainError):
        actions.admit(name="Ada Example", email="ada@x.example", office="emperor", by="console")
    from lineofsight.web.access.models import Person

    assert not Person.objects.exists()
