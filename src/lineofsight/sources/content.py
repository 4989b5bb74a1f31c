"""One file to be read, wherever it lies, and what can be told of it from its first bytes."""

import codecs
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Literal

from lineofsight.errors import PlainError

What = Literal["text", "xml", "zip", "workbook", "binary", "empty"]

HEAD = 64 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


def printable(name: str) -> str:
    """A name fit for a sentence or a terminal: what cannot be printed stands as '?'."""
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
            return stream.read()

    def what(self) -> What:
        """What its first bytes say it is, whatever its name says."""
        head = self.head()
        if not head.strip():
            return "empty"
        if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
            return "workbook" if b"[Content_Types].xml" in head or b"xl/" in head[:HEAD] else "zip"
        if head.startswith(_OLD_WORKBOOK):
            return "workbook"
        wide = head.startswith(_UTF16)
        if b"\0" in head and not wide:
            return "binary"
        text = head.decode("utf-16", "replace") if wide else head.decode("utf-8", "replace")
        return "xml" if text.lstrip("\ufeff \t\r\n").startswith("<") else "text"


class Watched(io.RawIOBase):
    """A stream that is hashed while it is read, counting the bytes, NULs and quotation marks that went by."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self.bytes_read = 0
        self.nuls = 0
        self.quotes = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        data = self._stream.read(-1 if size is None else size)
        self._hash.update(data)
        self.bytes_read += len(data)
        self.nuls += data.count(b"\0")
        self.quotes += data.count(b'"')
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
