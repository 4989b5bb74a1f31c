"""Another authority's children under the same ids: told, and not published before a person says yes."""

from datetime import date

import pytest
from tests.loading.conftest import NOVEMBER, OCTOBER, SEPTEMBER, extract, visits

from lineofsight import loading, policy
from lineofsight.loading import likeness

ASKED = (
    "Most of the children in this extract are not those of the load before under the same ids. "
    "Is it the same authority's?"
)


def people(count, *, start=0, born=date(2015, 4, 1), forename="Ada", surname="Vale"):
    return [
        {"pers_person_id": f"c{one}", "pers_dob": born, "pers_forename": forename, "pers_surname": f"{surname} {one}"}
        for one in range(start, start + count)
    ]


def of(as_at, rows):
    return extract(as_at, ssd_person=rows)


def test_an_extract_of_other_children_under_the_same_ids_waits_and_asks_whose_it_is(home, load, lake):
    first = load(of(SEPTEMBER, people(60)))
    done = load(of(OCTOBER, people(60, born=date(2011, 1, 9))))
    assert done.waiting
    assert not done.falls
    counts = "0 of 60 ids are gone; 60 of the 60 that stayed have another name or date of birth"
    assert done.unlike == f"{ASKED} {counts}."
    assert [one.id for one in lake.snapshots()] == [first.snapshot.id]
    rules = policy.load(home)
    assert likeness.of_snapshot(lake, done.snapshot, first.snapshot, rules).sentence == done.unlike
    loading.accept(home, done.snapshot.id, by="p-analyst", why="The system was changed.")
    assert not load(of(NOVEMBER, people(60, born=date(2011, 1, 9)))).waiting


@pytest.mark.parametrize(("gone", "waits"), [(30, False), (31, True)])
def test_over_half_of_the_ids_gone_asks_and_half_does_not(load, gone, waits):
    load(of(SEPTEMBER, people(60)))
    done = load(of(OCTOBER, people(60, start=gone)))
    assert bool(done.unlike) is done.waiting is waits


def test_both_names_changed_are_another_child_and_one_name_or_a_blank_is_not(load):
    load(of(SEPTEMBER, people(60)))
    assert not load(of(OCTOBER, people(60, surname="Other"))).waiting
    blank = [{**one, "pers_forename": None, "pers_surname": None} for one in people(60)]
    assert not load(of(date(2026, 11, 1), blank)).waiting
    assert not load(of(date(2026, 11, 2), people(60))).waiting
    done = load(of(NOVEMBER, people(60, forename="Bo", surname="Else")))
    assert done.waiting
    assert done.unlike.startswith(ASKED)


def test_so_few_children_that_it_says_nothing_ask_nothing(load):
    load(of(SEPTEMBER, people(19)))
    assert not load(of(OCTOBER, people(19, born=date(2011, 1, 9)))).waiting


def test_a_part_that_tells_of_no_people_is_not_asked_about(load):
    load(of(SEPTEMBER, people(60)))
    assert load(extract(OCTOBER, ssd_cp_visits=visits(31))).unlike == ""


def test_a_yes_given_beforehand_keeps_what_was_said_yes_to(home, load, lake):
    load(of(SEPTEMBER, people(60)))
    done = loading.load(home, of(OCTOBER, people(60, born=date(2011, 1, 9))), accepted_by="p-analyst")
    assert lake.accepted(done.snapshot).why.startswith(ASKED)
