"""The ledger of exceptions where records are merged, and where teams and workers get other ids."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from tests.cases.test_exceptions import (
    AUGUST,
    FAR,
    NOVEMBER,
    OCTOBER,
    OFFICES,
    PLAN,
    SEPTEMBER,
    after,
    found_at,
    ledger_keys,
    only,
    row,
    said,
)

from lineofsight.cases.exceptions import CLEARED, NOT_MEASURED_AGAIN, OPEN, Found
from lineofsight.lake.identities import MERGES
from lineofsight.policy.registry import read

__all__ = ["after", "ledger_keys"]  # the fixtures of the ledger's own tests


def found(as_at: date, rows: Sequence[dict[str, Any]], *, merged: Sequence[str] = (), registry: str = "", **about: Any):
    """What a snapshot shows; `merged`: 'gone>kept' by key, the id of a person being their key in large letters."""
    pairs = [one.split(">") for one in merged]
    merges = pa.Table.from_pylist(
        [
            {"merge_id": gone, "gone_id": gone.upper(), "gone_key": gone, "kept_id": kept.upper(), "kept_key": kept,
             "merged_on": as_at, "refused": False}
            for gone, kept in pairs
        ],
        MERGES,
    )  # fmt: skip
    return replace(found_at(as_at, rows, **about), merges=merges, registry=read(registry))


def bob(**about: Any) -> dict[str, Any]:
    return row(child_key="bob", person_id="BOB", **about)


def ada(**about: Any) -> dict[str, Any]:
    return row(child_key="ada", person_id="ADA", **about)


KNOWN = {("ADA", PLAN): FAR, ("BOB", PLAN): FAR}


def test_an_exception_of_a_record_that_went_goes_on_under_the_one_that_stays(after) -> None:
    one = only(
        after(found(AUGUST, [bob()], endings=KNOWN), found(SEPTEMBER, [ada()], merged=["bob>ada"], endings=KNOWN))
    )
    assert (one["child_key"], one["person_id"], one["first_seen"], one["state"]) == ("ada", "ADA", AUGUST, OPEN)
    assert said(one) == [(AUGUST, "first seen"), (SEPTEMBER, "the records were merged"), (SEPTEMBER, "still owed")]


def test_of_two_that_are_now_the_same_the_one_first_seen_goes_on(after) -> None:
    ledger = after(
        found(AUGUST, [bob()], endings=KNOWN),
        found(SEPTEMBER, [bob(), ada()], endings=KNOWN),
        found(OCTOBER, [ada()], merged=["bob>ada"], endings=KNOWN),
        found(NOVEMBER, [ada()], merged=["bob>ada"], endings=KNOWN),
    )
    one = only(ledger)
    assert (one["child_key"], one["first_seen"], one["state"]) == ("ada", AUGUST, OPEN)
    assert [what for _, what in said(one)] == ["first seen", "still owed", "the records were merged", "still owed"]


def test_the_kept_childs_older_exception_stays_and_says_that_records_were_merged(after) -> None:
    one = only(
        after(
            found(AUGUST, [ada()], endings=KNOWN),
            found(SEPTEMBER, [ada(), bob()], endings=KNOWN),
            found(OCTOBER, [ada()], merged=["bob>ada"], endings=KNOWN),
        )
    )
    assert (one["child_key"], one["first_seen"]) == ("ada", AUGUST)
    assert "the records were merged" in [what for _, what in said(one)]


def test_after_a_merge_no_exception_has_the_identity_of_one_that_stopped(after) -> None:
    """Ada's second time stops for Bob's first, which was seen before it; owed again, it is a third time."""
    merged = {"merged": ["bob>ada"], "endings": KNOWN}
    before = after(
        found(date(2026, 7, 31), [ada()], endings=KNOWN),
        found(AUGUST, [ada(met=True), bob()], endings=KNOWN),
        found(SEPTEMBER, [ada(), bob()], endings=KNOWN),
    )
    later = after(
        found(OCTOBER, [ada()], **merged),
        found(date(2026, 10, 31), [ada(met=True)], **merged),
        found(NOVEMBER, [ada()], **merged),
        start=before,
    )
    (stopped,) = set(before["exception_id"].to_pylist()) - set(later["exception_id"].to_pylist())
    newest = [one for one in later.to_pylist() if one["state"] == OPEN]
    assert [one["occurrence"] for one in newest] == [3]
    assert newest[0]["exception_id"] not in before["exception_id"].to_pylist()
    assert stopped in [one["exception_id"] for one in before.to_pylist() if one["occurrence"] == 2]


def test_a_merge_taken_back_moves_it_again(after) -> None:
    one = only(
        after(
            found(AUGUST, [bob()], endings=KNOWN),
            found(SEPTEMBER, [ada()], merged=["bob>ada"], endings=KNOWN),
            found(OCTOBER, [bob()], merged=["ada>bob"], endings=KNOWN),
        )
    )
    assert (one["child_key"], one["first_seen"], one["state"]) == ("bob", AUGUST, OPEN)


def test_what_was_cleared_under_either_stays_cleared_and_the_next_is_the_next_occurrence(after) -> None:
    ledger = after(
        found(AUGUST, [bob(), ada()], endings=KNOWN),
        found(SEPTEMBER, [bob(met=True, done_on=AUGUST), ada(met=True, done_on=AUGUST)], endings=KNOWN),
        found(OCTOBER, [ada()], merged=["bob>ada"], endings=KNOWN),
    ).to_pylist()
    assert [one["state"] for one in ledger] == [CLEARED, CLEARED, OPEN]
    assert {one["child_key"] for one in ledger} == {"ada"}
    assert ledger[-1]["occurrence"] == 2
    assert len({one["exception_id"] for one in ledger}) == 3


def test_merged_and_not_measured_it_waits_under_the_record_that_stays(after) -> None:
    one = only(
        after(found(AUGUST, [bob()], endings=KNOWN), found(SEPTEMBER, [], measured=[], merged=["bob>ada"], endings={}))
    )
    assert (one["child_key"], one["state"]) == ("ada", NOT_MEASURED_AGAIN)


def refused(merge: Found) -> Found:
    held = merge.merges.to_pylist()
    return replace(merge, merges=pa.Table.from_pylist([one | {"refused": True} for one in held], MERGES))


def test_a_refused_merge_carries_nothing_over(after) -> None:
    ledger = after(
        found(AUGUST, [bob()], endings=KNOWN),
        refused(found(SEPTEMBER, [bob()], merged=["bob>ada"], endings=KNOWN)),
    )
    assert only(ledger)["child_key"] == "bob"


SAME = '[[team]]\nid = "t1"\nalso = ["t1-new"]\n\n[[worker]]\nid = "w1"\nalso = ["w1-new"]\n'
MERGED = '[[team]]\nid = "t1"\nmerged_into = "t2"\nmerged_on = 2026-09-15\n'


@pytest.mark.parametrize("before", ["t1-new", "t1"])
def test_a_team_under_another_of_its_ids_is_never_another_team(after, before: str) -> None:
    offices = OFFICES | {"t1-new": OFFICES["t1"]}
    one = only(
        after(
            found(AUGUST, [row(team_id=before, worker_id="w1-new")], offices=offices),
            found(SEPTEMBER, [row(team_id="t1")], registry=SAME),
        )
    )
    assert (one["team_id"], one["worker_id"]) == ("t1", "w1")
    assert said(one)[-1] == (SEPTEMBER, "still owed")


def test_a_workers_exception_goes_on_under_the_id_of_the_registry(after) -> None:
    of_worker = {"measure": "WF10", "child_key": None, "person_id": None, "anchor": "supervision"}
    one = only(
        after(
            found(AUGUST, [row(**of_worker, worker_id="w1-new")]),
            found(SEPTEMBER, [row(**of_worker, worker_id="w1")], registry=SAME),
        )
    )
    assert (one["worker_id"], one["first_seen"], one["state"]) == ("w1", AUGUST, OPEN)


def test_from_the_day_of_a_merge_what_waits_is_the_other_teams_and_what_was_cleared_stays(after) -> None:
    waits = row(anchor="cp-plan 2026-07-01")
    done = {"met": True, "done_on": date(2026, 9, 1)}
    ledger = after(
        found(AUGUST, [row(), waits], endings={("1", PLAN): FAR, ("1", "cp-plan 2026-07-01"): FAR}),
        found(date(2026, 9, 10), [row(**done)], registry=MERGED, endings={("1", PLAN): FAR}),
        found(SEPTEMBER, [], measured=[], registry=MERGED, endings={}),
    ).to_pylist()
    assert [(one["state"], one["team_id"]) for one in ledger] == [(CLEARED, "t1"), (NOT_MEASURED_AGAIN, "t2")]


def test_going_into_the_team_it_was_merged_into_is_no_move(after) -> None:
    one = only(after(found(AUGUST, [row()]), found(SEPTEMBER, [row(team_id="t2")], registry=MERGED)))
    assert (one["team_id"], said(one)[-1]) == ("t2", (SEPTEMBER, "still owed"))
