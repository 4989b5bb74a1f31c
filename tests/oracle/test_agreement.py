"""The engine and the second computation agree, on every measure, on shaken synthetic authorities."""

import pytest
from tests.oracle import harness, shaking
from tests.times import seed, times

from lineofsight.measures import definitions

A_FEW = 4
MANY = 200


def test_every_measure_of_the_catalogue_is_worked_out_a_second_time():
    assert set(harness.measures()) == set(definitions.load())


def test_the_engine_says_what_plain_python_says():
    (batch,) = shaking.batches(A_FEW, "ordinary")
    assert harness.compare(batch) == []


@pytest.mark.full
@pytest.mark.parametrize("at", range(0, times(MANY), shaking.TOGETHER))
def test_the_engine_says_what_plain_python_says_of_many(at):
    assert harness.compare(shaking.batch(f"{seed()}/{at}", shaking.TOGETHER)) == []
