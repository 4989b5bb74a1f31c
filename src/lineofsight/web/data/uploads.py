"""Taking files in: each byte is sealed as it comes, and none is ever on a disk in the clear.

The limits stand in the settings. What the files are is no question here: the sources tell it by what is in them.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, NoReturn

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from lineofsight.errors import PlainError
from lineofsight.lake import staging
from lineofsight.sources.content import printable
from lineofsight.web.access.house import home_in_use, keys_in_use

MEGABYTE = 1024**2
# What a form has beside its files: its fields, and the lines between the parts.
_AROUND = 256 * 1024
# A browser gives the file's name; this much of it is kept, to be told back to whoever sent it.
_LONGEST_NAME = 120
_THROWN_AWAY = 5  # times the most that is taken


@dataclass(frozen=True)
class Sent:
    """One file as it was taken in: what whoever sent it called it, and its size."""

    name: str
    size: int


class TooMuch(PlainError):
    """More was sent than is taken at once."""


def too_much() -> TooMuch:
    """The refusal of a sending that is larger than what is taken."""
    most = settings.UPLOAD_MOST_BYTES // MEGABYTE
    return TooMuch(
        f"This is more than the {most} MB that are taken at once through the browser, so nothing was kept. "
        "Zip the files, or load them on the server with the command lineofsight load."
    )


def limit_words() -> str:
    """What is taken at once, in words."""
    return f"at most {settings.UPLOAD_MOST_BYTES // MEGABYTE} MB together"


def most_bytes() -> int:
    """The most that is taken at once, for the page to tell before anything is sent."""
    return int(settings.UPLOAD_MOST_BYTES)


def check_length(request: HttpRequest) -> None:
    """Refuse by what the browser says it will send, before any of it is kept. Raises TooMuch.

    A browser shows an answer only once it has sent everything, so what it sends is read and thrown away, up to a point.
    """
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdigit() and int(length) > settings.UPLOAD_MOST_BYTES + _AROUND:
        for _ in range(_THROWN_AWAY * settings.UPLOAD_MOST_BYTES // MEGABYTE):
            if not request.read(MEGABYTE):
                break
        raise too_much()


class ToStaging(FileUploadHandler):
    """Django's way to hand on files while they arrive: into a sending of the lake, sealed piece by piece."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.sent: list[Sent] = []
        self.sending: staging.Sending | None = None
        self.refused: PlainError | None = None
        self.kept = False
        self._writer: staging.Writer | None = None
        self._taken = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins. Its name reaches no path: the sending numbers its files."""
        super().new_file(*args, **kwargs)
        try:
            if self.sending is None:
                self.sending = staging.begin(home_in_use(), keys_in_use())
            self._writer = self.sending.writer(len(self.sent))
        except OSError as error:
            self._stop(_not_kept(error))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Seal what came; nothing is handed on to another handler."""
        self._taken += len(raw_data)
        if self._taken > settings.UPLOAD_MOST_BYTES:
            self._stop(too_much())
        try:
            if self._writer is not None:
                self._writer.write(raw_data)
        except OSError as error:
            self._stop(_not_kept(error))

    def file_complete(self, file_size: int) -> UploadedFile:
        """A file ended: what stands for it in the form has a name and a size, and no content."""
        try:
            if self._writer is not None:
                self._writer.close()
        except OSError as error:
            self._stop(_not_kept(error))
        self._writer = None
        one = Sent(_said(self.file_name), file_size)
        self.sent.append(one)
        return UploadedFile(file=io.BytesIO(), name="sealed", content_type="application/octet-stream", size=file_size)

    def upload_interrupted(self) -> None:
        """The browser went away, or too much came."""
        self.forget()

    def _stop(self, why: PlainError) -> NoReturn:
        """Take no more: the rest is read and thrown away, so that the refusal is seen."""
        self.refused = why
        raise StopUpload(connection_reset=False)

    def forget(self) -> None:
        """Keep nothing of what came."""
        if self._writer is not None:
            self._writer.abandon()
            self._writer = None
        if self.sending is not None:
            staging.erase(home_in_use(), self.sending.id)
        self.sending, self.sent = None, []


def _not_kept(error: OSError) -> PlainError:
    why = (error.strerror or "no reason was given").lower()
    return PlainError(f"The files could not be kept here ({why}), so nothing was. Tell whoever runs this system.")


def _said(name: str | None) -> str:
    """A file's name fit to be told back: its last part, what cannot be printed written as a question mark."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return printable(last)[:_LONGEST_NAME] or "A file without a name"
