"""Which row is which action: by words and owner; two stay two; what was written anew is asked and never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.improvement.plan_tables import row

from lineofsight.errors import PlainError
from lineofsight.web.improvement.matching import Known, names, owners_of, pair

WORDS = "Hold supervision on time and make it count"
texts = st.sampled_from(["Hold supervision", "Send the notes", "Appoint a midwife", "Ask parents what they think"])
people = st.sampled_from(["Ada Brook", "Cal Dane", "Ada Brook / Cal Dane", ""])


def known(number, words=WORDS, *owners, gone=False):
    return Known(number, words, names(owners or ("Ada Brook",)), gone)


def paired(rows, *actions, same=None):
    return pair(rows, actions, same or {})


def test_an_action_is_known_by_its_words_and_its_owner_however_they_are_spaced_and_written():
    rows = [row("  HOLD supervision,\non time – and make it count. ", "ada  BROOK")]
    assert dict(paired(rows, known(7)).pairs) == {0: 7}


def test_the_same_action_under_two_owners_stays_two():
    rows = [row(WORDS, "Cal Dane"), row(WORDS, "Ada Brook")]
    found = paired(rows, known(1, WORDS, "Ada Brook"), known(2, WORDS, "Cal Dane"))
    assert dict(found.pairs) == {0: 2, 1: 1} and found.new == found.gone == ()


def test_the_same_action_of_the_same_owner_twice_stays_two():
    found = paired([row(WORDS), row(WORDS)], known(1))
    assert dict(found.pairs) == {0: 1} and found.new == (1,)


def test_an_owner_who_stays_beside_another_carries_the_action():
    rows = [row(WORDS, "Ada Brook / Eve Ford"), row(WORDS, "Gil Hart")]
    found = paired(rows, known(1, WORDS, "Gil Hart"), known(2, WORDS, "Ada Brook"))
    assert dict(found.pairs) == {0: 2, 1: 1}


def test_the_same_words_once_on_either_side_are_the_same_action_with_another_owner():
    assert dict(paired([row(WORDS, "Eve Ford")], known(1)).pairs) == {0: 1}


def test_the_same_words_under_several_new_owners_are_asked_and_not_guessed():
    rows = [row(WORDS, "Eve Ford"), row(WORDS, "Gil Hart")]
    found = paired(rows, known(1, WORDS, "Ada Brook"), known(2, WORDS, "Cal Dane"))
    assert not found.pairs and found.gone == (1, 2) and len(found.perhaps) == 2


def test_words_written_anew_are_asked_and_stay_new_and_gone_until_a_person_says():
    rows = [row("Hold supervision on time, and make each one count for the child"), row("Paint the waiting room")]
    actions = known(1), known(2, "Appoint a named midwife")
    found = paired(rows, *actions)
    assert (found.new, found.gone) == ((0, 1), (1, 2))
    assert [(one.row, one.number) for one in found.perhaps] == [(0, 1)] and found.perhaps[0].alike >= 0.5
    said = paired(rows, *actions, same={0: 1})
    assert dict(said.pairs) == {0: 1} and said.new == (1,) and said.gone == (2,) and not said.perhaps


def test_one_that_is_gone_comes_back_but_never_in_place_of_one_that_is_there():
    actions = known(1, WORDS, "Ada Brook", gone=True), known(2, WORDS, "Ada Brook")
    assert dict(paired([row(WORDS)], *actions).pairs) == {0: 2}
    assert dict(paired([row(WORDS), row(WORDS)], *actions).pairs) == {0: 2, 1: 1}
    assert paired([row("Something else")], actions[0]).gone == ()


@pytest.mark.parametrize("same", [{5: 1}, {0: 9}, {0: 1, 1: 1}, {-1: 1}])
def test_what_a_person_says_is_checked(same):
    with pytest.raises(PlainError):
        paired([row(WORDS), row(WORDS)], known(1), same=same)


def test_a_row_without_owners_is_known_by_what_stands_in_the_cell():
    assert owners_of(row(WORDS, "")) == frozenset()
    assert dict(paired([row(WORDS, "")], Known(1, WORDS, frozenset())).pairs) == {0: 1}


@given(st.lists(st.tuples(texts, people), max_size=8), st.lists(st.tuples(texts, people, st.booleans()), max_size=8))
def test_every_row_and_every_action_is_accounted_for_once(rows, actions):
    actions = [known(number, words, *who.split(" / "), gone=gone) for number, (words, who, gone) in enumerate(actions)]
    found = paired([row(*one) for one in rows], *actions)
    assert sorted([*found.pairs, *found.new]) == list(range(len(rows)))
    assert len(set(found.pairs.values())) == len(found.pairs)
    there = {one.number for one in actions if not one.gone}
    assert set(found.gone) == there - set(found.pairs.values())
    assert {one.row for one in found.perhaps} <= set(found.new)
    assert {one.number for one in found.perhaps} <= set(found.gone)


@given(st.lists(st.tuples(texts, people), max_size=8, unique=True), st.randoms())
def test_the_same_table_in_another_order_changes_nothing(rows, chance):
    actions = [Known(number, words, names(who.split(" / "))) for number, (words, who) in enumerate(rows, start=1)]
    mixed = list(enumerate(rows))
    chance.shuffle(mixed)
    found = paired([row(*one) for _, one in mixed], *actions)
    assert not found.new and not found.gone
    assert all(number == mixed[position][0] + 1 for position, number in found.pairs.items())
