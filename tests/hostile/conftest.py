"""For hostile files: processes that read them, and what each cost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults.conftest import processes  # noqa: F401  (each forked from one that has everything imported)
from tests.hostile.reading_apart import Readers


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the readers run, and where they would leave what they leave."""
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="session")
def readers(scratch: Path) -> Iterator[Readers]:
    """Reads files in processes of their own."""
    made = Readers(scratch)
    yield made
    made.close()
