"""What a home says of its nightly load: `nightly.toml`, written by the command or by hand."""

import re
import tomllib
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any, Literal

import tomlkit

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.home import Home, write_whole

FILE = "nightly.toml"
From = Literal["folder", "database"]
_KEYS = {"at", "from", "folder", "since"}
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True)
class Nightly:
    """At what hour in Europe/London, and from where. `since` is when it was set: no earlier hour is made up."""

    at: time
    origin: From
    folder: Path | None = None
    since: datetime | None = None

    @property
    def where(self) -> str:
        """Where it loads from, for a sentence."""
        return f"the folder {self.folder}" if self.folder else "the database"


def settings_of(home: Home) -> Nightly | None:
    """The home's nightly load, None where it has none. Raises PlainError where the file is not right."""
    path = home.path / FILE
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PlainError(f"{path} cannot be opened: {(error.strerror or 'no reason given').lower()}.") from error
    except ValueError as error:
        raise PlainError(f"{path} is not a TOML file that can be read.") from error
    strange = sorted(set(told) - _KEYS)
    if strange:
        raise PlainError(f"{path} has parts that mean nothing here: {', '.join(strange)}.")
    return Nightly(
        at=hour_of(told.get("at"), f"{path}: at"),
        origin=_origin(told, path),
        folder=_folder(told, path),
        since=_since(told, path),
    )


def hour_of(written: Any, what: str) -> time:
    """An hour such as 02:30. Raises PlainError, naming `what`, where it is none."""
    if not isinstance(written, str) or not _TIME.fullmatch(written):
        raise PlainError(f'{what} must be an hour of the day, as "02:30".')
    return time.fromisoformat(written)


def keep(home: Home, at: time, folder: Path | None) -> Nightly:
    """Set the nightly load: from `folder`, or from the database where none is given. It begins with the next such hour.

    Raises PlainError where the folder is not there.
    """
    if folder is not None:
        folder = folder.absolute()
        if not folder.is_dir():
            raise PlainError(f"There is no folder {folder}.")
    made = Nightly(at, "folder" if folder else "database", folder, clock.now().replace(microsecond=0))
    document = tomlkit.document()
    document["at"] = f"{at:%H:%M}"
    document["from"] = made.origin
    if folder:
        document["folder"] = str(folder)
    document["since"] = made.since
    write_whole(home.path / FILE, tomlkit.dumps(document).encode())
    return made


def forget(home: Home) -> None:
    """Load nothing at night any more."""
    (home.path / FILE).unlink(missing_ok=True)


def _origin(told: dict[str, Any], path: Path) -> From:
    origin = told.get("from")
    if origin == "folder" and "folder" in told:
        return "folder"
    if origin == "database" and "folder" not in told:
        return "database"
    raise PlainError(f'{path}: from must be "folder", with folder naming it, or "database".')


def _folder(told: dict[str, Any], path: Path) -> Path | None:
    written = told.get("folder")
    if written is None:
        return None
    if not isinstance(written, str) or not Path(written).is_absolute():
        raise PlainError(f"{path}: folder must be the path of a folder in full.")
    return Path(written)


def _since(told: dict[str, Any], path: Path) -> datetime | None:
    since = told.get("since")
    if since is not None and (not isinstance(since, datetime) or since.tzinfo is None):
        raise PlainError(f"{path}: since must be a moment, as 2026-10-31T09:00:00Z.")
    return since
