"""The geometry of charts: pure functions, so that every rule of drawing can be held to numbers."""

from datetime import date
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.web.practice import charts

MONTHS = [date(2024 + (4 + n) // 12, (4 + n) % 12 + 1, 28) for n in range(30)]


def series_of(values, *, limits=None, changed_on=None, tone="none", ceiling=100.0):
    readings = [charts.Reading(on, value) for on, value in zip(MONTHS, values, strict=False)]
    return charts.Series(
        readings, limits, changed_on, tone, lambda v: f"{v:g}%", "Seen in time", "Steady.", 0.0, ceiling
    )


def test_a_month_not_measured_breaks_the_line_and_is_never_drawn_as_zero():
    drawn = charts.line(series_of([90, 91, None, 92, 93]))
    assert len(drawn.lines) == 2
    assert [dot.text for dot in drawn.dots] == [
        "May 2024: 90%",
        "June 2024: 91%",
        "August 2024: 92%",
        "September 2024: 93%",
    ]


def test_a_series_never_measured_has_no_chart():
    assert charts.line(series_of([None, None])) is None
    assert charts.spark(series_of([None, 4, None])) is None


def test_a_higher_value_stands_higher_and_time_runs_to_the_right():
    drawn = charts.line(series_of([70, 80, 90]))
    assert [d.y for d in drawn.dots] == sorted((d.y for d in drawn.dots), reverse=True)
    assert [d.x for d in drawn.dots] == sorted(d.x for d in drawn.dots)
    assert drawn.dots[0].x == charts.WIDE.left
    assert drawn.dots[-1].x == charts.WIDE.inner_right


def test_points_from_the_month_of_the_change_are_marked_and_the_month_is_named():
    drawn = charts.line(series_of([91] * 25 + [84, 81, 80, 79, 78], changed_on=MONTHS[25], tone="worse"))
    assert [dot.marked for dot in drawn.dots] == [False] * 25 + [True] * 5
    assert drawn.change.label.text == "real change, June 2026"
    assert drawn.change.x == drawn.dots[25].x
    assert drawn.change.label.anchor == "end"


def test_a_change_before_the_first_point_is_marked_from_the_first_point():
    drawn = charts.line(series_of([80, 81, 82], changed_on=date(2020, 1, 31), tone="better"))
    assert drawn.change.x == charts.WIDE.left
    assert drawn.change.label.anchor == "start"


def test_the_last_value_is_called_now_only_when_the_last_month_was_measured():
    assert charts.line(series_of([80, 81])).now.text == "81% now"
    assert charts.line(series_of([80, 81, None])).now.text == "81% in June"


def test_a_percentage_has_no_tick_above_a_hundred_or_below_nothing():
    high = charts.line(series_of([99, 100, 98], limits=charts.Limits(99, 92, 106)))
    assert high.grid[-1].label.text == "100%"
    low = charts.line(series_of([0.5, 0, 1], limits=charts.Limits(0.5, -2, 3)))
    assert low.grid[0].label.text == "0%"


@given(
    low=st.floats(0, 1e5, allow_nan=False),
    span=st.floats(0, 1e5, allow_nan=False),
    ceiling=st.sampled_from([None, 100.0]),
)
def test_ticks_hold_the_values_and_stay_few(low, span, ceiling):
    low = low % 100 if ceiling else low
    high = min(low + span, ceiling) if ceiling else low + span
    ticks = charts.scale((low, high), 0.0, ceiling)
    assert 2 <= len(ticks) <= 7
    assert ticks == sorted(ticks)
    assert ticks[0] >= 0
    assert ticks[0] <= low + 1e-6 * max(1, high)
    assert ticks[-1] >= high - 1e-6 * max(1, high)
    if ceiling:
        assert ticks[-1] <= ceiling


@given(
    values=st.lists(st.one_of(st.none(), st.floats(0, 100)), min_size=1, max_size=30),
    limits=st.one_of(st.none(), st.tuples(st.floats(0, 100), st.floats(0, 50), st.floats(0, 50))),
)
@pytest.mark.parametrize("frame", [charts.WIDE, charts.NARROW])
def test_nothing_is_drawn_outside_the_sheet_and_labels_at_the_edge_never_overprint(frame, values, limits):
    held = charts.Limits(limits[0], limits[0] - limits[1], limits[0] + limits[2]) if limits else None
    drawn = charts.line(series_of(values, limits=held), frame)
    if drawn is None:
        assert all(v is None for v in values)
        return
    for dot in drawn.dots:
        assert frame.left <= dot.x <= frame.inner_right
        assert frame.top <= dot.y <= frame.inner_bottom
    if drawn.band:
        assert drawn.band.height >= 0
        assert frame.top <= drawn.band.y <= drawn.band.y + drawn.band.height <= frame.inner_bottom + 0.1
    if drawn.band and frame.words_beside:
        heights = sorted([drawn.now.y, drawn.band.centre_label.y, drawn.band.range_label.y])
        assert all(b - a >= charts.LINE_GAP - 0.11 for a, b in zip(heights, heights[1:], strict=False))
        assert heights[-1] <= frame.inner_bottom + 4.1


def test_the_last_month_is_always_named_under_the_plot():
    for frame in (charts.WIDE, charts.NARROW):
        drawn = charts.line(series_of(range(30)), frame)
        assert drawn.months[-1].text == "Oct 26"
        assert 3 <= len(drawn.months) <= 7


def test_the_drawing_is_well_formed_with_a_title_a_description_and_no_style():
    hostile = 'A <b>"title"</b> & more'
    made = charts.Series(
        [charts.Reading(m, 50.0 + n) for n, m in enumerate(MONTHS)],
        charts.Limits(60, 50, 70), MONTHS[20], "worse", lambda v: f"{v:g}%", hostile, "Rising.", 0, 100,
    )  # fmt: skip
    drawn = render_to_string("practice/charts/line.svg.html", {"chart": charts.line(made), "name": "cp08"})
    root = ElementTree.fromstring(drawn)  # noqa: S314 -- our own text
    svg = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{svg}title").text == hostile
    assert root.find(f"{svg}desc").text == "Rising."
    assert root.get("aria-labelledby") == "cp08-wide-title cp08-wide-desc"
    assert len(root.findall(f"{svg}circle")) == 30
    assert "style=" not in drawn
    small = render_to_string("practice/charts/spark.svg.html", {"spark": charts.spark(made)})
    assert ElementTree.fromstring(small).get("aria-label") == "30 months, from 50% to 79%"  # noqa: S314
