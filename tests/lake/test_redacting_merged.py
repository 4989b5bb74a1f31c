"""Redaction of a child with merged records: what is one goes as one, never across an adoption; and of every file that
a computation keeps for itself."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow.compute as pc
import pytest
from tests.lake.extracts import extract_of
from tests.lake.test_merged_people import MERGE, NOVEMBER, OCTOBER, SEPTEMBER, adopted, load, rows

from lineofsight import clock, loading
from lineofsight.home import Home, create_home, open_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import Lake, redacting
from lineofsight.lake.manifest import Computation
from lineofsight.lake.taking import Child
from lineofsight.lake.verify import verify_snapshot

NOW = datetime(2026, 12, 27, 9, tzinfo=UTC)
OTHERS = ("OTHER", "THIRD")
ONE, TWO = "7710042", "7710043"


@pytest.fixture
def home(tmp_path) -> Home:
    made = create_home(tmp_path / "home", authority="306", authority_name="Croydon")
    create_keys(made)
    return open_home(made.path)


@pytest.fixture
def lake(home: Home) -> Lake:
    return Lake(home, open_keys(home))


def take_out(lake: Lake, child: Child) -> None:
    redacting.take_out(lake.home, lake.keys, child, under="snapshots", at=NOW)


def said(lake: Lake) -> dict[str, str]:
    """Every parquet file of the lake in words, by its snapshot, its computation and its name."""
    found = {}
    for snapshot in redacting.every_snapshot(lake):
        for holder, name in redacting._files(lake, snapshot):
            place = f"computations/{holder.id}/{name}" if isinstance(holder, Computation) else name
            rows = lake.sealed_file(holder, name).read().to_pylist()
            found[f"{snapshot.as_at}/{place}"] = json.dumps(rows, default=str)
    return found


def naming(lake: Lake, *people: str) -> list[str]:
    """The files that hold one of these people, by id or by key."""
    words = [*people, *(lake.keys.child_key("306", one) for one in people)]
    pattern = re.compile("|".join(rf"\b\w?{re.escape(word)}\b" for word in words))  # P, I before the id of a row's own
    return sorted(name for name, text in said(lake).items() if pattern.search(text))


def merged(*also: str, **tables: Any) -> Mapping[str, Any]:
    return rows("KEPT", "GONE", *OTHERS, *also, side_merged_record=[MERGE], **tables)


@pytest.mark.parametrize("asked", ["KEPT", "GONE"])
def test_by_either_id_a_merge_in_force_takes_out_both(home, lake, asked) -> None:
    load(home, SEPTEMBER, rows("KEPT", "GONE", *OTHERS))
    load(home, OCTOBER, merged())
    child = redacting.child_called(lake, asked)
    assert child.ids == {"KEPT", "GONE"}
    assert naming(lake, "KEPT", "GONE")
    take_out(lake, child)
    assert naming(lake, "KEPT", "GONE") == []
    assert sorted(lake.persons(lake.latest())["person_id"].to_pylist()) == ["OTHER", "THIRD"]


def test_a_chain_of_merges_is_followed_to_its_ends(home, lake) -> None:
    second = {**MERGE, "merg_merge_id": "M2", "merg_person_id": "THIRD", "merg_gone_person_id": "KEPT"}
    load(home, OCTOBER, rows("KEPT", "GONE", *OTHERS, side_merged_record=[MERGE, second]))
    assert redacting.child_called(lake, "GONE").ids == {"GONE", "KEPT", "THIRD"}


@pytest.mark.parametrize("who", ["KEPT", "GONE"])
@pytest.mark.parametrize("asked", ["KEPT", "GONE"])
def test_a_merge_refused_across_an_adoption_order_is_not_followed(home, lake, who, asked) -> None:
    load(home, OCTOBER, merged(**adopted(who)))
    (stays,) = {"KEPT", "GONE"} - {asked}
    child = redacting.child_called(lake, asked)
    assert child.ids == {asked}
    take_out(lake, child)
    assert naming(lake, asked) == []
    assert {"KEPT": 1, "GONE": 1, asked: 0}[stays] == lake.persons(lake.latest())["person_id"].to_pylist().count(stays)
    assert any(name.endswith("/rows.parquet") for name in naming(lake, stays))


@pytest.mark.parametrize("when", ["before", "after"])
def test_once_an_adoption_is_known_the_two_are_apart_and_only_what_was_written_as_one_goes_as_one(
    home, lake, when
) -> None:
    early = {"side_merged_record": [{**MERGE, "merg_date": date(2026, 9, 5)}]}
    for as_at, knows in ((SEPTEMBER, "before"), (OCTOBER, "after")):
        load(home, as_at, {**merged(), **early, **(adopted("GONE") if when == knows else {})})
    child = redacting.child_called(lake, "GONE")
    assert child.ids == {"GONE"}
    take_out(lake, child)
    assert naming(lake, "GONE") == []
    kept = {str(one.as_at): "KEPT" in lake.persons(one)["person_id"].to_pylist() for one in lake.snapshots()}
    assert kept == {"2026-09-30": when == "before", "2026-10-31": True}
    assert redacting.held(lake, child) == []


def test_a_merge_of_a_day_that_has_not_come_joins_nothing_yet(home, lake) -> None:
    load(home, SEPTEMBER, rows("KEPT", "GONE", side_merged_record=[{**MERGE, "merg_date": date(2026, 10, 5)}]))
    assert "models/merges.parquet" not in lake.latest().files
    assert redacting.child_called(lake, "GONE").ids == {"GONE"}


# --- what a computation keeps for itself ------------------------------------------------------------------


def told(*people: str, visits: int = 0, role: str = "CW") -> Mapping[str, Any]:
    """People with a worker, a team and a visit each, fostered privately; `visits` more that were entered late."""
    base = rows(*people)
    for one in base["ssd_involvements"]:
        one.update(invo_professional_role_id=role, invo_involvement_end_date=None)
    days = [date(2026, 9, 3), *(date(2026, 9, 4 + late) for late in range(visits))]
    made = [
        {"cppv_cp_visit_id": f"v{one}{day}", "cppv_person_id": one, "cppv_cp_plan_id": f"P{one}",
         "cppv_cp_visit_date": day, "cppv_cp_visit_seen": "Y", "cppv_cp_visit_seen_alone": "Y"}
        for one in people for day in days
    ]  # fmt: skip
    fostered = [
        {"prif_arrangement_id": f"F{one}", "prif_person_id": one, "prif_notified_date": date(2026, 7, 1),
         "prif_start_date": date(2026, 7, 3), "prif_last_visit_date": date(2026, 8, 20)}
        for one in people
    ]  # fmt: skip
    return {**base, "ssd_cp_visits": made, "side_private_fostering": fostered}


@pytest.fixture
def computed(home: Home, lake: Lake) -> Lake:
    """Three months, visits entered late, a role word that names the child, and rules that changed since: the newest
    snapshot has two computations, the second with people of its own."""
    load(home, SEPTEMBER, told(ONE, TWO, *OTHERS))
    load(home, OCTOBER, told(ONE, TWO, *OTHERS, visits=3))
    load(home, NOVEMBER, told(ONE, TWO, *OTHERS, visits=5, role=f"Worker for {ONE}"))
    (home.path / "registry.toml").write_text(
        '[[team]]\nid = "t1"\nnames = [{ name = "North and West", from = 2026-07-01 }]\n'
        '[[worker]]\nid = "w9"\nalso = ["w1"]\n'
    )
    with clock.frozen_at(datetime(2026, 12, 3, 9, tzinfo=UTC)):
        loading.finish(home)
    return lake


OWN = {
    "persons", "teams", "workers", "late", "late_counts", "first_known", "exception_counts", "role_words", "values",
    "rows", "rows_by_team", "coming", "exceptions", "ten", "ten_reasons", "ten_rules", "easily_lost",
}  # fmt: skip
HOLD_THE_CHILD = {
    "persons",
    "late",
    "role_words",
    "rows",
    "rows_by_team",
    "exceptions",
    "ten",
    "ten_reasons",
    "easily_lost",
}


@pytest.mark.full
def test_every_file_a_computation_keeps_for_itself_is_without_the_child_and_the_others_are_as_they_were(
    computed,
) -> None:
    lake, (snapshot, newest) = computed, computed.newest()
    assert {name.removesuffix(".parquet") for name in newest.files} == OWN
    key = lake.keys.child_key("306", ONE)
    before = {name: lake.sealed_file(newest, name).read() for name in newest.files}
    holding = {name.rsplit("/", 1)[-1].removesuffix(".parquet") for name in naming(lake, ONE) if newest.id in name}
    assert holding == HOLD_THE_CHILD
    take_out(lake, redacting.child_called(lake, ONE))
    assert naming(lake, ONE) == []
    snapshot, newest = lake.newest()
    for name, was in before.items():
        now = lake.sealed_file(newest, name).read()
        if "child_key" in was.column_names:
            kept = pc.sum(pc.not_equal(pc.fill_null(was["child_key"], ""), key)).as_py() or 0
            assert now.num_rows == kept, name
        elif name != "role_words.parquet":
            assert now.equals(was), name
    words = lake.read(newest, "role_words")
    assert words["role_word"].to_pylist() == ["Worker for …"]
    assert words.num_rows == before["role_words.parquet"].num_rows
    for one in redacting.every_snapshot(lake):
        assert verify_snapshot(lake, one) == []


@pytest.mark.full
def test_the_late_files_hold_children_by_key_and_only_the_child_s_rows_go(computed) -> None:
    lake, key = computed, computed.keys.child_key("306", ONE)
    late = lake.read(lake.newest()[1], "late")
    mine = pc.sum(pc.equal(late["child_key"], key)).as_py()
    assert mine and mine < late.num_rows
    take_out(lake, redacting.child_called(lake, ONE))
    assert lake.read(lake.newest()[1], "late").equals(late.filter(pc.not_equal(late["child_key"], key)))


@pytest.mark.full
def test_what_is_computed_anew_after_a_redaction_stands_on_nobody_s_old_rows(computed, home) -> None:
    take_out(computed, redacting.child_called(computed, ONE))
    (home.path / "registry.toml").write_text('[[worker]]\nid = "w8"\nalso = ["w1"]\n')
    with clock.frozen_at(NOW):
        (anew,) = loading.finish(home)
    lake = Lake(home, open_keys(home))
    assert "persons.parquet" in anew.files
    assert naming(lake, ONE) == []


def test_a_merge_stays_told_apart_in_the_load_after_the_redaction(home, lake) -> None:
    """The record that stays was adopted in its other name: the next extract must not join what it names."""
    load(home, OCTOBER, merged(**adopted("GONE")))
    take_out(lake, redacting.child_called(lake, "OTHER"))
    with clock.frozen_at(NOW + timedelta(days=1)):
        loading.load(home, extract_of(merged(), as_at=NOVEMBER), accepted_by="a test")
    assert lake.merges(lake.latest())["refused"].to_pylist() == [True]
