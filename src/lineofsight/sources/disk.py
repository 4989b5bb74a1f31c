"""Files and folders on disk: only ordinary ones, never waiting on a pipe, and told when they change under us."""

import errno
import io
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from lineofsight.errors import PlainError
from lineofsight.sources.content import Content, printable

# What an honest extract stays far below: its files, how deep they lie, and the bytes of one and of all.
MOST_FILES = 200
DEEPEST = 8
MOST_FILE_BYTES = 1024**3
MOST_BYTES = 4 * 1024**3

_Stamp = tuple[int, int, int, int]


def kind_of(path: Path) -> str:
    """'file', 'folder' or 'other' (a pipe, a device, a socket). Raises PlainError where nothing can be found."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise PlainError(f"There is no file or folder {printable(str(path))}.") from error
    except OSError as error:
        raise _failed(str(path), "opened", error) from error
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"


def on_disk(path: Path, name: str) -> Content:
    """The file at `path`, told as `name`.

    Raises PlainError where it cannot be opened, is no ordinary file, or is larger than any table is.
    """
    with _opened(path, name) as stream:
        stamp = _stamp(stream)
    size = stamp[2]
    if size > MOST_FILE_BYTES:
        raise too_large(name, size)
    return Content(name, size, lambda: cast(BinaryIO, _File(path, name, stamp)))


def plain_stream(path: Path, name: str) -> BinaryIO:
    """An ordinary file opened for reading anywhere in it, as a zip is read. Raises PlainError as `on_disk` does."""
    return _opened(path, name)


def too_large(name: str, size: int) -> PlainError:
    """The refusal of a file of `size` bytes, more than is read of any."""
    most = MOST_FILE_BYTES // 1024**3
    return PlainError(f"{name} is {size / 1024**3:,.1f} GiB: a file of more than {most} GiB is not read.")


def listed(folder: Path) -> list[os.DirEntry[str]]:
    """What stands in a folder, by name. Raises PlainError where it cannot be looked into."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise _failed(folder.name or str(folder), "opened", error) from error


def files_under(folder: Path) -> Iterator[tuple[Path, str]]:
    """Each file under a folder and its name from there, by name.

    Raises PlainError for what no extract holds: links, pipes and devices, too many files, folders too deep.
    """
    for place, (path, name) in enumerate(_walk(folder, "", 0)):
        if place >= MOST_FILES:
            raise PlainError(f"{_of(folder)} holds more than {MOST_FILES} files: name the extract's own folder.")
        yield path, name


def _walk(folder: Path, above: str, depth: int) -> Iterator[tuple[Path, str]]:
    if depth > DEEPEST:
        raise PlainError(f"{_of(folder)} lies more than {DEEPEST} folders deep: name the extract's own folder.")
    for entry in listed(folder):
        name = above + entry.name
        if entry.is_symlink():
            raise PlainError(f"{printable(name)} is a link to something else: put the file itself there.")
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), name + "/", depth + 1)
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path), name
        else:
            raise _no_file(name)


def _of(folder: Path) -> str:
    return printable(folder.name or str(folder))


def _opened(path: Path, name: str) -> BinaryIO:
    try:
        # A pipe opened the ordinary way would wait for its writer for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        # ENXIO: a socket, or a device nothing is behind.
        raise (_no_file(name) if error.errno == errno.ENXIO else _failed(name, "opened", error)) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _no_file(name)
    return os.fdopen(descriptor, "rb")


def _stamp(stream: BinaryIO) -> _Stamp:
    found = os.fstat(stream.fileno())
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _no_file(name: str) -> PlainError:
    return PlainError(f"{printable(name)} is not a file: it is a pipe, a device or the like.")


def _failed(name: str, what: str, error: OSError) -> PlainError:
    why = (error.strerror or "the system does not say why").lower()
    return PlainError(f"{printable(name)} cannot be {what}: {why}.")


class _File(io.RawIOBase):
    """A file while it is read: another file in its place, or a byte more or fewer, is one plain sentence."""

    def __init__(self, path: Path, name: str, stamp: _Stamp) -> None:
        self._name, self._stamp, self._left = name, stamp, stamp[2]
        self._stream = _opened(path, name)
        self._unchanged()

    def _unchanged(self) -> None:
        if _stamp(self._stream) != self._stamp:
            self.close()
            raise self._changed()

    def _changed(self) -> PlainError:
        return PlainError(f"{self._name} changed while it was read: load it again once it is written whole.")

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        # One byte more than there should be, so that a file that grows for ever is found out and not followed.
        most = self._left + 1
        try:
            data = self._stream.read(most if size is None or size < 0 else min(size, most))
        except OSError as error:
            raise PlainError(
                f"{self._name} cannot be read: {(error.strerror or 'no reason given').lower()}."
            ) from error
        self._left -= len(data)
        if self._left < 0 or (not data and size != 0 and self._left):
            raise self._changed()
        if not data and size != 0:
            self._unchanged()
        return data

    def close(self) -> None:
        if not self.closed and hasattr(self, "_stream"):
            self._stream.close()
        super().close()
