"""Giving an office and ending it: by days, by name, as holder or delegate, and never to oneself."""

import re
from datetime import date, timedelta
from html import unescape

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.appointing import actions, permissions, queries, reach
from lineofsight.web.access.chain import told as payload_of
from lineofsight.web.access.models import ChainEvent, Holding, Person
from lineofsight.web.access.offices import LEVEL_WORDS, SCOPE_WORDS, office, offices
from lineofsight.web.access.permissions import IN_PERSON, WORDS, Refused
from lineofsight.web.access.viewer import viewer_in

GIVE = "/access/offices/give/"
DAY = timedelta(days=1)


@pytest.fixture
def by(viewer_as):
    return viewer_as("administrator")


@pytest.fixture
def administrator(client_as):
    return client_as("administrator")


class Registry:
    """A lake with two teams, two services and three workers, and nothing else to read."""

    def latest(self):
        return "newest"

    def teams(self, snapshot):
        return pa.Table.from_pylist(
            [
                {"team_id": "T1", "team_name": "North team", "service_id": "S1", "service_name": "Assessment"},
                {"team_id": "T2", "team_name": "South team", "service_id": "S2", "service_name": "Protection"},
            ]
        )

    def workers(self, snapshot):
        return pa.Table.from_pylist(
            [
                {"worker_id": "W1", "worker_name": "Robin Ash", "team_id": "T1"},
                {"worker_id": "W2", "worker_name": "Kit Elder", "team_id": "T2"},
                {"worker_id": "W9", "worker_name": "Sam Rowan", "team_id": None},
            ]
        )


@pytest.fixture
def registry(monkeypatch):
    monkeypatch.setattr(reach, "lake_in_use", Registry)


def text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def given_to(person, **changes):
    return {"who": "here", "person": person.pk, "as_what": "holder", "from_date": "1 December 2099", **changes}


# --- every office in words before it is given


def test_every_office_stands_in_words_to_choose_from(administrator):
    page = text(administrator.get(GIVE))
    for one in offices().values():
        assert one.title in page and one.description in page
        assert SCOPE_WORDS[one.scope] in page and LEVEL_WORDS[one.level] in page
    for words in WORDS.values():
        assert words in page


@pytest.mark.parametrize("slug", list(offices()))
def test_an_office_says_what_it_sees_and_may_do_before_it_is_given(administrator, registry, slug):
    one = office(slug)
    page = text(administrator.get(GIVE, {"office": slug}))
    assert one.description in page and SCOPE_WORDS[one.scope] in page and LEVEL_WORDS[one.level] in page
    for capability in one.capabilities:
        assert WORDS[capability] in page
    assert ("A second step is needed to sign in" in page) is one.second_factor
    assert ("As a delegate, who prepares and signs nothing" in page) is one.has_delegates


def test_an_office_that_is_not_there_is_no_page(administrator):
    assert administrator.get(GIVE, {"office": "emperor"}).status_code == 404


def test_the_administrator_is_not_among_those_an_office_is_given_to(administrator, people):
    page = administrator.get(GIVE, {"office": "psw"})
    offered = set(page.context["form"].fields["person"].queryset)
    assert offered == set(people.values()) - {people["administrator"]}
    refused = administrator.post(f"{GIVE}?office=psw", given_to(people["administrator"]))
    assert refused.status_code == 200 and not Holding.objects.filter(person=people["administrator"], office="psw")


# --- what an office reaches is picked by name


@pytest.mark.parametrize(
    ("slug", "shown", "sent", "kept"),
    [
        ("head-of-service", ["Assessment", "Protection"], ["S2"], ["S2"]),
        ("team-manager", ["North team, Assessment", "South team, Protection"], ["T1", "T2"], ["T1", "T2"]),
        ("social-worker", ["Robin Ash", "Kit Elder", "Sam Rowan"], "W2", ["W2"]),
        ("reviewing-officer", ["Robin Ash", "Kit Elder", "Sam Rowan"], "W9", ["W9"]),
        ("agency", ["Which agency?"], "health", ["health"]),
    ],
)
def test_what_an_office_reaches_is_chosen_by_name_and_kept_by_id(
    administrator, people, registry, slug, shown, sent, kept
):
    page = text(administrator.get(GIVE, {"office": slug}))
    assert not [name for name in shown if name not in page]
    sends = given_to(people["leader"], reach=sent)
    assert administrator.post(f"{GIVE}?office={slug}", sends).status_code == 302
    assert Holding.objects.get(person=people["leader"], office=slug).scope_ids == kept


@pytest.mark.parametrize(
    ("slug", "sent", "said"),
    [
        ("head-of-service", [], "Choose the service"),
        ("team-manager", ["T7"], "T7 is not one of the available choices"),
        ("social-worker", "", "Choose who they are"),
        ("agency", "Health & Co", "letters, digits and hyphens"),
        ("agency", "", "Enter the agency"),
    ],
)
def test_what_there_is_not_cannot_be_chosen(administrator, people, registry, slug, sent, said):
    answer = administrator.post(f"{GIVE}?office={slug}", given_to(people["leader"], reach=sent))
    assert said in text(answer)
    assert not Holding.objects.filter(person=people["leader"], office=slug).exists()


def test_before_the_first_extract_an_office_of_teams_is_not_given_and_the_page_says_why(administrator):
    page = administrator.get(GIVE, {"office": "team-manager"})
    assert "No extract has been loaded yet" in text(page)
    assert b'<form method="post" class="los-narrow"' not in page.content


def test_the_page_of_offices_shows_what_is_reached_by_name(administrator, registry):
    page = text(administrator.get("/access/offices/"))
    assert "North team" in page and "Assessment" in page and "Sam Rowan" in page and "health" in page


def test_an_id_that_the_newest_extract_no_longer_has_stands_as_it_is(registry, people):
    Holding.objects.filter(office="team-manager").update(scope_ids=["T1", "T-closed"])
    held = Holding.objects.get(office="team-manager")
    assert reach.named([held])[held.pk] == ["North team", "T-closed"]


# --- from a day to a day


def test_an_office_given_for_later_is_shown_as_coming_and_counts_from_its_day(administrator, people, by):
    coming = clock.today() + 10 * DAY
    holding = actions.give_office(by=by, person=people["leader"], slug="psw", from_date=coming)
    page = text(administrator.get("/access/offices/"))
    assert "Still to come" in page and f"from {coming.day} {coming:%B %Y}" in page
    assert not Holding.objects.in_force(clock.today()).filter(pk=holding.pk).exists()
    assert Holding.objects.in_force(coming).filter(pk=holding.pk).exists()
    administrator.post(f"/access/offices/{holding.pk}/end/")
    assert not Holding.objects.in_force(coming).filter(pk=holding.pk).exists()
    assert "and taken back" in text(administrator.get("/access/offices/"))


@pytest.mark.parametrize(
    ("began", "until", "refused"),
    [
        (0, None, True), (5, 6, True), (-5, 0, True), (10, None, True), (-9, 20, True),
        (-9, -1, False), (11, None, False), (11, 12, False),
    ],
)  # fmt: skip
def test_one_person_holds_an_office_once_at_a_time(by, people, began, until, refused):
    today = clock.today()
    actions.give_office(by=by, person=people["leader"], slug="psw", from_date=today, until=today + 10 * DAY)
    ends = None if until is None else today + until * DAY

    def again():
        return actions.give_office(
            by=None, person=people["leader"], slug="psw", from_date=today + began * DAY, until=ends
        )

    if refused:
        with pytest.raises(PlainError, match="in those days already"):
            again()
    else:
        assert again().pk


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 30), st.none() | st.integers(0, 12), st.booleans()), max_size=8))
def test_however_an_office_is_given_no_day_has_one_person_in_it_twice(people, wanted):
    Holding.objects.filter(person=people["leader"], office="psw").delete()
    first = date(2026, 1, 1)
    for began, length, as_delegate in wanted:
        until = None if length is None else first + (began + length) * DAY
        try:
            actions.give_office(
                by=None, person=people["leader"], slug="psw", from_date=first + began * DAY, until=until,
                as_delegate=as_delegate,
            )  # fmt: skip
        except PlainError:
            continue
    mine = Holding.objects.filter(person=people["leader"], office="psw")
    for number in range(45):
        assert mine.in_force(first + number * DAY).count() <= 1


def test_an_office_does_not_end_before_it_begins(by, people):
    with pytest.raises(PlainError, match="before the first"):
        actions.give_office(by=by, person=people["leader"], slug="psw", until=clock.today() - DAY)


def test_what_ended_in_the_last_year_is_listed_and_what_ended_before_is_not(administrator, people):
    today = clock.today()
    for slug, ago in (("leader", 360), ("psw", 370)):
        Holding.objects.filter(person=people[slug]).update(until=today - ago * DAY)
    page = administrator.get("/access/offices/")
    assert [one.holding.person.name for one in page.context["page"].ended] == ["Person leader"]
    assert "Person psw" in text(page), "without an office now, and so named as such"


# --- ended means gone, on a page already open too


def test_an_office_ended_while_a_page_is_open_refuses_what_that_page_sends(client_as, by, people):
    client = client_as("administrator")
    form = client.get(GIVE, {"office": "psw"})
    assert form.status_code == 200
    another = Person.objects.create_person(key="second", name="Second", email="second@northmere.example")
    second = actions.give_office(by=None, person=another, slug="administrator")
    actions.end_office(by=viewer_in(second), holding=Holding.objects.get(person=people["administrator"]))
    answer = client.post(f"{GIVE}?office=psw", given_to(people["leader"]))
    assert answer.status_code == 403
    assert not Holding.objects.filter(person=people["leader"], office="psw").exists()
    assert not Holding.objects.filter(person=people["leader"], from_date=date(2099, 12, 1)).exists()


def test_somebody_made_a_delegate_while_a_page_is_open_can_no_longer_sign(client_as, people):
    client = client_as("lead-member")
    assert client.get("/").context["may"]["sign_record"]
    Holding.objects.filter(person=people["lead-member"]).update(as_delegate=True)
    page = client.get("/")
    assert page.context["viewer"].delegate and not page.context["may"]["sign_record"]
    assert "delegate" in text(page)


def test_an_office_that_runs_out_is_gone_the_next_day(client_as, people):
    Holding.objects.filter(person=people["leader"]).update(until=clock.today())
    assert client_as("leader").get("/").status_code == 200
    with clock.frozen_at(clock.now() + DAY):
        assert client_as("leader").get("/").status_code == 403


# --- delegates


@pytest.mark.parametrize("slug", list(offices()))
def test_an_office_is_given_to_a_delegate_exactly_where_its_holder_does_something_in_person(by, people, slug):
    ids = ["X1"] if office(slug).scope in ("service", "team", "own", "assigned", "agency") else []
    person = people["action-owner" if slug != "action-owner" else "lado"]

    def made():
        return actions.give_office(by=by, person=person, slug=slug, scope_ids=ids, as_delegate=True)

    if office(slug).has_delegates:
        assert not viewer_in(made()).capabilities & IN_PERSON
        assert payload_of(ChainEvent.objects.get(action=actions.GAVE_OFFICE)).detail["as"] == "delegate"
    else:
        with pytest.raises(PlainError, match="signs nothing in person"):
            made()


def test_a_delegate_stands_apart_from_the_holder_on_the_page(administrator, by, people):
    actions.give_office(by=by, person=people["action-owner"], slug="lead-member", as_delegate=True)
    row = next(one for one in administrator.get("/access/offices/").context["page"].rows
               if one.told.office.slug == "lead-member")  # fmt: skip
    assert [one.holding.person.name for one in row.holders] == ["Person lead-member"]
    assert [one.holding.person.name for one in row.delegates] == ["Person action-owner"]


def test_an_office_with_delegates_alone_is_held_by_nobody(administrator, by, people):
    actions.give_office(by=by, person=people["action-owner"], slug="lead-member", as_delegate=True)
    actions.end_office(by=by, holding=Holding.objects.get(person=people["lead-member"]))
    assert "One of 20 offices is held by nobody" in text(administrator.get("/access/offices/"))


# --- never oneself


def test_the_check_and_its_twin_agree_on_who_may_give_to_whom(viewer_as, people):
    for slug in offices():
        for person in people.values():
            allowed = slug == "administrator" and person != people["administrator"]
            assert permissions.may_manage(viewer_as(slug), person) is allowed


def test_an_administrator_gives_nothing_to_a_second_account_of_their_own_mailbox(by, people):
    people["leader"].email = "administrator+two@northmere.example"
    people["leader"].save()
    with pytest.raises(Refused, match="your own e-mail address"):
        actions.give_office(by=by, person=people["leader"], slug="dcs")
    with pytest.raises(Refused):
        actions.end_office(by=by, holding=Holding.objects.get(person=people["leader"]))


def test_the_administrators_own_office_has_no_page_to_end_it(administrator, people):
    own = Holding.objects.get(person=people["administrator"])
    for answer in (administrator.get(f"/access/offices/{own.pk}/end/"),
                   administrator.post(f"/access/offices/{own.pk}/end/")):  # fmt: skip
        assert answer.status_code == 403
    own.refresh_from_db()
    assert own.until is None


@pytest.mark.parametrize(("held", "wanted"), [("administrator", "information-governance"),
                                              ("information-governance", "administrator")])  # fmt: skip
def test_nobody_gives_offices_and_watches_the_log_in_the_same_days(people, held, wanted):
    with pytest.raises(PlainError, match="does not also watch the log"):
        actions.give_office(by=None, person=people[held], slug=wanted)
    Holding.objects.filter(person=people[held]).update(until=clock.today() - DAY)
    assert actions.give_office(by=None, person=people[held], slug=wanted).pk


# --- the chain, and the command line


def test_every_act_is_one_event_that_says_who_what_and_for_whom(by, people):
    began = ChainEvent.objects.count()
    holding = actions.give_office(by=by, person=people["leader"], slug="psw", from_date=date(2099, 1, 1))
    actions.end_office(by=by, holding=holding)
    events = list(ChainEvent.objects.order_by("sequence"))[began:]
    assert [(one.actor, one.action, one.subject) for one in events] == [
        ("p-administrator", actions.GAVE_OFFICE, "psw"),
        ("p-administrator", actions.ENDED_OFFICE, "psw"),
    ]
    assert payload_of(events[0]).detail == {
        "to": "p-leader", "scope": "authority", "ids": [], "from": "2099-01-01", "until": "", "as": "holder",
    }  # fmt: skip


def test_an_act_whose_event_cannot_be_written_is_not_done(by, people, monkeypatch):
    from django.db import DatabaseError

    from lineofsight.web.access.chain import LogUnavailable

    def broken(self, *given, **more):
        raise DatabaseError

    monkeypatch.setattr(ChainEvent, "save", broken)
    with pytest.raises(LogUnavailable):
        actions.give_office(by=by, person=people["leader"], slug="psw")
    with pytest.raises(LogUnavailable):
        actions.end_office(by=by, holding=Holding.objects.get(person=people["leader"]))
    assert not Holding.objects.filter(person=people["leader"], office="psw").exists()
    assert Holding.objects.get(person=people["leader"]).until is None


def test_somebody_who_has_left_holds_nothing_now_or_later_and_cannot_sign_in(client_as, people):
    client = client_as("leader")
    actions.give_office(by=None, person=people["leader"], slug="psw", from_date=clock.today() + 5 * DAY)
    actions.dismiss(email=" LEADER@northmere.example", by="console")
    assert client.get("/").status_code == 302
    for day in (clock.today(), clock.today() + 5 * DAY):
        assert not Holding.objects.in_force(day).filter(person=people["leader"]).exists()
    assert ChainEvent.objects.filter(action=actions.ENDED_OFFICE, actor="console").count() == 2
    assert ChainEvent.objects.get(action=actions.LEFT).subject == "p-leader"
    with pytest.raises(PlainError, match="Nobody here"):
        actions.dismiss(email="nobody@northmere.example", by="console")


def test_the_page_of_offices_keeps_within_twenty_queries(administrator, registry, django_assert_max_num_queries):
    administrator.get("/access/offices/")
    with django_assert_max_num_queries(20):
        assert administrator.get("/access/offices/").status_code == 200


def test_the_command_line_lists_everybody_with_what_they_hold_today(by, people):
    actions.give_office(by=by, person=people["action-owner"], slug="lead-member", as_delegate=True)
    actions.end_office(by=by, holding=Holding.objects.get(person=people["leader"]))
    lines = queries.people_in_lines()
    assert "p-dcs\tPerson dcs\tdcs@northmere.example\tdcs" in lines
    assert "p-leader\tPerson leader\tleader@northmere.example\tno office" in lines
    assert [line.split("\t")[3] for line in lines if line.startswith("p-action-owner")] == [
        "action-owner",
        "lead-member (delegate)",
    ]


def test_ones_own_offices_are_told_without_a_way_to_end_them(by, people):
    own, _ = queries.holdings_of(by, people["administrator"])
    others, _ = queries.holdings_of(by, people["dcs"])
    assert [one.may_end for one in own] == [False] and [one.may_end for one in others] == [True]


@pytest.mark.parametrize(("key", "email"), [("p-dcs", "new@northmere.example"), ("p-new", " DCS@northmere.example ")])
def test_nobody_is_added_twice_by_key_or_by_address(by, people, key, email):
    with pytest.raises(PlainError, match="already here"):
        actions.add_person(by=by, key=key, name="New", email=email)
    assert Person.objects.count() == len(people)


def test_an_office_may_be_given_for_one_day(by, people):
    day = clock.today() + DAY
    assert actions.give_office(by=by, person=people["scrutiny"], slug="analyst", from_date=day, until=day).until == day


def test_whoever_watches_the_log_may_hold_any_other_office_that_gives_none(by, people):
    assert actions.give_office(by=by, person=people["information-governance"], slug="scrutiny").pk
    assert actions.give_office(by=None, person=people["administrator"], slug="scrutiny").pk
