"""The command given hostile files: one plain sentence, code 2 and the home as it was, or a load that is whole."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path

import pytest
from tests.faults.child import Deed, Place
from tests.faults.places import Processes
from tests.hostile import places, text_files, workbooks, xml_files, zip_files
from tests.hostile.case import PERSON, Hostile, plain, written
from tests.times import drawn

from lineofsight import loading
from lineofsight.errors import PlainError
from lineofsight.home import open_home
from lineofsight.keys import open_keys
from lineofsight.lake import Lake
from lineofsight.schema import tables
from lineofsight.sources import read

ENDLESS = (*xml_files.endless(100_000_000), *text_files.endless(100_000_000))
ALL = [
    file
    for file in [*xml_files.FILES, *zip_files.FILES, *text_files.FILES, *workbooks.FILES, *places.FILES, *ENDLESS]
    if not file.as_nobody  # somebody with fewer rights has no home to load into
]
# One of each family each time, started as a person starts it; of the rest so many drawn in the long run, each forked
# from a process that has everything imported. LINEOFSIGHT_TIMES=3 tries every one.
OFTEN = {
    "xml: entity from a file",
    "zip: traversal",
    "table: NUL far down",
    "table: control characters",
    "table: SQL for an id",
    "workbook: sheet bomb",
    "place: pipe",
}
# Of these nothing is left that can be told of a person and a day: where there was something before, they wait.
ASKED_FIRST = {
    "table: a header and nothing else",
    "workbook: a number past all numbers",
    "workbook: a day past all days",
    "workbook: a formula never worked out",
    "workbook: an error nobody knows",
}
DRAWN = {file.name for file in drawn(ALL, 90, lambda file: file.name)}
MOST_SECONDS = 300  # of the clock, on a machine that does much else; what reading costs is held in test_files
ELSEWHERE = b"127.0.0.1:9/"


def chosen(*, refused: bool) -> list[object]:
    return [
        pytest.param(file, id=file.name, marks=[] if file.name in OFTEN else [pytest.mark.full])
        for file in ALL
        if (file.refused is not None) == refused and file.name in OFTEN | ASKED_FIRST | DRAWN
    ]


Ended = tuple[int, str, str]


def load(path: Path, home: Path, file: Hostile, processes: Processes | None = None) -> Ended:
    """Run the command on a file, by a fork of `processes` where they are given: its code, and what it said."""
    as_at = ["--as-at", file.as_at.isoformat()] if file.as_at else []
    words = ["load", str(path), "--authority", "330", *as_at]
    with file.during(path) if file.during else nullcontext():
        if processes:
            done = processes.run(Place(home), Deed(command=tuple(words), at=None))
            return done.answers[0] if done.answers else done.code, done.out, done.err
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LINEOFSIGHT_")}
        command = [sys.executable, "-m", "lineofsight.cli", *words, "--home", str(home)]
        ended = subprocess.run(
            command, env=kept, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=MOST_SECONDS
        )
        return ended.returncode, ended.stdout, ended.stderr


def tree(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file and folder under a folder, with its size and when it was last changed."""
    found = {path.relative_to(folder).as_posix(): path.stat() for path in sorted(folder.rglob("*"))}
    return {name: (stat.st_size, stat.st_mtime_ns) for name, stat in found.items()}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an honest snapshot in it."""
    folder = tmp_path_factory.mktemp("loaded")
    columns = [column.name for column in tables()["ssd_person"].columns]
    row = ",".join(str(PERSON.get(name, "")) for name in columns)
    honest = Hostile("honest", "", written("people.csv", f"{','.join(columns)}\n{row}\n"))
    code, _, told = load(honest.make(folder), folder / "home", honest)
    assert code == 0, told
    return folder / "home"


def test_every_file_named_to_be_tried_often_is_there() -> None:
    assert {file.name for file in ALL} >= OFTEN | ASKED_FIRST


@pytest.mark.parametrize("file", chosen(refused=True))
def test_a_refused_file_leaves_a_sentence_code_2_and_every_home_as_it_was(
    file: Hostile, tmp_path: Path, loaded: Path, processes: Processes, counted: Callable[..., None]
) -> None:
    (tmp_path / "files").mkdir()
    path = file.make(tmp_path / "files")
    before = tree(loaded)
    code, out, told = load(path, loaded, file, None if file.name in OFTEN else processes)
    counted("hostile files tried through the command")
    assert (code, out) == (2, ""), told
    assert told.count("\n") == 1
    plain(told.removesuffix("\n"))
    assert tree(loaded) == before
    for made in (tmp_path / "files").iterdir():
        if made.is_file() and made.stat().st_blocks > 100_000:  # fifty megabytes
            made.unlink()


def test_a_refused_file_makes_no_home(tmp_path: Path) -> None:
    file = next(file for file in ALL if file.name == "zip: traversal")
    assert load(file.make(tmp_path), tmp_path / "home", file)[0] == 2
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("file", chosen(refused=False))
def test_a_file_that_is_read_is_loaded_whole_and_what_is_wrong_told(
    file: Hostile, tmp_path: Path, loaded: Path, processes: Processes, counted: Callable[..., None]
) -> None:
    shutil.copytree(loaded, tmp_path / "home")
    (tmp_path / "files").mkdir()
    path, by_fork = file.make(tmp_path / "files"), None if file.name in OFTEN else processes
    code, out, said = load(path, tmp_path / "home", file, by_fork)
    counted("hostile files tried through the command")
    wrong = read([path], as_at=file.as_at).issues  # what is told, and the columns these small tables have not got
    assert len(wrong) >= len(file.told)
    assert code == (1 if wrong else 0), said
    assert "Traceback" not in said
    home = open_home(tmp_path / "home")
    lake, name = Lake(home, open_keys(home)), out.strip()
    assert [one.id for one in lake.waiting()] == ([name] if file.name in ASKED_FIRST else [])
    if file.name in ASKED_FIRST:
        assert "needs a yes" in said
        loading.accept(home, name, by="a test")
    made = next(snapshot for snapshot in lake.snapshots() if snapshot.id == name)
    assert lake.computation(made) is not None


@pytest.mark.parametrize(
    "file",
    [file for file in xml_files.FILES if "network" in file.what or "elsewhere" in file.what],
    ids=lambda file: file.name,
)
def test_no_file_makes_the_reader_ask_the_network(file: Hostile, tmp_path: Path) -> None:
    path = file.make(tmp_path)
    assert ELSEWHERE in path.read_bytes()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        path.write_bytes(path.read_bytes().replace(ELSEWHERE, b"127.0.0.1:%d/" % server.getsockname()[1]))
        with suppress(PlainError):
            read([path], as_at=file.as_at)
        with pytest.raises(TimeoutError):
            server.accept()
