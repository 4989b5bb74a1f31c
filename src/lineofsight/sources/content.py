"""One file to be read, wherever it lies, and what can be told of it from its first bytes."""

import codecs
import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Literal

from lineofsight.errors import PlainError

What = Literal["text", "xml", "zip", "archive", "workbook", "old workbook", "open document", "binary", "empty"]

HEAD = 64 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
# gzip, bzip2, xz, 7z, rar, zstd: what a file might be packed with under any name.
_ARCHIVES = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x28\xb5\x2f\xfd")
# The names an Office workbook begins with, where a zip writes the names of its members.
_WORKBOOK = re.compile(rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|_rels/|docProps/|xl/|customXml/)", re.DOTALL)
# An OpenDocument file begins with a member, not packed, that says what it is.
_OPEN_DOCUMENT = re.compile(rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.", re.DOTALL)
_LONGEST_NAME = 120


def printable(name: str) -> str:
    """A name fit for a sentence or a terminal: '?' for what cannot be printed, '…' for the middle of a long one."""
    if len(name) > _LONGEST_NAME:
        name = f"{name[: _LONGEST_NAME - 40]}…{name[-39:]}"
    return "".join(letter if letter.isprintable() else "?" for letter in name)


@dataclass(frozen=True)
class Content:
    """A file or a member of a zip.

    `name` is how it is told to a person (relative, a zip's member after the zip's name), `size` its bytes
    when unpacked, `start` opens it from the beginning.
    """

    name: str
    size: int
    start: Callable[[], BinaryIO]

    def head(self) -> bytes:
        """Its first 64 KiB."""
        with self.start() as stream:
            return stream.read(HEAD)

    def whole(self, most: int) -> bytes:
        """All of it. Raises PlainError where it is larger than `most` bytes."""
        if self.size > most:
            raise PlainError(f"{self.name} is larger than the {most:,} bytes such a file may have.")
        with self.start() as stream:
            data = stream.read(most + 1)
        if len(data) > most:
            raise PlainError(f"{self.name} is larger than the {most:,} bytes such a file may have.")
        return data

    def what(self) -> What:
        """What its first bytes say it is, whatever its name says."""
        head = self.head()
        if not head.strip():
            return "empty"
        if head.startswith(_ZIP):
            if _OPEN_DOCUMENT.match(head):
                return "open document"
            return "workbook" if _WORKBOOK.match(head) else "zip"
        if head.startswith(_OLD_WORKBOOK):
            return "old workbook"
        if head.startswith(_ARCHIVES):
            return "archive"
        wide = head.startswith(_UTF16) and not head.startswith(_UTF32)
        if b"\0" in head and not wide:
            return "binary"
        text = head.decode("utf-16", "replace") if wide else head.decode("utf-8", "replace")
        return "xml" if text.lstrip("\ufeff \t\r\n").startswith("<") else "text"


class Watched(io.RawIOBase):
    """A stream that is hashed while it is read; `met` is shown each piece, and may refuse it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self.bytes_read = 0

    def met(self, data: bytes) -> None:
        """What a reader wants to know of each piece as it goes by. Raises PlainError to read no further."""

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        data = self._stream.read(-1 if size is None else size)
        self._hash.update(data)
        self.bytes_read += len(data)
        self.met(data)
        return data

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()

    def sha256(self) -> str:
        """The hash of the whole file: reads what is left first."""
        while self.read(1 << 20):
            pass
        return self._hash.hexdigest()
