"""The pages of findings: the list, one finding and its forms, by office; the same again; what they refuse."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.improvement.conftest import PUBLISHED, TODAY
from tests.web.improvement.reading_pages import text

from lineofsight.web.improvement.actions import findings as writers
from lineofsight.web.improvement.models import Action, Finding, FindingTurn, NotRepeat, Recommendation
from lineofsight.web.improvement.permissions import NOT_CLEARED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people", "mid_november")]

WORDS = "Supervision was late and said little."
FOUND = {
    "source": "visit",
    "title": "Notes came late",
    "words": "Two of three notes came a month late.",
    "found_on": "2 November 2026",
}
FORMS = ("recommend", "theme", "close", "reopen")


def of(finding, page=""):
    return f"/findings/{finding.pk}/{page}"


@pytest.fixture
def closed(make_finding):
    """An earlier finding on supervision that was closed."""
    found = make_finding(title="Late supervision", found_on=date(2026, 1, 5), theme="supervision")
    Finding.objects.filter(pk=found.pk).update(closed_on=date(2026, 6, 1))
    return Finding.objects.get(pk=found.pk)


@pytest.mark.parametrize(
    ("office", "reads", "writes", "judges"),
    [
        ("dcs", 200, 200, 200),
        ("qa-manager", 200, 200, 200),
        ("partnership-manager", 200, 200, 403),
        ("lead-member", 200, 403, 403),
        ("head-of-service", 200, 403, 403),
        ("action-owner", 403, 403, 403),
    ],
)
def test_each_office_opens_what_it_may_and_is_offered_no_more(client_as, make_finding, office, reads, writes, judges):
    finding, client = make_finding(), client_as(office)
    assert [client.get(address).status_code for address in ("/findings/", of(finding))] == [reads, reads]
    new = [client.get(address).status_code for address in ("/findings/new/", of(finding, "recommend/"))]
    assert [*new, client.get(of(finding, "theme/")).status_code] == [writes] * 3
    assert [client.get(of(finding, page)).status_code for page in ("close/", "reopen/")] == [judges] * 2
    page = client.get(of(finding)).content.decode()
    assert (of(finding, "recommend/") in page) == (writes == 200)
    assert (of(finding, "close/") in page) == (judges == 200)


def test_the_list_says_the_answer_first_and_is_narrowed_by_its_address(client_as, make_finding, closed):
    make_finding()
    client = client_as("lead-member")
    page = client.get("/findings/")
    assert "One finding is open; none had been closed before." in text(page)
    assert [one.title for one in client.get("/findings/?state=closed").context["found"].lines] == [
        "A finding of an inspection, 5 January 2026"
    ]
    seen = client_as("dcs").get("/findings/?state=closed").context["found"].lines
    assert [one.title for one in seen] == ["Late supervision"]
    assert "No finding fits what was asked for." in text(client.get("/findings/?source=visit"))
    assert "no confirmed theme" in text(page)


@pytest.mark.parametrize("query", ["state=x", "source=x", "theme=x", "page=0", "page=2", "page=x"])
def test_an_address_that_makes_no_sense_is_no_page(client_as, query):
    assert client_as("dcs").get(f"/findings/?{query}").status_code == 404


def test_an_empty_list_says_why_and_what_next(client_as):
    assert "Write down what an inspection" in text(client_as("dcs").get("/findings/"))
    assert "once somebody who keeps the plans" in text(client_as("lead-member").get("/findings/"))


def test_a_finding_is_written_down_and_shown(client_as):
    page = client_as("qa-manager").post("/findings/new/", FOUND, follow=True)
    made = Finding.objects.get()
    assert page.redirect_chain[-1][0] == of(made) and "The finding is written down." in text(page)
    assert "Open: nothing is being done about it yet." in text(page) and FOUND["words"] in text(page)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"source": "gossip"}, "Select a valid choice"),
        ({"title": " "}, "Say in one line what was found."),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"words": ""}, "Say what was found."),
        ({"words": "..."}, "Say what was found."),
        ({"found_on": "13 November 2026"}, "What was found was found today or before."),
        ({"found_on": "31/11/2026"}, "Enter a real date"),
    ],
)
def test_what_is_wrong_with_a_finding_is_said_and_nothing_typed_is_lost(client_as, changes, said):
    page = client_as("dcs").post("/findings/new/", {**FOUND, **changes})
    assert page.status_code == 200 and said in text(page) and not Finding.objects.exists()
    assert FOUND["words"] in text(page) or "words" in changes


def test_a_finding_that_came_out_of_another_page_says_so_and_what_cannot_be_seen_is_refused(client_as, make_finding):
    first, client = make_finding(title="The first"), client_as("dcs")
    assert "It came out of: The first" in text(client.get(f"/findings/new/?kind=finding&key={first.pk}"))
    page = client.post(f"/findings/new/?kind=finding&key={first.pk}", FOUND, follow=True)
    assert "It came out of: The first" in text(page)
    refused = client.post(f"/findings/new/?kind=finding&key={uuid4()}", FOUND)
    assert "cannot be found" in text(refused) and FOUND["words"] in text(refused) and Finding.objects.count() == 2


def test_words_are_shown_to_the_lead_member_only_when_somebody_has_read_and_cleared_them(client_as, make_finding):
    finding = make_finding()
    member, director = client_as("lead-member"), client_as("dcs")
    assert WORDS not in text(member.get(of(finding))) and NOT_CLEARED in text(member.get(of(finding)))
    shown = director.get(of(finding))
    read = re.findall(r'name="read" value="([^"]+)"', shown.content.decode())
    assert len(read) == 1 and b'name="read"' not in member.get(of(finding)).content
    page = director.post("/actions/clear/", {"read": read, "finding": finding.pk}, follow=True)
    assert page.redirect_chain[-1][0] == of(finding)
    assert WORDS in text(member.get(of(finding)))


def test_a_theme_is_suggested_with_why_and_confirmed_with_one_press(client_as, make_finding):
    finding, client = make_finding(), client_as("dcs")
    page = client.get(of(finding))
    assert "because of: supervision" in text(page).lower()
    assert Finding.objects.get().theme == ""
    chosen = re.search(r'name="theme" value="([^"]+)"', page.content.decode())[1]
    after = client.post(of(finding, "theme/"), {"theme": chosen}, follow=True)
    assert "confirmed by Person dcs on 12 November 2026" in text(after) and Finding.objects.get().theme == chosen
    assert b'name="theme"' not in client_as("lead-member").get(of(finding)).content


def test_a_theme_that_is_none_is_refused(client_as, make_finding):
    page = client_as("dcs").post(of(make_finding(), "theme/"), {"theme": "weather"})
    assert "Choose a theme from the list." in text(page) and Finding.objects.get().theme == ""


def test_what_it_may_repeat_stands_beside_it_and_one_press_says_it_is_the_same_again(
    client_as, make_finding, make_action, closed
):
    done = make_action(finding=closed, rag="green", closed_on=date(2026, 6, 1))
    later = make_finding(theme="supervision", found_on=date(2026, 11, 2))
    page = client_as("dcs").get(of(later))
    assert "One earlier finding that was closed is like this one." in text(page)
    assert text(page).count(WORDS) == 3 and "both" in text(page)
    assert "It is the same again" not in text(client_as("partnership-manager").get(of(later)))
    after = client_as("dcs").post(of(later, "repeats/"), {"earlier": closed.pk, "answer": "repeats"}, follow=True)
    assert "The same again. It was found before: Late supervision" in text(after)
    assert (Action.objects.get(pk=done.pk).rag, Action.objects.get(pk=done.pk).closed_on) == ("red", None)
    assert "It came back" in text(client_as("dcs").get(of(closed)))


def test_what_is_not_the_same_again_is_not_asked_anew(client_as, make_finding, closed):
    later = make_finding(theme="supervision", found_on=date(2026, 11, 2))
    client_as("dcs").post(of(later, "repeats/"), {"earlier": closed.pk, "answer": "does-not"})
    assert NotRepeat.objects.count() == 1
    assert "Is it the same again?" not in text(client_as("dcs").get(of(later)))


@pytest.mark.parametrize("sent", [{"answer": "perhaps"}, {}, {"answer": "repeats", "earlier": "itself"}])
def test_an_answer_that_cannot_be_is_said_on_the_page_and_changes_nothing(client_as, make_finding, closed, sent):
    later = make_finding(theme="supervision", found_on=date(2026, 11, 2))
    told = {"earlier": closed.pk, **sent}
    told["earlier"] = later.pk if sent.get("earlier") else told["earlier"]
    page = client_as("dcs").post(of(later, "repeats/"), told)
    assert page.status_code == 200 and "There is a problem" in text(page)
    assert Finding.objects.get(pk=later.pk).repeats is None


def test_who_judges_nothing_says_nothing_of_the_two(client_as, make_finding, closed):
    later = make_finding(theme="supervision", found_on=date(2026, 11, 2))
    for answer in ("repeats", "does-not", "perhaps"):
        page = client_as("partnership-manager").post(of(later, "repeats/"), {"earlier": closed.pk, "answer": answer})
        assert page.status_code == 403
    assert Finding.objects.get(pk=later.pk).repeats is None and not NotRepeat.objects.exists()


@pytest.mark.parametrize("earlier", ["", "x", "5f0c1d4e-8a51-4d5b-9a5e-6c0f6f0a7b11"])
def test_an_earlier_finding_that_is_not_there_is_no_page(client_as, make_finding, earlier):
    later = make_finding()
    page = client_as("dcs").post(of(later, "repeats/"), {"earlier": earlier, "answer": "repeats"})
    assert page.status_code == 404
    assert client_as("dcs").get(of(later, "repeats/")).status_code == 405


def test_what_should_change_is_added_and_one_in_the_future_is_refused(client_as, make_finding):
    finding, client = make_finding(), client_as("partnership-manager")
    given = {"words": "Hold it monthly.", "made_by": "The board", "made_on": "13 November 2026"}
    page = client.post(of(finding, "recommend/"), given)
    assert "today or before" in text(page) and "Hold it monthly." in text(page) and not Recommendation.objects.exists()
    client.post(of(finding, "recommend/"), {**given, "made_on": "2 November 2026"})
    assert "The board, 2 November 2026 Hold it monthly." in text(client_as("lead-member").get(of(finding)))


def test_a_finding_is_not_closed_while_an_action_of_it_is_open_and_is_opened_again_with_a_reason(
    client_as, make_finding, make_action
):
    finding, client = make_finding(), client_as("dcs")
    make_action(finding=finding)
    given = {"words": "Each child was seen."}
    page = client.post(of(finding, "close/"), given)
    assert "close it on proof first" in text(page) and given["words"] in text(page)
    assert of(finding, "close/") not in client.get(of(finding)).content.decode()
    Action.objects.update(closed_on=TODAY)
    assert "Closed on 12 November 2026." in text(client.post(of(finding, "close/"), given, follow=True))
    assert "Say why it is opened again." in text(client.post(of(finding, "reopen/"), {"why": ""}))
    page = client.post(of(finding, "reopen/"), {"why": "A visit found it."}, follow=True)
    assert "Open, and it had been closed before" in text(page) and "Opened again on 12 November 2026" in text(page)
    assert FindingTurn.objects.count() == 2


def test_its_actions_stand_with_their_colours_and_a_way_to_add_one(client_as, make_finding, make_action, plan):
    finding = make_finding()
    make_action(finding=finding, deadline_on=date(2026, 9, 1))
    page = client_as("dcs").get(of(finding))
    assert "Its deadline has passed and it is not closed." in text(page)
    assert f"/plans/{plan.pk}/actions/new/?finding={finding.pk}" in page.content.decode()
    member = client_as("lead-member").get(of(finding))
    assert "Action 1 of “What the inspection asked of us”" in text(member) and b"/actions/new/" not in member.content


def test_an_action_says_which_recommendation_it_answers(client_as, make_finding, plan):
    finding, client = make_finding(), client_as("dcs")
    address = f"/plans/{plan.pk}/actions/new/?finding={finding.pk}"
    assert "Which recommendation" not in text(client.get(address))
    for words in ("Hold supervision monthly.", "Write down what it decides."):
        advice = {"words": words, "made_by": "The inspectorate", "made_on": "28 July 2026"}
        client.post(of(finding, "recommend/"), advice)
    second = finding.recommendations.get(pk=max(one.pk for one in finding.recommendations.all()))
    assert "The inspectorate, 28 July 2026: Write down what it decides." in text(client.get(address))
    given = {"words": "A form for it.", "owners": "Ada Brook", "deadline": "within 3 months"}
    refused = client.post(address, {**given, "recommendation": "999999"})
    assert refused.status_code == 200 and "A form for it." in text(refused)
    client.post(address, {**given, "recommendation": second.pk})
    client.post(address, {**given, "recommendation": ""})
    assert [one.recommendation for one in Action.objects.order_by("number")] == [second, None]
    assert {one.finding for one in Action.objects.all()} == {finding}


def test_what_was_recommended_and_may_not_be_read_is_not_offered(client_as, make_finding, plan):
    finding = make_finding()
    advice = {"words": "See Anna Ash.", "made_by": "The inspectorate", "made_on": "28 July 2026"}
    client_as("dcs").post(of(finding, "recommend/"), advice)
    page = client_as("partnership-manager").get(f"/plans/{plan.pk}/actions/new/?finding={finding.pk}")
    assert page.status_code == 200 and "Which recommendation" not in text(page) and "Anna" not in text(page)


def test_markup_that_is_typed_is_shown_as_it_was_typed(client_as, make_finding):
    finding = make_finding(title="<b>Title</b>", words="<script>alert(1)</script>")
    for address in ("/findings/", of(finding)):
        page = client_as("dcs").get(address).content.decode()
        assert "<script>alert" not in page and "<b>Title" not in page and "&lt;b&gt;Title" in page


def test_what_is_not_there_is_no_page(client_as):
    for page in ("", "recommend/", "theme/", "close/", "reopen/"):
        assert client_as("dcs").get(f"/findings/{uuid4()}/{page}").status_code == 404


def test_a_page_of_findings_asks_as_little_of_many_as_of_few(client_as, make_finding, make_action, director):
    client = client_as("dcs")
    asked = []
    for size in (3, 40):
        for number in range(size):
            found = make_finding(title=f"Finding {number}", found_on=PUBLISHED + timedelta(days=number % 9))
            if number < 3 or number == 39:
                make_action(finding=found)
        writers.recommend(by=director, finding=found, words="More.", made_by="The board", made_on=TODAY)
        for address in ("/findings/", of(found)):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            asked.append(sum("session" not in one["sql"] for one in queries))
    assert asked[2] <= asked[0] <= 20 and asked[3] <= asked[1] <= 20, asked
