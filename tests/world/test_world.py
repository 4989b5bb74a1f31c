"""Twelve months of extracts as hard as they come: what was owed to a child, and how it is told, stands through all."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping

import pytest
from tests.world import following, oracle
from tests.world.living import Life
from tests.world.making import BAD, MISSING, MISSING_IN, MONTHS, PART_OVER, WRONG
from tests.world.oracle import CLEARED, NOT_AGAIN, OPEN

LEFT_BEHIND = {"ended", "no longer counted", "found done", "done late", "holds no children now"}


def rows_of(life: Life, number: int) -> dict[str, Mapping]:
    """The exceptions after a month, by id."""
    return {row["exception_id"]: row for row in life.ledger(life.month(number)[1]).to_pylist()}


def named(row: Mapping) -> tuple:
    return row["measure"], row["person_id"] or row["worker_id"], row["anchor"], row["occurrence"]


def without(row: Mapping, *columns: str) -> dict:
    return {name: value for name, value in row.items() if name not in columns}


def untold() -> set[str]:
    """The measures that cannot be measured in the month of the missing tables."""
    return {measure for measure, tables in oracle.needs().items() if set(tables) & set(MISSING)}


@pytest.fixture(scope="module")
def derived(life):
    return following.derived(life)


# --- what is missing clears nothing


def test_a_month_with_three_tables_missing_waits_for_a_persons_yes(life):
    step = life.step(f"month {MISSING_IN}")
    assert step.waited
    accepted = life.lake.accepted(step.snapshot)
    assert accepted is not None
    for title in ("Child protection visits", "Involvements", "Reviews"):
        assert title in accepted.why


def test_every_exception_that_was_open_is_not_re_measured_while_its_tables_are_missing(life):
    before, during = rows_of(life, MISSING_IN - 1), rows_of(life, MISSING_IN)
    waiting = {
        key: row for key, row in before.items() if row["measure"] in untold() and row["state"] in (OPEN, NOT_AGAIN)
    }
    assert waiting
    changed = ("state", "history")
    for key, row in waiting.items():
        assert during[key]["state"] == NOT_AGAIN
        assert during[key]["history"][-1]["what"] == "not measured this time"
        assert without(during[key], *changed) == without(row, *changed)


def test_no_exception_is_cleared_by_a_measure_that_was_not_measured(life):
    """In any ledger, of any computation: whatever was cleared on a day had its tables that day."""
    for step in life.loads:
        for computation in step.computations:
            measured = following.seen(life, step, computation).measured
            cleared = {
                row["measure"]
                for row in life.ledger(computation).to_pylist()
                if row["cleared_on"] == step.snapshot.as_at and row["history"][-1]["snapshot"] == step.snapshot.id
            }
            assert cleared <= measured


def test_after_the_missing_month_each_is_open_again_as_the_same_one_or_cleared_for_a_reason_that_is_told(life):
    during, after = rows_of(life, MISSING_IN), rows_of(life, MISSING_IN + 1)
    waited = {key: row for key, row in during.items() if row["state"] == NOT_AGAIN}
    again = [key for key in waited if after[key]["state"] == OPEN]
    assert again
    for key, row in waited.items():
        assert named(after[key]) == named(row)
        assert after[key]["first_seen"] == row["first_seen"]
        if after[key]["state"] == CLEARED:
            what = after[key]["history"][-1]["what"]
            assert any(what.startswith(words) for words in LEFT_BEHIND)


# --- every exception, derived again


def test_every_ledger_is_the_one_that_the_written_rules_give(life, derived, counted):
    """State, first seen, last seen and cleared on of every exception after every computation: the same set."""
    for computation in life.computations:
        assert following.as_kept(life, computation) == derived[computation.id]
        counted("exceptions derived again from the written rules", len(derived[computation.id]))


def test_the_world_holds_every_kind_of_history(life):
    """A world without them would prove nothing."""
    ledger = rows_of(life, MONTHS)
    assert {row["state"] for row in ledger.values()} == {OPEN, CLEARED, NOT_AGAIN} or len(ledger) < 100
    ends = Counter(row["history"][-1]["what"].split(",")[0] for row in ledger.values() if row["state"] == CLEARED)
    assert ends["found done"]
    late = [row for row in ledger.values() if row["owed_since"] and (row["first_seen"] - row["owed_since"]).days > 31]
    assert late


# --- names, ids and teams change; exceptions do not


def test_the_id_of_an_exception_is_the_same_in_every_ledger(life):
    names: dict[str, str] = {}
    for computation in life.computations:
        for row in life.ledger(computation).to_pylist():
            if row["person_id"] in gone(life):
                continue
            assert names.setdefault(named(row), row["exception_id"]) == row["exception_id"]


def test_no_id_of_an_event_is_the_same_thing_from_one_month_to_the_next(life):
    """Else the tests above would try nothing."""
    for table, key, told in (
        ("ssd_cp_plans", "cppl_cp_plan_id", ("cppl_person_id", "cppl_cp_plan_start_date")),
        ("ssd_cin_episodes", "cine_referral_id", ("cine_person_id", "cine_referral_date")),
    ):
        one, other = (
            {row[key]: tuple(row[name] for name in told) for row in oracle.read(folder)[table]}
            for folder in life.world.months[4:6]
        )
        same = [given for given in one if one[given] == other.get(given)]
        assert len(same) <= max(2, len(one) // 50)


def test_a_renamed_team_answers_for_what_it_answered_for_before(life):
    chosen = life.world.teams
    before, after = rows_of(life, 4), rows_of(life, 5)
    stayed = [key for key, row in before.items() if row["team_id"] == chosen.renamed and key in after]
    for key in stayed:
        assert after[key]["first_seen"] == before[key]["first_seen"]
        if after[key]["state"] == OPEN and after[key]["team_id"] == chosen.renamed and not after[key]["worker_id"]:
            assert after[key]["owner"] == f"Team manager, {chosen.new_name}"


def gone(life: Life) -> set[str]:
    return {merge.gone for merge in life.world.merges}


# --- nothing that was computed changes


def test_every_file_of_every_earlier_computation_stays_byte_for_byte_as_it_was(life):
    for before, after in zip(life.steps, life.steps[1:], strict=False):
        assert before.files.items() <= after.files.items()
    added = [set(after.files) - set(before.files) for before, after in zip(life.steps, life.steps[1:], strict=False)]
    assert all(added)


def test_every_figure_row_and_exception_of_every_earlier_computation_is_read_again_as_it_was(life):
    for before, after in zip(life.steps, life.steps[1:], strict=False):
        assert before.read.items() <= after.read.items()
    assert len(life.steps[-1].read) >= 3 * len(life.computations)


# --- every row is accounted for


def test_the_rows_of_every_table_of_every_load_add_up(life, counted):
    """The rows in the file, counted apart, are those read; those kept are those in the snapshot's table."""
    for step in life.loads:
        account, tables = step.snapshot.account.tables, life.lake.tables(step.snapshot)
        assert set(account) == set(tables) == set(step.snapshot.tables)
        for name, told in account.items():
            assert told.adds_up, name
            held = tables[name].count_rows()
            assert held == step.snapshot.tables[name].rows
            if told.carried:
                assert not (step.folder / "ssd" / f"{name}.csv").exists()
                assert (told.read, told.kept) == (0, 0)
            else:
                assert told.read == counted_apart(step.folder / "ssd" / f"{name}.csv")
                assert held == told.kept
            counted("rows of tables accounted for", held)


def test_every_file_of_an_extract_is_a_table_of_its_snapshot(life):
    for step in life.loads:
        assert {path.stem for path in (step.folder / "ssd").glob("*.csv")} <= set(step.snapshot.tables)
        assert {one.file.split("/")[-1] for one in step.snapshot.account.files if one.table} == {
            path.name for path in (step.folder / "ssd").glob("*.csv")
        }


def test_a_part_copies_the_other_tables_of_its_month_forward(life):
    month, part = life.step(f"month {PART_OVER}"), life.step("part")
    assert part.snapshot.as_at == month.snapshot.as_at
    assert set(part.snapshot.tables) == set(month.snapshot.tables)
    fresh = {name for name, rows in part.snapshot.account.tables.items() if not rows.carried}
    assert fresh == {"side_supervision"}


def counted_apart(path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


# --- a load that is corrected, and one that is taken back


def test_the_corrected_month_wins_over_the_wrong_one(life):
    wrong, right = life.step(f"wrong month {WRONG}"), life.step(f"month {WRONG}")
    assert wrong.snapshot.as_at == right.snapshot.as_at
    assert wrong.snapshot.id != right.snapshot.id
    assert life.month(WRONG)[0].id == right.snapshot.id


def test_what_only_the_wrong_copy_had_cleared_is_owed_after_all(life):
    wrong = life.ledger(life.step(f"wrong month {WRONG}").computations[0]).to_pylist()
    right = {row["exception_id"]: row for row in life.ledger(life.step(f"month {WRONG}").computations[0]).to_pylist()}
    day = life.world.as_at(WRONG)
    undone = [row for row in wrong if row["cleared_on"] == day and right[row["exception_id"]]["state"] == OPEN]
    for row in undone:
        now = right[row["exception_id"]]
        assert (now["first_seen"], now["occurrence"]) == (row["first_seen"], row["occurrence"])
        assert now["history"][-1]["what"] == "found to be owed after all"


def test_the_withdrawn_load_leaves_no_trace_in_any_ledger_computed_after_it(life):
    withdrawal = life.step(f"withdrawing month {BAD}")
    assert len(withdrawal.computations) == 2
    after = life.steps[life.steps.index(withdrawal) :]
    for step in after:
        for computation in step.computations:
            for row in life.ledger(computation).to_pylist():
                assert withdrawal.snapshot.id not in {one["snapshot"] for one in row["history"]}


def test_the_bad_copy_had_done_harm_before_it_was_withdrawn(life):
    """Else the test above would try nothing."""
    bad = life.step(f"bad month {BAD}")
    ledger = life.ledger(bad.computations[0]).to_pylist()
    assert [
        row
        for row in ledger
        if row["history"][-1]["what"].startswith("ended") and row["cleared_on"] == bad.snapshot.as_at
    ]
    before = life.ledger(life.step(f"month {WRONG}").computations[0])
    again = life.ledger(life.step(f"withdrawing month {BAD}").computations[1])
    assert not before.equals(again)
