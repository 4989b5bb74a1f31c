"""What falls due for one child: the rows of the measures that know a day, once each, with the rule they stand on."""

from dataclasses import replace
from datetime import timedelta

import pyarrow.compute as pc
import pytest
from tests.web.practice.queries.test_children import child_like

from lineofsight.web.practice import queries
from lineofsight.web.practice.queries import coming, due_soon, owing
from lineofsight.web.practice.queries.standing import catalogue, standing


@pytest.fixture
def rows(home):
    """Every row of the newest date that is in time, not done, and owed by a day."""
    stand = standing()
    found = stand.lake.read(stand.computation, "rows", where=pc.field("as_at") == stand.as_at)
    return [
        row
        for row in found.to_pylist()
        if row["child_key"]
        and row["met"]
        and row["done_on"] is None
        and row["due_on"] is not None
        and row["due_on"] >= stand.as_at
        and catalogue()[row["measure"]].exception
        and not catalogue()[row["measure"]].of_workers
    ]


def test_each_childs_days_are_those_of_the_rows_the_first_first(rows):
    stand = standing()
    assert rows
    for key in {row["child_key"] for row in rows[:400]}:
        wanted = {(owing.owed_title(row["measure"]), row["due_on"]) for row in rows if row["child_key"] == key}
        found = coming.falling_due(stand, key)
        assert [(one.title, one.due_on) for one in found] == sorted(wanted, key=lambda one: (one[1], one[0]))


def test_a_child_of_whom_no_row_tells_has_nothing_that_falls_due(home):
    assert coming.falling_due(standing(), "f" * 32) == []


def test_soon_is_what_policy_says_and_passed_is_before_the_day_whose_rules_hold(rows):
    stand = standing()
    key = rows[0]["child_key"]
    for one in coming.falling_due(stand, key):
        assert one.soon == (one.due_on <= due_soon.until(stand))
        assert one.passed == (one.due_on < stand.on)
    past = replace(stand, past=True)
    assert not any(one.passed for one in coming.falling_due(past, key))


def test_one_rule_is_told_with_its_kind_and_source_and_many_by_the_measures_source(home):
    stand = standing()
    assert coming.timescale(stand, "CP08").words == "10 working days, local"
    assert "no national interval" in coming.timescale(stand, "CP08").source
    assert coming.timescale(stand, "CP10").words.startswith("at once, ")
    assert coming.timescale(stand, "LA08") == coming.Timescale("", catalogue()["LA08"].source)
    assert coming.timescale(stand, "nothing") == coming.Timescale("", "")


def test_the_page_of_a_child_tells_what_falls_due_and_where_each_time_comes_from(director, persons, rows):
    keys = {row["child_key"] for row in rows}
    child = child_like(director, persons, lambda one: one["child_key"] in keys)
    assert list(child.coming) == coming.falling_due(standing(), child.key) != []
    titles = [title for title, _ in child.sources]
    assert set(titles) == {one.title for one in child.coming} | {one.title for one in child.owed}
    assert len(titles) == len(set(titles))
    assert all(one.due_on - child.as_at >= timedelta(0) for one in child.coming)


def test_every_thing_owed_is_told_with_its_rule(director, persons):
    listed = queries.exceptions(director, queries.ledger.Asked(whole=True))
    refs = {row.child.ref for row in listed.rows if row.child and row.child.ref}
    child = queries.get_child(director, sorted(refs)[0])
    assert child.duties
    for one, rule in child.duties:
        assert rule == coming.timescale(standing(), one.measure)
