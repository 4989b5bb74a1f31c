"""Whose children a viewer reaches where teams and workers have other ids, or were merged."""

from datetime import UTC, datetime
from typing import cast

import pyarrow as pa
import pytest

from lineofsight import clock
from lineofsight.web.access import scope
from lineofsight.web.access.desk import belonging
from lineofsight.web.access.models import Holding
from lineofsight.web.access.need import telling
from lineofsight.web.access.viewer import Scope, Viewer
from lineofsight.web.practice.queries import divided, standing

REGISTRY = """
[[team]]
id = "T1"
also = ["T9"]

[[team]]
id = "T2"
merged_into = "T9"
merged_on = 2026-10-01

[[team]]
id = "S1"
also = ["S9"]

[[worker]]
id = "W1"
also = ["W9"]
"""
BEFORE, AFTER = datetime(2026, 9, 30, 12, tzinfo=UTC), datetime(2026, 10, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def registered(home):
    (home.path / "registry.toml").write_text(REGISTRY)
    return home


def viewer(kind: str, *ids: str) -> Viewer:
    return Viewer("k", "n", "o", "t", Scope(kind, frozenset(ids)), frozenset(), "identified", "a")


def person(**about):
    ordinary = {"child_key": "a", "restricted": False, "service_id": "S5", "scope_teams": ["T5"], "scope_workers": []}
    return ordinary | about


@pytest.mark.parametrize(
    ("kind", "held", "column", "seen"),
    [
        ("team", "T1", "team_id", ["T1", "T9"]),
        ("team", "T9", "team_id", ["T1", "T9"]),
        ("team", "T2", "team_id", ["T2"]),
        ("service", "S9", "service_id", ["S1", "S9"]),
        ("own", "W1", "worker_id", ["W1", "W9"]),
        ("assigned", "W9", "worker_id", ["W1", "W9"]),
        ("agency", "T1", "agency", ["T1"]),
    ],
)
def test_rows_under_any_of_its_ids_are_the_teams_and_past_counts_of_a_merged_one_are_not(
    kind, held, column, seen
) -> None:
    ids = ["T1", "T2", "T9", "S1", "S9", "W1", "W9"]
    rows = pa.table({"child_key": ids, column: ids})
    with clock.frozen_at(AFTER):
        assert sorted(rows.filter(scope.row_filter(viewer(kind, held)))[column].to_pylist()) == sorted(seen)


@pytest.mark.parametrize(
    ("kind", "held", "about", "before", "after"),
    [
        ("team", "T1", {"scope_teams": ["T9"]}, True, True),
        ("team", "T9", {"scope_teams": ["T1"]}, True, True),
        ("team", "T1", {"scope_teams": ["T2"]}, False, True),
        ("team", "T2", {"scope_teams": ["T1"]}, False, False),
        ("service", "S1", {"service_id": "S9"}, True, True),
        ("own", "W9", {"scope_workers": ["W1"]}, True, True),
        ("own", "W1", {"scope_workers": ["W2"]}, False, False),
    ],
)
def test_a_page_opens_to_the_team_under_its_other_ids_and_from_its_day_to_what_it_was_merged_into(
    kind, held, about, before, after
) -> None:
    with clock.frozen_at(BEFORE):
        assert scope.may_open(viewer(kind, held), person(**about)) is before
    with clock.frozen_at(AFTER):
        assert scope.may_open(viewer(kind, held), person(**about)) is after


def test_the_keys_of_ones_own_children_are_found_under_any_id_of_the_worker() -> None:
    persons = pa.table({"child_key": ["a", "b", "c"], "scope_workers": [["W9"], ["W1"], ["W2"]]})
    assert scope.own_child_keys(viewer("own", "W1"), persons) == {"a", "b"}


def test_the_manager_of_the_team_under_its_other_id_is_told_of_a_need(people) -> None:
    Holding.objects.filter(office="team-manager").update(scope_ids=["T9"])
    child = {"service_id": "S5", "team_id": "T2", "scope_teams": ["T2"]}
    with clock.frozen_at(AFTER):
        assert [one.key for one in telling.second_people(child, "k")] == ["p-team-manager"]
    with clock.frozen_at(BEFORE):
        assert [one.key for one in telling.second_people(child, "k")] == ["p-dcs"]


def test_the_desk_knows_what_an_office_reaches_under_every_id(people) -> None:
    with clock.frozen_at(AFTER):
        reach = belonging.reaches()
    assert reach["p-team-manager"].teams == {"T1", "T9", "T2"}
    assert reach["p-social-worker"].workers == {"W1", "W9"}
    assert reach["p-head-of-service"].services == {"S1", "S9"}


def test_a_breakdowns_group_is_inside_the_scope_under_any_of_its_ids(monkeypatch) -> None:
    known = {"T7": standing.Team("North", "S9", "First")}
    monkeypatch.setattr(divided, "teams", lambda stand: known)
    stand = cast("standing.Standing", None)
    assert divided._inside(stand, viewer("team", "T9"), "team", "T1")
    assert not divided._inside(stand, viewer("team", "T9"), "team", "T2")
    assert divided._inside(stand, viewer("service", "S1"), "service", "S9")
    assert divided._inside(stand, viewer("service", "S1"), "team", "T7")
    assert not divided._inside(stand, viewer("service", "S2"), "team", "T7")


def test_whose_children_it_is_says_the_team_by_name_under_any_of_its_ids(monkeypatch) -> None:
    known = {"T1": standing.Team("North", "S1", "First")}
    monkeypatch.setattr(standing, "teams", lambda stand: known)
    stand = cast("standing.Standing", None)
    assert standing.whose(stand, viewer("team", "T9")) == "North"
    assert standing.whose(stand, viewer("service", "S9")) == "First"
