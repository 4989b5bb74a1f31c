"""Anchors: one small file a day that pins the chain outside its database.

Copied off the machine (by backup, or by hand), they show a chain that was cut or written anew.
"""

import json
import os
from datetime import date
from pathlib import Path

from lineofsight.errors import PlainError
from lineofsight.home import Home


def write_anchor(home: Home, sequence: int, hash: str, day: date) -> Path:
    """Pin entry `sequence` with its `hash` in the file of `day`, readable by its owner only.

    Later the same day the anchor moves forward. Raises PlainError where it would move back, or where the
    same entry now has another hash: that is a changed chain, and must not be pinned over.
    """
    path = home.anchors / f"{day.isoformat()}.json"
    if path.exists():
        standing, pinned = _read(path)
        if sequence < standing or (sequence == standing and hash != pinned):
            raise PlainError(f"The audit chain no longer agrees with its anchor of {day.isoformat()}.")
    home.anchors.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        json.dump({"sequence": sequence, "hash": hash}, handle)
        handle.flush()
        os.fsync(handle.fileno())
    beside.replace(path)
    return path


def read_anchors(home: Home) -> dict[int, str]:
    """Every anchor of `home`: sequence to hash.

    Raises PlainError, naming the file, where one cannot be read or two pin the same entry differently.
    """
    found: dict[int, str] = {}
    for path in sorted(home.anchors.glob("[0-9]*.json")):
        sequence, hash = _read(path)
        if found.setdefault(sequence, hash) != hash:
            raise PlainError(f"The anchor {path} disagrees with an earlier one.")
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
