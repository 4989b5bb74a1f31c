"""What was sent and is not read yet: encrypted from its first byte, and gone once it is read (DESIGN 5 H, O).

Each sending is a folder with a data key of its own, wrapped by the master key as a
snapshot's is. A file in it is a row of pieces, each sealed by itself and tied to the sending, the file, its own place
and whether it is the last: a piece moved, left out or cut off does not open. Taking the key away takes all of it.
"""

import errno
import io
import os
import secrets
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.home import Home
from lineofsight.keys import KEY_BYTES, Keyring
from lineofsight.lake import folders
from lineofsight.sources.content import Content, printable

FOLDER = "staging"
KEY = "key"

PIECE = 1024**2
_NONCE, _TAG = 12, 16
_SEALED = _NONCE + PIECE + _TAG


@dataclass(frozen=True)
class Sending:
    """One sending: its files are written once, in order, and read back as often as needed."""

    id: str
    folder: Path
    key: bytes

    def writer(self, number: int) -> "Writer":
        """Write the file `number` (from 0), piece by piece."""
        return Writer(self, number)

    def content(self, number: int, name: str) -> Content:
        """The file `number` as the sources read one, told as `name`. Raises PlainError where it is not whole."""
        path = self.folder / _named(number)
        size = _size(path)
        return Content(printable(name), size, _opener(self, number, size))


def begin(home: Home, keys: Keyring) -> Sending:
    """A new, empty sending with a key of its own."""
    name = secrets.token_hex(16)
    folder = _root(home) / name
    folder.mkdir(mode=0o700, parents=True)
    key = secrets.token_bytes(KEY_BYTES)
    folders.write_flushed(folder / KEY, keys.wrap(key, key_context(name)).encode())
    folders.flush_folder(folder)
    folders.flush_folder(folder.parent)
    return Sending(name, folder, key)


def opened(home: Home, keys: Keyring, name: str) -> Sending:
    """The sending of that name. Raises PlainError where it is no longer there."""
    folder = _root(home) / name
    path = folder / KEY
    if not _is_name(name) or not path.exists():
        raise PlainError("The files that were sent are no longer here: send them again.")
    return Sending(name, folder, keys.unwrap(path.read_text(), key_context(name)))


def erase(home: Home, name: str) -> bool:
    """Take a sending away, its key first. Whether there was anything left of it."""
    folder = _root(home) / name
    if not _is_name(name) or not folder.is_dir():
        return False
    (folder / KEY).unlink(missing_ok=True)
    folders.flush_folder(folder)
    for path in folder.iterdir():
        path.unlink(missing_ok=True)
    folder.rmdir()
    folders.flush_folder(folder.parent)
    return True


def names(home: Home) -> list[str]:
    """Every sending that is held, by name."""
    return [folder.name for folder in folders.finished(_root(home))]


def age(home: Home, name: str) -> timedelta:
    """How long ago a sending began."""
    made = (_root(home) / name).stat().st_mtime
    return clock.now() - datetime.fromtimestamp(made, UTC)


def key_context(name: str) -> str:
    """What a sending's wrapped data key is tied to."""
    return f"staging/{name}"


class Writer:
    """Seals what it is given, a piece at a time: nothing of it is ever on the disk in the clear."""

    def __init__(self, sending: Sending, number: int) -> None:
        self._sending, self._number = sending, number
        self._cipher = AESGCM(sending.key)
        self._left = bytearray()
        self._place = 0
        self.size = 0
        made = os.open(sending.folder / _named(number), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._stream = os.fdopen(made, "wb")

    def write(self, data: bytes) -> None:
        """Take the next bytes of the file."""
        self.size += len(data)
        self._left += data
        while len(self._left) > PIECE:  # the last piece is kept back until it is known to be the last
            self._seal(bytes(self._left[:PIECE]), last=False)
            del self._left[:PIECE]

    def close(self) -> None:
        """Seal what is left as the last piece, and flush the file."""
        if self._stream.closed:
            return
        self._seal(bytes(self._left), last=True)
        self._left.clear()
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()

    def abandon(self) -> None:
        """Let go of a file that will not be finished."""
        with suppress(OSError):
            self._stream.close()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        nonce = secrets.token_bytes(_NONCE)
        tied = _tied(self._sending.id, self._number, self._place, last)
        self._stream.write(nonce + self._cipher.encrypt(nonce, piece, tied))
        self._place += 1


class _Reader(io.RawIOBase):
    """A staged file, read and sought anywhere in; one piece of it is in memory at a time."""

    def __init__(self, sending: Sending, number: int, size: int) -> None:
        self._sending, self._number, self._size = sending, number, size
        self._cipher = AESGCM(sending.key)
        self._stream = (sending.folder / _named(number)).open("rb")
        self._at = 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if begin + offset < 0:
            raise OSError(errno.EINVAL, "before the file begins")  # as a file on the disk says it
        self._at = begin + offset
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        wanted = max(self._size - self._at, 0)
        wanted = wanted if size is None or size < 0 else min(size, wanted)
        out = bytearray()
        while wanted:
            piece = self._piece(self._at // PIECE)
            begin = self._at % PIECE
            data = piece[begin : begin + wanted]
            out += data
            self._at += len(data)
            wanted -= len(data)
        return bytes(out)

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()

    def _piece(self, place: int) -> bytes:
        if self._held[0] != place:
            self._stream.seek(place * _SEALED)
            sealed = self._stream.read(_SEALED)
            last = (place + 1) * PIECE >= self._size
            tied = _tied(self._sending.id, self._number, place, last)
            try:
                self._held = place, self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], tied)
            except (InvalidTag, ValueError):
                raise _spoiled() from None
        return self._held[1]


def _opener(sending: Sending, number: int, size: int) -> Callable[[], BinaryIO]:
    return lambda: cast(BinaryIO, _Reader(sending, number, size))


def _size(path: Path) -> int:
    """How many bytes a sealed file holds, told by its own length."""
    if not path.exists():
        raise PlainError("The files that were sent are no longer here: send them again.")
    whole, rest = divmod(path.stat().st_size, _SEALED)
    if rest and rest < _NONCE + _TAG or not whole and not rest:
        raise _spoiled()
    return whole * PIECE + (rest - _NONCE - _TAG if rest else 0)


def _spoiled() -> PlainError:
    return PlainError("A file that was sent was altered or cut short here: send the files again.")


def _tied(name: str, number: int, place: int, last: bool) -> bytes:
    return name.encode() + struct.pack(">IQ?", number, place, last)


def _named(number: int) -> str:
    return f"{number:04d}.sealed"


def _is_name(name: str) -> bool:
    """Names are ours and never anybody's file name: what is not one reaches no folder."""
    return len(name) == 32 and all(letter in "0123456789abcdef" for letter in name)


def _root(home: Home) -> Path:
    return home.lake / FOLDER
