"""Whose children a viewer reaches, in rows and one by one."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.web.access.permissions import (
    Capability,
    Refused,
    check,
    check_any,
    check_see_children,
    may,
    may_any,
    may_see_children,
)
from lineofsight.web.access.scope import may_open, own_child_keys, row_filter
from lineofsight.web.access.viewer import Scope, Viewer, audience_of, console_viewer

ROWS = pa.table(
    {
        "child_key": ["a", "b", "c", "d"],
        "service_id": ["S1", "S1", "S2", None],
        "team_id": ["T1", "T2", "T3", None],
        "worker_id": ["W1", None, "W3", None],
        "agency": pa.array([None, None, "health", None], pa.string()),
    }
)


def _viewer(kind, *ids, level="identified", restricted=False):
    return Viewer("k", "n", "o", "t", Scope(kind, frozenset(ids)), frozenset(), level, "a", "", restricted)


def _seen(viewer, **more):
    within = row_filter(viewer, **more)
    return (ROWS if within is None else ROWS.filter(within)).column("child_key").to_pylist()


@pytest.mark.parametrize(
    ("kind", "ids", "seen"),
    [
        ("authority", [], ["a", "b", "c", "d"]),
        ("service", ["S1"], ["a", "b"]),
        ("service", [], []),
        ("team", ["T1", "T3"], ["a", "c"]),
        ("own", ["W1"], ["a"]),
        ("assigned", ["W3"], ["c"]),
        ("agency", ["health"], ["c"]),
        ("none", [], []),
        ("none", ["S1", "T1", "W1"], []),
    ],
)
def test_rows_are_those_of_the_scope(kind, ids, seen):
    assert _seen(_viewer(kind, *ids)) == seen


def test_a_row_that_belongs_to_nobody_is_only_in_the_whole_authority():
    for kind in ("service", "team", "own", "assigned", "agency"):
        assert "d" not in _seen(_viewer(kind, "", "None", "S1", "T1", "W1"))


def test_a_reviewing_officer_has_the_children_assigned_to_them_whoever_is_responsible():
    persons = pa.table(
        {"child_key": ["a", "b", "c"], "scope_workers": [["W1", "W9"], [], ["W9"]]},
        schema=pa.schema([("child_key", pa.string()), ("scope_workers", pa.list_(pa.string()))]),
    )
    viewer = _viewer("assigned", "W9")
    keys = own_child_keys(viewer, persons)
    assert keys == {"a", "c"}
    assert _seen(viewer, child_keys=keys) == ["a", "c"]
    assert own_child_keys(_viewer("team", "W9"), persons) == frozenset()
    assert _seen(_viewer("team", "T2"), child_keys=keys) == ["b"]


PERSON = {"service_id": "S1", "scope_teams": ["T1", "T2"], "scope_workers": ["W1"], "restricted": False}


@pytest.mark.parametrize(
    ("kind", "ids", "opens"),
    [
        ("authority", [], True),
        ("service", ["S1"], True),
        ("service", ["S2"], False),
        ("team", ["T2"], True),
        ("team", ["T3"], False),
        ("own", ["W1"], True),
        ("own", ["W2"], False),
        ("assigned", ["W1"], True),
        ("agency", ["S1", "T1", "W1"], False),
        ("none", [], False),
    ],
)
def test_a_page_opens_for_every_team_and_worker_of_the_child(kind, ids, opens):
    assert may_open(_viewer(kind, *ids), PERSON) is opens


def test_a_restricted_record_is_absent_for_all_but_named_people():
    restricted = {**PERSON, "restricted": True}
    assert not may_open(_viewer("authority"), restricted)
    assert may_open(_viewer("authority", restricted=True), restricted)
    assert not may_open(_viewer("team", "T3", restricted=True), restricted)


@pytest.mark.parametrize("level", ["pseudonymised", "published", "none"])
def test_no_page_opens_for_a_level_without_names(level):
    assert not may_open(_viewer("authority", level=level, restricted=True), PERSON)


def test_a_child_with_no_team_at_all_opens_for_the_authority_only():
    nobody = {"service_id": None, "scope_teams": None, "scope_workers": None, "restricted": False}
    opens = [may_open(_viewer(kind, "S1"), nobody) for kind in ("authority", "service", "team", "own")]
    assert opens == [True, False, False, False]


@given(st.frozensets(st.sampled_from(list(Capability))), st.sampled_from(["identified", "pseudonymised"]))
def test_a_check_refuses_exactly_when_its_twin_says_no(held, level):
    viewer = Viewer("k", "n", "o", "t", Scope("authority"), held, level, "a")
    for capability in Capability:
        assert may(viewer, capability) is not _refuses(check, viewer, capability)
        assert may(viewer, capability) is (capability in held)
    assert may_see_children(viewer) is not _refuses(check_see_children, viewer)
    pair = (Capability.ASK, Capability.SEE_LOG)
    assert may_any(viewer, *pair) is not _refuses(check_any, viewer, *pair)


def _refuses(checking, *arguments):
    try:
        checking(*arguments)
    except Refused:
        return True
    return False


def test_a_refusal_names_the_permission_and_every_office_that_holds_it(viewer_as):
    with pytest.raises(Refused) as refused:
        check(viewer_as("lead-member"), Capability.RELEASE_TEXT)
    assert "release a text about a child" in refused.value.reason
    assert refused.value.held_by == ("Director of Children’s Services",)


def test_the_audience_is_one_for_those_who_see_names_and_monthly_for_those_who_do_not(viewer_as):
    from datetime import date

    assert viewer_as("dcs").audience == viewer_as("team-manager").audience == "identified"
    assert audience_of("pseudonymised", "lead-member", date(2026, 10, 31)) == "lead-member:2026-10"
    assert audience_of("pseudonymised", "lead-member", date(2026, 11, 1)) == "lead-member:2026-11"


def test_the_command_line_reads_by_name_but_signs_releases_and_manages_nothing():
    viewer = console_viewer("ana", "checking the month")
    assert (viewer.person_key, viewer.level, viewer.purpose) == (
        "console:ana",
        "identified",
        "checking the month",
    )
    forbidden = {
        Capability.SIGN_PACK,
        Capability.SIGN_RECORD,
        Capability.RELEASE_TEXT,
        Capability.MANAGE_ACCESS,
    }
    assert forbidden.isdisjoint(viewer.capabilities)
