"""Every case of every spec in the catalogue, through the engine; and that each measure has its cases and its review.

make test tries the first six cases of each measure, which are those that say most of it; make test-full every one.
"""

from collections.abc import Iterator

import pytest

from lineofsight import clock
from lineofsight.measures import definitions, spec

CATALOGUE = definitions.load()
CASES_NEEDED = 6


def cases() -> Iterator[object]:
    for one in CATALOGUE.values():
        path = one.folder / "spec.md"
        for number, case in enumerate(spec.read(path).cases if path.exists() else ()):
            marks = [pytest.mark.long] if number >= CASES_NEEDED else []
            yield pytest.param(one, case, id=f"{one.id}: {case.sentence}", marks=marks)


@pytest.mark.parametrize(("one", "case"), list(cases()))
def test_the_engine_gives_what_was_worked_out_by_hand(one, case):
    assert spec.run(case, one, CATALOGUE.views) == []


@pytest.mark.parametrize("one", CATALOGUE.values(), ids=list(CATALOGUE))
def test_a_measure_has_its_cases_worked_out(one):
    path = one.folder / "spec.md"
    assert path.exists(), f"{one.id} has no spec.md"
    sentences = [case.sentence for case in spec.read(path).cases]
    assert len(set(sentences)) == len(sentences) >= CASES_NEEDED


@pytest.mark.parametrize("one", CATALOGUE.values(), ids=list(CATALOGUE))
def test_a_measures_next_review_is_still_to_come(one):
    assert one.next_review > clock.today(), f"{one.id} was to be looked at again by {one.next_review}"


@pytest.mark.parametrize("one", [one for one in CATALOGUE.values() if one.needs], ids=lambda one: one.id)
def test_a_spec_says_what_happens_without_the_data(one):
    told = [case.expect.get("not measured") for case in spec.read(one.folder / "spec.md").cases]
    assert any(told), f"{one.id} has no case of missing data"


def test_the_ten_measures_of_the_first_line_are_there():
    assert {"RF02", "AS01", "CN05", "CP01", "CP06", "CP08", "CP10", "LA08", "WF08", "WF10"} <= set(CATALOGUE)
