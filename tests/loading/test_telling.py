"""What a load came to, in words: what needs a look first, the rest in one line."""

from tests.loading.conftest import OCTOBER, SEPTEMBER, children, extract, plans, visits

from lineofsight.loading import telling


def sorted_out(done):
    return telling.sorted_out(done.changes, {one.table: one for one in telling.steps(done.snapshot)})


def test_of_a_part_its_own_tables_are_to_look_at_and_the_others_are_one_line(load):
    load(extract(SEPTEMBER, ssd_person=children(3), ssd_cp_visits=visits(3)))
    found = sorted_out(load(extract(SEPTEMBER, ssd_cp_plans=plans("c1")), late=1))
    assert [one.table for one in found.look] == ["ssd_cp_plans"]
    assert found.rest == ()
    assert telling.carried_sentence(found.carried) == "2 tables were copied forward as at 30 September 2026."


def test_a_table_read_whole_with_as_many_rows_as_before_is_not_one_to_look_at(load):
    first = sorted_out(load(extract(SEPTEMBER, ssd_person=children(3), ssd_cp_visits=visits(3))))
    assert first.look == ()
    found = sorted_out(load(extract(OCTOBER, ssd_person=children(4), ssd_cp_visits=visits(2))))
    assert [one.table for one in found.look] == ["ssd_cp_visits"]
    assert [one.table for one in found.rest] == ["ssd_person"]
    assert telling.carried_sentence(found.carried) == ""
    assert telling.rest_sentence(found).startswith("The other table: every row read is in the snapshot")


def test_a_fall_of_what_can_be_dated_is_one_to_look_at(load):
    load(extract(SEPTEMBER, ssd_person=children(3), ssd_cp_visits=visits(3)))
    undated = [{**one, "cppv_cp_visit_date": None} for one in visits(3)]
    found = sorted_out(load(extract(OCTOBER, ssd_person=children(3), ssd_cp_visits=undated)))
    assert [one.table for one in found.look] == ["ssd_cp_visits"]
