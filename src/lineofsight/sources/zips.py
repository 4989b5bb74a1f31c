"""Zip files, checked for hostility before a byte is unpacked, and read without writing anything to disk."""

import io
import lzma
import stat
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from lineofsight.errors import PlainError
from lineofsight.sources.content import Content, printable

# What an honest extract stays far below.
MOST_ENTRIES = 200
MOST_BYTES = 4 * 1024**3
MOST_TIMES_SMALLER = 200
# Below this size a member compresses as well as it likes: a page of commas is no bomb.
_TOO_SMALL_TO_HARM = 1024**2

_ENCRYPTED = 0x1
_ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tar", ".tgz", ".bz2", ".xz")

# What Python's zip reader raises on bytes that are no zip, or were spoiled on the way.
_TROUBLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    EOFError,
    RuntimeError,
    ValueError,
    OSError,
)


class _Member(io.RawIOBase):
    """A member while it is unpacked: damage met on the way is one plain sentence."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> None:
        self._name = name
        try:
            self._stream = archive.open(info)
        except _TROUBLE as error:
            raise self._damaged() from error

    def _damaged(self) -> PlainError:
        return PlainError(f"{self._name} cannot be unpacked: the zip is damaged.")

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        try:
            return self._stream.read(-1 if size is None else size)
        except _TROUBLE as error:
            raise self._damaged() from error

    def close(self) -> None:
        if not self.closed and hasattr(self, "_stream"):
            self._stream.close()
        super().close()


def open_zip(path: Path) -> zipfile.ZipFile:
    """Open and check a zip. Raises PlainError where it is damaged or could do harm."""
    name = printable(path.name)
    try:
        archive = zipfile.ZipFile(path)
    except _TROUBLE as error:
        raise PlainError(f"{name} is not a zip file that can be read: it is damaged or cut short.") from error
    try:
        _check(name, archive.infolist())
    except PlainError:
        archive.close()
        raise
    return archive


def members(archive: zipfile.ZipFile, name: str) -> list[Content]:
    """The files in a checked zip, in its order. Each is unpacked while it is read, never to disk."""
    return [
        Content(printable(f"{name}/{info.filename}"), info.file_size, _opener(archive, info, name))
        for info in archive.infolist()
        if not info.is_dir()
    ]


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Callable[[], BinaryIO]:
    return lambda: cast(BinaryIO, _Member(archive, info, printable(f"{name}/{info.filename}")))


def _check(name: str, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise PlainError(f"{name} holds {len(entries):,} files; an extract has at most {MOST_ENTRIES}.")
    total = sum(entry.file_size for entry in entries)
    if total > MOST_BYTES:
        most = MOST_BYTES // 1024**3
        raise PlainError(f"{name} would unpack to {total / 1024**3:,.1f} GiB; at most {most} GiB are read.")
    for entry in entries:
        _check_entry(name, entry)


def _check_entry(name: str, entry: zipfile.ZipInfo) -> None:
    if not entry.filename:
        raise PlainError(f"{name} is not a zip file that can be read: it is damaged or cut short.")
    # The name as written: ZipInfo cuts it at a NUL and turns the platform's separators.
    inside = PurePosixPath(entry.orig_filename.replace("\\", "/"))
    drive = ":" in (inside.parts[0] if inside.parts else "")
    if inside.is_absolute() or ".." in inside.parts or drive or not inside.parts:
        raise PlainError(f"{name} is refused: it holds a file that would be put outside its own folder.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise PlainError(f"{name} is refused: it holds a link to another file.")
    if entry.flag_bits & _ENCRYPTED:
        raise PlainError(f"{name} has a password: unpack it first.")
    if inside.suffix.lower() in _ARCHIVES:
        raise PlainError(f"{name} holds another archive, {printable(inside.name)}: unpack that one first.")
    large = entry.file_size > _TOO_SMALL_TO_HARM
    if large and entry.file_size > MOST_TIMES_SMALLER * max(entry.compress_size, 1):
        told = f"{printable(inside.name)} would unpack to more than {MOST_TIMES_SMALLER} times its size"
        raise PlainError(f"{name} is refused: {told}.")
