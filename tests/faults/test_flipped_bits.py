"""A bit that changed by itself is found, and where is said; never is a number shown that was not so."""

from __future__ import annotations

import random

import pytest
from tests.faults import flipping
from tests.faults.child import Deed
from tests.times import seed, times

from lineofsight.errors import PlainError

FULL, SAMPLED = times(40), 12
DATABASE_FULL, DATABASE_SAMPLED = times(30), 12
ANCHORS_FULL, ANCHORS_SAMPLED = times(20), 4


@pytest.fixture(scope="module")
def worked(places):
    at = places.copy("worked")
    yield at.home
    places.gone(at)


def test_every_file_of_a_home_is_of_a_kind_that_is_flipped(worked):
    """Or is one of the few where a bit is not looked for, each for its reason."""
    kinds = [*flipping.KINDS.values(), *flipping.ELSEWHERE, *flipping.NOT_LOOKED_FOR]
    known = {path for kind in kinds for path in worked.glob(kind)}
    assert {
        str(path.relative_to(worked)) for path in worked.rglob("*") if path.is_file() and path not in known
    } == set()
    assert all(list(worked.glob(kind)) for kind in kinds)


@pytest.mark.parametrize("flips", [SAMPLED, pytest.param(FULL, marks=pytest.mark.full)])
def test_a_flipped_bit_of_any_file_is_found_and_nothing_untrue_is_read(worked, flips, counted):
    """Half of the flips come while a process has the files open already, as a server has."""
    chance = random.Random(f"{seed()} files")
    truth = flipping.everything(*flipping.afresh(worked))
    assert flipping.verified(flipping.afresh(worked)[1]) == []
    for number in range(flips):
        kind = list(flipping.KINDS)[number % len(flipping.KINDS)]
        path = chance.choice(sorted(worked.glob(flipping.KINDS[kind])))
        open_before = flipping.afresh(worked)
        if number % 2:
            flipping.everything(*open_before)
        with flipping.flipped(path, chance) as where:
            told = f"{kind}, {path.name}, {where}"
            wrong = found_by_verify(worked)
            assert wrong, f"nobody noticed: {told}"
            assert "master key" in wrong[0] or "keys" in wrong[0] or path.name in " ".join(wrong), (told, wrong)
            assert flipping.untrue(truth, flipping.everything(*open_before)) == [], told
            assert flipping.untrue(truth, read_afresh(worked)) == [], told
        counted("flipped bits of files", 1)
    assert flipping.untrue(truth, flipping.everything(*flipping.afresh(worked))) == []
    assert found_by_verify(worked) == []


def found_by_verify(path):
    try:
        return flipping.verified(flipping.afresh(path)[1])
    except PlainError as refused:
        return [str(refused)]


def read_afresh(path):
    try:
        return flipping.everything(*flipping.afresh(path))
    except PlainError:
        return {}


@pytest.mark.parametrize("flips", [DATABASE_SAMPLED, pytest.param(DATABASE_FULL, marks=pytest.mark.full)])
def test_a_flipped_bit_of_a_page_of_sqlite_is_found(flips, place, processes, counted):
    """By whatever reads it, or by `verify`; or it changed nothing that anybody can read."""
    at = place("worked")
    processes.well(at, Deed(act="sign"), Deed(act="read"))
    (told,) = processes.well(at, Deed(act="flip_pages", given={"flips": flips, "seed": f"{seed()} pages"}))
    assert told["unnoticed"] == []
    assert told["found"] > flips / 2, told
    counted("flipped bits of pages of SQLite", flips, f"{told['found']} found, {told['unread']} where nothing stands")


@pytest.mark.parametrize("flips", [ANCHORS_SAMPLED, pytest.param(ANCHORS_FULL, marks=pytest.mark.full)])
def test_a_flipped_bit_of_an_anchor_is_found(flips, place, processes, counted):
    at = place("worked")
    (told,) = processes.well(at, Deed(act="flip_anchor", given={"flips": flips, "seed": f"{seed()} anchors"}))
    assert told == {"found": flips, "unnoticed": []}
    counted("flipped bits of anchors", flips)
