"""The background worker: what falls due each day. Every step may be run twice and does its work once.

One worker of a home works at a time; another that is started waits its turn and finds nothing left to do.
"""

import json
import logging
import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from django.db import close_old_connections

from lineofsight import clock, nightly, policy
from lineofsight.home import write_whole
from lineofsight.lake import Lake, folders
from lineofsight.web.access import chain, loads
from lineofsight.web.access.house import home_in_use, lake_in_use
from lineofsight.web.access.retention import actions as retention
from lineofsight.web.commitments import actions as commitments
from lineofsight.web.data import jobs
from lineofsight.web.improvement.actions import progress
from lineofsight.web.reports import packs
from lineofsight.web.site import redaction
from lineofsight.web.site.server import WORKER_OF

log = logging.getLogger("lineofsight.worker")

PAUSE_SECONDS = 60
LOOK_SECONDS = 2  # somebody who sends files looks at the page meanwhile
BY = "worker"
LAST_ROUND = "worker.json"  # in the home: when the last round ended, and what failed in it
WORKING = ".working"  # the lock, beside the lake's own, that one worker holds at a time


def run(*, once: bool = False) -> None:
    """Do what is due, then look again each minute, until stopped or the server that started this has gone.

    Raises, when it is to run only once and a step failed, what that step raised, the others done first.
    """
    parent = os.environ.get(WORKER_OF)
    while True:
        failed = work()
        if once:
            if failed:
                raise next(iter(failed.values()))
            return
        for step, error in failed.items():
            log.error("worker step %s failed: %s", step, type(error).__name__)
        _pause()
        if parent is not None and os.getppid() != int(parent):
            return


def _pause() -> None:
    """Wait for the next round, which begins at once where somebody asks for a load meanwhile."""
    for _ in range(PAUSE_SECONDS // LOOK_SECONDS):
        time.sleep(LOOK_SECONDS)
        with suppress(Exception):  # a database that cannot be asked now is asked again in the next round
            if jobs.waiting():
                return


def work() -> dict[str, Exception]:
    """Every step once, in turn with any other worker of this home. Returns what failed, by the step's name."""
    close_old_connections()  # a database that was started again is connected to again
    try:
        with folders.locked(home_in_use().lake, WORKING):
            done = {step.__name__: attempt(step) for step in STEPS}
            failed = {name: error for name, error in done.items() if error is not None}
            leave_word(failed)
    except OSError as error:
        return {"begin": error}
    return failed


def leave_word(failed: Iterable[str]) -> None:
    """Write in the home when this round ended, and the names of the steps that failed: what `doctor` looks at."""
    told = {"at": clock.now().isoformat(), "failed": list(failed)}
    with suppress(OSError):  # on a full disk the round's own errors say more
        write_whole(home_in_use().path / LAST_ROUND, json.dumps(told).encode())


def attempt(step: Callable[[], None]) -> Exception | None:
    """Run one step; a step that fails does not stop the others, and its error is returned."""
    try:
        step()
    except Exception as error:
        return error
    return None


def finish_loads() -> None:
    """What a load left uncomputed, or what stands on rules that were changed since, is computed; leavings are swept."""
    lake = lake_in_use()
    lake.sweep()
    if lake.uncomputed() or _rules_changed(lake):
        from lineofsight import loading  # the measures' engine is large, and seldom wanted here

        loading.finish(home_in_use())


def _rules_changed(lake: Lake) -> bool:
    """Whether what is shown was computed under another policy, role map or registry than those now in force."""
    found, home = lake.newest(), home_in_use()
    if found is None:
        return False
    made = (found[1].policy_hash, found[1].roles_hash, found[1].registry_hash)
    return made != (policy.load(home).hash, policy.roles(home).hash, policy.registry(home).hash)


def load_of_the_night() -> None:
    """The night's extract is loaded once it is due, from its folder or database."""
    nightly.load_if_due(home_in_use())


def do_what_was_asked_of_loads() -> None:
    """Files that were sent are loaded; what waits is published or removed, and what is withdrawn is, as people said."""
    jobs.do_all()


def tell_of_loads() -> None:
    """The chain knows of every snapshot and computation, also of one whose command was cut short."""
    loads.tell_of_loads(by=BY)


def keep_the_diary() -> None:
    """Occurrences for the coming year exist, and what has passed unheld is missed."""
    today = clock.today()
    commitments.extend(until=today.replace(year=today.year + 1, day=min(today.day, 28)), by=BY)
    commitments.mark_missed(by=BY)


def colour_the_actions() -> None:
    """Actions have the colour that the rule gives them today, unless a person or their plan's table set it."""
    progress.rate_all(on=clock.today(), by=BY)


def make_packs() -> None:
    """Each office has a pack for the newest month."""
    packs.make_current(by=BY)


def anchor_the_chain() -> None:
    """The chain's head stands outside the database once a day."""
    chain.anchor_head(home_in_use())


def index_the_log() -> None:
    """Events older than the index of children and reasons are put into it, once."""
    chain.index_children()


def finish_redactions() -> None:
    """A redaction that was cut short is finished."""
    redaction.go_on()


def erase_what_is_past() -> None:
    """What its retention class says has gone, unless a legal hold keeps it."""
    retention.erase_what_is_past(by=BY)


STEPS: tuple[Callable[[], None], ...] = (
    finish_redactions,
    finish_loads,
    do_what_was_asked_of_loads,
    load_of_the_night,
    tell_of_loads,
    keep_the_diary,
    colour_the_actions,
    make_packs,
    index_the_log,
    anchor_the_chain,
    erase_what_is_past,
)
