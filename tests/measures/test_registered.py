"""What the registry of teams and workers does to a computation, and what it leaves alone."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest
from tests.lake.extracts import extract_of

from lineofsight import clock, loading
from lineofsight.home import Home, create_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import Computation, Lake, Snapshot

OCTOBER = date(2026, 10, 31)
SAME = '[[team]]\nid = "t1"\nalso = ["t9"]\nnames = [{ name = "Family Help North", from = 2026-09-01 }]\n'
MERGED = '[[team]]\nid = "t1"\nmerged_into = "t2"\nmerged_on = 2026-09-15\n'
WORKER = '[[worker]]\nid = "w1"\nalso = ["w9"]\nnames = [{ name = "Wanda Marsh", from = 2026-01-01 }]\n'


def rows() -> Mapping[str, Any]:
    """Two children on a plan: one held by team t1 and worker w1, one by t9 and w9; t2 is in another service."""
    return {
        "ssd_person": [{"pers_person_id": one, "pers_dob": date(2018, 4, 1)} for one in ("A", "B")],
        "ssd_department": [
            {"dept_team_id": "t1", "dept_team_name": "North", "dept_team_parent_id": "s1"},
            {"dept_team_id": "t9", "dept_team_name": "North (new)", "dept_team_parent_id": "s1"},
            {"dept_team_id": "t2", "dept_team_name": "South", "dept_team_parent_id": "s2"},
            {"dept_team_id": "s1", "dept_team_name": "First"},
            {"dept_team_id": "s2", "dept_team_name": "Second"},
        ],
        "ssd_professionals": [
            {"prof_professional_id": one, "prof_professional_name": "Wanda Marsh", "prof_professional_job_title": None}
            for one in ("w1", "w9")
        ],
        "ssd_involvements": [
            {"invo_involvements_id": f"I{person}", "invo_person_id": person, "invo_professional_id": worker,
             "invo_professional_role_id": "CW", "invo_professional_team": team,
             "invo_involvement_start_date": date(2026, 6, 1), "invo_involvement_end_date": None}
            for person, worker, team in (("A", "w1", "t1"), ("B", "w9", "t9"))
        ],
        "ssd_cp_plans": [
            {"cppl_cp_plan_id": f"P{one}", "cppl_person_id": one, "cppl_cp_plan_start_date": date(2026, 6, 1),
             "cppl_cp_plan_end_date": None}
            for one in ("A", "B")
        ],
    }  # fmt: skip


@pytest.fixture
def registered(tmp_path: Path) -> tuple[Home, Lake, Snapshot, Computation]:
    """A loaded home without a registry."""
    made = create_home(tmp_path / "home", authority="306", authority_name="Croydon")
    create_keys(made)
    with clock.frozen_at(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        loaded = loading.load(made, extract_of(rows(), as_at=OCTOBER))
    assert loaded.computation is not None
    return made, Lake(made, open_keys(made)), loaded.snapshot, loaded.computation


def under(registered, text: str) -> tuple[Lake, Snapshot, Computation]:
    home, lake, snapshot, _ = registered
    (home.path / "registry.toml").write_text(text)
    with clock.frozen_at(datetime(2026, 11, 3, 12, tzinfo=UTC)):
        made = loading.finish(home)
    assert len(made) == 1
    return lake, snapshot, made[0]


def teams_of(lake: Lake, computation: Computation, as_at: date) -> dict[str, tuple[str, str]]:
    where = (pc.field("measure") == "CP01") & (pc.field("as_at") == as_at)
    return {
        row["person_id"]: (row["team_id"], row["service_id"])
        for row in lake.read(computation, "rows", where=where).to_pylist()
    }


def test_an_id_that_is_the_same_team_is_the_registrys_id_in_every_month(registered) -> None:
    lake, _, made = under(registered, SAME + WORKER)
    for as_at in (date(2026, 6, 30), OCTOBER):
        assert teams_of(lake, made, as_at) == {"A": ("t1", "s1"), "B": ("t1", "s1")}
    assert set(lake.read(made, "rows")["worker_id"].drop_null().to_pylist()) == {"w1"}


def test_a_merge_counts_from_its_day_and_what_was_counted_before_stays_with_the_old_team(registered) -> None:
    lake, _, made = under(registered, MERGED)
    assert teams_of(lake, made, date(2026, 8, 31))["A"] == ("t1", "s1")
    assert teams_of(lake, made, date(2026, 9, 30))["A"] == ("t2", "s2")
    assert teams_of(lake, made, OCTOBER) == {"A": ("t2", "s2"), "B": ("t9", "s1")}


def test_who_a_child_belongs_to_now_is_told_under_the_registry_too(registered) -> None:
    lake, snapshot, _ = under(registered, SAME + WORKER)
    people = {one["person_id"]: one for one in lake.persons(snapshot).to_pylist()}
    assert (people["B"]["team_id"], people["B"]["scope_teams"], people["B"]["scope_workers"]) == ("t1", ["t1"], ["w1"])
    assert (people["B"]["team_name"], people["B"]["worker_name"]) == ("Family Help North", "Wanda Marsh")
    names = {one["team_id"]: one["team_name"] for one in lake.teams(snapshot).to_pylist()}
    assert names == {"s1": "First", "s2": "Second", "t1": "Family Help North", "t2": "South"}
    assert lake.workers(snapshot)["worker_id"].to_pylist() == ["w1"]


def test_after_a_merge_a_child_is_in_scope_of_the_team_it_went_into_and_of_its_service(registered) -> None:
    lake, snapshot, _ = under(registered, MERGED)
    people = {one["person_id"]: one for one in lake.persons(snapshot).to_pylist()}
    assert (people["A"]["team_id"], people["A"]["service_id"], people["A"]["scope_teams"]) == ("t2", "s2", ["t2"])
    assert "t1" in lake.teams(snapshot)["team_id"].to_pylist()


def bytes_of(computation: Computation) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(computation.directory.rglob("*")) if path.is_file()}


def test_a_change_makes_a_new_computation_and_not_a_byte_of_the_old_one_changes(registered) -> None:
    _, lake, snapshot, old = registered
    before = bytes_of(old)
    _, _, made = under(registered, SAME)
    assert made.id != old.id
    assert (old.registry_hash, made.registry_hash) == ("", made.about["registry_hash"])
    assert made.registry_hash
    assert bytes_of(old) == before
    assert lake.computation(snapshot).id == made.id


def test_what_was_changed_back_is_computed_again_and_stands_as_the_newest(registered) -> None:
    home, lake, snapshot, old = registered
    under(registered, SAME)
    (home.path / "registry.toml").unlink()
    with clock.frozen_at(datetime(2026, 11, 4, 12, tzinfo=UTC)):
        (back,) = loading.finish(home)
        assert loading.finish(home) == []
    assert back.id != old.id
    assert lake.computation(snapshot).id == back.id
    assert lake.read(back, "rows").equals(lake.read(old, "rows"))


def test_another_role_map_tells_who_is_responsible_afresh(registered) -> None:
    home, lake, snapshot, _ = registered
    assert lake.persons(snapshot)["worker_id"].to_pylist().count(None) == 0
    (home.path / "roles.toml").write_text('other = ["CW"]\n')
    with clock.frozen_at(datetime(2026, 11, 3, 12, tzinfo=UTC)):
        assert len(loading.finish(home)) == 1
    assert lake.persons(snapshot)["worker_id"].to_pylist() == [None, None]
