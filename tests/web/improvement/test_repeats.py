"""The same mistake twice: which findings say much the same, why, and how many can be compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.web.improvement.repeats import (
    COMMON,
    MOST,
    NAMED,
    Likeness,
    Told,
    alike,
    likely,
    rarity,
    reason,
    telling,
)

LATE = "Supervision was recorded late and was not reflective; the child’s history went unread."
AGAIN = "We saw reflective supervision seldom: what was recorded came late."
OTHER = "Dental checks of children in care were overdue, and nobody chased the dentist."


def told(key, text, theme=""):
    return Told(key, theme, frozenset(telling(text)))


# --- what is compared -----------------------------------------------------------------------------------------


def test_common_words_numbers_and_markup_say_nothing():
    assert telling("The children and their families were not well supported by 3 social workers in 2026.") == {
        "support": "supported"
    }
    assert telling("<supervision>Ensure that all of the services improve.</supervision>") == {}


def test_what_tells_is_kept_as_it_stands_first():
    assert telling("Recorded late; records late.") == {"record": "recorded", "late": "late"}


# --- how like two findings are --------------------------------------------------------------------------------


def test_the_same_again_in_other_words_is_found_and_says_in_which_words():
    found = likely(told("2", AGAIN), [told("1", LATE), told("3", OTHER)])
    assert [one.key for one in found] == ["1"]
    assert set(found[0].shared) == {"supervis", "reflect", "record", "late"}


def test_a_reason_names_the_theme_only_where_both_are_about_it():
    said = telling(AGAIN)
    alone = likely(told("2", AGAIN), [told("1", LATE, "supervision")])[0]
    both = likely(told("2", AGAIN, "supervision"), [told("1", LATE, "supervision")])[0]
    assert reason(alone, "Supervision", said) == "Both say: late, recorded, reflective, supervision."
    assert reason(both, "Supervision", said) == (
        "Both are about supervision; both say: late, recorded, reflective, supervision."
    )


def test_a_reason_names_five_words_at_most():
    like = Likeness("1", 1.0, False, tuple("abcdefgh"))
    assert reason(like, "", dict(zip("abcdefgh", "abcdefgh", strict=True))) == "Both say: a, b, c, d, e."
    assert NAMED == 5


def test_one_theme_makes_fewer_shared_words_enough():
    one, other = "Supervision was late.", "Supervision came late, if it was held; managers held none."
    assert not likely(told("2", one), [told("1", other)])
    assert not likely(told("2", one, "supervision"), [told("1", other, "visits")])
    assert likely(told("2", one, "supervision"), [told("1", other, "supervision")])


def test_one_theme_without_a_shared_word_is_not_enough():
    assert not likely(told("2", "Supervision was late.", "supervision"), [told("1", OTHER, "supervision")])


def test_two_findings_of_no_theme_are_not_of_one_theme():
    assert not likely(told("2", "Supervision was late."), [told("1", "Supervision came late, and nobody saw why.")])


def test_a_few_words_in_common_in_two_long_texts_are_not_enough():
    filler = " ".join(f"{letter}ord{letter}x" for letter in "abcdefghijklmnop")
    another = filler.replace("ord", "urg")
    assert not likely(
        told("2", f"late records supervision {filler}"), [told("1", f"late records supervision {another}")]
    )


def test_what_few_findings_say_counts_for_more_than_what_most_say():
    many = [told(f"m{number}", f"visits overdue weeks matter{number}x") for number in range(20)]
    counts = rarity([*many, told("r", "trampoline")])
    assert counts["trampolin"] > counts["overdu"] > 0


def test_the_likeliest_comes_first_and_three_are_offered_at_most():
    earlier = [told(f"{number}", LATE) for number in range(6)] + [told("closest", AGAIN)]
    found = likely(told("new", AGAIN), earlier)
    assert [one.key for one in found] == ["closest", "0", "1"]
    assert len(found) == MOST


def test_a_finding_never_repeats_itself():
    assert likely(told("1", LATE), [told("1", LATE)]) == ()


@pytest.mark.parametrize("text", ["", "   ", "the and of", "<b></b>", "12 12", "x" * 100_000])
def test_what_says_nothing_repeats_nothing(text):
    assert likely(told("2", text), [told("1", text), told("3", LATE)]) == ()


# --- whatever is said -----------------------------------------------------------------------------------------

VOCABULARY = (
    *("supervision", "recorded", "late", "reflective", "visits", "dentist"),
    *("chronology", "overdue", "the", "children", "trampoline"),
)
texts = st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join)
findings = st.lists(st.tuples(texts, st.sampled_from(["", "supervision", "visits"])), min_size=2, max_size=8).map(
    lambda given: [told(f"{number}", *one) for number, one in enumerate(given)]
)


@given(findings)
def test_likeness_is_the_same_both_ways(some):
    counts = rarity(some)
    for one in some:
        for other in some:
            there, back = alike(one, other, counts), alike(other, one, counts)
            assert (there is None) == (back is None)
            if there and back:
                assert (there.strength, there.shared, there.one_theme) == (back.strength, back.shared, back.one_theme)
                assert (there.key, back.key) == (other.key, one.key)


@given(findings)
def test_nothing_is_like_itself_and_nothing_without_shared_words(some):
    for like in likely(some[0], some):
        other = next(one for one in some if one.key == like.key)
        assert other.key != some[0].key
        assert like.shared and set(like.shared) == some[0].says & other.says
        assert not set(like.shared) & COMMON


@given(findings, st.randoms())
def test_the_order_in_which_the_earlier_stand_changes_nothing(some, random):
    mixed = some[1:]
    random.shuffle(mixed)
    assert likely(some[0], mixed) == likely(some[0], some[1:])


@given(texts)
def test_a_finding_that_says_the_same_word_for_word_is_offered_first(text):
    one, same = told("new", text), told("same", text)
    found = likely(one, [told("other", LATE), same])
    if len(one.says) >= 3:
        assert "same" in [like.key for like in found]
        assert found[0].strength == max(like.strength for like in found)


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_breaks_it(one, other):
    for like in likely(told("1", one), [told("2", other)]):
        assert 0 < like.strength <= 1.001
