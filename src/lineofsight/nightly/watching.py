"""A folder that something else writes into: what stands in it now, and whether it is still being written."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from lineofsight.errors import PlainError
from lineofsight.sources import find_extracts
from lineofsight.sources.content import printable
from lineofsight.sources.disk import files_under, kind_of

# What programs call a file that they have not finished writing or fetching.
_UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp", ".temp", ".unfinished")
_HELD_OPEN = ("~$", ".~lock.")


@dataclass(frozen=True)
class Look:
    """What was seen of an extract: a hash of its files' names, sizes and times; and what is not finished of it."""

    extract: Path
    seen: str
    unfinished: str | None


def look_at(folder: Path) -> Look:
    """Look at the newest dated extract in a folder, or at the files in it. Reads no file.

    Raises PlainError where the folder is not there or holds what no extract does.
    """
    if kind_of(folder) != "folder":
        raise PlainError(f"{printable(str(folder))} is not a folder.")
    extract = find_extracts(folder)[-1]
    told, unfinished = [], None
    for path, name in files_under(extract):
        last = path.name.lower()
        if last.endswith(_UNFINISHED) or last.startswith(_HELD_OPEN):
            unfinished = unfinished or printable(name)
        try:
            found = path.stat()
        except FileNotFoundError:  # renamed or taken away while it was looked at
            unfinished = unfinished or printable(name)
            continue
        told.append(f"{name}\t{found.st_size}\t{found.st_mtime_ns}")
    if not told:
        unfinished = unfinished or "no file is there yet"
    seen = hashlib.sha256("\n".join([str(extract), *sorted(told)]).encode("utf-8", "replace")).hexdigest()
    return Look(extract, seen, unfinished)
