"""One module a format: files as they come, read into SSD-shaped Arrow tables with located issues."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lineofsight.sources.extract import Extract, NotRead, Progress, SourceTable
    from lineofsight.sources.finding import find_extracts
    from lineofsight.sources.reading import read

__all__ = ["Extract", "NotRead", "Progress", "SourceTable", "find_extracts", "read"]
_IN = {"read": "reading", "find_extracts": "finding"}


def __getattr__(name: str) -> Any:
    """Each, when it is first asked for: a web process, or one command, need not hold the readers of every format."""
    if name in __all__:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_IN.get(name, 'extract')}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
