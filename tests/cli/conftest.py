"""For the command line: the real command in a process of its own, on a small synthetic extract."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lineofsight import synth

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two monthly extracts of about three hundred people."""
    folder = tmp_path_factory.mktemp("extracts") / "northmere"
    synth.write(folder, children=300, extracts=2, seed=11, like="306")
    return folder


@pytest.fixture(scope="session")
def run() -> Run:
    """Run `lineofsight` with arguments; nothing of this process's environment but its path."""

    def command(*arguments: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LINEOFSIGHT_")}
        return subprocess.run(
            [sys.executable, "-m", "lineofsight.cli", *map(str, arguments)],
            env=kept | environment,
            capture_output=True,
            text=True,
            timeout=300,
        )

    return command


@pytest.fixture(scope="session")
def loaded(extracts: Path, run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that the first load made, with both extracts in it."""
    home = tmp_path_factory.mktemp("homes") / "loaded"
    done = run("load", extracts, "--home", home)
    assert done.returncode in (0, 1), done.stderr
    return home
