"""A viewer's number is the count of the rows they may open, for every kind of scope, as plain Python counts them."""

from collections import defaultdict
from dataclasses import replace

import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lineofsight.cases import refs
from lineofsight.web import keys_in_use
from lineofsight.web.access.scope import may_open
from lineofsight.web.access.viewer import Scope
from lineofsight.web.practice.queries import figures, periods, rows
from lineofsight.web.practice.queries.standing import catalogue, standing, teams

ALLOWED = [HealthCheck.function_scoped_fixture]
COLUMNS = ["measure", "as_at", "child_key", "service_id", "team_id", "worker_id", "met"]
OF = {"service": "service_id", "team": "team_id", "own": "worker_id", "assigned": "worker_id"}
OFFICE = {"service": "head-of-service", "team": "team-manager", "own": "social-worker", "assigned": "reviewing-officer"}


@pytest.fixture
def known(persons):
    """The rows of the newest month by measure, whose children each worker has, and the ids there are of each kind."""
    stand = standing()
    found = stand.lake.read(stand.computation, "rows", columns=COLUMNS, where=pc.field("as_at") == stand.as_at)
    by_measure = defaultdict(list)
    for row in found.to_pylist():
        by_measure[row["measure"]].append(row)
    children = defaultdict(set)
    for one in persons:
        for worker in one["scope_workers"] or ():
            children[worker].add(one["child_key"])
    every = teams(stand)
    ids = {
        "service": sorted({team.service_id for team in every.values() if team.service_id}),
        "team": sorted(every),
        "own": sorted(children)[:40],
        "assigned": sorted(children)[:40],
    }
    return by_measure, children, ids


def _mine(kind, ids, children, row):
    if row[OF[kind]] in ids:
        return True
    return kind in ("own", "assigned") and any(row["child_key"] in children[worker] for worker in ids)


@pytest.mark.full
@settings(max_examples=300, suppress_health_check=ALLOWED)
@given(data=st.data())
def test_a_number_is_the_count_of_the_rows_in_reach(viewer_as, known, data):
    by_measure, children, ids = known
    kind = data.draw(st.sampled_from(sorted(OF)))
    some = data.draw(st.frozensets(st.sampled_from(ids[kind]), min_size=1, max_size=4))
    stand, viewer = standing(), replace(viewer_as(OFFICE[kind]), scope=Scope(kind, some))
    own, counted = figures.own(stand, viewer), 0
    for key, definition in catalogue().items():
        month = next((one for one in own[key].months if one.as_at == stand.as_at), None) if key in own else None
        if month is None or not month.measured or definition.kind in ("median", "mean", "ratio"):
            continue
        mine = [row for row in by_measure[key] if _mine(kind, some, children, row)]
        met, not_met = (sum(row["met"] is is_met for row in mine) for is_met in (True, False))
        wanted = {"met": met, "not met": not_met, "all": len(mine)}[definition.counts]
        assert month.numerator == wanted, (key, kind, some)
        counted += 1
    assert counted > 10, "most measures are counted"


@settings(max_examples=25, suppress_health_check=ALLOWED)
@given(data=st.data())
def test_what_is_listed_and_what_is_withheld_are_together_the_number(viewer_as, known, data):
    _, _, ids = known
    kind = data.draw(st.sampled_from(["service", "team"]))
    some = data.draw(st.frozensets(st.sampled_from(ids[kind]), min_size=1, max_size=3))
    key = data.draw(st.sampled_from(["CP01", "CN01", "LA01"]))
    viewer = replace(viewer_as(OFFICE[kind]), scope=Scope(kind, some))
    found = rows.rows_behind(viewer, key, rows.Asked(which="all", whole=True))
    figure = figures.own(standing(), viewer)[key].headline
    assert periods.months(standing())[-1] == figure.as_at
    assert len(found.rows) + found.withheld == figure.numerator


@settings(max_examples=40, suppress_health_check=ALLOWED)
@given(data=st.data())
def test_two_teams_with_nothing_in_common_are_shown_no_row_twice(viewer_as, known, data):
    by_measure, _, ids = known
    one, two = (data.draw(st.frozensets(st.sampled_from(ids["team"]), min_size=1, max_size=4)) for _ in "ab")
    stand, manager = standing(), viewer_as("team-manager")
    apart = [replace(manager, scope=Scope("team", some)) for some in (one, two - one)]
    both = replace(manager, scope=Scope("team", one | two))
    for key, together in figures.own(stand, both).items():
        if catalogue()[key].kind not in ("count", "percent") or not together.headline.measured:
            continue
        parts = [figures.own(stand, viewer)[key].headline.numerator for viewer in apart]
        assert sum(parts) == together.headline.numerator, key


@pytest.mark.parametrize("kind", sorted(OF))
def test_every_child_named_in_a_list_is_one_whose_page_opens(viewer_as, known, persons, kind):
    by_key = {one["child_key"]: one for one in persons}
    viewer, opened = viewer_as(OFFICE[kind]), 0
    for key in ("CP01", "CN01", "LA01"):
        for row in rows.rows_behind(viewer, key, rows.Asked(which="all", whole=True)).rows:
            if row.child is not None and row.child.ref:
                opened += 1
                assert may_open(viewer, by_key[refs.child_key(keys_in_use(), viewer.audience, row.child.ref)])
    assert opened
