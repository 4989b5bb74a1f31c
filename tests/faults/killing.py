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
# Which of the things done are worth killing on a second database: a load touches none.
ON_DATABASE = {"work", "render", "sign", "read"}


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
    """What stands when nobody is killed: what every repair must come to."""
    place = places.copy(BEFORE[what], postgresql)
    try:
        return processes.well(place, doing(places, place, what), VERIFY, CENSUS)[-1]
    finally:
        places.gone(place)


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
