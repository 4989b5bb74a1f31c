"""Taking in a plan's table through the browser: one file, in memory while it is read, sealed where it has to wait.

Nothing of it is ever on a disk in the clear, and none of it is read before it is known that whoever sends it keeps
plans: the form's token comes before the file, so the request is checked as every other is.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from lineofsight.errors import PlainError
from lineofsight.lake import staging
from lineofsight.plans.grid import MOST_BYTES
from lineofsight.plans.table import PlanTable
from lineofsight.sources.content import Content, printable
from lineofsight.web.access.house import home_in_use, keys_in_use
from lineofsight.web.access.permissions import Refused
from lineofsight.web.access.viewer import Viewer, viewer_of
from lineofsight.web.improvement.permissions import may_keep

FIELD = "table"  # the name of the file in both forms
MEGABYTE = 1024**2
TOO_MUCH = f"This is more than the {MOST_BYTES // MEGABYTE} MB that a plan’s table may have, so nothing of it was kept."
NO_FILE = "Choose the file with the plan’s table."
SEND_AGAIN = "The file is no longer here: choose it again."
_THROWN_AWAY = 5  # times the most that is taken: so much is read to its end, so that the refusal is seen
_HOUR = 60 * 60  # what waits longer is swept away by the worker's round
_LONGEST_NAME = 120


@dataclass(frozen=True)
class Taken:
    """One file as it was sent: what whoever sent it called it, and its bytes."""

    name: str
    data: bytes

    @property
    def content(self) -> Content:
        """The file as a plan is read from it."""
        return Content(self.name, len(self.data), lambda: io.BytesIO(self.data))

    def table(self) -> PlanTable:
        """The plan that it holds. Raises PlainError, one sentence, where there is none."""
        from lineofsight.plans.reading import read  # the readers of each make are for who sends a file

        return read(self.content)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


class PlanFile(FileUploadHandler):
    """Django's way to hand on a file while it arrives: into memory, no more of it than a plan's table may have.

    Of who may not keep plans it takes nothing, and the view then refuses them.
    """

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.taken: Taken | None = None
        self.refused = ""
        self._length = 0
        self._pieces: list[bytes] = []
        self._size = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Remember how much is said to come; Django takes the form apart."""
        self._length = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins. Its name reaches no path."""
        super().new_file(*args, **kwargs)
        if not _may_send(self.request):
            raise StopUpload(connection_reset=True)
        if self._length > _THROWN_AWAY * MOST_BYTES:
            self.refused = TOO_MUCH
            raise StopUpload(connection_reset=True)
        if self.taken is not None or self.field_name != FIELD:
            self._stop("Send one file, the one with the plan’s table.")
        self._pieces, self._size = [], 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep what came; nothing is handed on to another handler."""
        self._size += len(raw_data)
        if self._size > MOST_BYTES:
            self._stop(TOO_MUCH)
        self._pieces.append(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        """The file ended: what stands for it in the form has a size and no content."""
        self.taken = Taken(_said(self.file_name), b"".join(self._pieces))
        self._pieces = []
        return UploadedFile(file=io.BytesIO(), name="kept", content_type="application/octet-stream", size=file_size)

    def _stop(self, why: str) -> None:
        self.taken, self._pieces, self.refused = None, [], why
        raise StopUpload(connection_reset=False)


def expect(request: HttpRequest) -> None:
    """Take what this request sends as a plan's table. Called before anything of it is read (site/bodies.py)."""
    request.upload_handlers = [PlanFile(request)]


def taken(request: HttpRequest) -> Taken:
    """The file that came with a form. Raises PlainError where none did, or one that is not taken."""
    request.FILES  # noqa: B018  read here where the token came in a header
    handler = next((one for one in request.upload_handlers if isinstance(one, PlanFile)), None)
    if handler is None or (handler.taken is None and not handler.refused):
        raise PlainError(NO_FILE)
    if handler.refused:
        raise PlainError(handler.refused)
    assert handler.taken is not None
    return handler.taken


def keep(viewer: Viewer, about: str, file: Taken) -> str:
    """Seal a file until its second press, and give what the form sends back for it: of nobody else, on nothing else.

    Raises PlainError where it cannot be kept.
    """
    try:
        sending = staging.begin(home_in_use(), keys_in_use())
        writer = sending.writer(0)
        writer.write(file.data)
        writer.close()
    except OSError as error:
        why = (error.strerror or "no reason was given").lower()
        raise PlainError(f"The file could not be kept here ({why}). Tell whoever runs this system.") from error
    return signing.dumps([sending.id, file.name], salt=_salt(viewer, about))


def kept(viewer: Viewer, about: str, token: str) -> Taken:
    """The file that was sealed. Raises PlainError where it is no longer there, or is another person's."""
    name, called = _opened(viewer, about, token)
    content = staging.opened(home_in_use(), keys_in_use(), name).content(0, called)
    return Taken(called, content.whole(MOST_BYTES))


def forget(viewer: Viewer, about: str, token: str) -> None:
    """Take a sealed file away: it was loaded, or will not be."""
    staging.erase(home_in_use(), _opened(viewer, about, token)[0])


def _opened(viewer: Viewer, about: str, token: str) -> tuple[str, str]:
    try:
        name, called = signing.loads(token, salt=_salt(viewer, about), max_age=_HOUR)
    except (signing.BadSignature, ValueError, TypeError):
        raise PlainError(SEND_AGAIN) from None
    return str(name), str(called)


def _salt(viewer: Viewer, about: str) -> str:
    return f"improvement.table {viewer.person_key} {about}"


def _may_send(request: HttpRequest | None) -> bool:
    try:
        return request is not None and may_keep(viewer_of(request))
    except Refused:
        return False


def _said(name: str | None) -> str:
    """A file's name fit to be told back: its last part, what cannot be printed written as a question mark."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return printable(last)[:_LONGEST_NAME] or "A file without a name"
