"""One killing, whole: do, die, look, do again, look; and what must be so at each look."""

from __future__ import annotations

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
    }[what]


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
    killed = processes.run(place, doing(places, place, step.during), armed=Armed(str(step)))
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
READS = {"children.listed", "console.pack"}


def compared(what: str, census: dict[str, Any]) -> dict[str, Any]:
    """What must be the same in two homes. In a home made anew the children have other keys, so that of its rows only
    the figures are compared."""
    events = {name: number for name, number in census["events"].items() if name not in READS}
    snapshots = census["snapshots"]
    if what == "first-load":
        snapshots = {name: (one["tables"], one["computation"], one["values"]) for name, one in snapshots.items()}
    return {**census, "events": events, "snapshots": snapshots}
