"""Late recording: an extract holds what was known on its day, and no more."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lineofsight import schema
from lineofsight.synth.lateness import Lateness

# Dates that are meant to lie ahead: what is due, what is expected, what a temporary approval runs to.
AHEAD = {
    "cppr_cp_review_due",
    "clar_cla_review_due_date",
    "cgrp_due_date",
    "cinr_due_date",
    "icpc_icpc_target_date",
    "pers_expected_dob",
    "plap_end_date",
    "depr_until_date",
    "regi_valid_until",
}
# Rows that the case system keeps up to date rather than adding to.
KEPT_UP = {"ssd_person", "ssd_care_leavers", "ssd_professionals", "ssd_department", "side_placement_approval"}
# Columns that hold the latest day of something: it moves on, and never back.
LATEST = {"clae_cla_last_iro_contact_date", "prif_last_visit_date"}


@pytest.mark.parametrize("which", [0, 1, 2])
def test_nothing_is_dated_after_the_extract(three_extracts: list[Path], read_extract: Callable, which: int) -> None:
    reading = read_extract(three_extracts[which])
    late = {}
    for name in reading.tables():
        for column in schema.tables()[name].columns:
            if column.kind == "date" and column.name not in AHEAD:
                latest = reading.one(f"select max({column.name}) from {name}")
                if latest is not None and latest > reading.as_at:
                    late[column.name] = latest
    assert not late


def test_a_row_once_recorded_never_goes_away(three_extracts: list[Path], read_extract: Callable) -> None:
    older, newer = (read_extract(folder) for folder in three_extracts[1:])
    for name in older.tables():
        key = schema.tables()[name].key
        columns = ", ".join(key)
        lost = set(older.rows(f"select {columns} from {name}")) - set(newer.rows(f"select {columns} from {name}"))
        if name == "ssd_care_leavers":  # a young person who turns 25 has no right to help any more
            assert len(lost) <= 3
        else:
            assert not lost, name


def test_a_later_extract_takes_nothing_back_from_a_row(three_extracts: list[Path], read_extract: Callable) -> None:
    older, newer = (read_extract(folder) for folder in (three_extracts[0], three_extracts[2]))
    for name in older.tables():
        if name in KEPT_UP:
            continue
        key = len(schema.tables()[name].key)
        columns = [*schema.tables()[name].key]
        columns += [column.name for column in schema.tables()[name].columns if column.name not in columns]
        now = {row[:key]: row for row in newer.rows(f"select {', '.join(columns)} from {name}")}
        for row in older.rows(f"select {', '.join(columns)} from {name}"):
            changed = [
                column
                for column, before, after in zip(columns, row, now[row[:key]], strict=True)
                if before is not None and before != after and before != date(1900, 1, 1)
                if column not in LATEST or after is None or after < before
            ]
            assert not changed, (name, changed)


@pytest.mark.parametrize(
    ("table", "column", "least"),
    [
        ("ssd_cp_visits", "cppv_cp_visit_date", 2),
        ("ssd_cin_visits", "cinv_cin_visit_date", 5),
        ("side_supervision", "supv_date", 3),
        ("side_oversight", "over_date", 3),
        ("side_cin_plan_review", "cinr_date", 1),
        ("ssd_cin_assessments", "cina_assessment_auth_date", 5),
        ("ssd_cin_episodes", "cine_close_date", 4),
        ("ssd_involvements", "invo_involvement_end_date", 5),
    ],
)
def test_the_newer_extract_knows_more_of_the_older_months(
    demonstration: list[Path], read_extract: Callable, table: str, column: str, least: int
) -> None:
    older, newer = (read_extract(folder) for folder in demonstration[1:])
    counts = [
        reading.one(f"select count(*) from {table} where {column} between date '2020-01-01' and $day", day=older.as_at)
        for reading in (older, newer)
    ]
    assert counts[1] - counts[0] >= least


def test_some_that_were_open_turn_out_to_have_ended_before(demonstration: list[Path], read_extract: Callable) -> None:
    older, newer = (read_extract(folder) for folder in demonstration[1:])
    opened = {
        row[0] for row in older.rows("select cine_referral_id from ssd_cin_episodes where cine_close_date is null")
    }
    ended = newer.rows("select cine_referral_id from ssd_cin_episodes where cine_close_date <= $day", day=older.as_at)
    assert sum(row[0] in opened for row in ended) >= 4


def test_a_birth_turns_an_expected_date_into_a_real_one(three_extracts: list[Path], read_extract: Callable) -> None:
    for folder in three_extracts:
        both, unborn = read_extract(folder).rows("""
            select count(*) filter ((pers_dob is null) = (pers_expected_dob is null)),
                count(*) filter (pers_expected_dob is not null) from ssd_person""")[0]
        assert both == 0
        assert unborn > 0


def test_nothing_is_recorded_before_it_happens() -> None:
    late = Lateness(3)
    for draw in (late.event, late.visit, late.ending, late.prompt):
        days = [draw(1000) - 1000 for _ in range(3000)]
        assert min(days) == 0
        assert max(days) > 2
    assert sum(late.prompt(0) == 0 for _ in range(1000)) > 850
    assert sum(late.ending(0) > 10 for _ in range(1000)) > 60
