"""Dates and numbers as every page writes them, and how fresh the data is said to be."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from lineofsight.web.site import context
from lineofsight.web.site.templatetags import los

ON = date(2026, 10, 31)


def test_dates_are_written_out():
    assert los.day(ON) == "31 October 2026"
    assert los.short_day(date(2026, 11, 5)) == "5 Nov"
    assert los.month(ON) == "October 2026"
    assert los.day(None) == los.day("") == los.month(None) == ""


def test_a_moment_is_told_in_londons_time_and_its_day_too():
    late = datetime(2026, 6, 30, 23, 5, tzinfo=UTC)
    assert los.moment(late) == "1 July 2026 at 12:05am"
    assert los.day(late) == "1 July 2026"
    assert los.moment(datetime(2026, 11, 3, 16, 5, tzinfo=UTC)) == "3 November 2026 at 4:05pm"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (1204, "1,204"),
        (0, "0"),
        (2.5, "2.5"),
        (3.0, "3"),
        (None, "not measured"),
        ("fewer than 6", "fewer than 6"),
    ],
)
def test_a_number_has_thousands_and_an_unknown_one_is_not_measured(value, told):
    assert los.number(value) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (78.04, "78%"),
        (0, "0%"),
        (100, "100%"),
        (99.6, "99.6%"),
        (99.99, "99.9%"),
        (0.4, "0.4%"),
        (0.01, "0.1%"),
        (None, "not measured"),
        ("between 40% and 50%", "between 40% and 50%"),
    ],
)
def test_a_percentage_is_never_rounded_to_all_or_none(value, told):
    assert los.percent(value) == told


def test_small_numbers_are_words_and_words_agree_with_them():
    assert [los.number_word(n) for n in (0, 2, 9, 10, 1200)] == ["none", "two", "nine", "10", "1,200"]
    assert [los.plural(n, "child,children") for n in (0, 1, 2)] == ["children", "child", "children"]


def test_a_word_without_a_colour_is_grey_never_green():
    assert los.tag_colour("Held") == "govuk-tag--green"
    assert los.tag_colour("not measured") == los.tag_colour("something new") == "govuk-tag--grey"


def test_an_extract_within_policy_says_its_two_dates_and_no_more():
    fresh = context.freshness_of(ON, date(2026, 11, 3), 3, date(2026, 11, 3))
    assert fresh.sentence == "As at 31 October 2026, loaded 3 November."
    assert not fresh.stale and fresh.stale_sentence == ""


def test_an_extract_one_day_past_policy_is_said_to_be_past_and_points_to_the_case_system():
    fresh = context.freshness_of(ON, date(2027, 1, 4), 3, date(2026, 11, 4))
    assert fresh.sentence == "As at 31 October 2026, loaded 4 January 2027."
    assert fresh.stale
    assert fresh.stale_sentence == "This was true on 31 October 2026; use the case system for today’s work."


class _Lake:
    def __init__(self, newest):
        self._newest = newest

    def newest(self):
        return (self._newest, None) if self._newest else None


@pytest.fixture
def lake(monkeypatch):
    def put(newest):
        monkeypatch.setattr(context, "lake_in_use", lambda: _Lake(newest))

    return put


def test_the_line_stands_on_a_page_of_somebody_who_sees_figures_and_not_on_others(client_as, lake):
    lake(SimpleNamespace(as_at=ON, loaded_at=datetime(2026, 11, 3, 9, tzinfo=UTC)))
    told = client_as("dcs").get("/no-such-page/").context["freshness"]
    assert told.sentence == "As at 31 October 2026, loaded 3 November."
    assert not client_as("administrator").get("/no-such-page/").context["freshness"]


@pytest.mark.parametrize(
    ("office", "instead"), [("dcs", "; use the case system for today’s work"), ("lead-member", "")]
)
def test_only_who_sees_children_by_name_is_sent_to_the_case_system_from_what_is_past_policy(
    viewer_as, lake, office, instead
):
    lake(SimpleNamespace(as_at=date(2020, 10, 31), loaded_at=datetime(2020, 11, 3, 9, tzinfo=UTC)))
    told = context._freshness(viewer_as(office))
    assert told.stale_sentence == f"This was true on 31 October 2020{instead}."


def test_before_the_first_extract_the_line_says_so(client_as, lake):
    lake(None)
    assert client_as("dcs").get("/no-such-page/").context["freshness"].sentence == "No extract has been loaded yet."
