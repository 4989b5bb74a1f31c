"""Static files under addresses that carry their content's hash, without a step that collects them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class HashedAddresses(StaticFilesStorage):
    """`own.css` becomes `/static/.../own.css?v=<12 hex characters>`; a changed file has a changed address."""

    def url(self, name: str | None) -> str:
        """The address of a static file. Raises ValueError for one that does not exist."""
        if not name:
            raise ValueError("a static file has a name")
        return f"{super().url(name)}?v={_version(name)}"


@cache
def _version(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise ValueError(f"there is no static file {name}")
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12]
