"""Masks against an attacker who adds, subtracts and knows that no count is below nothing."""

from collections.abc import Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lineofsight.measures.disclosure import Cell, hidden_groups, hidden_teams, masks, rounded, unsafe

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
