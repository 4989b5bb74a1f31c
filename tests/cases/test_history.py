"""How many exceptions were open, new and cleared at each extract: counted once, and carried on unchanged."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lineofsight.cases import exceptions, history
from lineofsight.lake import Snapshot

SEPTEMBER, OCTOBER = date(2026, 9, 30), date(2026, 10, 31)


def snapshot(as_at, name):
    return Snapshot(
        id=name, as_at=as_at, loaded_at=datetime(2026, 11, 2, tzinfo=UTC), authority="306", authority_name="Croydon",
        population=None, synthetic=True, kind="ssd", tables={}, directory=Path(), predecessor=None,
    )  # fmt: skip


def ledger(*rows):
    return pa.Table.from_pylist([{"measure": "CP08", "service_id": "S1", **row} for row in rows], exceptions.SCHEMA)


def tally(counts, as_at):
    return {
        (one["what"], one["team_id"]): one["count"] for one in counts.to_pylist() if one["as_at"] == as_at
    }  # fmt: skip


OPEN = {"state": "open", "team_id": "T1", "first_seen": SEPTEMBER}


def test_open_new_and_cleared_are_counted_by_team():
    found = history.carry_on(
        snapshot(OCTOBER, "b"),
        ledger(
            OPEN,
            {**OPEN, "first_seen": OCTOBER},
            {**OPEN, "team_id": "T2", "state": "cleared", "cleared_on": OCTOBER},
            {**OPEN, "state": "cleared", "cleared_on": SEPTEMBER},
            {**OPEN, "team_id": "T2", "state": "not re-measured"},
        ),
        None,
    )
    assert tally(found, OCTOBER) == {
        ("open", "T1"): 2,
        (history.BEGUN, "T1"): 1,
        ("cleared", "T2"): 1,
        ("not re-measured", "T2"): 1,
    }


def test_what_was_counted_before_is_carried_on_as_it_was():
    first = history.carry_on(snapshot(SEPTEMBER, "a"), ledger(OPEN, OPEN), None)
    second = history.carry_on(snapshot(OCTOBER, "b"), ledger(), first)
    assert second.equals(first)
    assert tally(second, SEPTEMBER) == {("open", "T1"): 2, (history.BEGUN, "T1"): 2}


def test_a_correction_of_one_date_adds_its_own_counts_and_what_was_known_first_stays():
    first = history.carry_on(snapshot(SEPTEMBER, "a"), ledger(OPEN), None)
    wrong = history.carry_on(snapshot(OCTOBER, "b"), ledger(OPEN, OPEN), first)
    right = history.carry_on(snapshot(OCTOBER, "c"), ledger(OPEN), wrong)
    open_in = {one["snapshot"]: one["count"] for one in right.to_pylist() if one["what"] == "open"}
    assert open_in == {"a": 1, "b": 2, "c": 1}
    assert right.filter(pc.field("snapshot") != "c").equals(wrong)


def test_a_snapshot_counted_again_takes_the_place_of_its_own_counts_alone():
    first = history.carry_on(snapshot(SEPTEMBER, "a"), ledger(OPEN), None)
    again = history.carry_on(snapshot(SEPTEMBER, "a"), ledger(OPEN, OPEN), first)
    assert tally(again, SEPTEMBER)["open", "T1"] == 2
    assert history.carry_on(snapshot(date(2026, 8, 31), "0"), ledger(), first).num_rows == 0


@pytest.mark.parametrize("counts", [None, history.SCHEMA.empty_table()])
def test_nothing_owed_is_no_row(counts):
    assert history.carry_on(replace(snapshot(OCTOBER, "b")), ledger(), counts).num_rows == 0
