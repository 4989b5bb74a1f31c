"""Records merged in the case system: pages, measures and keys follow the one that stays, never across an adoption."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.lake.extracts import extract_of

from lineofsight import clock, loading
from lineofsight.home import Home, create_home, open_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import Lake

SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 30)
MERGE = {"merg_merge_id": "M1", "merg_person_id": "KEPT", "merg_gone_person_id": "GONE", "merg_date": date(2026, 10, 5)}


def rows(*people: str, **also: Any) -> Mapping[str, Any]:
    """People, each on a plan since June with no worker; `also` other tables."""
    return {
        "ssd_person": [{"pers_person_id": one, "pers_surname": one, "pers_dob": date(2018, 4, 1)} for one in people],
        "ssd_department": [{"dept_team_id": "t1", "dept_team_name": "North"}],
        "ssd_professionals": [
            {
                "prof_professional_id": "w1",
                "prof_professional_name": "Wanda Example",
                "prof_professional_job_title": "Social Worker",
            }
        ],
        "ssd_involvements": [
            {"invo_involvements_id": f"I{one}", "invo_person_id": one, "invo_professional_id": "w1",
             "invo_professional_role_id": "CW", "invo_professional_team": "t1",
             "invo_involvement_start_date": date(2026, 6, 1), "invo_involvement_end_date": date(2026, 9, 1)}
            for one in people
        ],
        "ssd_cp_plans": [
            {"cppl_cp_plan_id": f"P{one}", "cppl_person_id": one, "cppl_cp_plan_start_date": date(2026, 6, 1),
             "cppl_cp_plan_end_date": None}
            for one in people
        ],
        **also,
    }  # fmt: skip


@pytest.fixture
def merged_home(tmp_path) -> Home:
    made = create_home(tmp_path / "home", authority="306", authority_name="Croydon")
    create_keys(made)
    return open_home(made.path)


def lake_of(home: Home) -> Lake:
    return Lake(home, open_keys(home))


def load(home: Home, as_at: date, told: Mapping[str, Any]) -> loading.Loaded:
    with clock.frozen_at(datetime(as_at.year, as_at.month, as_at.day, 12, tzinfo=UTC) + timedelta(days=2)):
        return loading.load(home, extract_of(told, as_at=as_at), accepted_by="a test")


def test_rows_still_under_the_record_that_went_are_the_kept_persons(merged_home) -> None:
    loaded = load(merged_home, OCTOBER, rows("KEPT", "GONE", side_merged_record=[MERGE]))
    lake = lake_of(merged_home)
    (person,) = lake.persons(loaded.snapshot).to_pylist()
    assert (person["person_id"], person["surname"]) == ("KEPT", "KEPT")
    chronology = lake.events(loaded.snapshot, person["child_key"])["kind"].to_pylist()
    assert chronology.count("child_protection_plan") == 2
    found = lake.read(loaded.computation, "rows")
    assert set(found["child_key"].drop_null().to_pylist()) == {person["child_key"]}
    assert set(found["person_id"].drop_null().to_pylist()) == {"KEPT"}


def test_the_exception_of_the_record_that_went_is_carried_to_the_one_that_stays(merged_home) -> None:
    load(merged_home, SEPTEMBER, rows("KEPT", "GONE"))
    loaded = load(merged_home, OCTOBER, rows("KEPT", side_merged_record=[MERGE]))
    lake = lake_of(merged_home)
    waiting = [one for one in lake.read(loaded.computation, "exceptions").to_pylist() if one["measure"] == "CP10"]
    assert [(one["person_id"], one["first_seen"], one["state"]) for one in waiting] == [("KEPT", SEPTEMBER, "open")]
    assert "the records were merged" in [step["what"] for step in waiting[0]["history"]]


def test_a_merge_stays_known_when_a_later_extract_leaves_its_table_out(merged_home) -> None:
    load(merged_home, OCTOBER, rows("KEPT", "GONE", side_merged_record=[MERGE]))
    later = load(merged_home, NOVEMBER, rows("KEPT"))
    assert lake_of(merged_home).merges(later.snapshot)["gone_id"].to_pylist() == ["GONE"]


def adopted(person: str) -> dict[str, Any]:
    return {"side_restriction": [{"rest_restriction_id": "R", "rest_person_id": person, "rest_kind": "Adoption"}]}


@pytest.mark.parametrize("who", ["KEPT", "GONE"])
def test_a_merge_across_an_adoption_joins_nothing_and_is_an_issue(merged_home, who: str) -> None:
    loaded = load(merged_home, OCTOBER, rows("KEPT", "GONE", side_merged_record=[MERGE], **adopted(who)))
    lake = lake_of(merged_home)
    assert sorted(lake.persons(loaded.snapshot)["person_id"].to_pylist()) == ["GONE", "KEPT"]
    (issue,) = [one for one in loaded.issues if one.table == "side_merged_record"]
    assert (issue.file, issue.column, issue.value) == ("side_merged_record.csv", "merg_merge_id", "M1")
    assert "KEPT" not in issue.why
    assert "GONE" not in issue.why
    assert "side_merged_record" in lake.issues(loaded.snapshot)["table"].to_pylist()
    assert loaded.snapshot.issues == 1


def test_whoever_was_adopted_stays_apart_in_every_later_month_though_the_extract_no_longer_has_them(
    merged_home,
) -> None:
    ended = [{"perm_table_id": "1", "perm_person_id": "GONE", "perm_permanence_order_date": date(2026, 9, 1),
              "perm_permanence_order_type": "Adoption"}]  # fmt: skip
    load(merged_home, SEPTEMBER, rows("KEPT", "GONE", ssd_permanence=ended))
    load(merged_home, OCTOBER, rows("KEPT", side_merged_record=[MERGE]))
    last = load(merged_home, NOVEMBER, rows("KEPT"))
    lake = lake_of(merged_home)
    assert lake.merges(last.snapshot)["refused"].to_pylist() == [True]
    ledger = lake.read(last.computation, "exceptions").to_pylist()
    first_seen = {one["person_id"]: one["state"] for one in ledger if one["measure"] == "CP10"}
    assert first_seen == {"KEPT": "open", "GONE": "not re-measured"}
    assert not any("merged" in step["what"] for one in ledger for step in one["history"])
