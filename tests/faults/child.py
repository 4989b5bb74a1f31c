# ruff: noqa: E402  (Django is set up before what needs it is imported)
"""A process of its own that does what it is told on a real home: commands of the product, or acts of its people.

It is forked from one that has everything imported and no home, no thread and no connection, so that each costs a
moment and dies alone. The commands are the product's own, run through its `main`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lineofsight.web.site.settings")

import django

django.setup()

import duckdb  # noqa: F401  (imported once, before the fork)
from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from tests import few_measures
from tests.faults import acts, steps, writers

from lineofsight import cli, clock, loading  # noqa: F401
from lineofsight.web.reports import packs, verification  # noqa: F401
from lineofsight.web.site import console, databases, soundness, work  # noqa: F401

MigrationLoader(None)  # which every command imports, to see whether the tables are there

NOW = datetime(2026, 11, 12, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """A home and where its database is: the address of a PostgreSQL, or blank for SQLite in the home."""

    home: Path
    address: str = ""

    @property
    def database(self) -> str:
        return "PostgreSQL" if self.address else "SQLite"


@dataclass(frozen=True)
class Deed:
    """One thing to do: a command line, or an act by name with what it is given, at a moment of the one clock."""

    command: tuple[str, ...] = ()
    act: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = NOW


@dataclass(frozen=True)
class Armed:
    """A step by its name, and what happens at it: 'die', 'fill' the disk, or 'tell' that it was reached.

    `file` is the ballast that fills the disk (without one, it is a limit on the size of files), or the file that tells.
    """

    step: str
    deed: str = "die"
    file: Path | None = None


def main(place: Place, deeds: Sequence[Deed], armed: Sequence[Armed], told: Path) -> None:
    """Do the deeds in turn; write what each gave to `told`, where a parent that outlives this reads it."""
    _speak_into(told)
    _use(place)
    with few_measures.in_place_of_all():  # in the fork alone: pytest imports this module too
        _do_all(place, deeds, armed, told)


def _do_all(place: Place, deeds: Sequence[Deed], armed: Sequence[Armed], told: Path) -> None:
    for one in armed:
        steps.arm(steps.by_name(one.step), _deed(one))
    told.with_suffix(".begun").touch()
    answers: list[Any] = []
    for deed in deeds:
        with clock.frozen_at(deed.at) if deed.at else nullcontext():
            answers.append(_command(deed.command, place) if deed.command else _act(deed))
        told.with_suffix(".json").write_text(json.dumps(answers, default=str))
    connections.close_all()


def _act(deed: Deed) -> Any:
    """Do an act of `acts`, or of `writers`."""
    return getattr(acts if hasattr(acts, deed.act) else writers, deed.act)(**deed.given)


def _command(words: Sequence[str], place: Place) -> int:
    """Run the product's command; its exit code."""
    sys.argv = ["lineofsight", *words, "--home", str(place.home)]
    try:
        cli.main()
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _speak_into(told: Path) -> None:
    """What is printed goes into files beside `told`."""
    for stream, name in ((1, ".out"), (2, ".err")):
        descriptor = os.open(told.with_suffix(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(descriptor, stream)
        os.close(descriptor)


def _use(place: Place) -> None:
    """Point Django at the place's database, as settings read in that home would."""
    os.environ["LINEOFSIGHT_HOME"] = str(place.home)
    in_home = databases.sqlite(place.home / "lineofsight.sqlite3")
    settings.DATABASES = {"default": databases.postgresql(place.address) if place.address else in_home}
    connections.settings = connections.configure_settings(settings.DATABASES)
    if hasattr(connections._connections, "default"):
        delattr(connections._connections, "default")


def _deed(armed: Armed) -> steps.Deed:
    if armed.deed == "die":
        return steps.die
    if armed.deed == "tell":
        assert armed.file
        return armed.file.touch
    return lambda: acts.fill(armed.file)
