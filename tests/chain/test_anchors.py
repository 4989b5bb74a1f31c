"""Anchors pin the chain outside its database and are never moved back."""

import json
import stat
from datetime import date, timedelta

import pytest

from lineofsight import chain
from lineofsight.errors import PlainError
from lineofsight.home import Home, create_home

DAY, NEXT = date(2026, 10, 31), date(2026, 11, 1)
A, B = "a" * 64, "b" * 64


@pytest.fixture
def anchored_home(tmp_path) -> Home:
    return create_home(tmp_path / "home", authority="306", authority_name="Croydon")


def test_an_anchor_is_one_file_a_day_that_only_its_owner_can_read(anchored_home):
    path = chain.write_anchor(anchored_home, 5, A, DAY)
    chain.write_anchor(anchored_home, 9, B, DAY)
    chain.write_anchor(anchored_home, 12, A, NEXT)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(found.name for found in anchored_home.anchors.iterdir()) == [
        "2026-10-31.json",
        "2026-11-01.json",
    ]
    assert chain.read_anchors(anchored_home) == {9: B, 12: A}


def test_writing_the_same_anchor_again_changes_nothing(anchored_home):
    chain.write_anchor(anchored_home, 5, A, DAY)
    chain.write_anchor(anchored_home, 5, A, DAY)
    assert chain.read_anchors(anchored_home) == {5: A}


@pytest.mark.parametrize(("sequence", "hash"), [(4, A), (5, B)])
def test_an_anchor_is_never_moved_back_nor_given_another_hash(anchored_home, sequence, hash):
    chain.write_anchor(anchored_home, 5, A, DAY)
    with pytest.raises(PlainError, match="2026-10-31"):
        chain.write_anchor(anchored_home, sequence, hash, DAY)
    assert chain.read_anchors(anchored_home) == {5: A}


def test_two_days_that_pin_one_entry_differently_are_an_error(anchored_home):
    chain.write_anchor(anchored_home, 5, A, DAY)
    chain.write_anchor(anchored_home, 5, B, NEXT)
    with pytest.raises(PlainError, match="2026-11-01"):
        chain.read_anchors(anchored_home)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "7", '{"sequence": 1}', '{"sequence": "1", "hash": ""}', '{"sequence": 0, "hash": ""}'],
)
def test_an_anchor_that_cannot_be_read_is_named(anchored_home, text):
    (anchored_home.anchors / "2026-10-31.json").write_text(text)
    with pytest.raises(PlainError, match=r"2026-10-31\.json cannot be read"):
        chain.read_anchors(anchored_home)


def test_a_home_without_anchors_has_none(anchored_home):
    assert chain.read_anchors(anchored_home) == {}


def test_an_anchor_taken_away_is_missed_by_the_one_after_it(anchored_home):
    chain.write_anchor(anchored_home, 5, A, DAY)
    chain.write_anchor(anchored_home, 9, B, NEXT)
    chain.write_anchor(anchored_home, 12, A, NEXT)
    assert chain.anchor_days(anchored_home) == [DAY, NEXT]
    (anchored_home.anchors / f"{DAY.isoformat()}.json").unlink()
    with pytest.raises(PlainError, match=r"The anchor of 2026-10-31 is missing"):
        chain.read_anchors(anchored_home)


def test_an_anchor_from_before_anchors_named_each_other_still_reads(anchored_home):
    chain.write_anchor(anchored_home, 5, A, DAY)
    path = anchored_home.anchors / f"{DAY.isoformat()}.json"
    path.write_text(f'{{"sequence": 5, "hash": "{A}"}}')
    assert chain.read_anchors(anchored_home) == {5: A}


def test_an_anchor_from_before_anchors_carried_a_check_still_reads(anchored_home):
    path = chain.write_anchor(anchored_home, 5, A, DAY)
    path.write_text(f'{{"sequence": 5, "hash": "{A}", "before": null}}')
    assert chain.read_anchors(anchored_home) == {5: A}


def test_any_bit_of_an_anchor_that_changes_is_found(anchored_home):
    """One of the entry it pins reads as another entry; one of any other word is refused, or a day might go unmissed."""
    for day in (DAY, NEXT, NEXT + timedelta(days=1)):
        path = chain.write_anchor(anchored_home, day.toordinal(), A, day)
    written, truth = path.read_bytes(), chain.read_anchors(anchored_home)
    pinned = range(written.index(b'"sequence": ') + 12, written.index(b', "before"'))
    for place in range(len(written)):
        for bit in range(8):
            path.write_bytes(written[:place] + bytes([written[place] ^ (1 << bit)]) + written[place + 1 :])
            try:
                read = chain.read_anchors(anchored_home)
            except PlainError as refused:
                assert path.name in str(refused)
            else:
                assert place in pinned
                assert read != truth
    path.write_bytes(written)
    assert chain.read_anchors(anchored_home) == truth


@pytest.mark.parametrize(
    "told",
    [
        {"sequence": 0, "hash": A},
        {"sequence": -1, "hash": A},
        {"sequence": "5", "hash": A},
        {"sequence": True, "hash": A},
        {"sequence": 5, "hash": A[1:]},
        {"sequence": 5, "hash": ["a"] * 64},
        {"sequence": 5, "hash": A, "before": 20261030},
        {"sequence": 5, "hash": A, "before": "20261030"},
        {"sequence": 5, "hash": A, "before": "2026-10-32"},
    ],
)
def test_an_anchor_whose_words_are_not_of_their_kind_cannot_be_read(anchored_home, told):
    (anchored_home.anchors / "2026-10-31.json").write_text(json.dumps(told))
    with pytest.raises(PlainError, match="cannot be read"):
        chain.read_anchors(anchored_home)


def test_the_very_first_entry_can_be_anchored(anchored_home):
    chain.write_anchor(anchored_home, 1, A, DAY)
    assert chain.read_anchors(anchored_home) == {1: A}
