"""The background worker: what falls due each day. Every step may be run twice and does its work once."""

import logging
import os
import time
from collections.abc import Callable

from lineofsight import clock
from lineofsight.web.access import chain
from lineofsight.web.access.house import home_in_use
from lineofsight.web.commitments import actions as commitments
from lineofsight.web.reports import packs
from lineofsight.web.site.server import WORKER_OF

log = logging.getLogger("lineofsight.worker")

PAUSE_SECONDS = 60
BY = "worker"


def run(*, once: bool = False) -> None:
    """Do what is due, then look again each minute, until stopped or the server that started this has gone."""
    parent = os.environ.get(WORKER_OF)
    while True:
        for step in STEPS:
            attempt(step)
        if once:
            return
        time.sleep(PAUSE_SECONDS)
        if parent is not None and os.getppid() != int(parent):
            return


def attempt(step: Callable[[], None]) -> None:
    """Run one step; a step that fails is logged by name and does not stop the others."""
    try:
        step()
    except Exception as error:
        log.error("worker step %s failed: %s", step.__name__, type(error).__name__)


def keep_the_diary() -> None:
    """Occurrences for the coming year exist, and what has passed unheld is missed."""
    today = clock.today()
    commitments.extend(until=today.replace(year=today.year + 1, day=min(today.day, 28)), by=BY)
    commitments.mark_missed(by=BY)


def make_packs() -> None:
    """Each office has a pack for the newest month."""
    packs.make_current(by=BY)


def anchor_the_chain() -> None:
    """The chain's head stands outside the database once a day."""
    chain.anchor_head(home_in_use())


STEPS: tuple[Callable[[], None], ...] = (keep_the_diary, make_packs, anchor_the_chain)
