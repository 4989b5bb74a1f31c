"""Children easily lost: every case of every group through the engine, what a change of its SQL does, and the file."""

from collections.abc import Iterator

import pytest
from tests.measures import test_mutation as mutation

from lineofsight import clock
from lineofsight.cases import easily_lost
from lineofsight.measures import definitions, spec

GROUPS = easily_lost.groups()
WANTED = {
    "With relatives or friends, approved for a time only",
    "At home under an interim care order",
    "Deprived of liberty",
    "In a placement that is not registered",
    "Far from home",
    "Moving in or out",
    "Privately fostered",
    "Homeless at 16 and 17",
    "Not born yet",
    "Stepped down and back",
}


def cases() -> Iterator[object]:
    for one in GROUPS.values():
        for case in spec.read(one.folder / "spec.md").cases:
            yield pytest.param(one, case, id=f"{one.id}: {case.sentence}")


@pytest.mark.parametrize(("one", "case"), list(cases()))
def test_the_engine_gives_what_was_worked_out_by_hand(one, case):
    assert spec.run(case, one, GROUPS.views) == []


def test_every_group_of_children_who_are_easily_lost_is_there_and_none_is_a_measure():
    assert {one.title for one in GROUPS.values()} == WANTED
    assert not set(GROUPS) & set(definitions.load())


@pytest.mark.parametrize("one", GROUPS.values(), ids=list(GROUPS))
def test_a_group_says_what_happens_without_the_data_and_is_to_be_looked_at_again(one):
    told = [case.expect.get("not measured") for case in spec.read(one.folder / "spec.md").cases]
    assert any(told)
    assert one.next_review > clock.today()


@pytest.mark.full
@pytest.mark.parametrize("one", GROUPS.values(), ids=list(GROUPS))
def test_the_cases_notice_every_changed_comparison_and_timescale(one):
    assert mutation.unnoticed(one) == []
    assert mutation.timescales_unnoticed(one) == []
