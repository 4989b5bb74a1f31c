"""What cannot have happened yet is told, and kept as it stands in the file."""

from datetime import UTC, date, datetime

import pytest

from lineofsight import clock, schema, sources
from lineofsight.schema.conforming import STILL_TO_COME

TODAY = datetime(2026, 11, 3, 12, tzinfo=UTC)


@pytest.fixture
def read(tmp_path):
    def of(name, header, *rows):
        (tmp_path / "people.csv").write_text("pers_person_id,pers_dob,pers_expected_dob\n1,2015-04-01,\n")
        (tmp_path / name).write_text("\n".join([header, *rows]) + "\n")
        with clock.frozen_at(TODAY):
            return sources.read([tmp_path], as_at=date(2026, 10, 31))

    return of


def told(extract):
    return [(one.table, one.row, one.column, one.value) for one in extract.issues if one.why == STILL_TO_COME]


VISITS = "cppv_cp_visit_id,cppv_person_id,cppv_cp_visit_date"


def test_a_visit_of_tomorrow_is_told_at_its_cell_and_kept(read):
    extract = read("visits.csv", VISITS, "v1,1,2026-10-06", "v2,1,2026-12-25", "v3,1,2062-01-01")
    assert told(extract) == [
        ("ssd_cp_visits", 3, "cppv_cp_visit_date", "2026-12-25"),
        ("ssd_cp_visits", 4, "cppv_cp_visit_date", "2062-01-01"),
    ]
    days = extract.tables["ssd_cp_visits"].table["cppv_cp_visit_date"].to_pylist()
    assert days == [date(2026, 10, 6), date(2026, 12, 25), date(2062, 1, 1)]


def test_what_happened_between_the_extracts_day_and_today_is_no_issue_nor_is_today(read):
    assert told(read("visits.csv", VISITS, "v1,1,2026-11-02", "v2,1,2026-11-03")) == []
    assert told(read("visits.csv", VISITS, "v1,1,2026-11-04")) != []


def test_a_day_on_which_something_is_due_or_until_which_it_holds_may_be_still_to_come(read):
    header = "cppr_cp_review_id,cppr_person_id,cppr_cp_review_due,cppr_cp_review_date"
    extract = read("reviews.csv", header, "r1,1,2027-02-01,", "r2,1,2027-02-01,2027-02-01")
    assert told(extract) == [("ssd_cp_reviews", 3, "cppr_cp_review_date", "2027-02-01")]


def test_no_birth_is_still_to_come_but_one_that_is_expected(read):
    (extract,) = [read("visits.csv", VISITS)]
    assert told(extract) == []
    later = {one.name for table in schema.tables().values() for one in table.columns if one.later}
    assert "pers_expected_dob" in later
    assert "pers_dob" not in later


def test_only_days_may_be_later():
    assert {one.kind for table in schema.tables().values() for one in table.columns if one.later} == {"date"}
