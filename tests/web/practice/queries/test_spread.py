"""How long each took: for whom it is drawn, in what unit, and the spike in words."""

from dataclasses import replace

import pytest

from lineofsight import policy
from lineofsight.measures.distribution import distribution
from lineofsight.web.access.viewer import Scope
from lineofsight.web.practice.queries import figures, page, spread
from lineofsight.web.practice.queries.standing import catalogue, standing

SPIKE = [float(day) for day in range(1, 61) for _ in range(4)] + [45.0] * 40
HEAP = [float(day) for day in range(1, 61) for _ in range(4)] + [float(day) for day in (42, 43, 44, 45)] * 8


def asked(viewer, measure="AS01"):
    stand = standing()
    definition = catalogue()[measure]
    headline = figures.own(stand, viewer)[measure].headline
    return spread.spread(stand, viewer, definition, page.rules(stand, definition), headline)


def test_the_days_of_every_row_stand_in_the_bars(director):
    found = asked(director)
    assert found is not None
    headline = figures.own(standing(), director)["AS01"].headline
    assert found.shape.count == headline.denominator
    assert found.shape.within == headline.numerator
    assert (found.unit, found.shape.limit) == ("working days", 45)
    assert sum(count for _, count, _ in found.lines) == found.shape.count
    assert found.sentence.startswith("Half are at ")
    assert found.wide.description == f"{found.sentence} {found.spike}".strip()


def test_a_manager_has_the_days_of_their_own_rows(director, viewer_as):
    everybody, mine = asked(director, "CP08"), asked(viewer_as("team-manager"), "CP08")
    assert everybody is not None
    assert mine is None or mine.shape.count < everybody.shape.count
    nobody = replace(director, scope=Scope("team", frozenset({"no such team"})))
    assert asked(nobody, "CP08") is None


@pytest.mark.parametrize("level", ["pseudonymised", "published"])
def test_below_the_identified_level_no_bar_is_drawn(director, level):
    assert asked(replace(director, level=level)) is None


def test_a_measure_of_workers_or_without_a_clock_has_no_days():
    rules = [policy.load().rule("assessment.complete", standing_day())]
    one = catalogue()["AS01"]
    assert spread.unit_of(one, rules) == ("working days", 45)
    assert spread.unit_of(replace(one, rows_of="workers"), rules)[0] == ""
    assert spread.unit_of(one, []) == ("", None)
    assert spread.unit_of(replace(one, unit="days"), []) == ("days", None)


def standing_day():
    return policy.load().rules[0].valid_from.replace(year=2026)


def test_two_limits_are_no_one_line():
    rule = policy.load().rule("assessment.complete", standing_day())
    unit, limit = spread.unit_of(catalogue()["AS01"], [rule, replace(rule, number=10)])
    assert (unit, limit) == ("working days", None)


def test_a_spike_on_the_last_day_allowed_says_what_to_ask():
    shape = distribution(SPIKE, limit=45)
    assert shape is not None
    said = spread.spike_words(shape, "working days")
    assert said.startswith(
        "There is a spike on the last day allowed: 44 are at exactly 45 working days, where about 4 "
    )
    assert "Ask whether work is closed to meet the limit" in said


def test_a_heap_in_the_last_days_and_a_spike_elsewhere_are_said_and_nothing_is_not():
    heap, elsewhere, even = distribution(HEAP, limit=45), distribution(SPIKE), distribution(SPIKE[:240], limit=45)
    assert heap is not None and elsewhere is not None and even is not None
    assert "in the last 5 days allowed: 52 are at 41 to 45" in spread.spike_words(heap, "working days")
    assert spread.spike_words(elsewhere, "days") == (
        "There is a spike at 45 days: 44 are at exactly that, where about 4 would be expected."
    )
    assert spread.spike_words(even, "days") == ""


def test_one_alone_is_said_as_one():
    shape = distribution([3.0])
    assert shape is not None
    assert spread.sentence(shape, "days") == "There is one, at 3 days."
