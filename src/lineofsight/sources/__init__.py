"""One module a format: files as they come, read into SSD-shaped Arrow tables with located issues."""

from typing import TYPE_CHECKING, Any

from lineofsight.sources.extract import Extract, NotRead, Progress, SourceTable
from lineofsight.sources.finding import find_extracts

if TYPE_CHECKING:
    from lineofsight.sources.reading import read

__all__ = ["Extract", "NotRead", "Progress", "SourceTable", "find_extracts", "read"]


def __getattr__(name: str) -> Any:
    """`read`, when it is first asked for: the readers of every format are not for a web process to hold."""
    if name == "read":
        from lineofsight.sources.reading import read

        return read
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
