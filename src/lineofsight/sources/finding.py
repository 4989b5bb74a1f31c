"""From the paths a person names to the files to read."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO

from lineofsight.errors import PlainError
from lineofsight.sources.content import Content, printable
from lineofsight.sources.disk import MOST_BYTES, MOST_FILES, files_under, kind_of, listed, on_disk, plain_stream
from lineofsight.sources.facts import FILE, Facts, read_facts
from lineofsight.sources.zips import members, open_zip


@dataclass
class Found:
    """The files under the paths named, and the facts of the `extract.toml` among them."""

    files: list[Content] = field(default_factory=list)
    facts: Facts = field(default_factory=Facts)
    bytes: int = 0

    def take(self, content: Content) -> None:
        """Take one file in: `extract.toml` for its facts, others to be read, a README for nothing."""
        self.bytes += content.size
        if self.bytes > MOST_BYTES:
            raise PlainError(f"The files together are more than {MOST_BYTES // 1024**3} GiB, which no extract is.")
        last = content.name.rsplit("/", 1)[-1]
        if last == FILE:
            if self.facts.sha256 is not None:
                raise PlainError(f"There is more than one {FILE}: load one extract at a time.")
            self.facts = read_facts(content)
        elif not last.upper().startswith("README"):
            self.files.append(content)
        if len(self.files) > MOST_FILES:
            raise PlainError(f"There are more than {MOST_FILES} files: no extract has so many.")


def find_extracts(path: Path) -> list[Path]:
    """The extracts at a path, oldest first.

    A folder of folders named by date (2026-08-31, ...) holds one extract in each; anything else is itself
    one. Raises PlainError where nothing is there.
    """
    return _dated(path) or [path]


def find(paths: Sequence[Path | Content], stack: ExitStack) -> Found:
    """The files of one extract, on the disk or given as they are. Zips are opened on `stack`, which closes them.

    Raises PlainError where a path is not there, a zip is refused, or a folder holds several extracts.
    """
    found = Found()
    if not paths:
        raise PlainError("Name a folder, a zip or the files to load.")
    for path in paths:
        if isinstance(path, Content):
            _take_given(path, found, stack)
        elif kind_of(path) == "folder":
            _take_folder(path, found, stack)
        else:
            _take_file(path, path.name, found, stack)
    return found


def _dated(path: Path) -> list[Path]:
    if kind_of(path) != "folder":
        return []
    entries = listed(path)
    if any(entry.name == FILE for entry in entries):
        return []
    dated = [(day, entry) for entry in entries if (day := _day(entry.name)) and entry.is_dir(follow_symlinks=False)]
    return [Path(entry.path) for _, entry in sorted(dated, key=lambda pair: pair[0])]


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name) if len(name) == len("2026-08-31") else None
    except ValueError:
        return None


def _take_folder(path: Path, found: Found, stack: ExitStack) -> None:
    dated = _dated(path)
    if len(dated) > 1:
        names = ", ".join(child.name for child in dated[:6]) + (" and more" if len(dated) > 6 else "")
        told = printable(path.name or str(path))
        raise PlainError(f"{told} holds {len(dated):,} extracts ({names}): load one at a time.")
    for file, name in files_under(path):
        _take_file(file, name, found, stack)


def _take_file(path: Path, name: str, found: Found, stack: ExitStack) -> None:
    name = printable(name)
    content = on_disk(path, name)
    if content.what() != "zip":
        found.take(content)
        return
    _take_zip(stack.enter_context(plain_stream(path, name)), name, found, stack)


def _take_given(content: Content, found: Found, stack: ExitStack) -> None:
    """A file that does not lie on the disk as it is; a zip among them must be one that can be sought in."""
    if content.what() != "zip":
        found.take(content)
        return
    _take_zip(stack.enter_context(content.start()), content.name, found, stack)


def _take_zip(stream: BinaryIO, name: str, found: Found, stack: ExitStack) -> None:
    for member in members(stack.enter_context(open_zip(stream, name)), name):
        found.take(member)
