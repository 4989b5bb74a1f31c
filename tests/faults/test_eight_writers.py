"""Eight processes that write at once: nothing is lost or written over unread, and no database says it is locked."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

import pytest
from tests.faults.child import Deed
from tests.faults.killing import looked_at_and_repaired
from tests.faults.places import CENSUS, LONGEST, VERIFY

from lineofsight.web.commitments.records import CHANGED

WRITERS = 8
# On two quiet cores it is under half a second (the figure is printed); on a machine that does much else, only patience
# is asked for: twenty seconds is where SQLite would give up and say that it is locked.
LONGEST_MS = 10_000


@pytest.mark.parametrize(
    "actions", [pytest.param(25, id="25 each"), pytest.param(100, id="100 each", marks=pytest.mark.full)]
)
@pytest.mark.parametrize("postgresql", [False, True], ids=["SQLite", "PostgreSQL"])
def test_eight_writers_lose_nothing(actions, postgresql, place, processes, tmp_path, counted):
    at = place("worked", postgresql=postgresql)
    processes.well(at, Deed(act="begin", given={"writers": WRITERS}))
    go = tmp_path / "go"

    running = [
        processes.start(at, Deed(act="write", given={"number": number, "actions": actions, "go": str(go)}))
        for number in range(WRITERS)
    ]
    _wait_for([go.with_name(f"go-{number}") for number in range(WRITERS)])
    go.touch()
    ended = [one.done() for one in running]

    for done in ended:
        assert done.code == 0, done.err
        assert "locked" not in done.err + done.out
    told = [one for done in ended for one in done.answers[0]]
    assert len(told) == WRITERS * actions
    done_well = Counter(one["kind"] for one in told if one["came"] == "done")
    refused = Counter(one["came"] for one in told if one["came"] != "done")
    assert set(refused) <= {f"told: {CHANGED}"}, refused
    assert all(one["kind"] == "edit" for one in told if one["came"] != "done")

    looked = processes.run(at, Deed(act="count"), VERIFY, CENSUS)
    counts, verified, census = looked.answers
    assert verified == 0, looked.out
    for kind in ("sign", "ask", "release"):
        assert counts[kind] == done_well[kind]
    assert counts["office"] == [done_well["office"]] * 2
    edits = [one["turn"] for one in told if one["kind"] == "edit" and one["came"] == "done"]
    assert sorted(counts["words"].split()[1:]) == sorted(edits), "an edit was written over, or stands twice"
    _each_in_the_chain(counts["events"], done_well)
    assert census["left over"] == []
    looked_at_and_repaired(processes, at)

    p95 = sorted(one["ms"] for one in told)[int(len(told) * 0.95)]
    assert p95 < LONGEST_MS
    line = f"{at.database}: p95 {p95:.0f} ms, {sum(refused.values())} edits told that the draft had changed"
    counted("actions of eight writers at once", len(told), line)


def _wait_for(files: Sequence) -> None:
    ends = time.monotonic() + LONGEST
    while not all(file.exists() for file in files):
        assert time.monotonic() < ends, "a writer never began"
        time.sleep(0.02)


def _each_in_the_chain(events: dict[str, int], done_well: Counter) -> None:
    assert events["record.signed"] == done_well["sign"] + done_well["ask"]
    assert events["record.prepared"] == done_well["sign"] + done_well["ask"] + done_well["edit"] + 1
    assert events["text.released"] == done_well["release"]
    assert events["office.given"] == events["office.ended"] == done_well["office"]
    assert events["children.listed"] == done_well["read"]
