"""The home, keys and lake this process works in: one home, one authority (DESIGN 5 R)."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING

from lineofsight.home import Home, default_path, open_home
from lineofsight.keys import Keyring, open_keys

if TYPE_CHECKING:
    from lineofsight.lake import Lake

ENVIRONMENT = "LINEOFSIGHT_HOME"


def home_in_use() -> Home:
    """The home that `LINEOFSIGHT_HOME` names, read once a process. Raises PlainError where there is none."""
    return _home_at(os.environ.get(ENVIRONMENT))


def keys_in_use() -> Keyring:
    """The keyring of the home in use. Raises PlainError when it cannot be opened safely."""
    return _keys_named(os.environ.get(ENVIRONMENT))


def lake_in_use() -> Lake:
    """The lake of the home in use, opened once a process."""
    return _lake_of(home_in_use())


# Kept by the name the environment gives: every event sealed and every field opened asks, a path each time is slow.
@lru_cache(maxsize=8)
def _home_at(name: str | None) -> Home:
    return open_home(default_path())


@lru_cache(maxsize=8)
def _keys_named(name: str | None) -> Keyring:
    return open_keys(_home_at(name))


@lru_cache(maxsize=8)
def _lake_of(home: Home) -> Lake:
    from lineofsight.lake import Lake  # pyarrow and DuckDB are loaded by the first page that needs them

    return Lake(home, open_keys(home))
