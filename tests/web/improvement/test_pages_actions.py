"""The pages of actions: the list, one action and its forms, by office; what they refuse, and that nothing is lost."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.improvement.conftest import TODAY
from tests.web.improvement.reading_pages import mark_in, of, text

from lineofsight import clock
from lineofsight.web.access.models import Person
from lineofsight.web.improvement.actions import progress
from lineofsight.web.improvement.models import Action, ActionOwner, Rating, Update
from lineofsight.web.improvement.models.words import written
from lineofsight.web.improvement.permissions import NOT_CLEARED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people", "mid_november")]

WORDS = "See that supervision is held every month."
SAYING = {"words": "The rota is in place & kept.", "said": "on-track", "as_at": "11 November 2026"}
LISTS = ("/actions/", "/actions/exceptions/", "/actions/ask/", "/actions/clear/", "/actions/mine/")
FORMS = ("say", "colour", "rule", "mitigation", "owners", "deadline", "finding", "measure", "proof", "close", "reopen")


@pytest.mark.parametrize(
    ("office", "seen"),
    [
        ("dcs", (200, 200, 200, 200, 200)),
        ("qa-manager", (200, 200, 200, 200, 200)),
        ("partnership-manager", (200, 200, 200, 403, 200)),
        ("lead-member", (200, 200, 403, 403, 403)),
        ("head-of-service", (200, 200, 403, 403, 200)),
        ("action-owner", (302, 403, 403, 403, 200)),
        ("information-governance", (403, 403, 403, 403, 403)),
    ],
)
def test_each_office_opens_the_lists_that_are_its_own(client_as, make_action, office, seen):
    make_action()
    client = client_as(office)
    assert tuple(client.get(address).status_code for address in LISTS) == seen


@pytest.mark.parametrize(
    ("office", "opened"),
    [
        ("dcs", FORMS),
        ("qa-manager", FORMS),
        ("partnership-manager", ("say", "mitigation", "finding", "measure", "proof")),
        ("lead-member", ()),
        ("head-of-service", ()),
        ("action-owner", ("say", "mitigation")),
    ],
)
def test_each_office_opens_the_forms_of_what_it_may_do(client_as, make_action, office, opened):
    action, client = make_action(), client_as(office)
    found = [page for page in FORMS if client.get(of(action, f"{page}/")).status_code == 200]
    assert found == list(opened)
    refused = {client.get(of(action, f"{page}/")).status_code for page in FORMS if page not in opened}
    assert refused <= {403}
    page = client.get(of(action)).content.decode()
    offered = [page_of for page_of in FORMS if of(action, f"{page_of}/") in page]
    assert set(offered) <= set(opened)


def test_an_owner_sees_no_page_of_anothers_action(client_as, make_action):
    other = make_action(owned_by="head-of-service")
    client = client_as("action-owner")
    assert {client.get(of(other, page)).status_code for page in ("", "say/", "mitigation/")} == {404}
    assert client.post(of(other, "say/"), SAYING).status_code == 404 and not Update.objects.exists()


def test_the_list_says_the_answer_first_and_its_exceptions_are_links(client_as, make_action):
    make_action(deadline_on=date(2026, 9, 1))
    make_action(said="on-track", heard_on=TODAY)
    page = client_as("dcs").get("/actions/")
    assert "2 actions: 1 green, none amber, 1 red. One is past its deadline and not green." in text(page)
    assert "1 Past its deadline and not green" in text(page) and 'href="?kind=late"' in page.content.decode()
    late = client_as("dcs").get("/actions/?kind=late")
    assert [row.line.number for row in late.context["found"].rows] == [1]
    assert "No action fits what was asked for." in text(client_as("dcs").get("/actions/?owner=99999"))


def test_a_head_of_service_sees_every_action_and_their_own_first(client_as, make_action):
    make_action()
    make_action(owned_by="head-of-service", words="Hold the second meeting.")
    page = client_as("head-of-service").get("/actions/")
    assert [row.line.number for row in page.context["found"].rows] == [2, 1]
    assert text(page).count("You answer for this.") == 1


def test_an_office_that_owns_no_action_is_never_told_that_it_does(client_as, make_action):
    make_action(owned_by="lead-member")
    assert "You answer for this." not in text(client_as("lead-member").get("/actions/"))


@pytest.mark.parametrize("query", ["plan=x", "on=31-10-2026", "on=20261031", "page=0", "page=one", "page=9999999999"])
def test_an_address_that_makes_no_sense_is_no_page(client_as, query):
    assert client_as("dcs").get(f"/actions/?{query}").status_code == 404


def test_a_day_to_come_is_refused_in_plain_words(client_as):
    page = client_as("dcs").get(f"/actions/?on={TODAY + timedelta(days=1)}")
    assert page.status_code == 409 and "How things stand on a day to come is not known." in text(page)


def test_an_empty_list_says_why_and_what_next(client_as):
    assert "Load the table of a plan" in text(client_as("dcs").get("/actions/"))
    assert "once somebody who keeps the plans" in text(client_as("lead-member").get("/actions/"))
    assert "No open action has your name on it." in text(client_as("action-owner").get("/actions/mine/"))
    assert "There are no actions yet." in text(client_as("dcs").get("/actions/exceptions/"))
    assert "Nobody is to be asked for word now." in text(client_as("dcs").get("/actions/ask/"))
    assert "Nothing waits to be read again." in text(client_as("dcs").get("/actions/clear/"))


def test_words_are_shown_to_the_lead_member_only_when_somebody_has_cleared_them(client_as, make_action):
    action = make_action()
    member, director = client_as("lead-member"), client_as("dcs")
    for address in ("/actions/", of(action), "/actions/exceptions/"):
        assert WORDS not in text(member.get(address))
    assert NOT_CLEARED in text(member.get(of(action)))
    waiting = director.get("/actions/clear/").context["found"].texts
    ticked = [f"{one.kind}|{one.key}|{one.mark}" for one in waiting if one.kind == "action"]
    page = director.post(f"/actions/clear/?action={action.pk}", {"read": ticked}, follow=True)
    assert "What you read is cleared" in text(page)
    assert all(WORDS in text(member.get(address)) for address in ("/actions/", of(action)))


def test_what_was_cleared_is_taken_back_on_the_same_page(client_as, make_action):
    action = make_action()
    member, director = client_as("lead-member"), client_as("dcs")
    waiting = director.get("/actions/clear/").context["found"].texts
    assert "Nothing was cleared yet." in text(director.get(f"/actions/clear/?show=cleared&action={action.pk}"))
    director.post("/actions/clear/", {"read": [f"{one.kind}|{one.key}|{one.mark}" for one in waiting]})
    page = director.get(f"/actions/clear/?show=cleared&action={action.pk}")
    (cleared,) = (one for one in page.context["lately"] if one.kind == "action")
    assert WORDS in text(page) and "Cleared by Person dcs, 12 November 2026" in text(page)
    back = {"back": f"{cleared.kind}|{cleared.key}|"}
    assert "It is taken back" in text(director.post("/actions/clear/", back, follow=True))
    assert NOT_CLEARED in text(member.get(of(action))) and WORDS not in text(member.get("/actions/"))
    again = director.post("/actions/clear/", back)
    assert again.status_code == 200 and "These words are not cleared." in text(again)
    assert "These words are not there." in text(director.post("/actions/clear/", {"back": "x|y|"}))


def test_one_text_that_changed_clears_none_and_the_others_stay_ticked(client_as, make_action):
    make_action()
    make_action(words="Send the notes.")
    client = client_as("dcs")
    boxes = [box for _, box, _ in client.get("/actions/clear/").context["boxes"]]
    page = client.post("/actions/clear/", {"read": [boxes[0], boxes[1] + "x"]})
    assert "Somebody else has changed this since you read it." in text(page)
    assert [ticked for _, _, ticked in page.context["boxes"]] == [True, False]
    assert not Action.objects.exclude(cleared_at=None).exists()


@pytest.mark.parametrize("read", [[], ["nonsense"], ["action|x|y"], ["action|%s|y"], ["update|" + "9" * 40 + "|y"]])
def test_what_was_not_read_is_not_cleared_and_it_says_so(client_as, make_action, read):
    action = make_action()
    page = client_as("dcs").post("/actions/clear/", {"read": [one.replace("%s", str(action.pk)) for one in read]})
    assert page.status_code == 200 and "There is a problem" in text(page) and WORDS in text(page)
    assert Action.objects.get().cleared_at is None


def test_the_page_of_an_action_says_its_colour_and_what_the_rule_gives(client_as, make_action, director):
    action = make_action(deadline_on=date(2026, 9, 1), rag="green", set_by="plan")
    page = text(client_as("dcs").get(of(action)))
    assert "Green, as the plan’s table had it. By the rule it is red: its deadline has passed" in page
    assert "“within 6 months”" in page and "1 September 2026" in page
    assert "It is late, and nobody has said yet what is being done meanwhile." in page
    assert "Nobody has called for proof yet." in page and "Nobody has said yet how it is going." in page


def test_the_colours_stand_as_a_table_and_as_a_row_of_marks_that_is_read_aloud(
    client_as, make_action, on_day, director
):
    with on_day(date(2026, 10, 1)):
        action = make_action()
    progress.set_colour(by=director, action=action, colour="red", why="It has not begun.")
    page = client_as("dcs").get(of(action))
    assert 'aria-label="amber from 1 October 2026, red from 12 November 2026"' in page.content.decode()
    assert "Red, as a person set it. By the rule it was amber. It has not begun." in text(page)


def test_an_owner_says_in_one_box_how_it_goes_and_comes_back_to_their_actions(client_as, make_action):
    action, client = make_action(), client_as("action-owner")
    assert WORDS in text(client.get(of(action, "say/")))
    page = client.post(of(action, "say/"), SAYING, follow=True)
    assert page.redirect_chain[-1][0] == "/actions/mine/" and "Thank you." in text(page)
    made = Update.objects.get()
    assert (made.words, made.said, made.as_at) == (SAYING["words"], "on-track", date(2026, 11, 11))
    assert "The rota is in place & kept." in text(client.get(of(action)))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"words": "  "}, "Say in your words how it is going."),
        ({"said": ""}, "Say whether it is on track"),
        ({"said": "purple"}, "Select a valid choice"),
        ({"as_at": "13 November 2026"}, "the day cannot be in the future"),
        ({"as_at": "31 November 2026"}, "Enter a real date"),
        ({"words": "x" * 10_001}, "at most 10000 characters"),
    ],
)
def test_what_is_wrong_with_a_word_is_said_and_nothing_typed_is_lost(client_as, make_action, changes, said):
    action = make_action()
    page = client_as("action-owner").post(of(action, "say/"), {**SAYING, **changes})
    assert page.status_code == 200 and said in text(page) and not Update.objects.exists()
    assert "The rota is in place &amp; kept." in page.content.decode() or "words" in changes


def test_markup_that_is_typed_is_shown_as_it_was_typed(client_as, make_action):
    action = make_action(words="<script>alert(1)</script>")
    client_as("action-owner").post(of(action, "say/"), {**SAYING, "words": "<img src=x onerror=1>{{ 7 }}"})
    for client in (client_as("dcs"), client_as("action-owner")):
        page = client.get(of(action)).content.decode()
        assert "<img src=x" not in page and "&lt;img src=x onerror=1&gt;{{ 7 }}" in page
    for address in ("/actions/", "/actions/exceptions/", "/actions/clear/"):
        assert "<script>alert" not in client_as("dcs").get(address).content.decode()


def test_my_actions_have_a_box_for_each_of_which_word_is_due(client_as, make_action):
    make_action(deadline_on=date(2026, 11, 20))
    make_action(words="Send the notes.", deadline_on=date(2026, 9, 1))
    make_action(words="Not due.", said="on-track", heard_on=TODAY)
    make_action(words="Somebody else’s.", owned_by="head-of-service")
    page = client_as("action-owner").get("/actions/mine/")
    html = page.content.decode()
    assert "You answer for three actions. Word is due of two." in text(page)
    assert html.count("<textarea") == 2 and "Somebody else’s" not in html
    ids = re.findall(r'\bid="((?:id_|due-)[^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_a_colour_is_set_with_its_reason_and_the_rule_decides_again(client_as, make_action):
    action, client = make_action(), client_as("qa-manager")
    page = client.post(of(action, "colour/"), {"colour": "red", "why": ""})
    assert "Say why." in text(page) and Action.objects.get().set_by == "rule"
    client.post(of(action, "colour/"), {"colour": "red", "why": "Nothing has begun."})
    assert (Action.objects.get().rag, Action.objects.get().set_by) == ("red", "person")
    client.post(of(action, "rule/"), {"why": ""})
    assert (Action.objects.get().rag, Action.objects.get().set_by) == ("amber", "rule")
    assert "The rule decides already." in text(client.post(of(action, "rule/"), {"why": "Typed."}))


def test_what_is_done_meanwhile_stands_on_the_page(client_as, make_action):
    action = make_action(deadline_on=date(2026, 9, 1))
    client_as("action-owner").post(of(action, "mitigation/"), {"words": "Agency staff cover it."})
    assert "Agency staff cover it." in text(client_as("dcs").get(of(action)))
    assert "Agency staff cover it." not in text(client_as("information-governance").get(of(action)))


def test_owners_are_named_taken_out_and_said_to_be_somebody_here(client_as, make_action):
    action, client = make_action(owned_by=None, cleared_at=clock.now()), client_as("partnership-manager")
    page = client.get(of(action, "owners/"))
    rows = {"name_1": "Ada Brook", "post_1": "Midwifery", "person_1": "p-head-of-service", "name_2": "Ben Ash"}
    client.post(of(action, "owners/"), {**rows, "mark": mark_in(page)})
    standing = ActionOwner.objects.filter(left_on=None).order_by("place")
    assert [(one.name, one.post, one.person and one.person.key) for one in standing] == [
        ("Ada Brook", "Midwifery", "p-head-of-service"),
        ("Ben Ash", "", None),
    ]
    assert "Owner changed from" in Update.objects.get().words
    assert client_as("head-of-service").get(of(action, "say/")).status_code == 200


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({"name_1": ""}, "Say who answers for it."),
        ({"name_1": "Ada", "person_1": "p-nobody"}, "Choose a person who has an account here."),
        ({"name_1": "Ada", "name_2": "Ada"}, "Name each owner once."),
    ],
)
def test_owners_that_cannot_be_are_refused_and_what_was_typed_stays(client_as, make_action, rows, said):
    action, client = make_action(), client_as("dcs")
    mark = mark_in(client.get(of(action, "owners/")))
    page = client.post(of(action, "owners/"), {**rows, "why": "She has left.", "mark": mark})
    assert said in text(page) and "She has left." in text(page)
    assert ActionOwner.objects.get().name == "Person action-owner"


def test_who_sends_second_is_told_that_it_has_changed_and_reads_what_it_says_now(client_as, make_action):
    action = make_action()
    client = client_as("dcs")
    mark = mark_in(client.get(of(action, "deadline/")))
    moved = {"deadline": "within 3 months", "why": "It cannot wait.", "mark": mark}
    assert client.post(of(action, "deadline/"), moved).status_code == 302
    page = client.post(of(action, "deadline/"), {**moved, "deadline": "31 December 2026"})
    assert "Somebody else has changed this since you read it." in text(page)
    assert "31 December 2026" in page.content.decode() and "Deadline “within 3 months”" in text(page)
    assert Action.objects.get().deadline_on == date(2026, 10, 28)


def test_a_deadline_moves_only_with_a_reason(client_as, make_action):
    action, client = make_action(), client_as("dcs")
    mark = mark_in(client.get(of(action, "deadline/")))
    page = client.post(of(action, "deadline/"), {"deadline": "within 3 months", "mark": mark})
    assert "Say why the deadline is another now." in text(page) and not Update.objects.exists()


def test_a_measure_is_set_and_one_that_makes_no_sense_is_refused(client_as, make_action):
    action, client = make_action(), client_as("dcs")
    given = {"measure": "CP08", "baseline": "41", "baseline_on": "1 June 2026", "target": "90"}
    assert "a number, like 90" in text(client.post(of(action, "measure/"), {**given, "target": "nan"}))
    page = client.post(of(action, "measure/"), {**given, "target": "140"})
    assert "A percentage is 100 at most." in text(page) and 'value="41"' in page.content.decode()
    assert client.post(of(action, "measure/"), given).status_code == 302
    assert (Action.objects.get().baseline, Action.objects.get().target) == (41, 90)
    assert "How close it is" in text(client.get(of(action))) and "the target is 90" in text(client.get(of(action)))


def test_what_is_not_there_is_no_page_to_anybody(client_as):
    for office in ("dcs", "action-owner"):
        assert client_as(office).get(f"/actions/{uuid4()}/").status_code == 404


def test_a_page_that_changes_something_is_not_changed_by_reading_it(client_as, make_action):
    action, client = make_action(), client_as("dcs")
    for page in FORMS:
        assert client.get(of(action, f"{page}/")).status_code == 200
        assert client.put(of(action, f"{page}/")).status_code == 405
    assert not Update.objects.exists() and Rating.objects.count() == 1


@pytest.fixture
def two_thousand(director, plan, people):
    """Two thousand actions of one plan, each with an owner and words, many late."""
    owner, now = Person.objects.get(key="p-action-owner"), clock.now()
    Action.objects.bulk_create(
        Action(
            plan=plan,
            number=number,
            responsible=f"Owner {number % 40}",
            deadline_kind="date",
            deadline_on=TODAY + timedelta(days=number % 200 - 100),
            rag="amber",
            measure="CP08" if number % 3 else "",
            **written(director, now, f"Do the thing numbered {number}."),
        )
        for number in range(1, 2001)
    )
    ActionOwner.objects.bulk_create(
        ActionOwner(action=one, place=1, name=one.responsible, person=owner if one.number % 100 == 0 else None)
        for one in Action.objects.defer("words")
    )


@pytest.mark.usefixtures("two_thousand")
def test_two_thousand_actions_leave_every_list_under_twenty_queries(client_as):
    director, owner = client_as("dcs"), client_as("action-owner")
    asked = {}
    for client, address in [
        *((director, one) for one in LISTS),
        (owner, "/actions/mine/"),
        (owner, of(Action.objects.get(number=100))),
        (director, of(Action.objects.get(number=1))),
        (director, "/actions/?page=5"),
        (director, "/actions/clear/?show=cleared"),
    ]:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        asked[address] = sum("session" not in one["sql"] for one in queries)
    assert max(asked.values()) <= 20, asked
