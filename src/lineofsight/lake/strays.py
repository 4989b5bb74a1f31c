"""Files of a home outside its lake, database and keys: which of them hold a child, and which cannot be looked into.

Exports are made to be taken away, and logs and settings hold no child; this is how it is made sure of. A file is
looked into as text, and as a zip (which a workbook or a document is) by its parts.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from lineofsight.home import Home

LARGEST = 200_000_000  # bytes of a file that is looked into
_DEEPEST = 3  # zips within zips
_PACK = re.compile(rb"lineofsight-pack [0-9a-f]{8}-")  # a pack holds no child, and says what it is
_TEXT = frozenset({".csv", ".json", ".txt", ".log", ".html", ".htm", ".xml", ".ics", ".toml", ".md", ".tsv"})
_NOT_STRAY = ("lake", "keys", "anchors")


@dataclass(frozen=True)
class Words:
    """What a file that holds the child would say: any one of `ids`, or every one of `names` (forename and surname)."""

    ids: frozenset[str]
    names: frozenset[str] = frozenset()

    def are_in(self, content: bytes) -> bool:
        """Whether some text says them, in the letters of UTF-8 or UTF-16."""
        text = content.decode("utf-16", "ignore") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else None
        read = (text if text is not None else content.decode("utf-8", "ignore")).casefold()
        if any(_stands_in(one.casefold(), read) for one in self.ids):
            return True
        return len(self.names) > 1 and all(_stands_in(name.casefold(), read) for name in self.names)


@dataclass(frozen=True)
class Strays:
    """The files that hold the child, and those that nothing can be read in; exports apart from the rest of the home."""

    holding: tuple[Path, ...] = ()
    exports_not_read: tuple[Path, ...] = ()
    elsewhere: tuple[Path, ...] = ()
    not_read: tuple[Path, ...] = ()

    @property
    def to_delete(self) -> tuple[Path, ...]:
        """Exports go where they hold the child, or where nobody can tell: they can be made again."""
        return (*self.holding, *self.exports_not_read)


def look(home: Home, words: Words) -> Strays:
    """Look into every file of the home that is neither its lake, its keys, its anchors nor its database."""
    found: dict[tuple[bool, bool | None], list[Path]] = {}
    for path in _files(home):
        exported = home.exports in path.parents
        found.setdefault((exported, _holds(path, words)), []).append(path)
    return Strays(
        holding=tuple(found.get((True, True), ())),
        exports_not_read=tuple(found.get((True, None), ())),
        elsewhere=tuple(found.get((False, True), ())),
        not_read=tuple(found.get((False, None), ())),
    )


def _files(home: Home) -> Iterator[Path]:
    apart = {home.path / name for name in _NOT_STRAY}
    for path in sorted(home.path.rglob("*")):
        if path.is_symlink() or not path.is_file() or apart & set(path.parents):
            continue
        if not path.name.startswith(home.database.name):
            yield path


def _holds(path: Path, words: Words) -> bool | None:
    """Whether a file holds the child; None where it cannot be told."""
    try:
        if path.stat().st_size > LARGEST:
            return None
        return _said_in(path.read_bytes(), path.suffix.lower(), words, _DEEPEST)
    except OSError:
        return None


def _said_in(content: bytes, ending: str, words: Words, deeper: int) -> bool | None:
    if content[:2] == b"PK":
        return _said_in_zip(content, words, deeper)
    if words.are_in(content):
        return True
    if _PACK.search(content) or ending in _TEXT or not content:
        return False
    return None if b"\x00" in content[:4096] or content[:5] == b"%PDF-" else False


def _said_in_zip(content: bytes, words: Words, deeper: int) -> bool | None:
    if not deeper:
        return None
    told: list[bool | None] = []
    together = b""  # a workbook has the forename in one part and the surname in another
    try:
        with zipfile.ZipFile(BytesIO(content)) as opened:
            if sum(one.file_size for one in opened.infolist()) > LARGEST:
                return None
            for one in opened.infolist():
                part = opened.read(one)
                told.append(_said_in(part, Path(one.filename).suffix.lower(), words, deeper - 1))
                together += part if Path(one.filename).suffix.lower() in _TEXT else b""
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError):
        return None
    if True in told or words.are_in(together):
        return True
    return None if None in told else False


def _stands_in(word: str, text: str) -> bool:
    """Whether a word stands in a text by itself, and not as a part of a longer one."""
    if word not in text:
        return False
    return re.search(rf"(?<![0-9a-z]){re.escape(word)}(?![0-9a-z])", text) is not None
