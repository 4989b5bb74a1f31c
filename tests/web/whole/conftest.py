"""For the tests of the whole site: one canary authority, loaded once a run, and one world in it, made once a module."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.db import connections
from django.test.utils import setup_databases, teardown_databases
from tests.web.whole.canaries import CHILD, planted
from tests.web.whole.world import NOW, World, made, undone

from lineofsight import clock, loading, sources, synth
from lineofsight.home import Home, create_home, open_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import Lake
from lineofsight.schema import Issue
from lineofsight.sources import Extract
from lineofsight.web.practice.queries import figures, standing

CHILDREN, SEED = 500, 23


@pytest.fixture(scope="session")
def aviary(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose every child is a canary, with the extracts of September and October."""
    folder = tmp_path_factory.mktemp("aviary")
    extracts = synth.write(folder / "extracts", children=CHILDREN, extracts=2, seed=SEED, until=date(2026, 10, 31))
    created = create_home(folder / "home", authority="999", authority_name="Northmere")
    create_keys(created)
    for extract in extracts:
        read = sources.read([extract])
        with clock.frozen_at(NOW.replace(day=3)):
            loading.load(created, planted(read))
    with clock.frozen_at(NOW.replace(day=4)):
        Lake(created, open_keys(created)).publish(waiting(planted(read)), waiting=True)
    return created


def waiting(extract: Extract) -> Extract:
    """A later extract that waits for a yes: most contacts are gone, and an issue quotes a canary."""
    contacts = extract.tables["ssd_contacts"]
    few = replace(contacts, table=contacts.table.slice(0, 5), rows_read=5, rows=None)
    wrong = Issue("ssd_contacts.csv", None, "ssd_contacts", 2, "cont_contact_date", f"{CHILD} said so", "is not a day")
    return replace(
        extract,
        as_at=date(2026, 11, 1),
        sha256="f" * 64,
        tables={**extract.tables, "ssd_contacts": few},
        issues=(wrong,),
    )


@pytest.fixture(scope="session")
def database(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """The test database. It is made for tests that are marked; here also where none of those chosen is."""
    connection, made = connections["default"], None
    if connection.settings_dict["NAME"] != connection.creation._get_test_db_name():
        with django_db_blocker.unblock():
            made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
    yield
    if made is not None:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture(scope="module")
def world(aviary: Home, database: None, django_db_blocker) -> Iterator[World]:
    """The authority in full use. Every test of the module sees it; each is to undo what it does."""
    patch = pytest.MonkeyPatch()
    patch.setenv("LINEOFSIGHT_HOME", str(aviary.path))
    with clock.frozen_at(NOW), django_db_blocker.unblock(), undone():
        open_home(aviary.path)
        yield made()
    standing.forget()
    figures.forget()
    patch.undo()
