"""Anchors: one small file a day that pins the chain outside its database.

Copied off the machine (by backup, or by hand), they show a chain that was cut or written anew. Each names the day
of the anchor before it, so that one taken away is missed.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from lineofsight.errors import PlainError
from lineofsight.home import Home, write_whole

_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9].json"


def write_anchor(home: Home, sequence: int, hash: str, day: date) -> Path:
    """Pin entry `sequence` with its `hash` in the file of `day`, readable by its owner only.

    Later the same day the anchor moves forward. Raises PlainError where it would move back, or where the
    same entry now has another hash: that is a changed chain, and must not be pinned over.
    """
    path = home.anchors / f"{day.isoformat()}.json"
    home.anchors.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(home.anchors):
        if path.exists():
            standing, pinned = _read(path)
            if sequence < standing or (sequence == standing and hash != pinned):
                raise PlainError(f"The audit chain no longer agrees with its anchor of {day.isoformat()}.")
        before = max((one for one in anchor_days(home) if one < day), default=None)
        told = {"sequence": sequence, "hash": hash, "before": before.isoformat() if before else None}
        write_whole(path, json.dumps(told).encode())
    return path


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else writes an anchor meanwhile, so none is moved back by who read it before it moved on."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def anchor_days(home: Home) -> list[date]:
    """The days that have an anchor, oldest first."""
    return [date.fromisoformat(path.stem) for path in sorted(home.anchors.glob(_DAY))]


def read_anchors(home: Home) -> dict[int, str]:
    """Every anchor of `home`: sequence to hash.

    Raises PlainError, naming the file, where one cannot be read, two pin the same entry differently, or one is
    gone that a later one names.
    """
    found: dict[int, str] = {}
    for path in sorted(home.anchors.glob(_DAY)):
        sequence, hash = _read(path)
        if found.setdefault(sequence, hash) != hash:
            raise PlainError(f"The anchor {path} disagrees with an earlier one.")
        before = json.loads(path.read_text()).get("before")
        if before and not path.with_name(f"{before}.json").exists():
            raise PlainError(f"The anchor of {before} is missing: the anchor {path} names it.")
    return found


def _read(path: Path) -> tuple[int, str]:
    try:
        told = json.loads(path.read_text())
        sequence, hash = told["sequence"], told["hash"]
    except (OSError, ValueError, KeyError, TypeError):
        raise PlainError(f"The anchor {path} cannot be read.") from None
    if type(sequence) is not int or sequence < 1 or type(hash) is not str or len(hash) != 64:
        raise PlainError(f"The anchor {path} cannot be read.")
    return sequence, hash
