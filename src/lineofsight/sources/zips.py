"""Zip files, checked for hostility before a byte is unpacked, and read without writing anything to disk."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from lineofsight.errors import PlainError
from lineofsight.sources.content import Content, printable
from lineofsight.sources.disk import MOST_BYTES, MOST_FILE_BYTES, MOST_FILES, too_large

# What an honest extract stays far below. Folders count as entries; a name is long at 200 characters.
MOST_ENTRIES = MOST_FILES
_LISTED_BYTES = 2048
MOST_TIMES_SMALLER = 200
# Below this size a member compresses as well as it likes: a page of commas is no bomb.
_TOO_SMALL_TO_HARM = 1024**2

_ENCRYPTED = 0x1
_KINDS = (0, stat.S_IFREG, stat.S_IFDIR)
# The rest may ask for gigabytes to unpack a few bytes, and nothing we know of exports them.
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_HEADER_BYTES = 30  # before a member's name, where it is written
_ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tar", ".tgz", ".bz2", ".xz")

# What Python's zip reader raises on bytes that are no zip, or were spoiled on the way.
_TROUBLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    EOFError,
    RuntimeError,
    OverflowError,
    ValueError,
    OSError,
)


class _Member(io.RawIOBase):
    """A member while it is unpacked: damage met on the way is one plain sentence."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> None:
        self._name = name
        self._left = info.file_size
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
            data = self._stream.read(-1 if size is None else size)
        except _TROUBLE as error:
            raise self._damaged() from error
        self._left -= len(data)
        if not data and size != 0 and self._left:
            raise self._damaged()
        return data

    def close(self) -> None:
        if not self.closed and hasattr(self, "_stream"):
            self._stream.close()
        super().close()


def open_zip(stream: BinaryIO, name: str, *, most_files: int = MOST_ENTRIES) -> zipfile.ZipFile:
    """Open and check a zip told as `name`. Raises PlainError where it is damaged or could do harm.

    `most_files` is how many it may hold: an extract's, or a workbook's parts.
    """
    try:
        if _listed_bytes(stream) > most_files * _LISTED_BYTES:
            raise PlainError(f"{name} lists far more files than the {most_files:,} it may have.")
        archive = zipfile.ZipFile(stream)
    except _TROUBLE as error:
        raise _not_a_zip(name) from error
    try:
        _check(name, archive.infolist(), archive.start_dir, most_files)
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


def _listed_bytes(stream: BinaryIO) -> int:
    """How many bytes the list of members has: known before the list is read, which zipfile does at once.

    It is zipfile's own reading of the end of the file, so that what is checked here is what it will use.
    """
    read_end: Callable[[BinaryIO], Sequence[Any] | None] = zipfile._EndRecData  # type: ignore[attr-defined]
    end = read_end(stream)
    if end is None:
        raise zipfile.BadZipFile
    return int(end[5])


def _not_a_zip(name: str) -> PlainError:
    return PlainError(f"{name} is not a zip file that can be read: it is damaged or cut short.")


def _check(name: str, entries: list[zipfile.ZipInfo], most: int, most_files: int) -> None:
    if len(entries) > most_files:
        raise PlainError(f"{name} holds {len(entries):,} files; at most {most_files:,} are read.")
    total = sum(entry.file_size for entry in entries)
    if total > MOST_BYTES:
        gibibytes = MOST_BYTES // 1024**3
        raise PlainError(f"{name} would unpack to {total / 1024**3:,.1f} GiB; at most {gibibytes} GiB are read.")
    for entry in entries:
        _check_entry(name, entry)
    if len({entry.orig_filename for entry in entries}) < len(entries):
        raise PlainError(f"{name} is refused: it holds two files of the same name.")
    _check_apart(name, entries, most)


def _check_apart(name: str, entries: list[zipfile.ZipInfo], most: int) -> None:
    """Make sure no two members share their bytes: so a few kilobytes are made to unpack to gigabytes."""
    free = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < free:
            raise PlainError(f"{name} is refused: files in it lie over each other.")
        free = entry.header_offset + _HEADER_BYTES + len(entry.orig_filename) + entry.compress_size
    if free > most:
        raise _not_a_zip(name)


def _check_entry(name: str, entry: zipfile.ZipInfo) -> None:
    if not entry.filename:
        raise _not_a_zip(name)
    # The name as written: ZipInfo cuts it at a NUL and turns the platform's separators.
    inside = PurePosixPath(entry.orig_filename.replace("\\", "/"))
    drive = ":" in (inside.parts[0] if inside.parts else "")
    if inside.is_absolute() or ".." in inside.parts or drive or not inside.parts:
        raise PlainError(f"{name} is refused: it holds a file that would be put outside its own folder.")
    if stat.S_IFMT(entry.external_attr >> 16) not in _KINDS:
        raise PlainError(f"{name} is refused: it holds a link to another file, a pipe or a device.")
    if entry.flag_bits & _ENCRYPTED:
        raise PlainError(f"{name} has a password: unpack it first.")
    if inside.suffix.lower() in _ARCHIVES:
        raise PlainError(f"{name} holds another archive, {printable(inside.name)}: unpack that one first.")
    if entry.compress_type not in _PACKED:
        raise PlainError(f"{name} is packed in a way that is not read here: zip the files again the ordinary way.")
    _check_size(name, printable(inside.name), entry)


def _check_size(name: str, inside: str, entry: zipfile.ZipInfo) -> None:
    large = entry.file_size > _TOO_SMALL_TO_HARM
    if large and entry.file_size > MOST_TIMES_SMALLER * max(entry.compress_size, 1):
        told = f"{inside} would unpack to more than {MOST_TIMES_SMALLER} times its size"
        raise PlainError(f"{name} is refused: {told}.")
    if entry.file_size > MOST_FILE_BYTES:
        raise too_large(f"{name}/{inside}", entry.file_size)
