"""A fall in rows beyond policy waits for a person: nothing is published, nothing is lost."""

import pytest
from tests.loading.conftest import NOVEMBER, OCTOBER, SEPTEMBER, children, extract, plans, visits

from lineofsight import loading
from lineofsight.errors import PlainError
from lineofsight.lake.verify import verify_snapshot


def fuller(**more):
    return extract(SEPTEMBER, ssd_person=children(100), ssd_cp_visits=visits(200), **more)


def changes_of(loaded):
    return {one.table: one for one in loaded.changes}


def test_the_first_load_is_compared_with_nothing_and_published(load, lake):
    done = load(fuller())
    assert not done.waiting
    assert [one.before for one in done.changes] == [None, None]
    assert lake.latest().id == done.snapshot.id


def test_a_table_that_lost_more_than_policy_allows_waits_and_the_page_stays_as_it_was(load, lake):
    first = load(fuller())
    done = load(extract(OCTOBER, ssd_person=children(101), ssd_cp_visits=visits(120)))
    assert done.waiting
    assert done.computation is None
    assert [one.table for one in done.falls] == ["ssd_cp_visits"]
    assert changes_of(done)["ssd_cp_visits"].percent == 40.0
    assert "120 rows, 200 before, 40% fewer" in done.falls[0].sentence()
    assert [one.id for one in lake.snapshots()] == [first.snapshot.id]
    assert [one.id for one in lake.waiting()] == [done.snapshot.id]


@pytest.mark.parametrize(("now", "waits"), [(181, False), (180, False), (179, True)])
def test_a_fall_of_ten_in_a_hundred_passes_and_one_row_more_does_not(load, now, waits):
    load(fuller())
    assert load(extract(OCTOBER, ssd_person=children(100), ssd_cp_visits=visits(now))).waiting is waits


@pytest.mark.parametrize(("now", "waits"), [(41, False), (40, True)])
def test_a_small_table_may_lose_up_to_nineteen_rows(load, now, waits):
    load(extract(SEPTEMBER, ssd_person=children(3), ssd_cp_visits=visits(60)))
    assert load(extract(OCTOBER, ssd_person=children(3), ssd_cp_visits=visits(now))).waiting is waits


def test_a_table_that_is_gone_or_empty_waits_however_small_it_was(load):
    load(extract(SEPTEMBER, ssd_person=children(3), ssd_cp_visits=visits(2), ssd_cp_plans=plans("c1")))
    done = load(extract(OCTOBER, ssd_person=children(3), ssd_cp_plans=[]))
    assert done.waiting
    assert {one.table: one.how for one in done.falls} == {"ssd_cp_visits": "gone", "ssd_cp_plans": "empty"}


def test_a_yes_puts_it_in_its_place_with_who_said_it(home, load, lake):
    load(fuller())
    held = load(extract(OCTOBER, ssd_person=children(100), ssd_cp_visits=visits(50))).snapshot
    done = loading.accept(home, held.id, by="ada")
    assert lake.latest().id == held.id == done.snapshot.id
    assert lake.waiting() == []
    assert lake.computation(lake.latest()) is not None
    assert lake.accepted(lake.latest()).by == "ada"
    assert verify_snapshot(lake, lake.latest()) == []


def test_a_yes_given_beforehand_is_kept_with_what_it_was_said_to(load, lake):
    load(fuller())
    done = load(extract(OCTOBER, ssd_person=children(100), ssd_cp_visits=visits(50)), accepted_by="console:ada")
    assert not done.waiting
    mark = lake.accepted(done.snapshot)
    assert (mark.by, "50 rows, 200 before" in mark.why) == ("console:ada", True)


def test_a_no_removes_it_and_its_files(home, load, lake):
    load(fuller())
    held = load(extract(OCTOBER, ssd_person=children(100), ssd_cp_visits=visits(50))).snapshot
    loading.refuse(home, held.id)
    assert lake.waiting() == []
    assert not held.directory.exists()
    with pytest.raises(PlainError, match="No load waits"):
        loading.accept(home, held.id, by="ada")


def test_the_same_bytes_that_wait_are_not_read_into_a_second_one(load, lake):
    load(fuller())
    fallen = extract(OCTOBER, ssd_person=children(100), ssd_cp_visits=visits(50))
    first, second = load(fallen), load(fallen)
    assert (first.new, second.new) == (True, False)
    assert first.snapshot.id == second.snapshot.id
    assert second.waiting


def test_what_was_accepted_once_is_not_asked_again(home, load, lake):
    load(fuller())
    fallen = extract(OCTOBER, ssd_person=children(100), ssd_cp_visits=visits(50))
    loading.accept(home, load(fallen).snapshot.id, by="ada")
    again = load(fallen)
    assert (again.waiting, again.new) == (False, False)
    assert again.computation.id == lake.computation(lake.latest()).id


def test_a_load_that_waited_while_another_was_published_must_be_compared_again(home, load):
    load(fuller())
    fallen = extract(OCTOBER, ssd_person=children(100), ssd_cp_visits=visits(50))
    held = load(fallen).snapshot
    load(extract(NOVEMBER, ssd_person=children(100), ssd_cp_visits=visits(210)))
    with pytest.raises(PlainError, match="loaded since"):
        loading.accept(home, held.id, by="ada")


def test_a_part_carries_the_rest_forward_with_its_age_and_asks_nothing_of_it(load, lake):
    load(fuller(ssd_cp_plans=plans("c1")))
    done = load(extract(OCTOBER, ssd_cp_visits=visits(230)))
    assert not done.waiting
    carried = changes_of(done)["ssd_cp_plans"]
    assert (carried.how, carried.as_at, carried.now) == ("carried", SEPTEMBER, 1)
    snapshot = lake.latest()
    assert snapshot.as_at == SEPTEMBER
    assert {name: entry.as_at for name, entry in snapshot.tables.items()} == {
        "ssd_person": SEPTEMBER,
        "ssd_cp_plans": SEPTEMBER,
        "ssd_cp_visits": OCTOBER,
    }


def test_an_older_extract_is_compared_with_what_was_true_before_it(load):
    load(extract(SEPTEMBER, ssd_person=children(100), ssd_cp_visits=visits(200)))
    load(extract(NOVEMBER, ssd_person=children(300), ssd_cp_visits=visits(600)))
    between = load(extract(OCTOBER, ssd_person=children(150), ssd_cp_visits=visits(300)), late=60)
    assert changes_of(between)["ssd_cp_visits"].before == 200
    assert not between.waiting


def undated(count, dated=0):
    """Visits of which only the first `dated` have a day."""
    return [one if number < dated else {**one, "cppv_cp_visit_date": None} for number, one in enumerate(visits(count))]


def test_rows_that_are_all_there_and_lost_their_dates_wait_like_rows_that_are_gone(load, lake):
    first = load(fuller())
    done = load(extract(OCTOBER, ssd_person=children(100), ssd_cp_visits=undated(200)))
    assert done.waiting
    assert (done.falls[0].table, done.falls[0].dated_before, done.falls[0].dated_now) == ("ssd_cp_visits", 200, 0)
    assert "200 rows, but 0 of them can be dated, 200 before" in done.falls[0].sentence()
    assert [one.id for one in lake.snapshots()] == [first.snapshot.id]
    assert [one.id for one in lake.waiting()] == [done.snapshot.id]


@pytest.mark.parametrize(("dated", "waits"), [(180, False), (179, True)])
def test_policy_bounds_a_fall_of_what_can_be_dated_as_it_bounds_one_of_rows(load, dated, waits):
    load(fuller())
    assert load(extract(OCTOBER, ssd_person=children(100), ssd_cp_visits=undated(200, dated))).waiting is waits


def test_a_table_that_never_had_dates_is_not_said_to_have_lost_them(load):
    load(extract(SEPTEMBER, ssd_person=children(100), ssd_cp_visits=undated(200)))
    done = load(extract(OCTOBER, ssd_person=children(100), ssd_cp_visits=undated(200)))
    assert not done.waiting
    assert changes_of(done)["ssd_cp_visits"].dated_before is None


def test_the_same_files_without_dates_wait_once_and_a_yes_publishes_them(home, load, lake):
    load(fuller())
    lost = extract(OCTOBER, ssd_person=children(100), ssd_cp_visits=undated(200))
    held = load(lost).snapshot
    assert load(lost, late=1).snapshot.id == held.id
    assert load(lost, late=2, accepted_by="console:ada").waiting is False
    assert "can be dated" in lake.accepted(lake.snapshot(held.id)).why
    assert lake.waiting() == []


def test_dates_are_compared_with_the_load_that_brought_the_table_where_a_part_came_between(load):
    load(fuller())
    load(extract(SEPTEMBER, ssd_cp_plans=plans("c1")), late=1)
    assert load(
        extract(OCTOBER, ssd_person=children(100), ssd_cp_visits=undated(200), ssd_cp_plans=plans("c1"))
    ).waiting


def test_a_table_loaded_by_itself_is_not_missed_in_the_next_whole_extract_and_its_going_is_said(load, lake):
    load(fuller())
    load(extract(SEPTEMBER, ssd_cp_plans=plans("c1")), late=1)
    done = load(extract(OCTOBER, ssd_person=children(100), ssd_cp_visits=visits(200)))
    assert not done.waiting
    gone = changes_of(done)["ssd_cp_plans"]
    assert (gone.how, gone.beyond) == ("gone", False)
    assert "the new snapshot is without it" in gone.sentence()
    assert "ssd_cp_plans" not in lake.latest().tables


def test_a_table_of_the_last_whole_extract_is_missed_though_a_part_brought_it_again(load):
    load(fuller(ssd_cp_plans=plans("c1")))
    load(extract(SEPTEMBER, ssd_cp_plans=plans("c1", "c2")), late=1)
    done = load(extract(OCTOBER, ssd_person=children(100), ssd_cp_visits=visits(200)))
    assert [one.table for one in done.falls] == ["ssd_cp_plans"]
