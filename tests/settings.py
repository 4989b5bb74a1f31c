"""The settings of every test: the product's, read where there is no home, and no home is opened but a temporary one.

Django reads its settings before any conftest is read. Were that over a home of this machine, a test without a
database of its own would write into that one.
"""

import os
import tempfile
from pathlib import Path

from lineofsight import home

NOWHERE = Path(tempfile.gettempdir()) / "no-line-of-sight-home"
TEMPORARY = [Path(tempfile.gettempdir()).resolve()]  # and what --basetemp names (conftest.py)

_open_home = home.open_home


class NotOfATest(AssertionError):
    """A test went to open a home that somebody may be using."""


def open_home(path: Path | None = None) -> home.Home:
    """The home at `path`, where that is inside a temporary folder."""
    where = (path or home.default_path()).resolve()
    if (where / home.MARKER).exists() and not any(where.is_relative_to(one) for one in TEMPORARY):
        raise NotOfATest(f"A test opened the home {where}, which is outside every temporary folder.")
    return _open_home(path)


home.open_home = open_home  # before anything else has taken hold of it
os.environ["LINEOFSIGHT_HOME"] = str(NOWHERE)

from lineofsight.web.site.settings import *  # noqa: E402, F403

# What a process that a test starts is to read: it has a home of its own, or none.
os.environ["DJANGO_SETTINGS_MODULE"] = "lineofsight.web.site.settings"
