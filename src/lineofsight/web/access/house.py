"""The home, keys and lake this process works in: one home, one authority (DESIGN 5 R)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from lineofsight.home import Home, default_path, open_home
from lineofsight.keys import Keyring, open_keys

if TYPE_CHECKING:
    from lineofsight.lake import Lake


def home_in_use() -> Home:
    """The home that `LINEOFSIGHT_HOME` names, read once a process. Raises PlainError where there is none."""
    return _home_at(default_path())


def keys_in_use() -> Keyring:
    """The keyring of the home in use. Raises PlainError when it cannot be opened safely."""
    return open_keys(home_in_use())


def lake_in_use() -> Lake:
    """The lake of the home in use, opened once a process."""
    return _lake_of(home_in_use())


@lru_cache(maxsize=8)
def _home_at(path: Path) -> Home:
    return open_home(path)


@lru_cache(maxsize=8)
def _lake_of(home: Home) -> Lake:
    from lineofsight.lake import Lake  # pyarrow and DuckDB are loaded by the first page that needs them

    return Lake(home, open_keys(home))
