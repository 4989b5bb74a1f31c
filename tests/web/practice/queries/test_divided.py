"""A measure divided one way: who may have which way, sums, rate ratios against everybody else, and the pictures."""

from dataclasses import replace

import pytest
from django.http import Http404

from lineofsight.measures import fairness
from lineofsight.web.access.viewer import Scope
from lineofsight.web.practice.queries import divided, figures
from lineofsight.web.practice.queries.rows import is_of_workers
from lineofsight.web.practice.queries.standing import catalogue, standing

PEOPLE = ("age", "sex", "ethnicity", "disability", "placement")


def shares():
    return next(one for one in catalogue().values() if one.id == "CP08")


def test_the_identified_level_has_every_way_and_those_below_none_that_other_measures_count(director):
    plain = shares()
    with_kinds = next(one for one in catalogue().values() if one.category and not is_of_workers(one))
    assert [key for key, _ in divided.ways_of(director, plain)] == ["team", "service", *PEOPLE]
    assert dict(divided.ways_of(director, with_kinds))["category"] == with_kinds.category
    below = dict(divided.ways_of(replace(director, level="pseudonymised"), with_kinds))
    assert list(below) == ["team", "service", "age", "sex", "ethnicity", "disability"]
    for by in ("placement", "category"):
        with pytest.raises(Http404):
            divided.breakdown(standing(), replace(director, level="pseudonymised"), with_kinds, by)


def test_rows_of_workers_and_narrower_scopes_are_divided_by_where_alone(director):
    workers = next(one for one in catalogue().values() if is_of_workers(one) and not one.category)
    assert list(dict(divided.ways_of(director, workers))) == ["team", "service"]
    for kind, ways in (("service", ["team", "service"]), ("team", ["team"]), ("own", ["team"]), ("assigned", ["team"])):
        narrow = replace(director, scope=Scope(kind))
        assert list(dict(divided.ways_of(narrow, shares()))) == ways
    with pytest.raises(Http404):
        divided.breakdown(standing(), replace(director, scope=Scope("service")), shares(), "age")


@pytest.mark.parametrize("by", ["team", "service", *PEOPLE])
def test_the_groups_of_each_way_add_up_to_the_whole(director, by):
    stand = standing()
    for one in catalogue().values():
        whole = figures.own(stand, director)[one.id].headline
        found = figures.breakdown(stand, "identified", one, by)
        open_to_see = [group for group in found if not group.hidden]  # a team of one worker is hidden
        if found and whole.measured:
            for part in ("numerator", "unknown"):
                told, of_all = sum(getattr(group, part) for group in open_to_see), getattr(whole, part)
                assert told == of_all if len(open_to_see) == len(found) else told <= of_all, (one.id, by)


def test_each_group_of_people_stands_against_everybody_else_with_its_interval(director):
    stand = standing()
    found = divided.breakdown(stand, director, shares(), "sex")
    assert found is not None and found.shows_against and found.shows_interval and not found.shows_change
    counted = {
        one.group: (one.numerator, one.denominator) for one in figures.breakdown(stand, "identified", shares(), "sex")
    }
    ratios = fairness.ratios(counted)
    assert {one.key: one.against for one in found.groups} == {key: fairness.words(one) for key, one in ratios.items()}
    assert found.not_a_cause.startswith("A difference is not a cause")
    assert "chance" in found.fair
    assert found.wide is not None and found.narrow is not None
    assert [lane.text.split(":")[0] for lane in found.wide.lanes] == [one.title for one in found.groups]


def test_teams_are_not_held_against_each_other_and_numbers_have_no_ratio(director):
    stand = standing()
    teams = divided.breakdown(stand, director, shares(), "team")
    assert teams is not None and not teams.shows_against and teams.wide is None and teams.fair == ""
    counts = next(one for one in catalogue().values() if one.kind == "rate")
    numbers = divided.breakdown(stand, director, counts, "age")
    assert numbers is not None and not numbers.shows_against and not numbers.shares and numbers.wide is None


def test_below_the_identified_level_there_is_no_picture_and_what_is_published_has_no_interval(director):
    stand, pseudonymised = standing(), replace(director, level="pseudonymised")
    drawn = 0
    for one in (held for held in catalogue().values() if held.kind == "percent" and not is_of_workers(held)):
        by_sex = divided.breakdown(stand, director, one, "sex")
        below = divided.breakdown(stand, pseudonymised, one, "sex")
        drawn += bool(by_sex and by_sex.wide and below)
        assert below is None or (below.wide, below.narrow) == (None, None), one.id
    assert drawn, "some picture must be there to be kept back"
    below = divided.breakdown(stand, pseudonymised, shares(), "sex")
    assert below is not None
    hidden = [one for one in below.groups if one.hidden]
    assert all(not one.against and not one.interval for one in hidden)
    published = divided.breakdown(stand, replace(director, level="published"), shares(), "sex")
    assert published is not None and not published.shows_against and not published.shows_interval


def test_the_sentence_names_the_groups_that_differ():
    def group(title, *, differs):
        return divided.Group(title, title, "", "", "", "none", "", hidden=False, differs=differs)

    assert divided._fair([group("White", differs=False)]).startswith("No group differs")
    one = divided._fair([group("White", differs=True), group("Black", differs=False)])
    assert one.startswith("One group differs from everybody else") and one.endswith(": White.")
    two = divided._fair([group("White", differs=True), group("Black", differs=True)])
    assert two.startswith("Two groups differ") and two.endswith(": White and Black.")


@pytest.mark.parametrize(
    ("numerator", "denominator", "words"), [(7, 10, "40% to 89%"), (0, 10, "0% to 28%"), (1, 0, "")]
)
def test_the_interval_of_a_share_is_wilsons(numerator, denominator, words):
    # 7 of 10: E. B. Wilson's interval is 0.397 to 0.892, as printed in R. Newcombe, Statistics in Medicine, 1998
    assert divided.wilson(numerator, denominator) == words
    assert divided.wilson(None, denominator) == ""
