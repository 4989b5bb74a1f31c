"""What a person decided about a snapshot, sealed beside its manifest: that it was accepted, or withdrawn.

A snapshot itself never changes; a mark is another file in its folder, put there once. Its reason is what a person
typed, so it is encrypted (DESIGN 5 H).
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.keys import Keyring
from lineofsight.lake import folders, manifest

ACCEPTED = "accepted.json"
WITHDRAWN = "withdrawn.json"
NAMES = (ACCEPTED, WITHDRAWN)


@dataclass(frozen=True)
class Mark:
    """Who decided it, when, and why in their words."""

    snapshot_id: str
    by: str
    at: datetime
    why: str


def put(keys: Keyring, folder: Path, name: str, *, snapshot_id: str, by: str, why: str) -> Mark:
    """Put the mark `name` into a snapshot's folder. Raises PlainError where it stands there already."""
    mark = Mark(snapshot_id, by, clock.now(), why)
    beside = folder / f".{name}.unfinished"
    beside.unlink(missing_ok=True)  # of one that was killed; nobody else writes here under the lake's lock
    if (folder / name).exists():
        raise PlainError(f"That was decided before: there is a mark {name} on snapshot {snapshot_id}.")
    folders.write_flushed(beside, written(keys, name, mark))
    beside.rename(folder / name)
    folders.flush_folder(folder)
    return mark


def written(keys: Keyring, name: str, mark: Mark) -> bytes:
    """A mark as its file holds it, the words encrypted."""
    sealed = keys.seal("text", _context(mark.snapshot_id, name), mark.why.encode())
    told = {
        "format": manifest.FORMAT,
        "id": mark.snapshot_id,
        "by": mark.by,
        "at": mark.at.isoformat(),
        "why": base64.b64encode(sealed).decode(),
    }
    return manifest.seal(keys, told)


def read(keys: Keyring, folder: Path, name: str) -> Mark | None:
    """The mark `name` of the snapshot in `folder`, None where there is none. Raises PlainError for an altered one."""
    path = folder / name
    if not path.exists():
        return None
    told = manifest.unseal(keys, path)
    if told["id"] != folder.name:
        raise PlainError(f"The mark {path} belongs to another snapshot.")
    why = keys.unseal("text", _context(told["id"], name), base64.b64decode(told["why"]))
    return Mark(told["id"], told["by"], datetime.fromisoformat(told["at"]), why.decode())


def _context(snapshot_id: str, name: str) -> str:
    return f"mark/{snapshot_id}/{name}"
