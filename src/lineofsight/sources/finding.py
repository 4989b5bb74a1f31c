"""From the paths a person names to the files to read."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO, cast

from lineofsight.errors import PlainError
from lineofsight.sources.content import Content, printable
from lineofsight.sources.facts import FILE, Facts, read_facts
from lineofsight.sources.zips import members, open_zip


@dataclass
class Found:
    """The files under the paths named, and the facts of the `extract.toml` among them."""

    files: list[Content] = field(default_factory=list)
    facts: Facts = field(default_factory=Facts)

    def take(self, content: Content) -> None:
        """Take one file in: `extract.toml` for its facts, others to be read, a README for nothing."""
        last = content.name.rsplit("/", 1)[-1]
        if last == FILE:
            if self.facts.sha256 is not None:
                raise PlainError(f"There is more than one {FILE}: load one extract at a time.")
            self.facts = read_facts(content)
        elif not last.upper().startswith("README"):
            self.files.append(content)


def find_extracts(path: Path) -> list[Path]:
    """The extracts at a path, oldest first.

    A folder of folders named by date (2026-08-31, ...) holds one extract in each; anything else is itself
    one. Raises PlainError where nothing is there.
    """
    if not path.exists():
        raise PlainError(f"There is no file or folder {path}.")
    return _dated(path) or [path]


def find(paths: Sequence[Path], stack: ExitStack) -> Found:
    """The files of one extract. Zips are opened on `stack`, which closes them.

    Raises PlainError where a path is not there, a zip is refused, or a folder holds several extracts.
    """
    found = Found()
    if not paths:
        raise PlainError("Name a folder, a zip or the files to load.")
    for path in paths:
        if not path.exists():
            raise PlainError(f"There is no file or folder {path}.")
        if path.is_dir():
            _take_folder(path, found, stack)
        else:
            _take_file(path, path.name, found, stack)
    return found


def _dated(path: Path) -> list[Path]:
    if not path.is_dir() or (path / FILE).exists():
        return []
    dated = [(day, child) for child in path.iterdir() if child.is_dir() and (day := _day(child.name))]
    return [child for _, child in sorted(dated)]


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name) if len(name) == len("2026-08-31") else None
    except ValueError:
        return None


def _take_folder(path: Path, found: Found, stack: ExitStack) -> None:
    dated = _dated(path)
    if len(dated) > 1:
        names = ", ".join(child.name for child in dated)
        raise PlainError(f"{path.name or path} holds {len(dated)} extracts ({names}): load one at a time.")
    for file in sorted(path.rglob("*")):
        if file.is_file():
            _take_file(file, file.relative_to(path).as_posix(), found, stack)


def _take_file(path: Path, name: str, found: Found, stack: ExitStack) -> None:
    name = printable(name)
    content = Content(name, path.stat().st_size, lambda: cast(BinaryIO, path.open("rb")))
    try:
        what = content.what()
    except OSError as error:
        raise PlainError(f"{name} cannot be opened: {error.strerror or 'it is not readable'}.") from error
    if what != "zip":
        found.take(content)
        return
    for member in members(stack.enter_context(open_zip(path)), name):
        found.take(member)
