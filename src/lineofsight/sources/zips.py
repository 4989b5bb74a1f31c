"""Zip files, checked for hostility before a byte is unpacked, and read without writing anything to disk."""

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from lineofsight.errors import PlainError
from lineofsight.sources.content import Content

# What an honest extract stays far below.
MOST_ENTRIES = 200
MOST_BYTES = 4 * 1024**3
MOST_TIMES_SMALLER = 200
# Below this size a member compresses as well as it likes: a page of commas is no bomb.
_TOO_SMALL_TO_HARM = 1024**2

_ENCRYPTED = 0x1
_ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tar", ".tgz", ".bz2", ".xz")

ZIP_TROUBLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    EOFError,
    RuntimeError,
    ValueError,
)


def open_zip(path: Path) -> zipfile.ZipFile:
    """Open and check a zip. Raises PlainError where it is damaged or could do harm."""
    try:
        archive = zipfile.ZipFile(path)
    except (*ZIP_TROUBLE, OSError, UnicodeError) as error:
        raise PlainError(
            f"{path.name} is not a zip file that can be read: it is damaged or cut short."
        ) from error
    try:
        _check(path.name, archive.infolist())
    except PlainError:
        archive.close()
        raise
    return archive


def members(archive: zipfile.ZipFile, name: str) -> list[Content]:
    """The files in a checked zip, in its order. Each is unpacked while it is read, never to disk."""
    return [
        Content(f"{name}/{info.filename}", info.file_size, _opener(archive, info))
        for info in archive.infolist()
        if not info.is_dir()
    ]


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    return lambda: cast(BinaryIO, archive.open(info))


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
    # The name as written: ZipInfo cuts it at a NUL and turns the platform's separators.
    inside = PurePosixPath(entry.orig_filename.replace("\\", "/"))
    if inside.is_absolute() or ".." in inside.parts or ":" in inside.parts[0] if inside.parts else True:
        raise PlainError(f"{name} is refused: it holds a file that would be put outside its own folder.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise PlainError(f"{name} is refused: it holds a link to another file.")
    if entry.flag_bits & _ENCRYPTED:
        raise PlainError(f"{name} has a password: unpack it first.")
    if inside.suffix.lower() in _ARCHIVES:
        raise PlainError(f"{name} holds another archive, {inside.name}: unpack that one first.")
    large = entry.file_size > _TOO_SMALL_TO_HARM
    if large and entry.file_size > MOST_TIMES_SMALLER * max(entry.compress_size, 1):
        raise PlainError(
            f"{name} is refused: {inside.name} would unpack to more than {MOST_TIMES_SMALLER} times its size."
        )
