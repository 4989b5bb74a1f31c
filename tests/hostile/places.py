"""Hostile places: what stands where a file should, and what happens to files while they are read."""

import os
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.hostile.case import PEOPLE, PEOPLE_HEADER, PERSON, Hostile, extract_with, written

NO_FILE = r"is not a file: it is a pipe, a device or the like"
LINK = r"is a link to something else"


def pipe(folder: Path) -> Path:
    """A pipe nobody writes to: opened the ordinary way, it would wait for ever."""
    os.mkfifo(folder / "people.csv")
    return folder / "people.csv"


def beside(name: str, make) -> Path:
    """An honest extract with something made beside its table."""

    def made(folder: Path) -> Path:
        extract = extract_with("extract.toml", "as_at = 2026-08-31")(folder)
        make(extract / name)
        return extract

    return made


def zero(folder: Path) -> Path:
    """A link to a device that never ends, under the name of a table."""
    (folder / "people.csv").symlink_to("/dev/zero")
    return folder / "people.csv"


def listening(folder: Path) -> Path:
    """A socket under the name of a table."""
    place = os.open(folder, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as open_socket:
        open_socket.bind(f"/proc/self/fd/{place}/people.csv")
    os.close(place)
    return folder / "people.csv"


def locked(folder: Path) -> Path:
    """A table that nobody may read, in a folder where everybody may look."""
    for place in [folder, *folder.parents][:4]:
        if place.stat().st_uid == os.getuid():
            place.chmod(stat.S_IMODE(place.stat().st_mode) | 0o055)
    path = written("people.csv", PEOPLE)(folder)
    path.chmod(0)
    return path


def locked_folder(folder: Path) -> Path:
    """An extract with a folder in it that nobody may look into."""
    extract = locked(folder).parent / "extract"
    extract_with("inner/plans.csv", "")(folder)
    (extract / "inner").chmod(0)
    extract.chmod(0o755)
    return extract


def deep(folder: Path) -> Path:
    """Folders a hundred deep."""
    extract = extract_with("extract.toml", "")(folder)
    here = os.open(extract, os.O_RDONLY)
    for _ in range(100):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    return extract


def crowded(folder: Path) -> Path:
    """A folder of ten thousand empty files."""
    for number in range(10_000):
        (folder / f"{number}.csv").touch()
    return folder


@contextmanager
def growing(path: Path) -> Iterator[None]:
    """Rows are added to the file without end while it is read."""
    over = threading.Event()

    def grow() -> None:
        with path.open("ab", buffering=0) as file:
            while not over.is_set():
                file.write(b"c9,Ada,\n" * 100)

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


MANY = PEOPLE_HEADER + "\n" + "".join(f"c{n},Ada,2015-01-02\n" for n in range(200_000))
FILES = [
    Hostile("place: pipe", "a pipe named people.csv", pipe, refused=NO_FILE),
    Hostile(
        "place: pipe in a folder", "a pipe beside an honest table", beside("plans.csv", os.mkfifo), refused=NO_FILE
    ),
    Hostile("place: /dev/zero", "a link to a device that never ends", zero, refused=NO_FILE),
    Hostile("place: socket", "a socket named people.csv", listening, refused=NO_FILE),
    Hostile(
        "place: link in a folder",
        "a link to /etc/passwd beside an honest table",
        beside("plans.csv", lambda at: at.symlink_to("/etc/passwd")),
        refused=LINK,
    ),
    Hostile(
        "place: loop of folders",
        "a folder that links to itself",
        beside("again", lambda at: at.symlink_to(at.parent)),
        refused=LINK,
    ),
    Hostile(
        "place: link to itself",
        "a link that leads nowhere but to itself",
        lambda folder: (folder / "people.csv").symlink_to(folder / "people.csv") or folder / "people.csv",
        refused=r"cannot be opened|no file or folder",
    ),
    Hostile(
        "place: nothing there",
        "a name where nothing is",
        lambda folder: folder / "no.csv",
        refused=r"There is no file or folder",
    ),
    Hostile(
        "place: a name too long",
        "a name of five thousand letters",
        lambda folder: folder / ("x" * 5000),
        refused=r"x…x+ cannot be opened",
    ),
    Hostile(
        "place: a name that is no text",
        "a name of bytes that are no letters",
        lambda folder: written("people.csv", "")(folder).rename(folder / os.fsdecode(b"p\xff\xfe\n.csv")),
        refused=r"p\?\?\?\.csv is empty",
    ),
    Hostile(
        "place: unreadable",
        "a table that may not be read",
        locked,
        refused=r"people\.csv cannot be opened: permission denied",
        as_nobody=True,
    ),
    Hostile(
        "place: unreadable folder",
        "a folder in the extract that may not be looked into",
        locked_folder,
        refused=r"inner cannot be opened: permission denied",
        as_nobody=True,
    ),
    Hostile(
        "place: unreadable by the system",
        "a file that cannot be read though it opens",
        lambda folder: Path("/proc/self/mem"),
        refused=r"mem cannot be read: input/output error",
    ),
    Hostile(
        "place: folders a hundred deep", "a folder in a folder in a folder", deep, refused=r"more than 8 folders deep"
    ),
    Hostile("place: ten thousand files", "far more files than an extract has", crowded, refused=r"more than 200 files"),
    Hostile(
        "place: a file that grows",
        "rows are added while it is read",
        written("people.csv", MANY),
        refused=r"changed while it was read",
        during=growing,
    ),
    Hostile(
        "place: a spoiled export beside an honest one",
        "an empty table in the folder",
        extract_with("plans.csv", ""),
        refused=r"plans\.csv is empty",
    ),
    Hostile(
        "place: strangers beside an honest table",
        "files nobody knows are told and not read",
        extract_with("notes.txt", "minutes"),
        told=(("not a file this version knows; not read", None, None),),
        first=PERSON,
    ),
]
