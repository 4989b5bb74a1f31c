"""Children easily lost: each group as the file has it, in one's own scope, restricted records counted, not listed."""

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from django.http import Http404

from lineofsight import clock
from lineofsight.cases import easily_lost as groups_of
from lineofsight.web.access import pace
from lineofsight.web.access.chain import told
from lineofsight.web.access.models import ChainEvent, Restriction
from lineofsight.web.access.permissions import Refused
from lineofsight.web.practice.queries import easily_lost as lost
from lineofsight.web.practice.queries.standing import belonging, standing

RETURNED = "EL10"


@pytest.fixture
def kept(home):
    """Every row of a child in the file, as only a test may hold it."""
    stand = standing()
    found = stand.lake.read(stand.computation, groups_of.FILE)
    return found.filter(pc.is_valid(found["child_key"])).to_pylist()


def of(page, group):
    return next(one for one in page.groups if one.id == group)


def made(**columns):
    """Rows of children in a group, the columns that are not given null."""
    count = len(next(iter(columns.values())))
    return pa.table(
        {one.name: columns.get(one.name, pa.nulls(count, one.type)) for one in groups_of.SCHEMA}, groups_of.SCHEMA
    )


def restrict(*keys):
    Restriction.objects.bulk_create(
        Restriction(child_key=key, kind="other", reason="x", from_date=clock.today(), placed_by_key="p-dcs")
        for key in keys
    )


def test_the_director_sees_every_group_with_the_numbers_of_the_file(director, kept):
    page = lost.easily_lost(director)
    assert [one.id for one in page.groups] == list(groups_of.groups())
    for group in page.groups:
        rows = [row for row in kept if row["group"] == group.id]
        assert (group.count, group.missing) == (len(rows), "")
        assert group.longest == max((row["days"] for row in rows), default=None)
        assert group.beyond == sum(row["in_time"] is False for row in rows)
        assert group.untold == sum(row["in_time"] is None for row in rows)
    assert page.total == len({row["child_key"] for row in kept})
    assert page.kept
    assert of(page, RETURNED).count > lost.FIRST_FEW == len(of(page, RETURNED).children)


def test_pages_of_one_group_together_hold_each_of_its_children_once_what_is_wrong_first(director, kept, monkeypatch):
    monkeypatch.setattr(lost, "PAGE", 7)
    first = lost.easily_lost(director, lost.Asked(RETURNED))
    pages = [lost.easily_lost(director, lost.Asked(RETURNED, number)) for number in range(1, first.pages + 1)]
    (groups,) = zip(*[page.groups for page in pages], strict=True)
    refs = [one.child.ref for group in groups for one in group.children if one.child.ref]
    rows = [row for row in kept if row["group"] == RETURNED]
    assert len(refs) == len(set(refs)) == groups[0].count - groups[0].withheld > 7
    assert first.total == len(rows) - groups[0].withheld
    days = [one.days for group in groups for one in group.children]
    assert days == sorted(days, reverse=True)
    assert first.one is not None and pages[-1].next is None


def test_what_is_past_its_day_comes_first_then_what_cannot_be_told(director):
    rows = made(
        group=["EL03"] * 4,
        child_key=["a", "b", "c", "d"],
        days=pa.array([9, 1, 5, 7], pa.int32()),
        in_time=[True, None, False, False],
    )
    assert lost._ordered(rows, "EL03")["child_key"].to_pylist() == ["d", "c", "b", "a"]


def test_a_team_manager_sees_the_children_of_their_own_team_and_no_other(viewer_as, place, kept):
    page = lost.easily_lost(viewer_as("team-manager"))
    mine = [row for row in kept if row["team_id"] == place.team]
    assert sum(group.count for group in page.groups) == len(mine) > 0
    assert len(mine) < len(kept)
    assert {one.team for group in page.groups for one in group.children} == {page.whose}


def test_what_else_is_owed_to_a_child_is_what_the_ledger_holds_open(director):
    stand = standing()
    ledger = stand.lake.read(stand.computation, "exceptions")
    owed = ledger.filter(pc.and_(pc.equal(ledger["state"], "open"), pc.is_valid(ledger["child_key"]))).to_pylist()
    by_child = lost._owed(stand, sorted({row["child_key"] for row in owed}))
    assert sum(len(one) for one in by_child.values()) == len(owed)
    assert any("working day" in line for one in by_child.values() for line in one)
    assert lost._owed(stand, []) == {}


def test_a_restricted_record_is_counted_and_not_listed_and_the_page_says_so(director, kept):
    restricted = {
        key for key, about in belonging(standing(), {row["child_key"] for row in kept}).items() if about["restricted"]
    }
    row = next(row for row in kept if row["group"] == RETURNED and row["child_key"] not in restricted)
    before = of(lost.easily_lost(director, lost.Asked(RETURNED)), RETURNED)
    restrict(row["child_key"])
    after = of(lost.easily_lost(director, lost.Asked(RETURNED)), RETURNED)
    assert (after.count, after.longest) == (before.count, before.longest)
    assert after.withheld == before.withheld + 1
    assert len(after.children) == len(before.children) - 1


@pytest.mark.parametrize("office", ["lead-member", "scrutiny", "administrator", "chief-executive"])
def test_who_sees_no_child_is_refused(viewer_as, office):
    with pytest.raises(Refused):
        lost.easily_lost(viewer_as(office))


def test_below_the_identified_level_nobody_is_listed_whatever_they_may(director):
    with pytest.raises(Refused):
        lost.easily_lost(replace(director, level="pseudonymised"))


@pytest.mark.parametrize(("group", "page"), [("EL99", 1), (RETURNED, 99), ("", 2)])
def test_a_group_or_page_there_is_not_is_no_page(director, group, page):
    with pytest.raises(Http404):
        lost.easily_lost(director, lost.Asked(group, page))


def test_the_look_is_in_the_log_with_the_children_shown_and_the_group(director):
    page = lost.easily_lost(director, lost.Asked(RETURNED))
    kept_event = ChainEvent.objects.get(action="easily-lost.listed")
    event = told(kept_event)
    assert kept_event.subject == f"group {RETURNED}"
    assert len(event.children) == len(page.groups[0].children)
    assert event.detail == {"page": 1, "rows": len(event.children)}


def test_lists_of_children_stop_at_the_number_that_policy_allows(director, monkeypatch):
    asked = []
    monkeypatch.setattr(lost, "check_pace", lambda viewer, kind: asked.append((viewer, kind)))
    lost.easily_lost(director)
    assert asked == [(director, pace.LISTING)]


def test_a_group_whose_table_is_missing_says_what_is_missing_and_is_no_zero(director, monkeypatch):
    states = dict.fromkeys(groups_of.groups(), ()) | {"EL07": ("side_private_fostering",)}
    monkeypatch.setattr(lost, "_read", lambda stand, viewer: (states, groups_of.SCHEMA.empty_table()))
    page = lost.easily_lost(director)
    assert "Private fostering arrangements" in of(page, "EL07").missing
    assert page.sentence == "Nobody was in a group that could be measured. One group could not be measured."


def test_a_computation_made_before_the_groups_were_kept_says_so(director, home):
    stand = standing()
    older = replace(stand.computation, files={k: v for k, v in stand.computation.files.items() if "easily" not in k})
    assert lost._read(replace(stand, computation=older), director) == ({}, groups_of.SCHEMA.empty_table())


def group(**about):
    told_of = {"count": 3, "longest": 40, "beyond": 0, "untold": 0, "withheld": 0, "children": ()}
    return lost.Group("EL01", "T", "W", "Y", "S", "", **(told_of | about))


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"count": 0, "longest": None}, "Nobody."),
        ({}, "3 children, the longest for 40 days."),
        ({"count": 1, "longest": 1}, "1 child, for 1 day."),
        ({"count": 1, "longest": 0}, "1 child."),
        ({"beyond": 2}, "3 children, the longest for 40 days; 2 not as it should be."),
        ({"untold": 1, "longest": None}, "3 children; of 1 that cannot be told."),
    ],
)
def test_a_group_says_how_many_the_longest_and_what_is_wrong(about, said):
    assert group(**about).said == said


def test_what_is_left_for_the_groups_own_page_leaves_out_what_is_withheld():
    assert group(count=9, withheld=2, children=[None] * 5).more == 2
