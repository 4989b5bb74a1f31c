"""A home: the one folder that holds everything that is not code. One home, one authority (DESIGN 5 R)."""

import fcntl
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import tomlkit

from lineofsight import clock
from lineofsight.errors import PlainError

MARKER = "home.toml"


@dataclass(frozen=True)
class Home:
    """Where an authority's database, lake, keys and exports live.

    `authority` is the DfE's three-digit code, used to find comparators; `demo` is fixed at creation. `case_system` is
    the address of a person there, with {id} where the person's number goes; empty where the authority sets none.
    """

    path: Path
    authority: str
    authority_name: str
    demo: bool
    case_system: str = ""

    @property
    def lake(self) -> Path:
        return self.path / "lake"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def exports(self) -> Path:
        return self.path / "exports"

    @property
    def anchors(self) -> Path:
        return self.path / "anchors"

    @property
    def database(self) -> Path:
        return self.path / "lineofsight.sqlite3"


def default_path() -> Path:
    """`$LINEOFSIGHT_HOME`, else the platform's data folder."""
    chosen = os.environ.get("LINEOFSIGHT_HOME")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("lineofsight"))


def create_home(path: Path, *, authority: str, authority_name: str, demo: bool = False) -> Home:
    """Make a new home, readable by its owner only. Raises PlainError where one already stands."""
    if (path / MARKER).exists():
        raise PlainError(f"There is already a Line of Sight home in {path}.")
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    home = Home(path=path, authority=authority, authority_name=authority_name, demo=demo)
    for folder in (home.lake, home.keys, home.exports, home.anchors):
        folder.mkdir(mode=0o700, exist_ok=True)
    marker = tomlkit.document()
    marker["authority"] = authority
    marker["authority_name"] = authority_name
    marker["demo"] = demo
    marker["created_at"] = clock.now().isoformat()
    write_whole(path / MARKER, tomlkit.dumps(marker).encode())
    return home


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read: it is there whole, and on the disk, or as it was before.

    Of two that write it at once, one is second. What one that was killed left beside it, the next one takes over.
    """
    beside = path.with_name(f".{path.name}.unfinished")
    descriptor = _held(beside)
    try:
        os.ftruncate(descriptor, 0)
        with os.fdopen(os.dup(descriptor), "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def _held(path: Path) -> int:
    """A file open for writing that nobody else writes: locked, and still the one of that name."""
    while True:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            if path.stat().st_ino == os.fstat(descriptor).st_ino:
                return descriptor
        except FileNotFoundError:
            pass
        os.close(descriptor)  # whoever had it has put it in place or taken it away


def open_home(path: Path | None = None) -> Home:
    """The home at `path` (default: `default_path()`). Raises PlainError where there is none."""
    where = path or default_path()
    marker = where / MARKER
    if not marker.exists():
        raise PlainError(
            f"There is no Line of Sight home in {where}. Make one with 'lineofsight demo' or 'lineofsight init'."
        )
    try:
        found = tomllib.loads(marker.read_text())
        authority, name, demo = str(found["authority"]), str(found["authority_name"]), bool(found["demo"])
        case_system = str(found.get("case_system", ""))
    except (ValueError, KeyError):
        raise PlainError(f"The file {marker} is damaged: put it back from a backup.") from None
    return Home(path=where, authority=authority, authority_name=name, demo=demo, case_system=case_system)
