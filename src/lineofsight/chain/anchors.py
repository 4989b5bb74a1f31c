"""Anchors: one small file a day that pins the chain outside its database.

Copied off the machine (by backup, or by hand), they show a chain that was cut or written anew. Each names the day
of the anchor before it, so that one taken away is missed, with a check of that day, so that a bit of it that changed
by itself is found: one of the entry's number or hash is found where they are compared with the chain.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from lineofsight.errors import PlainError
from lineofsight.home import Home, write_whole

_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9].json"
# What an anchor may say: the first two as they were written before anchors named each other, and before the check.
_WORDS = ({"sequence", "hash"}, {"sequence", "hash", "before"}, {"sequence", "hash", "before", "check"})


@dataclass(frozen=True)
class _Anchor:
    """What one file says: the entry it pins, and the day of the anchor before it, None where it names none."""

    sequence: int
    hash: str
    before: str | None = None

    def written(self) -> dict[str, Any]:
        return {"sequence": self.sequence, "hash": self.hash, "before": self.before, "check": self.check}

    @property
    def check(self) -> str:
        return sha256((self.before or "").encode()).hexdigest()[:16]


def write_anchor(home: Home, sequence: int, hash: str, day: date) -> Path:
    """Pin entry `sequence` with its `hash` in the file of `day`, readable by its owner only.

    Later the same day the anchor moves forward. Raises PlainError where it would move back, or where the
    same entry now has another hash: that is a changed chain, and must not be pinned over.
    """
    path = home.anchors / f"{day.isoformat()}.json"
    home.anchors.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(home.anchors):
        if path.exists():
            pinned = _read(path)
            if sequence < pinned.sequence or (sequence == pinned.sequence and hash != pinned.hash):
                raise PlainError(f"The audit chain no longer agrees with its anchor of {day.isoformat()}.")
            if sequence == pinned.sequence:
                return path
        before = max((one for one in anchor_days(home) if one < day), default=None)
        anchor = _Anchor(sequence, hash, before.isoformat() if before else None)
        write_whole(path, json.dumps(anchor.written()).encode())
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
        anchor = _read(path)
        if found.setdefault(anchor.sequence, anchor.hash) != anchor.hash:
            raise PlainError(f"The anchor {path} disagrees with an earlier one.")
        if anchor.before and not path.with_name(f"{anchor.before}.json").exists():
            raise PlainError(f"The anchor of {anchor.before} is missing: the anchor {path} names it.")
    return found


def _read(path: Path) -> _Anchor:
    try:
        told = json.loads(path.read_text())
        anchor = _Anchor(told["sequence"], told["hash"], told.get("before"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise PlainError(f"The anchor {path} cannot be read.") from None
    if told.keys() not in _WORDS or not _sound(anchor) or told.get("check", anchor.check) != anchor.check:
        raise PlainError(f"The anchor {path} cannot be read.")
    return anchor


def _sound(anchor: _Anchor) -> bool:
    """Each of its words is of the kind it must be."""
    pins = type(anchor.sequence) is int and anchor.sequence >= 1 and type(anchor.hash) is str and len(anchor.hash) == 64
    return pins and (anchor.before is None or (type(anchor.before) is str and _is_day(anchor.before)))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
