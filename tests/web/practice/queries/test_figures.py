"""Figures: what is counted over the rows a viewer may open, and what each level is shown of the authority's."""

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lineofsight.measures import shown
from lineofsight.measures import values as stored
from lineofsight.web.access.viewer import Scope
from lineofsight.web.practice.queries import figures, measures, rows, signals
from lineofsight.web.practice.queries.standing import catalogue, standing, teams, values, values_of

ALLOWED = [HealthCheck.function_scoped_fixture]


def same(one, other):
    """Whether two figures say the same number."""
    return (one.numerator, one.denominator, one.unknown, one.measured) == (
        other.numerator,
        other.denominator,
        other.unknown,
        other.measured,
    ) and one.value == (pytest.approx(other.value) if other.value is not None else None)


def every_value(stand):
    """Every stored value: of the authority and of every group."""
    return stand.lake.read(stand.computation, "values")


def test_every_team_together_counts_what_the_stored_values_say_of_the_authority(director):
    stand = standing()
    everywhere = replace(director, scope=Scope("team", frozenset(teams(stand))))
    whole, counted = figures.authority(stand, "identified"), figures.own(stand, everywhere)
    for key, series in whole.items():
        if catalogue()[key].kind == "rate":
            assert counted[key].headline.numerator == series.headline.numerator, key
            continue
        assert same(counted[key].headline, series.headline), key
        for mine, theirs in zip(counted[key].months, series.months, strict=True):
            assert same(mine, theirs), (key, mine.as_at)


@settings(max_examples=15, deadline=None, suppress_health_check=ALLOWED)
@given(data=st.data())
def test_a_number_always_opens_to_as_many_rows(viewer_as, data):
    stand = standing()
    some = data.draw(st.frozensets(st.sampled_from(sorted(teams(stand))), min_size=1, max_size=6))
    viewer = replace(viewer_as("team-manager"), scope=Scope("team", some), sees_restricted=True)
    key = data.draw(st.sampled_from(list(catalogue())))
    definition, figure = catalogue()[key], figures.own(stand, viewer)[key].headline
    found = rows.rows_behind(viewer, key, rows.Asked(which="all", whole=True))
    counts = found.counts
    expected = {"met": counts["met"], "not met": counts["not-met"], "all": counts["all"]}[definition.counts]
    if definition.kind in shown.VALUED:  # the value comes from what rows hold: those that hold nothing are unknown
        assert figure.numerator + figure.unknown == counts["all"]
    else:
        assert figure.numerator == expected
        assert figure.unknown == (0 if definition.counts == "all" else counts["unknown"])
    assert len(found.rows) == found.total == counts["all"]


def test_a_team_managers_value_is_of_the_team_and_the_authoritys_stands_beside(viewer_as, place):
    viewer, stand = viewer_as("team-manager"), standing()
    (line,) = [one for one in measures.measures_list(viewer).lines if one.id == "CP08"]
    of_team = [
        one for one in figures.breakdown(stand, "identified", catalogue()["CP08"], "team") if one.group == place.team
    ]
    assert same(line.figure, of_team[0])
    assert line.authority_value == measures.value_words(
        catalogue()["CP08"], figures.authority(stand, "identified")["CP08"].headline
    )


def test_a_team_of_one_or_two_workers_has_no_figure_by_team_that_would_be_a_workers_own(home):
    stand = standing()
    few = 0
    for definition in (one for one in catalogue().values() if one.of_workers):
        raw = stored.series(
            values_of(stand, definition.id), definition.id, window=definition.headline_window, breakdown="team"
        )
        told = figures.by_group(stand, "identified", definition, "team")
        newest = {row["group"]: row for row in raw.to_pylist()}
        for figure in figures.breakdown(stand, "identified", definition, "team"):
            workers = newest[figure.group]["denominator"] + newest[figure.group]["unknown"]
            assert figure.hidden == (0 < workers < stored.FEWEST_WORKERS), (definition.id, figure.group)
            assert not figure.hidden or (figure.value, figure.numerator) == (None, None)
            few += figure.hidden
        assert all(one.value is None for months in told.values() for one in months if one.hidden)
    assert few


def test_without_the_capability_no_authority_value_stands_beside(viewer_as):
    from lineofsight.web.access.permissions import Capability

    viewer = viewer_as("team-manager")
    less = replace(viewer, capabilities=viewer.capabilities - {Capability.SEE_AUTHORITY_VALUES})
    listed = measures.measures_list(less)
    assert not listed.beside_authority
    assert not any(line.authority_value for line in listed.lines)


def test_a_rate_of_a_narrower_scope_is_its_count_because_it_has_no_population(viewer_as):
    stand = standing()
    figure = figures.own(stand, viewer_as("team-manager"))["CP01"].headline
    assert figure.value is None
    assert measures.value_words(catalogue()["CP01"], figure) == f"{figure.numerator}"
    assert "10,000" not in measures.answer(stand, viewer_as("team-manager"), catalogue()["CP01"], figure)


@pytest.mark.parametrize("level", ["pseudonymised", "published"])
def test_a_hidden_cell_holds_no_number_at_that_level(home, level):
    stand, hidden = standing(), "hidden" if level == "pseudonymised" else "published_hidden"
    found = every_value(stand).filter(pc.field(hidden))
    assert found.num_rows
    for row in found.slice(0, 500).to_pylist():
        figure = figures.at_level(row, level)
        assert figure.hidden
        assert (figure.numerator, figure.denominator, figure.value) == (None, None, None)


def test_the_published_level_is_given_the_rounded_numbers_and_no_other(home):
    stand = standing()
    shown = every_value(stand).filter(~pc.field("published_hidden") & (pc.field("status") == stored.MEASURED))
    for row in shown.slice(0, 2000).to_pylist():
        figure = figures.at_level(row, "published")
        assert figure.numerator % 5 == 0
        assert figure.unknown == 0


def test_a_level_that_is_not_known_is_shown_nothing(home):
    row = values(standing()).filter(pc.field("status") == stored.MEASURED).slice(0, 1).to_pylist()[0]
    assert figures.at_level(row, "none").hidden


def test_a_median_is_the_middle_of_the_rows_themselves():
    definition = replace(catalogue()["RF02"], kind="median", unit="working days")
    day = date(2026, 10, 31)
    table = pa.table(
        {
            "as_at": pa.array([day] * 4, pa.date32()),
            "met": pa.array([True, False, None, True]),
            "value": pa.array([10.0, 30.0, None, 20.0]),
            "weight": pa.nulls(4, pa.float64()),
        }
    )
    figure = figures.counted(definition, table, [day])
    assert (figure.value, figure.denominator, figure.unknown) == (20.0, 3, 1)


def test_figures_kept_for_one_scope_are_never_given_to_another(viewer_as, place):
    stand, viewer = standing(), viewer_as("team-manager")
    mine = figures.own(stand, viewer)["CP01"].headline.numerator
    other = replace(viewer, scope=Scope("team", frozenset({place.other_team})))
    theirs = figures.own(stand, other)["CP01"].headline.numerator
    assert mine != theirs
    assert figures.own(stand, viewer)["CP01"].headline.numerator == mine


def test_a_rate_of_a_narrower_scope_draws_its_count(viewer_as):
    stand, definition = standing(), catalogue()["CP01"]
    series = figures.own(stand, viewer_as("team-manager"))["CP01"]
    drawn = measures.chart_series(definition, series, signals.signal_of(definition, series))
    assert [one.value for one in drawn.readings] == [one.numerator for one in series.months]


def test_a_series_with_nothing_to_measure_now_is_never_called_a_change():
    definition = catalogue()["LA08"]
    days = [date(2024 + (4 + n) // 12, (4 + n) % 12 + 1, 28) for n in range(30)]
    shares = [50, 60] * 9 + [100] * 10
    months = [figures.Figure(day, share, 100, 0, float(share)) for day, share in zip(days, shares, strict=False)]
    assert signals.signal_of(definition, figures.Series(months, months[-1])).kind == "better"
    months.append(figures.Figure(days[28], 0, 0, 0, None))
    assert signals.signal_of(definition, figures.Series(months, months[-1])).since is None
