"""Many invented authorities, of shapes that are hard to hide anything in, against the attacker without pages.

The attacker is told all that a level may ever be told (test_attacker.py holds the pages to it), of the newest date and
of two others drawn by chance, and solves for every hidden small number.
"""

import random

import pytest
from tests.disclosure.authorities import MIXED, SHAPES, planted
from tests.disclosure.telling import ALLOCATION, LEVELS, case_of, truth_of
from tests.times import drawn, times

from lineofsight.measures import disclosure

_DRAWN = random.Random(20_261_112)  # noqa: S311
SEEDS = [8]
MORE_SEEDS = _DRAWN.sample(range(10_000), times(1))
# Each shape with a seed of its own; two of them in one full run, and all of them with LINEOFSIGHT_TIMES=4.
HARD = drawn(enumerate(SHAPES, start=100), 2, name=lambda one: one[1])


def hold(seed, shape, counted):
    """Solve for every small number of one authority, at both levels."""
    truth = truth_of(planted(seed, shape))
    days = (truth.days[-1], *random.Random(seed).sample(truth.days[:-1], 2))  # noqa: S311
    for level in LEVELS:
        case = case_of(truth, level, days)
        found, small = case.broken()
        assert found == [], level
        counted("authorities attacked by all that a level may be told")
        counted("constraints written down", len(case.attack.rows))
        counted("small numbers hidden, none worked out", small)
    return small


@pytest.mark.parametrize("seed", SEEDS)
def test_no_small_number_of_an_authority_can_be_worked_out(seed, counted):
    assert hold(seed, MIXED, counted) > 100


def test_no_small_number_of_a_shape_that_is_hard_to_hide_can_be_worked_out(counted):
    hold(1, SHAPES["no child at all"], counted)


@pytest.mark.full
@pytest.mark.parametrize("seed", MORE_SEEDS)
def test_no_small_number_of_many_authorities_can_be_worked_out(seed, counted):
    hold(seed, MIXED, counted)


@pytest.mark.full
@pytest.mark.parametrize(("seed", "name"), HARD)
def test_no_small_number_of_many_hard_shapes_can_be_worked_out(seed, name, counted):
    hold(seed, SHAPES[name], counted)


@pytest.mark.parametrize("level", LEVELS)
def test_small_numbers_of_who_holds_a_child_are_among_those_attacked(level):
    case = case_of(truth_of(planted(SEEDS[0])), level)
    assert {one.cell[0] for one in case.small_and_hidden()} >= ALLOCATION
    for one in ("CP11", "WF14", "WF15"):
        assert case.truth.catalogue[one].among in ("CP10", "CN05")


def test_the_seeds_are_different_ones():
    assert len(set(MORE_SEEDS)) == times(1)


def broken(level):
    return case_of(truth_of(planted(SEEDS[0])), level).broken()[0]


def test_a_weaker_mask_is_broken_by_the_same_attacker(monkeypatch):
    def primary(cells, below, *, also=(), **_):
        return frozenset(cell.group for cell in cells if disclosure.unsafe(cell.parts, below))

    monkeypatch.setattr(disclosure, "hidden_groups", primary)
    assert broken("pseudonymised")


def test_masks_of_one_measure_at_a_time_are_broken_by_the_same_attacker(monkeypatch):
    def alone(families, below):
        return {one.measure: disclosure.masks(one.cells, below) for one in families}

    monkeypatch.setattr(disclosure, "joint_masks", alone)
    assert broken("pseudonymised")
