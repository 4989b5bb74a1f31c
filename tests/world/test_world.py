"""Twelve months of extracts as hard as they come: what was owed to a child, and how it is told, stands through all."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping

import pytest
from tests.world import by_hand, case_files, following, oracle
from tests.world.conftest import LARGE, SEEDS, called
from tests.world.living import Life
from tests.world.making import BAD, MISSING, MISSING_IN, MONTHS, PART_OVER, WRONG
from tests.world.oracle import CLEARED, NOT_AGAIN, OPEN
from tests.world.teams import MERGED_FROM, RENAMED_FROM, RENUMBERED_FROM

from lineofsight.measures import definitions

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
    for title in ("Child protection visits", "Looked-after reviews", "Workers' involvements"):
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
        assert Counter(following.as_kept(life, computation)) == Counter(derived[computation.id])
        counted("exceptions derived again from the written rules", len(derived[computation.id]))


def test_the_world_holds_every_kind_of_history(life):
    """A world without them would prove nothing."""
    ledger = rows_of(life, MONTHS)
    large = life.world.people == LARGE  # in it some leave the extract with something still owed
    assert {row["state"] for row in ledger.values()} == {OPEN, CLEARED, *([NOT_AGAIN] if large else [])}
    if large:
        assert [row for row in ledger.values() if row["occurrence"] > 1]
        assert [row for row in ledger.values() if row["history"][-1]["what"].startswith("ended")]
    if (life.world.people, life.world.seed) == (LARGE, SEEDS[LARGE]):
        assert [row for row in ledger.values() if row["history"][-1]["what"].startswith("done late")]
    ends = Counter(row["history"][-1]["what"].split(",")[0] for row in ledger.values() if row["state"] == CLEARED)
    assert ends["found done"]
    late = [row for row in ledger.values() if row["owed_since"] and (row["first_seen"] - row["owed_since"]).days > 31]
    assert late


def test_whatever_is_owed_to_a_child_is_owed_by_something_that_can_be_seen_to_end(life):
    """Else it would wait for ever, not measured again, once the child has moved on."""
    for step in life.loads:
        for computation in step.computations:
            seen = following.seen(life, step, computation)
            owed = {one for one, standings in seen.rows.items() if "owed" in standings}
            named = {(subject, anchor) for _, subject, anchor in owed if not anchor.startswith("worker ")}
            assert named <= seen.anchors


# --- names, ids and teams change; exceptions do not


def test_the_id_of_an_exception_is_the_same_in_every_ledger(life):
    """And no id is ever another's: whatever the vendor, the teams and the records did, it is the same thing owed."""
    things: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for computation in life.computations:
        ids = life.ledger(computation)["exception_id"].to_pylist()
        assert len(set(ids)) == len(ids)
        for row in life.ledger(computation).to_pylist():
            things[row["exception_id"]].add((row["measure"], stays(life, row), row["anchor"]))
    assert not [one for one in things.values() if len(one) > 1]


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


def test_a_renamed_team_answers_under_its_new_name_for_what_it_answered_for_before(life):
    chosen, last = life.world.teams, life.world.as_at(RENAMED_FROM)
    before, after = rows_of(life, RENAMED_FROM - 1), rows_of(life, RENAMED_FROM)
    for key, row in before.items():
        if row["team_id"] == chosen.renamed and after[key]["team_id"] == chosen.renamed:
            assert after[key]["first_seen"] == row["first_seen"]
            assert "moved to" not in after[key]["history"][-1]["what"]
    owners = {row["owner"] for row in after.values() if (row["team_id"], row["last_seen"]) == (chosen.renamed, last)}
    assert not [owner for owner in owners if owner.endswith(old_name(life, chosen.renamed))]
    teams = life.lake.teams(life.month(RENAMED_FROM)[0]).to_pylist()
    assert [team["team_name"] for team in teams if team["team_id"] == chosen.renamed] == [chosen.new_name]


def test_a_team_under_a_new_id_is_the_same_team_once_the_registry_says_so(life):
    chosen = life.world.teams
    told = life.step(f"registry after month {RENUMBERED_FROM}")
    ledgers = [life.ledger(one).to_pylist() for one in (told.computations[0], life.month(MONTHS)[1])]
    for ledger in ledgers:
        assert chosen.new_id not in {row["team_id"] for row in ledger}
    before = rows_of(life, RENUMBERED_FROM - 1)
    for row in ledgers[0]:
        team_before = before.get(row["exception_id"], {}).get("team_id")
        if row["team_id"] == team_before == chosen.renumbered:
            assert "moved to" not in row["history"][-1]["what"]
    theirs = [row for row in ledgers[0] if row["team_id"] == chosen.renumbered and row["state"] == OPEN]
    assert theirs
    assert [row for row in theirs if row["owner"].endswith(chosen.renumbered_name)]


def test_of_two_teams_made_one_the_other_answers_for_what_is_open(life):
    chosen = life.world.teams
    told = life.step(f"registry after month {MERGED_FROM}")
    for computation in (told.computations[0], life.month(MONTHS)[1]):
        left = [row for row in life.ledger(computation).to_pylist() if row["team_id"] == chosen.merged]
        assert {row["state"] for row in left} <= {CLEARED}


def old_name(life: Life, team: str) -> str:
    rows = oracle.read(life.world.months[0])["ssd_department"]
    return next(row["dept_team_name"] for row in rows if row["dept_team_id"] == team)


# --- records that were merged


def test_no_record_that_went_has_an_exception_after_its_merge(life):
    for merge in life.world.merges:
        for number in range(merge.month, MONTHS + 1):
            assert merge.gone not in {row["person_id"] for row in rows_of(life, number).values()}


def test_what_was_open_for_a_record_that_went_goes_on_for_the_one_that_stays(life):
    """With the id and the day it was first seen of the older of the two, and each merge of the world had some."""
    for merge in life.world.merges:
        before, after = rows_of(life, merge.month - 1), rows_of(life, merge.month)
        both = [
            row
            for row in before.values()
            if row["person_id"] in (merge.gone, merge.kept) and row["state"] in (OPEN, NOT_AGAIN)
        ]
        assert [row for row in both if row["person_id"] == merge.gone], merge
        for thing in {(row["measure"], row["anchor"]) for row in both}:
            oldest = min(
                (row for row in both if (row["measure"], row["anchor"]) == thing),
                key=lambda row: (row["first_seen"], row["exception_id"]),
            )
            now = after[oldest["exception_id"]]
            assert (now["person_id"], now["first_seen"]) == (merge.kept, oldest["first_seen"])
            if merge.gone in {row["person_id"] for row in both if (row["measure"], row["anchor"]) == thing}:
                assert "the records were merged" in [step["what"] for step in now["history"]]


def test_an_exception_open_on_both_records_is_one_afterwards(life):
    """The plan of the second pair stood on both records, and nobody visited."""
    (merge,) = [one for one in life.world.merges if one.month == 8]
    before, after = rows_of(life, 7), rows_of(life, 8)
    things = {who: set() for who in (merge.gone, merge.kept)}
    for row in before.values():
        if row["person_id"] in things and row["state"] == OPEN:
            things[row["person_id"]].add((row["measure"], row["anchor"]))
    twice = things[merge.gone] & things[merge.kept]
    assert twice
    for measure, anchor in twice:
        held = [
            row
            for row in after.values()
            if (row["measure"], row["person_id"], row["anchor"]) == (measure, merge.kept, anchor)
        ]
        assert [row["state"] for row in held].count(OPEN) == 1


def test_a_child_whose_record_went_from_one_to_the_next_keeps_the_first_day_it_was_owed(life):
    first, second = (one for one in life.world.merges if one.kept == "90000004" or one.gone == "90000004")
    began = {
        row["exception_id"]: row
        for row in rows_of(life, first.month - 1).values()
        if row["person_id"] == first.gone and row["measure"] == "CP08" and row["state"] == OPEN
    }
    assert began
    ended = rows_of(life, MONTHS)
    for key, row in began.items():
        assert (ended[key]["person_id"], ended[key]["first_seen"]) == (second.kept, row["first_seen"])
        assert ended[key]["state"] == OPEN


def test_there_are_never_two_open_exceptions_for_one_thing_owed(life):
    for computation in life.computations:
        open_now = [row for row in life.ledger(computation).to_pylist() if row["state"] != CLEARED]
        things = [(row["measure"], row["child_key"] or row["worker_id"], row["anchor"]) for row in open_now]
        assert len(set(things)) == len(things)


def stays(life: Life, row: Mapping) -> str:
    """The child or worker of an exception, a merged child under the record that stays in the end."""
    subject = row["person_id"] or row["worker_id"]
    into = {merge.gone: merge.kept for merge in life.world.merges}
    while subject in into:
        subject = into[subject]
    return subject


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


def test_what_only_the_wrong_copy_began_was_never_owed(life):
    """It is in no later ledger, and not among the exceptions that began that day."""
    wrong = life.ledger(life.step(f"wrong month {WRONG}").computations[0]).to_pylist()
    right = life.ledger(life.step(f"month {WRONG}").computations[0]).to_pylist()
    day = life.world.as_at(WRONG)
    began = {row["exception_id"] for row in wrong if row["first_seen"] == day}
    stayed = {row["exception_id"] for row in right if row["exception_id"] in began}
    assert began - stayed
    assert not [row for row in right if row["first_seen"] == row["cleared_on"] == day]


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


# --- what a person wrote down


@pytest.mark.parametrize("life", [(LARGE, SEEDS[LARGE])], indirect=True, ids=called)
@pytest.mark.full
def test_the_histories_of_twenty_children_are_those_a_person_wrote_down_by_hand(life):
    written = by_hand.written()
    assert (len(written.children), written.seed) == (20, life.world.seed)
    for child in written.children:
        text = case_files.case_file(life.world, child.person)
        assert by_hand.digest(text) == child.case_file, (
            f"the case file of {child.person} is another than the one that was checked: check it by hand again"
        )
        assert by_hand.told(life, child.person, written.measures) == child.histories, child.person


def test_what_was_written_down_by_hand_is_of_measures_of_things_owed_to_children():
    written = by_hand.written()
    owed = {one.id for one in definitions.load().values() if one.exception and one.exception_kind == "child"}
    assert written.measures <= owed
    assert {measure for child in written.children for measure, _, _ in child.histories} <= written.measures
