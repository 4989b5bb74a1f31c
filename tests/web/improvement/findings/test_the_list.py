"""The list of findings, what is counted in it, and which themes rise."""

from __future__ import annotations

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.http import Http404
from tests.web.improvement.conftest import PUBLISHED, TODAY
from tests.web.improvement.findings.conftest import AGAIN, NAME

from lineofsight.web.improvement.actions import findings as actions
from lineofsight.web.improvement.models import Finding
from lineofsight.web.improvement.queries import findings as queries
from lineofsight.web.improvement.queries.findings import Wanted
from lineofsight.web.improvement.queries.one_finding import SHOWN, finding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people", "mid_november")]


# --- the list ------------------------------------------------------------------------------------------------


def test_the_list_says_first_how_many_are_open_and_how_many_came_back(director, repeated, raised, closed):
    first, later = repeated
    raised(title="Open")
    assert queries.findings(director).sentence == "Two findings are open; none had been closed before."
    actions.say_it_repeats(by=director, finding=later, earlier=first)
    assert queries.findings(director).sentence == "Two findings are open; one came back after it was closed."
    again = closed(title="Opened again")
    actions.reopen(by=director, finding=again, why="Not so.")
    page = queries.findings(director)
    assert page.sentence == "Three findings are open; two came back after they were closed."
    assert (page.open, page.came_back, page.total) == (3, 2, 4)


def test_an_empty_list_says_that_nothing_was_found_and_one_without_open_ones_that_none_is(director, closed):
    assert queries.findings(director).sentence == "Nothing has been written down as found yet."
    closed()
    assert queries.findings(director).sentence == "Nothing that was found is open."


def test_a_line_holds_a_title_where_it_stands_and_its_actions_by_colour_and_no_words(director, repeated, make_action):
    first, later = repeated
    make_action(finding=later, rag="red", set_by="person", number=1)
    make_action(finding=later, rag="green", number=2)
    make_action(finding=later, rag="green", closed_on=TODAY, number=3)
    actions.say_it_repeats(by=director, finding=later, earlier=first)
    lines = {line.key: line for line in queries.findings(director).lines}
    line = lines[later.pk]
    assert (line.title, line.source, line.theme) == ("Supervision, again", "Inspection", "Supervision")
    assert (line.state, line.repeats) == ("Came back", "Supervision")
    assert line.actions.words == "2 open: 1 red, 1 amber; 1 closed on proof"
    assert (lines[first.pk].state, lines[first.pk].actions.words) == ("Closed", "No actions")
    assert NAME not in repr(lines)


def test_a_closed_finding_whose_action_was_opened_again_says_so(director, closed, make_action):
    one = closed()
    make_action(finding=one, rag="red")
    assert queries.findings(director).lines[0].state == "Closed, but an action is open"
    assert finding(director, one.pk).sentence == "Closed on 12 November 2026. One of its actions is open."


def test_the_filters_narrow_the_list_and_each_says_what_it_leaves(director, repeated, raised):
    first, later = repeated
    raised(title="Visits", source="inspection")
    actions.say_it_repeats(by=director, finding=later, earlier=first)

    def titles(**wanted):
        return {line.title for line in queries.findings(director, Wanted(**wanted)).lines}

    assert titles(source="inspection") == {"Supervision, again", "Visits"}
    assert titles(theme="supervision") == {"Supervision", "Supervision, again"}
    assert titles(theme="none") == {"Visits"}
    assert titles(state="open") == {"Supervision, again", "Visits"}
    assert titles(state="closed") == {"Supervision"}
    assert titles(state="came-back") == {"Supervision, again"}
    assert titles(source="audit", state="open") == set()
    page = queries.findings(director, Wanted(source="inspection"))
    assert {(one.value, one.count, one.chosen) for one in page.states} == {
        ("open", 2, False),
        ("came-back", 1, False),
    }
    assert {(one.value, one.count, one.chosen) for one in page.sources} == {
        ("inspection", 2, True),
        ("audit", 1, False),
    }
    assert {(one.words, one.count) for one in page.themes} == {("Supervision", 1), ("Not confirmed", 1)}


@pytest.mark.parametrize("wanted", [Wanted(source="rumour"), Wanted(theme="dragons"), Wanted(state="lost")])
def test_a_filter_that_is_not_there_is_no_page(director, raised, wanted):
    raised()
    with pytest.raises(Http404):
        queries.findings(director, wanted)


def test_a_theme_that_left_the_authoritys_file_still_counts_and_filters(director, raised):
    Finding.objects.filter(pk=raised().pk).update(theme="harbour-project")
    page = queries.findings(director, Wanted(theme="harbour-project"))
    assert [line.theme for line in page.lines] == ["Harbour project"]
    assert [one.words for one in page.themes] == ["Harbour project"]


def test_pages_hold_thirty_the_newest_first(director, raised):
    for number in range(31):
        raised(title=f"Finding {number}", found_on=PUBLISHED + timedelta(days=number))
    first, second = queries.findings(director), queries.findings(director, page=2)
    assert [line.title for line in first.lines][:2] == ["Finding 30", "Finding 29"]
    assert (len(first.lines), first.first, first.last, first.next, first.previous) == (30, 1, 30, 2, None)
    assert ([line.title for line in second.lines], second.next, second.previous) == (["Finding 0"], None, 1)
    for page in (0, 3, -1):
        with pytest.raises(Http404):
            queries.findings(director, page=page)


def test_no_page_asks_more_of_the_database_the_more_there_is(
    director, repeated, raised, closed, make_action, django_assert_max_num_queries
):
    first, later = repeated
    actions.say_it_repeats(by=director, finding=later, earlier=first)
    one = raised(words=AGAIN, found_on=TODAY)
    for number in range(12):
        closed(title=f"Closed {number}")
        make_action(finding=later, number=number + 1)
        actions.recommend(by=director, finding=later, words="Do it.", made_by="The board", made_on=TODAY)
    with django_assert_max_num_queries(6):
        queries.findings(director)
    with django_assert_max_num_queries(2):
        queries.themes_rising(director)
    for key in (one.pk, later.pk):
        with django_assert_max_num_queries(14):
            finding(director, key)


def test_actions_beyond_fifty_are_counted(director, raised, make_action):
    one = raised()
    for number in range(SHOWN + 2):
        make_action(finding=one, number=number + 1)
    page = finding(director, one.pk)
    assert (len(page.actions), page.more_actions, page.still_open) == (SHOWN, 2, SHOWN + 2)
    assert page.sentence == "Open: its 52 actions are open."


# --- themes rising -------------------------------------------------------------------------------------------


def test_themes_of_six_months_stand_against_the_six_before_and_unconfirmed_ones_are_told(director, raised):
    half = TODAY - relativedelta(months=6)
    found = {
        "supervision": [TODAY, half + timedelta(days=1), half],
        "visits": [half, half - relativedelta(months=6) + timedelta(days=1), TODAY],
        "recording": [half - relativedelta(months=6)],
    }
    for slug, days in found.items():
        for on in days:
            actions.confirm_theme(by=director, finding=raised(found_on=on), theme=slug)
    raised(found_on=TODAY)
    told_ = queries.themes_rising(director)
    assert [(one.theme, one.now, one.before) for one in told_.lines] == [
        ("Supervision", 2, 1),
        ("Visits to children", 1, 2),
    ]
    assert [one.theme for one in told_.rising] == ["Supervision"]
    assert told_.unconfirmed == 1
    assert told_.sentence == "Found more often in the last six months than in the six before: Supervision."
    assert told_.lines[0].words == "Supervision: found twice in the last six months, one in the six before."


def test_themes_that_do_not_rise_are_said_not_to_and_none_that_none_is_confirmed(director, raised):
    assert queries.themes_rising(director).sentence == "No finding of the last year has a confirmed theme."
    earlier = raised(found_on=TODAY - relativedelta(months=7))
    actions.confirm_theme(by=director, finding=earlier, theme="visits")
    told_ = queries.themes_rising(director)
    assert told_.sentence == "No theme was found more often in the last six months than in the six before."
    assert told_.lines[0].words == "Visits to children: not found in the last six months, one in the six before."
