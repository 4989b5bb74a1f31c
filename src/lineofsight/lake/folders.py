"""Publishing a folder: it is there, whole, or it is not there (DESIGN 8, `kill -9` at any step).

A folder is made beside its place under a hidden name, its files are flushed, and one rename puts it there.
One lock a lake is held meanwhile, so that whatever hidden folder is found under the lock is a dead one.
A second lock holds a whole load, which publishes and then computes, so that loads follow one another.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_UNFINISHED = ".unfinished-"

# One writer at a time; one load at a time. Whoever holds both took LOADING first.
WRITING = ".lock"
LOADING = ".loading"


@contextmanager
def locked(lake: Path, what: str = WRITING) -> Iterator[None]:
    """Hold one of the lake's locks, waiting for it; the operating system frees it when its holder dies."""
    with _opened(lake, what) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


@contextmanager
def locked_if_free(lake: Path, what: str) -> Iterator[bool]:
    """The same without waiting: whether the lock is held here, False where somebody else has it."""
    with _opened(lake, what) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def _opened(lake: Path, what: str) -> Iterator[int]:
    lake.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(lake / what, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def published(place: Path, *, decided: Callable[[], Path] | None = None) -> Iterator[Path]:
    """A new hidden folder to fill, which becomes `place` when the block ends well. Call it under `locked`.

    Where only what was written tells where it belongs, `decided` is asked for the place when all is written.
    Files written into it must have been flushed by their writer. When the block raises, nothing is left.
    """
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep(place.parent)
    beside = place.parent / f"{_UNFINISHED}{place.name}-{secrets.token_hex(4)}"
    beside.mkdir(mode=0o700)
    try:
        yield beside
        for folder, _, _ in os.walk(beside):
            flush_folder(Path(folder))
        place = decided() if decided else place
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.rename(place)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    for parent in {place.parent, beside.parent}:
        flush_folder(parent)


def sweep(parent: Path) -> int:
    """Remove what dead writers left in `parent`; returns how many folders. Call it under `locked`."""
    dead = [path for path in parent.glob(f"{_UNFINISHED}*") if path.is_dir()]
    for path in dead:
        shutil.rmtree(path, ignore_errors=True)
    return len(dead)


def remove(folder: Path) -> None:
    """Take a published folder away: gone at once under a hidden name, then piece by piece. Call it under `locked`."""
    beside = folder.parent / f"{_UNFINISHED}{folder.name}-{secrets.token_hex(4)}"
    folder.rename(beside)
    flush_folder(folder.parent)
    shutil.rmtree(beside, ignore_errors=True)


def finished(parent: Path) -> list[Path]:
    """The published folders of `parent`, by name."""
    if not parent.is_dir():
        return []
    return sorted(path for path in parent.iterdir() if path.is_dir() and not path.name.startswith("."))


def flush_folder(folder: Path) -> None:
    """Make the names in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_flushed(path: Path, data: bytes) -> None:
    """Write a new file that only its owner can read, and flush it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
