"""A folder takes the place of another: the old whole stands there, or the new whole, whenever the process dies.

The two change places in one step of the operating system. Where a file system has no such step, the old one is set
aside first; what a process that died in between left aside is put back by `settle`.
"""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lineofsight.lake import folders, manifest

_BESIDE = ".unfinished-"  # what `folders.sweep` takes away
_ASIDE = ".set-aside-"
# Linux: include/uapi/linux/fs.h and fcntl.h; macOS: sys/stdio.h.
_EXCHANGE, _HERE, _SWAP = 2, -100, 2
_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EXDEV}


@contextmanager
def succeeding(place: Path) -> Iterator[Path]:
    """A hidden folder to fill, which takes the place of `place` when the block ends well. Call it under `locked`.

    What stood there loses its manifest, and with it its wrapped key, before anything else. When the block raises,
    nothing is changed.
    """
    beside = place.parent / f"{_BESIDE}{place.name}-{secrets.token_hex(4)}"
    beside.mkdir(mode=0o700)
    try:
        yield beside
        for folder, _, _ in os.walk(beside):
            folders.flush_folder(Path(folder))
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    destroy(_changed_places(beside, place))


def settle(parent: Path) -> None:
    """Put back, or take away, what a process that died left aside. Call it under `locked`."""
    for aside in parent.glob(f"{_ASIDE}*"):
        place = parent / aside.name.removeprefix(_ASIDE)
        if place.exists():
            destroy(aside)
        else:
            aside.rename(place)
            folders.flush_folder(parent)


def destroy(folder: Path) -> None:
    """Take a folder away, its manifests first: without the wrapped key in them nothing else there can be read."""
    for path in [folder / manifest.NAME, *sorted(folder.rglob(manifest.NAME))]:
        path.unlink(missing_ok=True)
        folders.flush_folder(path.parent)
    shutil.rmtree(folder)
    folders.flush_folder(folder.parent)


def _changed_places(beside: Path, place: Path) -> Path:
    """Put `beside` where `place` is; returns where what stood there is now."""
    if exchanged(beside, place):
        folders.flush_folder(place.parent)
        return beside
    aside = place.parent / f"{_ASIDE}{place.name}"
    place.rename(aside)
    beside.rename(place)
    folders.flush_folder(place.parent)
    return aside


def exchanged(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system or the file system has no such step."""
    system = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin" and hasattr(system, "renamex_np"):
        failed = system.renamex_np(first, second, _SWAP)
    elif hasattr(system, "renameat2"):
        failed = system.renameat2(_HERE, first, _HERE, second, _EXCHANGE)
    else:
        return False
    if failed and (number := ctypes.get_errno()) not in _CANNOT:
        raise OSError(number, os.strerror(number), str(other))
    return not failed
