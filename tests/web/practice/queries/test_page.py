"""Which groups of a measure lie in a viewer's reach as a whole, and what a page that shows no rows says instead."""

from dataclasses import replace

import pytest
from django.http import Http404

from lineofsight.web.access.permissions import Capability
from lineofsight.web.access.viewer import Scope
from lineofsight.web.practice.queries import divided, figures, page
from lineofsight.web.practice.queries.standing import catalogue, standing


@pytest.mark.parametrize(
    ("kind", "by", "inside", "outside"),
    [
        ("team", "team", "team", "other_team"),
        ("service", "service", "service", "other_team"),
        ("service", "team", "team", "other_team"),
    ],
)
def test_a_group_is_inside_only_where_all_of_it_is(director, place, kind, by, inside, outside):
    stand, viewer = standing(), replace(director, scope=Scope(kind, frozenset({getattr(place, kind)})))
    assert divided._inside(stand, viewer, by, getattr(place, inside))
    assert not divided._inside(stand, viewer, by, getattr(place, outside))
    other = "service" if by == "team" else "worker"
    assert not divided._inside(stand, replace(viewer, scope=Scope("own", viewer.scope.ids)), by, getattr(place, inside))
    assert not divided._inside(stand, viewer, other, getattr(place, outside))


def test_a_measure_of_which_this_computation_holds_nothing_is_no_page(director, monkeypatch):
    monkeypatch.setattr(figures, "own", lambda stand, viewer: {})
    with pytest.raises(Http404):
        page.measure_page(director, "CP01")


def test_a_way_that_is_none_is_no_page_even_where_nothing_is_divided(director, monkeypatch):
    monkeypatch.setattr(page, "_divides", lambda stand, viewer: False)
    assert page.measure_page(director, "CP01", "team").breakdown is None
    with pytest.raises(Http404):
        page.measure_page(director, "CP01", "nonsense")


def test_how_many_rows_a_table_has_is_told_at_the_identified_level_alone(director):
    told = page.measure_page(director, "CP01").tables
    assert any(one.rows for one in told)
    below = page.measure_page(replace(director, level="pseudonymised"), "CP01").tables
    assert [one.name for one in below] == [one.name for one in told]
    assert all(one.rows is None and one.issues == 0 for one in below)


def test_who_sees_no_child_by_name_is_told_that_children_are_not_shown(director):
    lacking = replace(director, capabilities=director.capabilities - {Capability.SEE_CHILDREN})
    for viewer in (lacking, replace(director, level="pseudonymised")):
        said = page.measure_page(viewer, "CP01").refused_rows
        assert said == "Which children these are is not shown to your office."
    assert page._why_not(director, catalogue()["CP01"]) == ""


def test_a_series_is_read_by_month_or_twelve_months_at_a_time(director):
    flow = page.measure_page(director, "AS01", "team", "year")
    assert flow.window == "year" and [key for key, _ in flow.windows] == ["month", "year"]
    months = {one.as_at: one for one, _ in page.measure_page(director, "AS01").months}
    newest, _ = flow.months[0]
    behind = sorted(day for day in months if day <= newest.as_at)[-12:]
    assert newest.numerator == sum(months[day].numerator for day in behind)
    assert newest.denominator == sum(months[day].denominator for day in behind)
    assert flow.wide is not None and flow.wide.band is None
    assert flow.wide.now is not None and flow.wide.now.text.endswith(" to October")
    assert "share eleven months" in flow.caption
    for measure, window in (("CP01", "year"), ("AS01", "week")):
        with pytest.raises(Http404):
            page.measure_page(director, measure, "team", window)
    assert page.measure_page(director, "CP01").windows == []


def test_a_managers_rolling_years_are_sums_of_their_own_months(viewer_as):
    manager = viewer_as("team-manager")
    series = figures.own(standing(), manager)["RF01"]
    months = {one.as_at: one.numerator for one in series.months}
    assert series.years
    for year in series.years:
        assert year.numerator == sum(
            months[day] for day in sorted(months) if day <= year.as_at and (year.as_at - day).days < 365
        )


def test_what_is_published_has_no_rolling_years(director):
    with pytest.raises(Http404):
        page.measure_page(replace(director, level="published"), "AS01", "team", "year")
    assert page.measure_page(replace(director, level="published"), "AS01").windows == []


def test_how_many_cells_of_each_tables_file_need_looking_at_is_told_to_those_who_see_names(director):
    stand = standing()
    wrong = page.issues_by_table(stand)
    assert sum(wrong.values()) <= stand.snapshot.issues
    definition = catalogue()["CP08"]
    told = {one.name: one.issues for one in page.table_ages(stand, definition, counted=True)}
    assert told == {name: wrong.get(name, 0) for name in definition.needs}
    assert not any(one.issues for one in page.table_ages(stand, definition, counted=False))
