"""What falls due, and each team's rows, kept apart from the thirty months."""

from datetime import date

import pyarrow as pa
import pytest

from lineofsight.cases import coming
from lineofsight.measures.contract import ROWS_SCHEMA

AS_AT = date(2026, 10, 31)
MEASURE = coming.measures()[0]
ROW = {
    "measure": MEASURE,
    "as_at": AS_AT,
    "child_key": "a child",
    "service_id": "S1",
    "team_id": "T1",
    "due_on": date(2026, 11, 3),
    "done_on": None,
    "met": True,
}


def rows(*told):
    return pa.Table.from_pylist([ROW | one for one in told], ROWS_SCHEMA)


def test_what_is_in_time_and_not_done_falls_due_on_the_day_of_the_extract_or_after():
    kept = coming.derive(rows({}, {"due_on": AS_AT}, {"due_on": date(2026, 10, 30)}))[coming.DUE]
    assert kept["due_on"].to_pylist() == [AS_AT, date(2026, 11, 3)]


@pytest.mark.parametrize(
    "other",
    [
        {"met": False},
        {"met": None},
        {"done_on": AS_AT},
        {"due_on": None},
        {"child_key": None},
        {"measure": "a measure of nothing owed"},
    ],
    ids=str,
)
def test_what_is_late_done_of_no_child_or_not_owed_does_not_fall_due(other):
    assert coming.derive(rows(other))[coming.DUE].num_rows == 0


def test_every_row_of_the_date_stands_by_service_and_team():
    told = [{"service_id": "S2", "team_id": "T3"}, {"team_id": "T2"}, {"met": False}, {"service_id": None}]
    kept = coming.derive(rows(*told))[coming.BY_TEAM]
    assert [(row["service_id"], row["team_id"]) for row in kept.to_pylist()] == [
        ("S1", "T1"),
        ("S1", "T2"),
        ("S2", "T3"),
        (None, "T1"),
    ]
