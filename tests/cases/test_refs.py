"""A ref names a child to one audience and to nobody else."""

import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lineofsight.cases import refs
from lineofsight.keys import SECRETS, Keyring

MASTER = secrets.token_bytes(32)
CHILD = "0123456789abcdef0123456789abcdef"
URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def ring() -> Keyring:
    empty = Keyring(MASTER, {})
    return Keyring(MASTER, {name: empty.wrap(secrets.token_bytes(32), f"secret/{name}") for name in SECRETS})


KEYS = ring()
child_keys = st.text("0123456789abcdef", min_size=32, max_size=32)


@given(child=child_keys, audience=st.text(max_size=40))
def test_a_ref_opens_to_its_child_for_its_own_audience(child, audience):
    assert refs.child_key(KEYS, audience, refs.ref(KEYS, audience, child)) == child


@given(child=child_keys)
def test_a_ref_is_the_same_every_time_for_one_audience_and_safe_in_an_address(child):
    told = refs.ref(KEYS, "director", child)
    assert told == refs.ref(KEYS, "director", child)
    assert len(told) == refs.REF_LENGTH
    assert set(told) <= set(URL_SAFE)


@given(child=child_keys, one=st.text(max_size=30), other=st.text(max_size=30))
def test_two_audiences_never_share_a_ref_nor_open_each_others(child, one, other):
    if one == other:
        return
    assert refs.ref(KEYS, one, child) != refs.ref(KEYS, other, child)
    assert refs.child_key(KEYS, other, refs.ref(KEYS, one, child)) is None


def test_the_lead_members_pseudonym_changes_with_the_month():
    october, november = (refs.ref(KEYS, f"lead-member:2026-{month}", CHILD) for month in (10, 11))
    assert october != november
    assert refs.child_key(KEYS, "lead-member:2026-11", october) is None


def test_another_homes_keys_do_not_open_a_ref():
    assert refs.child_key(ring(), "director", refs.ref(KEYS, "director", CHILD)) is None


def test_every_change_of_one_character_is_refused():
    told = refs.ref(KEYS, "director", CHILD)
    for place in range(len(told)):
        for character in URL_SAFE:
            if character != told[place]:
                forged = told[:place] + character + told[place + 1 :]
                assert refs.child_key(KEYS, "director", forged) is None, (place, character)


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=60), st.text(URL_SAFE, min_size=43, max_size=43)))
def test_anything_that_is_not_a_ref_is_nobody(text):
    assert refs.child_key(KEYS, "director", text) is None


@pytest.mark.parametrize("wrong", ["", "0123", CHILD.upper(), CHILD + "0", "g" * 32])
def test_a_ref_is_made_of_a_child_key_only(wrong):
    with pytest.raises(ValueError, match="32 hex"):
        refs.ref(KEYS, "director", wrong)


def test_a_ref_in_other_letters_than_ours_is_nobody():
    for text in ("é" * refs.REF_LENGTH, "٣" * refs.REF_LENGTH):
        assert refs.child_key(KEYS, "identified", text) is None
