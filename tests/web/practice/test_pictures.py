"""The geometry of distributions, funnels and groups: pure functions, held to numbers; each has its words inside."""

from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from lineofsight.measures import definitions, published_funnel
from lineofsight.measures.distribution import distribution
from lineofsight.web.practice import forest, histogram, scatter
from lineofsight.web.practice.queries.measures import percent_form

DAYS = [float(day) for day in range(1, 61) for _ in range(4)] + [45.0] * 40


def drawing(template, chart):
    root = ElementTree.fromstring(render_to_string(template, {"chart": chart, "name": "it"}))  # noqa: S314
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}title").text == chart.title
    assert root.find(f"{space}desc").text == chart.description
    return root, space


def histogram_of(days, limit=None, frame=histogram.WIDE):
    return histogram.histogram(distribution(days, limit=limit), frame, "How long", "Half took few.", "days")


@pytest.mark.parametrize("frame", [histogram.WIDE, histogram.NARROW])
def test_bars_stand_on_the_ground_side_by_side_and_inside_the_frame(frame):
    drawn = histogram_of(DAYS, 45, frame)
    for one, other in zip(drawn.columns, drawn.columns[1:], strict=False):
        assert one.x + one.width < other.x
    for one in drawn.columns:
        assert one.y + one.height == pytest.approx(frame.inner_bottom, abs=0.2)
        assert frame.left <= one.x and one.x + one.width <= frame.width
        assert one.y >= frame.top
    tallest = max(drawn.columns, key=lambda one: one.height)
    assert tallest.marked and "41 to 45 days: 60" in tallest.text


def test_the_limit_stands_between_the_last_bar_within_it_and_the_first_beyond():
    drawn = histogram_of(DAYS, 45)
    within = [one for one in drawn.columns if not one.late]
    late = [one for one in drawn.columns if one.late]
    assert drawn.limit is not None and drawn.limit.label.text == "limit, 45"
    assert within[-1].x + within[-1].width < drawn.limit.x < late[0].x
    assert histogram_of(DAYS).limit is None


def test_a_spike_is_named_in_the_picture_and_where_there_is_none_nothing_is():
    assert histogram_of(DAYS, 45).spike.text == "spike"
    assert histogram_of(DAYS[:240], 45).spike is None


def test_days_beyond_the_last_bar_stand_in_one_of_their_own():
    drawn = histogram_of([*DAYS, *[900.0, 901.0]], 45)
    assert drawn.columns[-1].text.startswith("more than ")
    assert drawn.columns[-1].late


@pytest.mark.parametrize("frame", [histogram.WIDE, histogram.NARROW])
def test_labels_below_the_bars_never_meet(frame):
    drawn = histogram_of(DAYS, 45, frame)
    ends = [(label.x - 4 * len(label.text), label.x + 4 * len(label.text)) for label in drawn.labels]
    assert all(one[1] < other[0] for one, other in zip(ends, ends[1:], strict=False))
    assert len(ends) > 1


def test_a_distribution_is_drawn_with_its_words_inside():
    root, space = drawing("practice/charts/histogram.svg.html", histogram_of(DAYS, 45))
    assert len(root.findall(f"{space}rect")) == len(histogram_of(DAYS, 45).columns)


def funnel_of(frame=scatter.WIDE, size=400):
    found = published_funnel.funnel_of("306", definitions.load()["IC01"], size)
    ours = found.ours(60.0, size)
    return found, scatter.scatter(found, ours, frame, "All authorities", "Ours is lower.", percent_form, "of how many")


@pytest.mark.parametrize("frame", [scatter.WIDE, scatter.NARROW])
def test_every_authority_has_one_point_inside_the_frame(frame):
    found, drawn = funnel_of(frame)
    spots = [*drawn.others, *drawn.neighbours, drawn.own]
    assert len(spots) == len(found.points)
    for one in [*spots, drawn.ours]:
        assert frame.left <= one.x <= frame.inner_right
        assert frame.top <= one.y <= frame.inner_bottom
    assert len(drawn.neighbours) == len(found.neighbours) <= 10


def test_a_larger_authority_stands_further_right_and_a_higher_value_higher():
    found, drawn = funnel_of()
    by_text = {one.text.split(":")[0]: one for one in drawn.others}
    known = [(point, by_text[point.name]) for point in found.points if point.name in by_text]
    known.sort(key=lambda one: one[0].size)
    assert [spot.x for _, spot in known] == sorted(spot.x for _, spot in known)
    known.sort(key=lambda one: one[0].value)
    assert [spot.y for _, spot in known] == sorted((spot.y for _, spot in known), reverse=True)


def test_the_funnel_is_drawn_with_its_words_inside_and_ours_apart():
    _, drawn = funnel_of()
    root, space = drawing("practice/charts/funnel.svg.html", drawn)
    assert len(root.findall(f"{space}circle")) == len(drawn.others) + len(drawn.neighbours) + 2
    assert drawn.ours_label.text == "60% now"


def test_sizes_along_the_bottom_are_round_and_apart():
    _, drawn = funnel_of()
    assert [label.text.strip("0,") for label in drawn.sizes if label.text.strip("0,") not in ("1", "2", "5")] == []
    assert all(one.x + 30 < other.x for one, other in zip(drawn.sizes, drawn.sizes[1:], strict=False))


HELD = [
    forest.Held("White", 60.0, 50.0, 70.0, differs=False, said="60%"),
    forest.Held("Black", 80.0, 71.0, 88.0, differs=True, said="80%"),
]


@pytest.mark.parametrize("narrow", [False, True])
def test_each_group_has_its_point_inside_its_interval(narrow):
    drawn = forest.forest(HELD, 66.0, "By ethnicity", "One group differs.", narrow=narrow)
    for one in drawn.lanes:
        assert drawn.left <= one.low < one.x < one.high <= drawn.right
    assert [one.differs for one in drawn.lanes] == [False, True]
    assert drawn.lanes[0].y < drawn.lanes[1].y < drawn.height
    assert drawn.lanes[0].x < drawn.whole < drawn.lanes[1].x
    root, space = drawing("practice/charts/forest.svg.html", drawn)
    assert len(root.findall(f"{space}circle")) == 2


def test_one_group_alone_is_no_picture_and_small_shares_fill_the_width():
    assert forest.forest(HELD[:1], 60.0, "By sex", "", narrow=False) is None
    small = [forest.Held(one.title, one.value / 20, one.low / 20, one.high / 20, one.differs, "") for one in HELD]
    drawn = forest.forest(small, 3.3, "By sex", "", narrow=False)
    assert [tick.text for tick in drawn.ticks] == ["0%", "1%", "2%", "3%", "4%", "5%"]
