"""For the practice room: a home with two months of a synthetic authority, read by every test, changed by none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pyarrow.compute as pc
import pytest
from django.test import Client

from lineofsight import clock, loading, sources, synth
from lineofsight.home import Home, create_home, open_home
from lineofsight.keys import create_keys
from lineofsight.lake.sealed import SealedFile
from lineofsight.web.access.models import Holding, Person
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice.queries import figures, standing

AS_AT = date(2026, 10, 31)
LOADED = (datetime(2026, 10, 2, 9, tzinfo=UTC), datetime(2026, 11, 2, 9, tzinfo=UTC))
NOW = datetime(2026, 11, 12, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def westharbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home with the extracts of September and October of a small synthetic authority.

    What pages keep of it is kept from test to test, as it is from request to request: it is kept by its computation.
    """
    folder = tmp_path_factory.mktemp("westharbour")
    extracts = synth.write(folder / "extracts", children=1000, extracts=2, seed=11, until=AS_AT)
    made = create_home(folder / "home", authority="999", authority_name="Westharbour")
    create_keys(made)
    for extract, loaded in zip(extracts, LOADED, strict=True):
        with clock.frozen_at(loaded):
            loading.load(made, sources.read([extract]))
    yield made
    standing.forget()
    figures.forget()


@pytest.fixture
def home(westharbour: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """The loaded home in use, on 12 November 2026: twelve days after the extract, past the age that policy allows."""
    monkeypatch.setenv("LINEOFSIGHT_HOME", str(westharbour.path))
    with clock.frozen_at(NOW):
        yield open_home(westharbour.path)


@dataclass(frozen=True)
class Place:
    """Where the tests look: the team with most children on a plan, its service, and the worker with most of them."""

    team: str
    service: str
    worker: str
    other_team: str


@pytest.fixture
def place(home: Home) -> Place:
    """Chosen from what was loaded, so that no test depends on a name."""
    stand = standing.standing()
    known = standing.teams(stand)
    rows = stand.lake.read(
        stand.computation,
        "rows",
        columns=["team_id", "worker_id"],
        where=(pc.field("measure") == "CP01") & (pc.field("as_at") == stand.as_at),
    )
    teams = _most(rows["team_id"].to_pylist())
    team = teams[0]
    inside = rows.filter(pc.equal(rows["team_id"], team))
    other = next(one for one in teams if known[one].service_id != known[team].service_id)
    return Place(team, known[team].service_id or "", _most(inside["worker_id"].to_pylist())[0], other)


def _most(values: list[Any]) -> list[Any]:
    """The values from the most frequent down, ties by name."""
    held = [value for value in values if value]
    return sorted(set(held), key=lambda one: (-held.count(one), one))


@pytest.fixture
def people(people: dict[str, Person], place: Place) -> dict[str, Person]:
    """The offices' people, each with the reach that this authority gives them."""
    reach = {
        "head-of-service": place.service,
        "team-manager": place.team,
        "social-worker": place.worker,
        "reviewing-officer": place.worker,
    }
    for office, scope in reach.items():
        Holding.objects.filter(office=office).update(scope_ids=[scope])
    return people


@pytest.fixture
def dcs(client_as: Callable[[str], Client]) -> Client:
    """The Director's client."""
    return client_as("dcs")


@pytest.fixture
def manager(client_as: Callable[[str], Client]) -> Client:
    """The team manager's client."""
    return client_as("team-manager")


@pytest.fixture
def director(viewer_as: Callable[[str], Viewer]) -> Viewer:
    """The Director as a viewer."""
    return viewer_as("dcs")


@pytest.fixture
def lake_reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The name of every file of the lake that is read, as it is read."""
    names: list[str] = []
    for way in ("read", "lookup"):
        monkeypatch.setattr(SealedFile, way, _counted(getattr(SealedFile, way), names))
    return names


def _counted(read: Callable[..., Any], names: list[str]) -> Callable[..., Any]:
    def counted(self: SealedFile, *given: Any, **asked: Any) -> Any:
        names.append(self.path.name)
        return read(self, *given, **asked)

    return counted


@pytest.fixture
def persons(home: Home) -> list[dict[str, Any]]:
    """Every row of the persons read model, as only a test may hold them."""
    stand = standing.standing()
    return stand.lake.persons(stand.snapshot).to_pylist()


@pytest.fixture
def wait(people: dict[str, Person]) -> dict[str, Any]:
    """The ledger's row of a child who waits for a social worker, whose team's manager and head of service these are."""
    stand = standing.standing()
    where = (pc.field("measure") == "CP10") & (pc.field("state") == "open")
    rows = stand.lake.read(stand.computation, "exceptions", where=where).to_pylist()
    held = standing.belonging(stand, [row["child_key"] for row in rows])
    row = next(one for one in rows if not held[one["child_key"]]["restricted"])
    Holding.objects.filter(office="head-of-service").update(scope_ids=[row["service_id"]])
    Holding.objects.filter(office="team-manager").update(scope_ids=[row["team_id"]])
    return row


@pytest.fixture
def owed(people: dict[str, Person], place: Place) -> dict[str, Any]:
    """The ledger's row of a visit that is owed to a child of the manager's team."""
    stand = standing.standing()
    where = (pc.field("measure") == "CP08") & (pc.field("state") == "open") & (pc.field("team_id") == place.team)
    rows = stand.lake.read(stand.computation, "exceptions", where=where).to_pylist()
    held = standing.belonging(stand, [row["child_key"] for row in rows])
    return next(one for one in rows if not held[one["child_key"]]["restricted"])
