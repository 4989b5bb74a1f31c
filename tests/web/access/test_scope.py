"""Whose children a viewer reaches, in rows and one by one."""

from datetime import date, timedelta

import pyarrow as pa
import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import given, settings
from hypothesis import strategies as st

from lineofsight import clock
from lineofsight.home import create_home
from lineofsight.web.access.models import Holding, NamedPerson
from lineofsight.web.access.offices import SCOPE_KINDS
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
from lineofsight.web.access.viewer import Scope, Viewer, audience_of, console_viewer, viewer_in, viewer_of


@pytest.fixture(scope="module", autouse=True)
def house(tmp_path_factory):
    """A home without a registry, for the tests that are about no home: every id stands for itself."""
    with pytest.MonkeyPatch.context() as patch:
        made = create_home(tmp_path_factory.mktemp("house") / "home", authority="306", authority_name="Northmere")
        patch.setenv("LINEOFSIGHT_HOME", str(made.path))
        yield made


ROWS = pa.table(
    {
        "child_key": ["a", "b", "c", "d"],
        "service_id": ["S1", "S1", "S2", None],
        "team_id": ["T1", "T2", "T3", None],
        "worker_id": ["W1", None, "W3", None],
        "agency": pa.array([None, None, "health", None], pa.string()),
    }
)


def _viewer(kind, *ids, level="identified", restricted=False, named=()):
    scope = Scope(kind, frozenset(ids))
    return Viewer("k", "n", "o", "t", scope, frozenset(), level, "a", "", restricted, named_for=frozenset(named))


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


PERSON = {
    "child_key": "k1",
    "service_id": "S1",
    "scope_teams": ["T1", "T2"],
    "scope_workers": ["W1"],
    "restricted": False,
}


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


def test_a_person_named_for_one_restricted_record_opens_that_one_within_their_scope_and_no_other():
    restricted = {**PERSON, "restricted": True}
    named = _viewer("team", "T1", named={"k1"})
    assert may_open(named, restricted)
    assert not may_open(named, {**restricted, "child_key": "k2"})
    assert not may_open(_viewer("team", "T3", named={"k1"}), restricted)
    assert not may_open(_viewer("authority", named={"k1"}, level="pseudonymised"), restricted)


def test_a_restricted_row_without_its_key_opens_to_nobody_who_is_named_one_by_one():
    keyless = {name: value for name, value in PERSON.items() if name != "child_key"} | {"restricted": True}
    assert not may_open(_viewer("authority", named={"k1"}), keyless)


@pytest.mark.parametrize("level", ["pseudonymised", "published", "none"])
def test_no_page_opens_for_a_level_without_names(level):
    assert not may_open(_viewer("authority", level=level, restricted=True), PERSON)


def test_a_child_with_no_team_at_all_opens_for_the_authority_only():
    nobody = {"service_id": None, "scope_teams": None, "scope_workers": None, "restricted": False}
    opens = [may_open(_viewer(kind, "S1"), nobody) for kind in ("authority", "service", "team", "own")]
    assert opens == [True, False, False, False]


# --- the rule read in plain Python, against any rows and any viewer
KEYS = st.sampled_from("abcdef")
IDS = st.sampled_from(["S1", "S2", "T1", "T2", "T3", "W1", "W2", "W3", "health", "police"])
MAYBE = st.none() | IDS
ANY_ROW = st.fixed_dictionaries(
    {"child_key": KEYS, "service_id": MAYBE, "team_id": MAYBE, "worker_id": MAYBE, "agency": MAYBE}
)
ANY_PERSON = st.fixed_dictionaries(
    {
        "child_key": KEYS,
        "service_id": MAYBE,
        "scope_teams": st.none() | st.lists(IDS, max_size=3),
        "scope_workers": st.none() | st.lists(IDS, max_size=3),
        "restricted": st.booleans(),
    }
)
SOME_IDS = st.frozensets(IDS, max_size=4)
KINDS = st.sampled_from(SCOPE_KINDS)
ROW_TYPES = pa.schema(
    [(name, pa.string()) for name in ("child_key", "service_id", "team_id", "worker_id", "agency")]
    + [("at", pa.int64())]
)


def _table(rows):
    return pa.Table.from_pylist([{**row, "at": at} for at, row in enumerate(rows)], ROW_TYPES)


def _left(viewer, rows, keys=()):
    within = row_filter(viewer, child_keys=keys)
    table = _table(rows)
    return (table if within is None else table.filter(within)).column("at").to_pylist()


def _belongs(viewer, row, keys=frozenset()):
    """DESIGN 5 B, read aloud: whose row is this?"""
    ids = viewer.scope.ids
    match viewer.scope.kind:
        case "authority":
            return True
        case "service":
            return row["service_id"] in ids
        case "team":
            return row["team_id"] in ids
        case "own" | "assigned":
            return row["worker_id"] in ids or row["child_key"] in keys
        case "agency":
            return row["agency"] in ids
    return False


@settings(max_examples=400)
@given(KINDS, SOME_IDS, st.lists(ANY_ROW, max_size=12), st.frozensets(KEYS, max_size=3))
def test_the_filter_leaves_exactly_the_rows_that_the_rule_leaves(kind, ids, rows, keys):
    viewer = _viewer(kind, *ids)
    assert _left(viewer, rows, keys) == [at for at, row in enumerate(rows) if _belongs(viewer, row, keys)]


@settings(max_examples=300)
@given(KINDS.filter(lambda kind: kind != "authority"), SOME_IDS, SOME_IDS, st.lists(ANY_ROW, max_size=12))
def test_two_scopes_with_nothing_in_common_never_share_a_row(kind, some, others, rows):
    one, two = _viewer(kind, *some), _viewer(kind, *(others - some))
    assert not set(_left(one, rows)) & set(_left(two, rows))


@settings(max_examples=300)
@given(KINDS.filter(lambda kind: kind != "authority"), SOME_IDS, SOME_IDS, st.lists(ANY_ROW, max_size=12))
def test_a_wider_scope_leaves_every_row_of_a_narrower_one_and_nothing_beyond_both(kind, some, others, rows):
    together = set(_left(_viewer(kind, *(some | others)), rows))
    assert together == set(_left(_viewer(kind, *some), rows)) | set(_left(_viewer(kind, *others), rows))


@settings(max_examples=300)
@given(KINDS, SOME_IDS, st.lists(ANY_PERSON, max_size=6, unique_by=lambda one: one["child_key"]))
def test_the_keys_of_ones_own_children_are_those_who_have_one_of_the_workers(kind, ids, persons):
    schema = pa.schema([("child_key", pa.string()), ("scope_workers", pa.list_(pa.string()))])
    table = pa.Table.from_pylist([{name: one[name] for name in schema.names} for one in persons], schema)
    wanted = {one["child_key"] for one in persons if ids & set(one["scope_workers"] or ())}
    assert own_child_keys(_viewer(kind, *ids), table) == (wanted if kind in ("own", "assigned") else frozenset())


@settings(max_examples=400)
@given(
    KINDS,
    SOME_IDS,
    ANY_PERSON,
    st.sampled_from(["identified", "pseudonymised", "published", "none"]),
    st.booleans(),
    st.frozensets(KEYS, max_size=3),
)
def test_a_page_opens_exactly_where_the_rule_opens_it(kind, ids, person, level, restricted, named):
    viewer = _viewer(kind, *ids, level=level, restricted=restricted, named=named)
    theirs = {
        "authority": True,
        "service": person["service_id"] in ids,
        "team": bool(ids & set(person["scope_teams"] or ())),
        "own": bool(ids & set(person["scope_workers"] or ())),
        "assigned": bool(ids & set(person["scope_workers"] or ())),
    }
    stopped = person["restricted"] and not (restricted or person["child_key"] in named)
    assert may_open(viewer, person) is (level == "identified" and not stopped and theirs.get(kind, False))


def test_who_is_named_for_a_record_is_worked_out_from_the_days_they_are_named(people):
    today = clock.today()
    days = {"past": (-9, -1), "now": (-1, 0), "open": (-3, None), "coming": (1, None)}
    for key, (began, ended) in days.items():
        NamedPerson.objects.create(
            child_key=key,
            person=people["team-manager"],
            from_date=today + timedelta(days=began),
            until=None if ended is None else today + timedelta(days=ended),
            named_by_key="p-dcs",
        )
    viewer = viewer_in(Holding.objects.get(person=people["team-manager"]))
    assert viewer.named_for == {"now", "open"}
    assert viewer_in(Holding.objects.get(person=people["dcs"])).named_for == frozenset()


def test_a_name_on_a_restricted_record_is_one_query_and_none_for_an_office_without_names(
    people, django_assert_num_queries
):
    NamedPerson.objects.create(
        child_key="a", person=people["lead-member"], from_date=date(2026, 1, 1), named_by_key="x"
    )
    member = Holding.objects.select_related("person").get(person=people["lead-member"])
    director = Holding.objects.select_related("person").get(person=people["dcs"])
    with django_assert_num_queries(0):
        assert viewer_in(member).named_for == frozenset()
    with django_assert_num_queries(1):
        viewer_in(director)


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


def test_who_is_not_signed_in_is_told_to_sign_in(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    with pytest.raises(Refused, match="sign in first"):
        viewer_of(request)


@pytest.mark.parametrize(("office", "sees"), [("dcs", True), ("lead-member", False), ("scrutiny", False)])
def test_a_name_on_every_restricted_record_counts_only_in_an_office_that_sees_names(people, office, sees):
    held = Holding.objects.select_related("person").get(person=people[office], office=office)
    assert viewer_in(held).sees_restricted is False
    held.sees_restricted = True
    assert viewer_in(held).sees_restricted is sees
