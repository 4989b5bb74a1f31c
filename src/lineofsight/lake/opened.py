"""What a process has opened and checked: manifests whose seal held, files whose hash held.

Nothing decrypted is kept but footers. What changes on disk is checked again, since a file is known by its
place, size and time; a page altered after its file was opened fails its own authentication.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from lineofsight.errors import PlainError
from lineofsight.lake import sealed
from lineofsight.lake.manifest import FileEntry

T = TypeVar("T")

_Mark = tuple[int, int, int]


class Opened(Generic[T]):
    """A small cache by path, emptied of an entry as soon as the file on disk is another."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Path, tuple[_Mark, T]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, path: Path, make: Callable[[], T]) -> T:
        """What `make` made of the file at `path`. Raises PlainError where there is no such file."""
        mark = _mark(path)
        with self._lock:
            kept = self._kept.get(path)
            if kept is not None and kept[0] == mark:
                self._kept.move_to_end(path)
                return kept[1]
        made = make()
        with self._lock:
            self._kept[path] = (mark, made)
            self._kept.move_to_end(path)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made


def open_checked(path: Path, entry: FileEntry | None, *, key: bytes, name: str) -> sealed.SealedFile:
    """The encrypted file at `path`, once its bytes have the hash its manifest gives.

    Raises PlainError, naming the file, when the manifest has no such file or the bytes are others.
    """
    if entry is None:
        raise PlainError(f"The manifest of {path.parent.name} has no file {path.name}.")
    if sealed.hash_file(path) != entry.sha256:
        raise sealed.altered(path)
    return sealed.SealedFile(path, key=key, name=name)


def _mark(path: Path) -> _Mark:
    try:
        about = path.stat()
    except OSError:
        raise PlainError(f"The file {path} is missing.") from None
    return about.st_mtime_ns, about.st_size, about.st_ino
