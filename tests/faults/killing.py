"""One killing, whole: do, die, look, do again, look; and what must be so at each look."""

from __future__ import annotations

import csv
from typing import Any

from tests.faults.child import Armed, Deed, Place
from tests.faults.places import CENSUS, VERIFY, WORK, Places, Processes, load
from tests.faults.steps import Step

# What is being done, and the life of the home before it.
BEFORE = {
    "first-load": "empty",
    "load": "loaded",
    "work": "october",
    "render": "worked",
    "sign": "worked",
    "read": "worked",
    "redact": "worked",
}
PACK = ("pack", "dcs", "--month", "2026-10", "--purpose", "to read it")


def doing(places: Places, place: Place, what: str) -> Deed:
    """The command or the act that is killed, and done again."""
    return {
        "first-load": load(places.extracts[1]),
        "load": load(places.extracts[1]),
        "work": WORK,
        "render": Deed(command=(*PACK, "-o", str(place.home / "exports" / "pack.html"))),
        "sign": Deed(act="sign"),
        "read": Deed(act="read"),
        "redact": redact(places),
    }[what]


def redact(places: Places) -> Deed:
    """Take out the first child on a plan, which every month's extract has."""
    with (places.extracts[0] / "ssd" / "ssd_cp_plans.csv").open(newline="", encoding="utf-8-sig") as file:
        child = next(csv.DictReader(file))["cppl_person_id"]
    words = ("--under", "snapshots", "--why", "A request that was upheld", "--as", "a.person", "--yes")
    return Deed(command=("redact", "--child", child, *words))


def undisturbed(places: Places, processes: Processes, what: str, postgresql: bool) -> dict[str, Any]:
    """What stands when nobody is killed: what every repair must come to. Found once."""
    if (what, postgresql) not in places.undisturbed:
        place = places.copy(BEFORE[what], postgresql)
        found = processes.well(place, doing(places, place, what), VERIFY, CENSUS)[-1]
        places.undisturbed[what, postgresql] = found
        places.gone(place)
    return places.undisturbed[what, postgresql]


def kill_at(processes: Processes, places: Places, place: Place, step: Step) -> None:
    """Do it, and die at the step. The test fails where the step was never met."""
    killed = processes.run(place, doing(places, place, step.during), armed=[Armed(str(step))])
    assert killed.killed, f"{step} was never met: {killed.code} {killed.answers} {killed.err}"


def looked_at_and_repaired(
    processes: Processes, place: Place, *again: Deed, looked: bool = True
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What stands now, and what stands when the same was done again: nobody mends anything.

    Each time `lineofsight verify` must say that all of it is as it should be. Without `looked`, there is no home yet.
    """
    first = (VERIFY, CENSUS) if looked else ()
    done = processes.run(place, *first, *again, VERIFY, CENSUS)
    assert done.code == 0, done.err
    codes = [answer for answer in done.answers if isinstance(answer, int)]
    assert set(codes) <= {0, 1}, (done.answers, done.out, done.err)
    verdicts = [line for line in done.out.splitlines() if line.startswith(("Verified: ", "ALTERED: "))]
    assert verdicts
    assert not [line for line in verdicts if line.startswith("ALTERED")], verdicts
    return done.answers[1] if looked else {}, done.answers[-1]


# Reads, which are logged each time: what was logged and then killed is logged again when it is done again.
READS = {"children.listed", "console.pack", "redaction.looked"}


def compared(what: str, census: dict[str, Any]) -> dict[str, Any]:
    """What must be the same in two homes. In a home made anew the children have other keys, so that of its rows only
    the figures are compared."""
    events = {name: number for name, number in census["events"].items() if name not in READS}
    snapshots = census["snapshots"]
    if what == "first-load":
        snapshots = {name: (one["tables"], one["computation"], one["values"]) for name, one in snapshots.items()}
    return {**census, "events": events, "snapshots": snapshots}


def absent_or_complete(what: str, found: dict[str, Any], expected: dict[str, Any], commits: bool | None) -> str:
    """Check what stands right after a kill, and say it. It `commits`: what was made must stand; None: it may."""
    if what == "load":
        return _of_a_load(found, expected, commits)
    if what == "sign":
        signed = len(found["records"])
        assert signed in (0, 1) if commits is None else signed == commits
        assert found["evidence"] == signed
        assert found["events"].get("record.signed", 0) == found["events"].get("record.prepared", 0) == signed
        assert found["drafts"] == 0
        return "the record, its evidence and its event are there" if signed else "nothing of the record is there"
    if what == "read":
        assert found["events"].get("children.listed", 0) == commits
        return "the read is logged" if commits else "the read is not logged, and nothing was shown"
    if what == "redact":
        return _of_a_redaction(found, expected, commits)
    if what == "render":
        assert found["renderings"] == commits
        assert "exports/pack.html" not in found["left over"]
        return f"{found['renderings']} renderings written down, no file"
    assert set(found["packs"].items()) <= set(expected["packs"].items())
    assert found["events"].get("pack.made", 0) == len(found["packs"])
    assert found["occurrences"][0] in (0, expected["occurrences"][0])
    packs, anchors = len(found["packs"]), len(found["anchors"])
    return f"{found['occurrences'][0]} occurrences, {packs} packs, {anchors} anchors, each whole"


def _of_a_redaction(found: dict[str, Any], expected: dict[str, Any], commits: bool | None) -> str:
    """Begun or not; each snapshot the old one whole or the new one whole; no figure changed."""
    assert (found["events"].get("child.redacted", 0) > 0) == commits
    assert found["snapshots"].keys() == expected["snapshots"].keys()
    done = 0
    for name, one in found["snapshots"].items():
        assert one["values"] == expected["snapshots"][name]["values"]
        done += one == expected["snapshots"][name]
        assert one == expected["snapshots"][name] or one["tables"] > expected["snapshots"][name]["tables"]
    assert commits or not done
    return f"{'begun' if commits else 'not begun'}, {done} of {len(found['snapshots'])} snapshots done"


def _of_a_load(found: dict[str, Any], expected: dict[str, Any], commits: bool | None) -> str:
    (new,) = set(expected["snapshots"]) - {min(expected["snapshots"])}
    assert commits is None or (new in found["snapshots"]) == commits
    if new not in found["snapshots"]:
        return "the snapshot is absent"
    held = found["snapshots"][new]
    assert held["tables"] == expected["snapshots"][new]["tables"]
    if held["computation"] is None:
        return "the snapshot is complete, its computation absent"
    assert held == expected["snapshots"][new]
    return "the snapshot and its computation are complete"
