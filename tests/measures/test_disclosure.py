"""Masks against an attacker who adds, subtracts and knows that no count is below nothing."""

from collections.abc import Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lineofsight.measures import disclosure
from lineofsight.measures.disclosure import (
    Cell,
    Family,
    Known,
    as_vague_as_can_be,
    held,
    hidden_groups,
    hidden_teams,
    joint_masks,
    masks,
    rounded,
    small,
    unsafe,
)

BELOW = 6


def cells(**parts: tuple[int, ...]) -> list[Cell]:
    return [Cell(name, counts) for name, counts in parts.items()]


def test_a_family_without_small_numbers_is_shown_whole():
    assert hidden_groups(cells(north=(6, 20), south=(0, 9), west=(7, 0)), BELOW) == frozenset()


def test_a_small_cell_takes_the_next_smallest_with_it():
    # 3 alone would be the total less the rest; with south (6 of 10) what is hidden is 9 and 7
    assert hidden_groups(cells(north=(3, 4), south=(6, 3), west=(40, 60)), BELOW) == {"north", "south"}


def test_a_small_rest_hides_as_a_small_number_does():
    # 98 of 100 seen is 2 not seen
    assert "north" in hidden_groups(cells(north=(98, 2), south=(60, 60)), BELOW)


def test_a_zero_is_no_small_number_but_goes_when_a_small_total_would_tell():
    # 3 in all, all in the north: a shown zero in the south would tell it
    assert hidden_groups(cells(north=(3, 60), south=(0, 60)), BELOW) == {"north", "south"}


def test_more_cells_go_until_what_is_hidden_is_no_small_number():
    # 2 + 1 = 3 hidden is small, so the 9 goes too
    assert hidden_groups(cells(a=(2,), b=(1,), c=(9,), d=(30,)), BELOW) == {"a", "b", "c"}


def test_teams_are_hidden_within_their_service_whose_total_is_shown():
    teams = [Cell("t1", (2, 9), "s1"), Cell("t2", (8, 9), "s1"), Cell("t3", (30, 30), "s1"), Cell("t4", (6, 6), "s2")]
    assert hidden_teams(teams, (), BELOW) == {"t1", "t2"}


def test_every_team_of_a_hidden_service_is_hidden():
    teams = [Cell("t1", (8, 9), "s1"), Cell("t2", (8, 9), "s1"), Cell("t3", (30, 30), "s2")]
    assert hidden_teams(teams, {"s1"}, BELOW) == {"t1", "t2"}


@pytest.mark.parametrize(("number", "shown"), [(0, 0), (2, 0), (3, 5), (6, 5), (7, 5), (8, 10), (12, 10), (13, 15)])
def test_rounding_is_to_the_nearest_five(number, shown):
    assert rounded(number, 5) == shown


@pytest.mark.parametrize(("number", "is_small"), [(0, False), (1, True), (5, True), (6, False)])
def test_small_is_from_one_to_one_below(number, is_small):
    assert small(number, BELOW) is is_small
    assert unsafe((0, number, 40), BELOW) is is_small


def test_an_empty_family_hides_nothing_and_gives_nothing_away():
    assert hidden_groups([], BELOW) == frozenset()
    assert held([], BELOW)


@pytest.mark.parametrize(("last", "is_held"), [(4, False), (5, True)])
def test_what_is_hidden_is_held_when_it_adds_up_to_no_small_number(last, is_held):
    assert held(cells(a=(1, 20), b=(last, 20)), BELOW) is is_held


def test_groups_hidden_elsewhere_are_hidden_here_where_they_are_at_all():
    family = cells(north=(6, 20), south=(20, 9), west=(7, 9))
    assert hidden_groups(family, BELOW, also=("south", "nowhere")) == {"south"}


def test_a_breakdown_without_teams_has_no_masks_of_teams():
    assert masks({"sex": cells(f=(3,), m=(9,))}, BELOW) == {"sex": {"f", "m"}}


def test_teams_are_masked_within_their_services_and_services_beside_each_other():
    teams = [Cell("t1", (2,), "s1"), Cell("t2", (8,), "s1"), Cell("t3", (30,), "s2")]
    assert masks({"service": cells(s1=(10,), s2=(30,)), "team": teams}, BELOW) == {
        "service": frozenset(),
        "team": {"t1", "t2"},
    }


def test_the_size_of_a_cell_is_told_alone_within_its_service_or_not_at_all():
    known = Known({"team": frozenset({"t1", "t2"}), "service": frozenset({"s2"})}, told=True)
    assert known.pool("team", Cell("t0", (1,), "s1")) == "cell t0"
    assert known.pool("team", Cell("t1", (1,), "s1")) == "within s1"
    assert known.pool("team", Cell("t2", (1,), "s2")) == "all"
    assert known.pool("team", Cell("t1", (1,))) == "all"
    assert Known().pool("team", Cell("t0", (1,), "s1")) == "all"
    assert Known(known.hidden).pool("team", Cell("t1", (1,), "s1")) == "all"


@pytest.mark.parametrize(("rest", "vague"), [(3, True), (2, False)])
def test_a_number_beside_told_sizes_must_be_able_to_be_five_different_ones(rest, vague):
    # of 6 in a, at most 1 + rest are not counted: from 5 - rest to 6 are
    family = cells(a=(5, 1), b=(9, rest))
    assert as_vague_as_can_be(family, BELOW, known=Known(told=True)) is vague


def test_sizes_that_are_not_told_leave_every_number_open():
    assert as_vague_as_can_be(cells(a=(5, 1), b=(9, 2)), BELOW)
    assert as_vague_as_can_be(cells(a=(5,), b=(9,)), BELOW)


def test_no_number_can_be_more_than_there_are():
    assert as_vague_as_can_be(cells(a=(2, 1), b=(10, 10)), BELOW, known=Known(told=True))


def test_what_is_hidden_of_a_measure_is_hidden_of_those_among_it():
    whole = Family("whole", {"sex": cells(f=(3,), m=(9,), x=(40,))})
    part = Family("part", {"sex": cells(f=(0, 3), m=(9, 0), x=(20, 20))}, "whole")
    found = joint_masks([part, whole], BELOW)
    assert found["whole"] == {"sex": {"f", "m"}}
    assert found["part"]["sex"] >= {"f", "m"}


def test_few_who_are_not_in_a_measure_hide_its_cell():
    whole = Family("whole", {"sex": cells(f=(20,), m=(30,), x=(40,))})
    part = Family("part", {"sex": cells(f=(18,), m=(10,), x=(10,))}, "whole")
    assert joint_masks([whole, part], BELOW) == {"whole": {"sex": frozenset()}, "part": {"sex": {"f", "m"}}}


def test_where_the_sizes_of_a_measure_would_tell_they_are_hidden_whole():
    # of 6 in f, all but one of everybody are counted: 5 or 6; of 8 in young, whether it is the one stays open
    whole = Family("whole", {"sex": cells(f=(6,), m=(9,)), "age": cells(old=(7,), young=(8,))})
    part = Family("part", {"sex": cells(f=(5, 1), m=(9, 0)), "age": cells(old=(7, 0), young=(7, 1))}, "whole")
    found = joint_masks([whole, part], BELOW)
    assert found["whole"] == {"sex": {"f", "m"}, "age": frozenset()}
    assert found["part"] == {"sex": {"f", "m"}, "age": {"old", "young"}}


def test_a_measure_among_one_that_was_not_measured_is_masked_alone():
    part = Family("part", {"sex": cells(f=(3,), m=(9,), x=(40,))}, "not measured")
    assert joint_masks([part], BELOW) == {"part": {"sex": {"f", "m"}}}


def test_the_measures_above_one_are_named_from_the_nearest_and_once():
    one, other, third = Family("a", {}, "b"), Family("b", {}, "c"), Family("c", {})
    known = {family.measure: family for family in (one, other, third)}
    assert disclosure._above(one, known) == ["b", "c"]
    assert disclosure._above(third, known) == []
    assert disclosure._above(one, {"a": one, "b": Family("b", {}, "a")}) == ["b", "a"]


def test_those_outside_are_a_part_more_and_never_below_nothing():
    family = cells(f=(3, 4), m=(9, 1), x=(1, 1))
    other = Family("whole", {"sex": cells(f=(20,), m=(9,))})
    assert disclosure._with_those_outside(family, None, "sex") == family
    found = disclosure._with_those_outside(family, other, "sex")
    assert [cell.parts for cell in found] == [(3, 4, 13), (9, 1, 0), (1, 1, 0)]


def test_a_breakdown_hidden_whole_takes_its_teams_with_it_and_nothing_else():
    family = {"service": cells(s1=(9,), s2=(9,)), "team": cells(t1=(9,), t2=(9,)), "sex": cells(f=(9,), m=(9,))}
    nothing = dict.fromkeys(family, frozenset())
    every = {name: frozenset(cell.group for cell in some) for name, some in family.items()}
    assert disclosure._hidden_with(nothing, family, set()) == nothing
    assert disclosure._hidden_with(nothing, family, {"sex"}) == {**nothing, "sex": every["sex"]}
    assert disclosure._hidden_with(nothing, family, {"service"}) == {**every, "sex": frozenset()}


def test_hidden_teams_are_held_together_by_the_total_that_is_told_of_them():
    teams = [Cell("t1", (5, 1), "s1"), Cell("t2", (9, 2), "s1"), Cell("t3", (9, 9), "s2"), Cell("t4", (9, 9), "s3")]
    apart = disclosure._apart(teams, {"service": frozenset({"s2", "s3"})})
    assert [[team.group for team in some] for some in apart] == [["t1", "t2"], ["t3", "t4"]]
    assert [len(some) for some in disclosure._apart(teams, {})] == [2, 1, 1]


def test_a_breakdown_is_loose_where_what_is_hidden_of_it_can_be_worked_out():
    told = Known(told=True)
    family = cells(a=(5, 1), b=(9, 2), c=(40, 40))
    hidden = {"sex": frozenset({"a", "b"})}
    assert disclosure._loose({"sex": family}, hidden, BELOW, told) == "sex"
    assert disclosure._loose({"sex": family}, hidden, BELOW, Known()) is None
    assert disclosure._loose({"sex": family}, {"sex": frozenset({"a", "b", "c"})}, BELOW, told) is None
    assert disclosure._loose({"sex": family}, {"sex": frozenset()}, BELOW, told) is None
    # of teams each shown service's own hang together: with s2's the sums would be wide
    teams = [Cell("a", (5, 1), "s1"), Cell("b", (9, 2), "s1"), Cell("c", (40, 40), "s2")]
    hidden = {"team": frozenset("abc"), "service": frozenset()}
    assert disclosure._loose({"team": teams}, hidden, BELOW, told) == "team"
    assert disclosure._loose({"team": teams}, {**hidden, "service": frozenset({"s1", "s2"})}, BELOW, told) is None


# The attacker. Each hidden part is at least 0; what is shown is exact; teams add up to their service where that is
# shown, and services to the total. The bounds of a tree of sums, tightened until nothing moves, are the best there are.

Bounds = dict[str, tuple[int, int]]


def attack(children: Mapping[str, Sequence[str]], shown: Mapping[str, int], ceiling: int) -> Bounds:
    names = set(children) | {name for group in children.values() for name in group}
    bounds = {name: (shown[name], shown[name]) if name in shown else (0, ceiling) for name in names}
    moved = True
    while moved:
        moved = False
        for parent, group in children.items():
            low = sum(bounds[name][0] for name in group)
            high = sum(bounds[name][1] for name in group)
            moved |= tighten(bounds, parent, low, high)
            for name in group:
                rest_low = low - bounds[name][0]
                rest_high = high - bounds[name][1]
                moved |= tighten(bounds, name, bounds[parent][0] - rest_high, bounds[parent][1] - rest_low)
                low = sum(bounds[other][0] for other in group)
                high = sum(bounds[other][1] for other in group)
    return bounds


def tighten(bounds: Bounds, name: str, low: int, high: int) -> bool:
    before = bounds[name]
    bounds[name] = (max(before[0], low), min(before[1], high))
    return bounds[name] != before


counts = st.one_of(st.just(0), st.integers(1, 5), st.integers(0, 12), st.integers(6, 60))


@st.composite
def families(draw: st.DrawFn) -> tuple[list[Cell], list[Cell]]:
    """Services and their teams, with three parts each: counted, rest, unknown."""
    teams = [
        Cell(f"t{service}{team}", (draw(counts), draw(counts), draw(counts)), f"s{service}")
        for service in range(draw(st.integers(1, 4)))
        for team in range(draw(st.integers(1, 4)))
    ]
    services = [
        Cell(name, tuple(sum(parts) for parts in zip(*(one.parts for one in teams if one.parent == name), strict=True)))
        for name in sorted({one.parent or "" for one in teams})
    ]
    return services, teams


@settings(max_examples=400, deadline=None)
@given(families())
def test_no_small_number_can_be_worked_out_from_what_is_shown(family):
    services, teams = family
    hidden = masks({"service": services, "team": teams}, BELOW)
    children = {"total": [one.group for one in services]}
    for service in services:
        children[service.group] = [one.group for one in teams if one.parent == service.group]
    for part in range(3):
        truth = {one.group: one.parts[part] for one in services + teams}
        total = sum(one.parts[part] for one in services)
        shown = {
            one.group: one.parts[part]
            for name, family_cells in (("service", services), ("team", teams))
            for one in family_cells
            if one.group not in hidden[name]
        }
        assert not any(0 < number < BELOW for number in shown.values())
        found = attack(children, {**shown, "total": total}, total)
        for name, (low, high) in found.items():
            if name == "total" or not 0 < truth[name] < BELOW:
                continue
            assert low <= truth[name] <= high
            if total >= BELOW:
                # the attacker cannot even tell that it is small
                assert high >= BELOW, (name, low, high)
            elif len(teams) > 1 and (len(services) > 1 or name not in children):
                # the authority's own number is small and shown exactly; whose it is cannot be told
                assert low < high, (name, low, high)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 7)), min_size=2, max_size=4))
def test_trying_every_possible_family_finds_no_small_number_either(parts):
    family = [Cell(f"g{number}", one) for number, one in enumerate(parts)]
    below = 3
    hidden = sorted(hidden_groups(family, below))
    for part in range(2):
        truth = {one.group: one.parts[part] for one in family}
        left = sum(truth[name] for name in hidden)
        possible = [combo for combo in product(range(left + 1), repeat=len(hidden)) if sum(combo) == left]
        for place, name in enumerate(hidden):
            if 0 < truth[name] < below:
                assert len({combo[place] for combo in possible}) > 1


@given(families())
def test_what_is_hidden_adds_up_to_no_small_number_unless_all_is_hidden(family):
    services, _ = family
    hidden = hidden_groups(services, BELOW)
    sums = [sum(one.parts[part] for one in services if one.group in hidden) for part in range(3)]
    assert not unsafe(sums, BELOW) or len(hidden) == len(services)
