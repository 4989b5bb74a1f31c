"""An extract from the database that a home is fed from."""

from dataclasses import replace
from datetime import date

from lineofsight import policy
from lineofsight.errors import PlainError
from lineofsight.home import Home
from lineofsight.keys import open_keys
from lineofsight.lake import Lake
from lineofsight.sources.connection import ADDRESS, FILE, source_of
from lineofsight.sources.database import read_database
from lineofsight.sources.extract import Extract, Progress


def from_database(home: Home | None, *, as_at: date | None = None, progress: Progress | None = None) -> Extract:
    """Read the database that `home` is fed from; without a home, the one the environment names.

    Where no day is given and the contents are those of the newest load, they are as at that load's day: a database in
    which nothing changed since is more often a copy that stood still than a day on which nothing happened. Raises
    PlainError where no database is named, or it cannot be read.
    """
    source = source_of(home)
    if source is None:
        raise PlainError(f"No database is named: set {ADDRESS}, or write {FILE} in the home.")
    extract = read_database(source, as_at=as_at, progress=progress)
    return extract if as_at or home is None else _as_known(home, extract)


def _as_known(home: Home, extract: Extract) -> Extract:
    lake = Lake(home, open_keys(home))
    roles = policy.roles(home).hash
    newest = lake.latest()
    for snapshot in [*lake.waiting(), *([newest] if newest else [])]:
        if (snapshot.extract_sha256, snapshot.roles_hash) == (extract.sha256, roles):
            return replace(extract, as_at=snapshot.as_at)
    return extract
