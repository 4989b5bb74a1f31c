"""What has really changed: only what a rule calls a change, the worse first, in words."""

from dataclasses import replace
from datetime import date

import pytest

from lineofsight.web.practice import queries
from lineofsight.web.practice.queries import changes, figures, measures, signals
from lineofsight.web.practice.queries.standing import catalogue, standing, teams

MONTHS = [date(2024 + (4 + n) // 12, (4 + n) % 12 + 1, 28) for n in range(29)] + [date(2026, 10, 31)]


def series_of(shares, of=100):
    """A series of percentages of a hundred children."""
    months = [figures.Figure(day, share, of, 0, 100 * share / of) for day, share in zip(MONTHS, shares, strict=True)]
    return figures.Series(months, months[-1])


@pytest.fixture
def told(director, monkeypatch):
    """`told({id: series})`: what the Director is told of these series alone."""

    def tell(found, limit=5):
        monkeypatch.setattr(figures, "own", lambda stand, viewer: found)
        return queries.real_changes(director, limit)

    return tell


STEADY = [90, 91] * 15
FALLEN = [90, 91] * 10 + [70] * 10
RISEN = [90, 91] * 11 + [99] * 8


def test_a_steady_series_is_no_change(told):
    assert told({"CP08": series_of(STEADY)}) == []


def test_a_change_for_the_worse_is_told_with_what_it_was_before(told):
    (change,) = told({"CP08": series_of(FALLEN)})
    assert (change.tone, change.measure) == ("worse", "CP08")
    assert change.sentence == "70% (70 of 100); it was about 90% before January."


def test_for_a_measure_that_should_be_low_a_rise_is_for_the_worse(told):
    (change,) = told({"CP10": series_of(RISEN)})
    assert change.tone == "worse"
    (better,) = told({"CP08": series_of(RISEN)})
    assert better.tone == "better"


def test_the_worse_come_first_and_no_more_than_asked_for(told):
    found = {"CP06": series_of(RISEN), "CP08": series_of(FALLEN), "LA08": series_of(RISEN), "CP10": series_of(RISEN)}
    changes = told(found)
    assert [one.tone for one in changes] == ["worse", "worse", "better", "better"]
    assert len(told(found, limit=3)) == 3


def test_what_is_hidden_or_not_measured_is_never_told_as_a_change(told):
    hidden = figures.Figure(MONTHS[-1], None, None, 0, None, hidden=True)
    missing = figures.Figure(MONTHS[-1], None, None, 0, None, ("ssd_cp_visits",), measured=False)
    fallen = series_of(FALLEN).months
    assert told({"CP08": figures.Series(fallen, hidden), "CP06": figures.Series(fallen, missing)}) == []


def test_a_month_that_is_not_over_is_not_read_as_a_fall():
    definition = catalogue()["RF01"]
    begun = [*series_of(STEADY).months[:-1], figures.Figure(date(2026, 10, 12), 3, 100, 0, 3.0)]
    assert signals.signal_of(definition, figures.Series(begun, begun[-1])).kind == "none"


def test_the_list_and_the_first_page_agree_on_what_has_changed(director):
    listed = {line.id for line in queries.measures_list(director).lines if line.tone != "none" and line.measured}
    assert {one.measure for one in queries.real_changes(director, limit=99)} == listed


def test_the_summary_counts_changes_and_what_is_not_measured(director):
    listed = queries.measures_list(director)
    assert listed.sentence.startswith(f"Of {len(catalogue())} measures, ")
    assert standing().snapshot.authority_name == listed.whose


@pytest.mark.parametrize(
    ("measure", "numerator", "denominator", "said"),
    [
        ("CP10", 11, 402, "Show the 11 children"),
        ("CP10", 1, 402, "Show the 1 child"),
        ("CP10", 0, 402, "Show the children"),
        ("CP08", 314, 402, "Show the 88 who were not"),
        ("CP08", 401, 402, "Show the 1 who was not"),
        ("CP08", 402, 402, "Show the children"),
        ("AS01", 241, 280, "Show the 39 that were not"),
        ("RF02", 118, 560, "Show the children behind the 118"),
        ("CP01", 402, 98000, "Show the 402 children"),
        ("WF08", 7, 19, "Show the 7 workers"),
        ("WF10", 19, 19, "Show the workers"),
    ],
)
def test_the_button_says_how_many_it_opens(measure, numerator, denominator, said):
    figure = figures.Figure(MONTHS[-1], numerator, denominator, 0, 1.0)
    assert measures.open_words(catalogue()[measure], figure) == said


@pytest.mark.parametrize("level", ["pseudonymised", "published", "none"])
def test_where_most_of_a_change_is_is_told_to_those_alone_who_see_names(director, place, monkeypatch, level):
    fallen, steady = series_of(FALLEN).months, series_of(STEADY).months
    monkeypatch.setattr(figures, "by_group", lambda *asked: {place.team: fallen, place.other_team: steady})
    asked = (catalogue()["CP08"], MONTHS[20])
    name = teams(standing())[place.team].name
    assert changes._where(standing(), director, *asked) == f"Most of it is in {name}."
    assert changes._where(standing(), replace(director, level=level), *asked) == ""


def test_no_child_against_about_a_tenth_of_one_is_no_real_change(told):
    definition = next(key for key, one in catalogue().items() if one.kind == "rate" and one.basis == "stock")
    counts = [1, 0, 0, 0, 1, 0, 0, 0, 0, 0] + [0] * 20
    few = [figures.Figure(day, n, None, 0, None) for day, n in zip(MONTHS, counts, strict=True)]
    assert told({definition: figures.Series(few, few[-1])}) == []
    more = [replace(one, numerator=10 + (place % 2) + (12 if place > 20 else 0)) for place, one in enumerate(few)]
    assert len(told({definition: figures.Series(more, more[-1])})) == 1


def test_a_count_within_one_of_the_usual_is_called_no_real_change(monkeypatch):
    definition = next(one for one in catalogue().values() if one.kind == "rate" and one.basis == "stock")
    few = [figures.Figure(day, 0, None, 0, None) for day in MONTHS]
    usual = signals.signal_of(definition, figures.Series(few, few[-1]))
    changed = replace(usual, kind="changed", since=MONTHS[-5], centre=0.1)
    monkeypatch.setattr(signals, "_read", lambda *asked: changed)
    found = signals.signal_of(definition, figures.Series(few, few[-1]))
    assert (found.kind, found.since) == ("none", None)
    monkeypatch.setattr(signals, "_read", lambda *asked: replace(changed, centre=1.0))
    assert signals.signal_of(definition, figures.Series(few, few[-1])).kind == "changed"
