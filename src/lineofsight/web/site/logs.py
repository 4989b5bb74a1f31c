"""Log lines without personal data: an error's type and the places in the code, never its message."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType

_Exc = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class NoPersonalData(logging.Formatter):
    """One line of time, level and what was logged; then an exception's type and stack, without its words.

    An exception's message can quote a cell of an extract or a form field, and a query string what was typed.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line. Anything after a question mark in a path is left out."""
        if record.args and isinstance(record.args, tuple):
            record.args = tuple(_without_query(arg) for arg in record.args)
        record.exc_text = None  # another handler's formatter may have kept the words
        return super().format(record)

    def formatException(self, ei: _Exc) -> str:  # noqa: N802  logging's own name
        """The type of the exception and where it was raised."""
        if ei[1] is None:
            return ""
        frames = traceback.extract_tb(ei[2])
        places = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        return "\n".join([f"{type(ei[1]).__name__} raised at:", *places])


class JsonLines(NoPersonalData):
    """The same, as one JSON object a line: at (UTC), level, logger, said, and for an exception its kind and places."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        info, record.exc_info, record.stack_info = record.exc_info, None, None
        super().format(record)
        record.exc_info = info
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "said": record.message,
        }
        if info and info[1] is not None:
            kind, *places = self.formatException(info).split("\n")
            told["raised"] = kind.removesuffix(" raised at:")
            told["places"] = [place.strip() for place in places]
        return json.dumps(told, ensure_ascii=False)


def _without_query(value: object) -> object:
    return value.split("?", 1)[0] if isinstance(value, str) and value.startswith("/") else value
