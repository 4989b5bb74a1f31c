"""What is carried on from load to load beside the ledger: what was open, what was known, what was entered late."""

from datetime import date

import pyarrow.compute as pc
import pytest
from tests.loading.conftest import NOVEMBER, OCTOBER, SEPTEMBER, children, extract, plans

from lineofsight.cases import late
from lineofsight.loading import carrying

CARRIED = ("exceptions", "exception_counts", "first_known", "late", "late_counts")


def visit(day, name):
    return {"cppv_cp_visit_id": name, "cppv_person_id": "c1", "cppv_cp_visit_date": day}


def month(as_at, *visits, waiting=("c1",)):
    people = {"ssd_person": children(6), "ssd_involvements": [], "ssd_professionals": []}
    return extract(as_at, **people, ssd_cp_plans=plans(*waiting), ssd_cp_visits=list(visits))


def counted(lake, computation, as_at, state=late.LATE):
    rows = carrying.kept(lake, computation, "late_counts").to_pylist()
    visits = [one for one in rows if one["kind"] == "protection-visit"]
    return sum(one["count"] for one in visits if one["as_at"] == as_at and one["state"] == state)


FIRST, SECOND, THIRD = visit(date(2026, 9, 1), "a"), visit(date(2026, 9, 20), "b"), visit(date(2026, 10, 5), "c")


@pytest.fixture
def computations(load):
    return [
        load(month(SEPTEMBER, FIRST)).computation,
        load(month(OCTOBER, FIRST, SECOND, waiting=("c1", "c2"))).computation,
        load(month(NOVEMBER, FIRST, SECOND, THIRD)).computation,
    ]


def test_every_computation_keeps_what_was_known(lake, computations):
    for one in computations:
        assert {f"{name}.parquet" for name in CARRIED} <= one.files.keys()


def test_late_recording_is_carried_on_and_each_load_is_compared_with_the_one_before(lake, computations):
    last = computations[-1]
    assert counted(lake, last, SEPTEMBER) == 0
    assert counted(lake, last, OCTOBER) == 1
    assert counted(lake, last, NOVEMBER) == 1
    assert [one["day"] for one in lake.read(last, "late").to_pylist()] == [date(2026, 10, 5)]


def test_a_correction_of_one_date_is_compared_with_the_date_before_and_counted_once(lake, load, computations):
    corrected = load(month(NOVEMBER, FIRST, SECOND, THIRD, visit(date(2026, 10, 6), "d"))).computation
    assert counted(lake, corrected, NOVEMBER) == 2
    assert counted(lake, corrected, OCTOBER) == 1
    assert counted(lake, computations[-1], NOVEMBER) == 1


def test_each_month_keeps_the_value_it_was_first_known_by(lake, computations):
    kept = lake.read(computations[-1], "first_known").to_pylist()
    waiting = {
        one["as_at"]: one["numerator"]
        for one in kept
        if one["measure"] == "CP10" and one["breakdown"] == "authority" and one["status"] == "measured"
    }
    assert waiting == {SEPTEMBER: 1, OCTOBER: 2, NOVEMBER: 1}


def test_what_was_open_at_each_load_is_told_by_the_newest(lake, computations):
    counts = lake.read(computations[-1], "exception_counts")
    told = counts.filter(pc.equal(counts["measure"], "CP10")).group_by(["as_at", "what"]).aggregate([("count", "sum")])
    found = {(one["as_at"], one["what"]): one["count_sum"] for one in told.to_pylist()}
    assert found[SEPTEMBER, "open"] == 1
    assert found[OCTOBER, "open"] == 2
    assert found[OCTOBER, "begun"] == 1
    assert found[NOVEMBER, "open"] == 1
    assert found[NOVEMBER, "not re-measured"] == 1  # its plan is gone from the extract, which clears nothing


@pytest.mark.full
def test_a_load_whose_predecessor_was_withdrawn_is_told_against_the_one_before_that(lake, load, withdraw, computations):
    middle = lake.snapshots()[1]
    withdraw(middle.id, "a bad export")
    newest = lake.newest()[1]
    assert counted(lake, newest, OCTOBER) == 0
    assert counted(lake, newest, NOVEMBER) == 1
    assert counted(lake, newest, NOVEMBER, late.ENTERED) == 1


def test_a_file_that_was_not_kept_then_is_none(lake, computations):
    assert carrying.kept(lake, computations[0], "nothing") is None
    assert carrying.kept(lake, None, "late_counts") is None


@pytest.mark.full
def test_a_correction_of_one_date_leaves_what_was_counted_by_the_first_load_of_that_date(lake, load, computations):
    first = lake.newest()[0].id
    corrected = load(month(NOVEMBER, FIRST, SECOND, THIRD, visit(date(2026, 10, 6), "d"), waiting=("c1", "c3")))
    before = lake.read(computations[-1], "exception_counts")
    after = lake.read(corrected.computation, "exception_counts")
    assert after.filter(pc.field("snapshot") != corrected.snapshot.id).equals(before)
    assert {first, corrected.snapshot.id} <= set(after["snapshot"].to_pylist())
