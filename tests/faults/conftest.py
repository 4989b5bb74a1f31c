"""For the tests of faults: processes that can be killed, homes that can be broken, and both databases under them."""

from collections.abc import Callable, Iterator

import pytest
from tests.faults.child import Place
from tests.faults.places import Places, Processes, Server
from tests.lake.conftest import empty_lake, lake_home, lake_keys  # noqa: F401  (a home with nothing in it)


@pytest.fixture(scope="session")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Processes:
    return Processes(tmp_path_factory.mktemp("told"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory(prefix="los-pg-") as folder:  # a socket's path must be short
        made = Server(Path(folder))
        yield made
        made.stop()


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory, processes: Processes, server: Server) -> Places:
    return Places(tmp_path_factory.mktemp("places"), processes, server)


@pytest.fixture
def place(places: Places) -> Iterator[Callable[..., Place]]:
    """`place("october", postgresql=True)`: a home of one's own to break; gone after the test."""
    made: list[Place] = []

    def at(point: str, **given: object) -> Place:
        made.append(places.copy(point, **given))  # type: ignore[arg-type]
        return made[-1]

    yield at
    for one in made:
        places.gone(one)
