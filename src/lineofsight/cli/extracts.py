"""The extracts a person names to be loaded: files, or the database the home is fed from."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from lineofsight import sources
from lineofsight.cli.console import home_at
from lineofsight.errors import PlainError
from lineofsight.home import MARKER, default_path


def readings(
    paths: Sequence[Path], database: bool, home: Path | None, as_at: date | None, progress: sources.Progress
) -> list[Callable[[], sources.Extract]]:
    """What reads each extract when its turn comes: of a folder of several dated ones, the oldest first.

    Raises PlainError where nothing is named, or a database and files at once.
    """
    if database == bool(paths):
        raise PlainError("Name a folder, a zip or files to load; or --database, and no file.")
    if database:
        from lineofsight.nightly.fetching import from_database

        where = home or default_path()
        known = home_at(where) if (where / MARKER).exists() else None
        return [partial(from_database, known, as_at=as_at, progress=progress)]
    found = [extract for path in paths for extract in sources.find_extracts(path)]
    dated = len(paths) == 1 and len(found) > 1
    batches = [[path] for path in found] if dated else [found]
    return [partial(sources.read, batch, as_at=as_at, progress=progress) for batch in batches]
