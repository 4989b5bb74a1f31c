"""Movement: new, still and for how many months running, back, left and why; brothers and sisters are one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from dateutil.relativedelta import relativedelta

from lineofsight.web.practice.models import TenMonth, TenPlace
from lineofsight.web.practice.queries.standing import standing
from lineofsight.web.practice.ten import found, movement, queries
from lineofsight.web.practice.ten.movement import Earlier

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)


def month(year, number, *families):
    return Earlier(date(year, number, 1), [(next(iter(one)), frozenset(one)) for one in families])


def kept(on, *keys, removed=(), siblings=None):
    """A month that was frozen earlier."""
    at = datetime(on.year, on.month, 20, 12, tzinfo=UTC)
    made = TenMonth.objects.create(
        month=on, as_at=on, snapshot_id="s", computation_id="c", rules=[], more=0, digest="", frozen_at=at,
        frozen_by_key="p", frozen_by_name="P",
    )  # fmt: skip
    for number, key in enumerate(keys, start=1):
        TenPlace.objects.create(
            ten=made, child_key=key, position=number, origin="rules", reasons=[],
            siblings=(siblings or {}).get(key, []), removed_at=at if key in removed else None,
        )  # fmt: skip
    return made


@pytest.mark.parametrize(("before", "said"), [
    ([], ""),
    ([month(2026, 9, {"b"})], "New"),
    ([month(2026, 9, {"a"})], "Second month running"),
    ([month(2026, 9, {"a"}), month(2026, 8, {"a"})], "Third month running"),
    ([month(2026, 9, {"a"}), month(2026, 8, {"b"}), month(2026, 7, {"a"})], "Second month running"),
    ([month(2026, 9, {"a"}), month(2026, 7, {"a"})], "Second month running"),
    ([month(2026, 8, {"a"})], "Back: last on the list in August 2026"),
    ([month(2026, 9, {"b"}), month(2026, 8, {"a"})], "Back: last on the list in August 2026"),
    ([month(2026, 9, {"sister", "other"})], "Second month running"),
])  # fmt: skip
def test_movement_is_said_in_months(before, said):
    assert movement.moved(OCTOBER, frozenset({"a", "sister"}), before) == said


def test_after_ten_months_the_number_is_written_in_figures():
    months = [OCTOBER - relativedelta(months=number) for number in range(1, 11)]
    before = [Earlier(one, [("a", frozenset("a"))]) for one in months]
    assert movement.moved(OCTOBER, frozenset({"a"}), before) == "11th month running"


def test_who_was_taken_off_was_not_on_the_list(home):
    kept(date(2026, 9, 1), "a" * 32, "b" * 32, removed={"b" * 32})
    (before,) = movement.earlier(standing(), OCTOBER)
    assert [key for key, _ in before.families] == ["a" * 32]


def test_only_months_before_are_looked_at_the_newest_first(home):
    for on in (date(2026, 8, 1), date(2026, 9, 1), OCTOBER):
        kept(on, "a" * 32)
    assert [one.month for one in movement.earlier(standing(), OCTOBER)] == [date(2026, 9, 1), date(2026, 8, 1)]


def test_the_list_says_who_is_new_and_who_left_and_why(viewer_as, proposed, other, persons):
    meets = found.children(standing())["child_key"].to_pylist()
    stays, gone = proposed[0].child_key, other["child_key"]
    kept(date(2026, 9, 1), stays, gone)
    listed = queries.the_ten(viewer_as("dcs"))
    assert [line.moved for line in listed.lines][:2] == ["Second month running", "New"]
    assert [one.why for one in listed.left] == ["No longer meets any rule, as far as the extract tells."]
    assert f"{'all' if len(proposed) == 1 else ''}" in listed.sentence and "new" in listed.sentence
    assert gone not in meets


def test_who_still_meets_a_rule_and_is_not_listed_is_said_so(home, proposed):
    before = [month(2026, 9, {proposed[0].child_key})]
    assert movement.left(standing(), proposed[1:], before) == [
        (proposed[0].child_key, "Still meets a rule. Other children come before.")
    ]


def test_a_family_that_is_on_by_another_child_has_not_left(home, proposed):
    before = [month(2026, 9, {"x" * 32, proposed[0].child_key})]
    assert movement.left(standing(), proposed, before) == []


def test_without_an_earlier_month_nobody_is_new_and_nobody_left(viewer_as, proposed):
    listed = queries.the_ten(viewer_as("dcs"))
    assert listed.first and not listed.left and not any(line.moved for line in listed.lines)
    assert "new" not in listed.sentence


def test_the_home_and_the_page_count_alike(viewer_as, proposed, other):
    kept(date(2026, 9, 1), proposed[0].child_key, other["child_key"])
    director = viewer_as("dcs")
    told, page = queries.home(director), queries.the_ten(director)
    assert told.sentence == page.sentence
    assert told.count == len(proposed) and told.new == len(proposed) - 1
    assert told.harm == sum(any(one["theme"] == "harm" for one in child.reasons) for child in proposed)
    assert sum(count for _, count in told.issues) == sum(len(one.reasons) for one in proposed)


@pytest.mark.parametrize(("count", "harm", "said"), [
    (0, 0, ""),
    (1, 1, "That child is here because of harm."),
    (3, 3, "Each is here because of harm."),
    (3, 0, "Each is here because of what we have not done, or was added."),
    (3, 1, "One is here because of harm, two because of what we have not done, or added by the Director."),
    (10, 6, "Six are here because of harm, four because of what we have not done, or added by the Director."),
])  # fmt: skip
def test_why_they_are_here_is_said_in_one_sentence(count, harm, said):
    told = queries.Summary(OCTOBER, True, count, None, 0, harm, False, [])
    assert told.because == said
