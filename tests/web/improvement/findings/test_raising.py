"""A finding is raised, recommended on, put under a theme, closed and opened again."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.http import Http404
from tests.web.improvement.conftest import TODAY
from tests.web.improvement.findings.conftest import AGAIN, LATE, NAME, last_event

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence.models import Link
from lineofsight.web.evidence.resolvers import Shown
from lineofsight.web.improvement.actions import findings as actions
from lineofsight.web.improvement.models import Action, Finding, FindingTurn, Recommendation
from lineofsight.web.improvement.queries import findings as queries
from lineofsight.web.improvement.queries.one_finding import finding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people", "mid_november")]


# --- raising -------------------------------------------------------------------------------------------------


def test_a_finding_is_written_down_with_who_found_it_and_its_words_are_encrypted(raised):
    made = Finding.objects.get(pk=raised(title=" Supervision \n late ").pk)
    assert (made.title, made.words, made.level, made.office) == ("Supervision late", LATE, "identified", "dcs")
    assert (made.written_by_key, made.written_at, made.cleared) == ("p-dcs", clock.now(), False)
    assert (made.theme, made.closed_on) == ("", None)
    with connection.cursor() as cursor:
        cursor.execute("select * from improvement_finding")
        assert "reflective" not in str(cursor.fetchall())


def test_the_event_of_a_finding_holds_none_of_its_words(raised):
    made = raised(title="A line of Quillfeather", words=AGAIN)
    event = last_event()
    assert (event.action, event.subject) == ("improvement.finding raised", f"finding {made.pk}")
    assert told(event).detail == {"source": "audit", "came_from": ""}
    assert NAME not in str(told(event)) and NAME not in str(event.__dict__)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"source": "rumour"}, "where it was found"),
        ({"source": ""}, "where it was found"),
        ({"title": ""}, "in one line"),
        ({"title": " \n\t "}, "in one line"),
        ({"title": "\u200b\u2060 "}, "in one line"),
        ({"title": "x" * 201}, "at most 200"),
        ({"words": ""}, "Say what was found"),
        ({"words": "   \n "}, "Say what was found"),
        ({"words": "… !"}, "Say what was found"),
        ({"words": "x" * 10_001}, "at most 10,000"),
        ({"words": "a\x00b"}, "cannot be kept"),
        ({"title": "a\x00b"}, "cannot be kept"),
        ({"words": "a\ud800b"}, "cannot be kept"),
        ({"found_on": TODAY + timedelta(days=1)}, "today or before"),
        ({"from_kind": "dragon", "from_key": "1"}, "cannot be found"),
        ({"from_kind": "record", "from_key": ""}, "cannot be found"),
        ({"from_kind": "", "from_key": "1"}, "cannot be found"),
        ({"from_kind": "record", "from_key": "no-uuid"}, "cannot be found"),
    ],
)
def test_what_is_not_right_is_refused_in_one_sentence_and_nothing_is_kept(raised, changes, said):
    before = ChainEvent.objects.count()
    with pytest.raises(PlainError, match=said) as refused:
        raised(**changes)
    assert str(refused.value).count(".") <= 2
    assert not Finding.objects.exists() and not Link.objects.exists() and ChainEvent.objects.count() == before


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", "{{ viewer }} {% now %}", "=cmd|' /C calc'!A0", "x" * 10_000]
)
def test_hostile_words_are_kept_as_they_were_typed(raised, director, words):
    made = raised(words=words, title=words[:200])
    assert finding(director, made.pk).text.words == words


def test_what_a_finding_came_out_of_leads_to_it_in_the_thread(raised, director, monkeypatch):
    monkeypatch.setattr(resolvers, "resolve", lambda viewer, kind, key: Shown(f"{kind} {key}"))
    below = raised(source="exception", from_kind="exceptions", from_key="CP08")
    above = raised(source="visit", from_kind="record", from_key="r1")
    assert [(one.from_kind, one.to_kind, one.relation) for one in Link.objects.all()] == [
        ("finding", "exceptions", "came out of"),
        ("record", "finding", "found"),
    ]
    assert (below.from_key, above.from_key) == ("CP08", "r1")
    assert finding(director, below.pk).came_from.label == "exceptions CP08"


def test_what_the_office_may_not_see_is_nothing_its_finding_came_out_of(raised, viewer_as, monkeypatch):
    monkeypatch.setitem(resolvers._resolvers, "secret", lambda viewer, key: "A" if viewer.office == "dcs" else None)
    assert raised(from_kind="secret", from_key="1").from_key == "1"
    with pytest.raises(PlainError, match="not shown to your office"):
        raised(by=viewer_as("partnership-manager"), from_kind="secret", from_key="1")


# --- recommendations and themes ------------------------------------------------------------------------------


def test_a_recommendation_stands_below_its_finding(director, raised):
    one = raised()
    made = actions.recommend(by=director, finding=one, words="Hold it monthly.", made_by=" The  board ", made_on=TODAY)
    assert (made.finding, made.words, made.made_by) == (one, "Hold it monthly.", "The board")
    assert told(last_event()).detail == {"recommendation": made.pk}
    shown = finding(director, one.pk).recommendations
    assert [(each.text.words, each.made_by, each.made_on) for each in shown] == [
        ("Hold it monthly.", "The board", TODAY)
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"words": " "}, "what should change"),
        ({"made_by": "\n"}, "who recommends"),
        ({"made_by": "x" * 121}, "at most 120"),
        ({"made_on": TODAY + timedelta(days=1)}, "today or before"),
    ],
)
def test_a_recommendation_that_is_not_right_is_refused(director, raised, changes, said):
    given = {"words": "Hold it.", "made_by": "The board", "made_on": TODAY, **changes}
    with pytest.raises(PlainError, match=said):
        actions.recommend(by=director, finding=raised(), **given)
    assert not Recommendation.objects.exists()


def test_nothing_is_recommended_on_a_closed_finding(director, closed):
    with pytest.raises(PlainError, match="is closed"):
        actions.recommend(by=director, finding=closed(), words="Hold it.", made_by="The board", made_on=TODAY)


def test_a_suggestion_is_no_theme_until_a_person_confirms_it(director, raised):
    one = raised()
    page = finding(director, one.pk)
    assert (page.theme, page.suggested[0].theme.slug) == ("", "supervision")
    assert page.suggested[0].why == "because of: supervision, reflective, recorded"
    assert queries.themes_rising(director).lines == []
    actions.confirm_theme(by=director, finding=one, theme="supervision")
    page = finding(director, one.pk)
    assert (page.theme, page.theme_title, page.theme_by) == ("supervision", "Supervision", "Person dcs")
    assert "supervision" not in [each.theme.slug for each in page.suggested]
    assert told(last_event()).detail == {"theme": "supervision", "before": ""}


def test_themes_are_offered_to_who_may_confirm_one(director, keeper, member, raised):
    one = raised(title="Supervision was late")
    for viewer, offered in ((director, True), (keeper, False), (member, False)):
        assert bool(finding(viewer, one.pk).suggested) is offered  # a theme is told from words that may be read
    assert finding(keeper, raised(by=keeper, title="Supervision was late").pk).suggested


def test_a_theme_that_is_not_there_is_refused(director, raised):
    for slug in ("", "none", "dragons", "Supervision"):
        with pytest.raises(PlainError, match="no theme of that name"):
            actions.confirm_theme(by=director, finding=raised(), theme=slug)


def test_another_theme_takes_the_place_of_the_first_and_the_log_holds_both(director, raised):
    one = raised()
    for slug in ("supervision", "recording"):
        actions.confirm_theme(by=director, finding=one, theme=slug)
    one.refresh_from_db()
    assert one.theme == "recording"
    assert told(last_event()).detail == {"theme": "recording", "before": "supervision"}


# --- closing and opening again -------------------------------------------------------------------------------


def test_a_finding_is_not_closed_while_one_of_its_actions_is_open(director, raised, make_action):
    one = raised()
    make_action(finding=one, rag="green")
    shut = make_action(finding=one, closed_on=TODAY, rag="green")
    page = finding(director, one.pk)
    assert (page.still_open, page.may_close) == (1, False)
    with pytest.raises(PlainError, match="One of its actions is still open: close it on proof first."):
        actions.close(by=director, finding=one, words="All is well.")
    Action.objects.filter(finding=one).exclude(pk=shut.pk).update(closed_on=TODAY)
    assert finding(director, one.pk).may_close
    actions.close(by=director, finding=one, words="All is well.")
    one.refresh_from_db()
    assert one.closed_on == TODAY


def test_an_action_that_left_its_plan_keeps_no_finding_open_and_is_told(director, raised, make_action):
    one = raised()
    make_action(finding=one, gone_on=TODAY)
    actions.close(by=director, finding=one, words="It was given up.")
    assert queries.findings(director).lines[0].actions.words == "1 no longer in its plan"


def test_a_turn_keeps_the_words_and_each_later_one_stands_beside_it(director, raised, on_day):
    one = raised()
    actions.close(by=director, finding=one, words="It is held monthly.")
    with on_day(date(2026, 12, 1)):
        actions.reopen(by=director, finding=one, why="It is not held in two teams.")
        one.refresh_from_db()
        assert one.closed_on is None
        actions.close(by=director, finding=one, words="Now it is.")
    turns = finding(director, one.pk).turns
    assert [(each.what, each.on, each.text.words) for each in turns] == [
        ("Closed", TODAY, "It is held monthly."),
        ("Opened again", date(2026, 12, 1), "It is not held in two teams."),
        ("Closed", date(2026, 12, 1), "Now it is."),
    ]
    actions_told = ChainEvent.objects.filter(subject=f"finding {one.pk}").values_list("action", flat=True)
    assert list(actions_told.order_by("sequence")) == [
        "improvement.finding raised",
        "improvement.finding closed",
        "improvement.finding opened again",
        "improvement.finding closed",
    ]


def test_what_is_closed_is_not_closed_again_and_what_is_open_not_opened(director, raised, closed):
    with pytest.raises(PlainError, match="is closed already"):
        actions.close(by=director, finding=closed(), words="Again.")
    with pytest.raises(PlainError, match="open already"):
        actions.reopen(by=director, finding=raised(), why="Again.")


def test_closing_and_opening_need_words(director, raised, closed):
    with pytest.raises(PlainError, match="how you know"):
        actions.close(by=director, finding=raised(), words=" \n ")
    with pytest.raises(PlainError, match="why it is opened again"):
        actions.reopen(by=director, finding=closed(), why="")
    assert FindingTurn.objects.count() == 1


def test_a_finding_that_is_not_there_is_refused_plainly(director, raised):
    ghost = Finding(pk=uuid4(), found_on=TODAY)
    for change in (
        lambda: actions.close(by=director, finding=ghost, words="x"),
        lambda: actions.say_it_repeats(by=director, finding=ghost, earlier=raised()),
    ):
        with pytest.raises(PlainError, match="no such finding"):
            change()
    with pytest.raises(Http404):
        finding(director, ghost.pk)


def test_what_changed_since_a_page_was_read_is_what_counts(director, raised):
    one = raised()
    as_read = Finding.objects.get(pk=one.pk)
    actions.close(by=director, finding=one, words="Done.")
    for change in (
        lambda: actions.close(by=director, finding=as_read, words="Again."),
        lambda: actions.recommend(by=director, finding=as_read, words="W", made_by="B", made_on=TODAY),
    ):
        with pytest.raises(PlainError, match="is closed"):
            change()
    actions.confirm_theme(by=director, finding=as_read, theme="visits")
    one.refresh_from_db()
    assert (one.closed_on, one.theme) == (TODAY, "visits")
