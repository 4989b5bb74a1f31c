"""One hostile file: how it is made, and what must become of it."""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tests.hostile.reading_apart import Outcome

from lineofsight.schema.lacking import OTHERS_LACKING

AS_AT = date(2026, 8, 31)
# A child's name, id and birth date in the hostile files: what no sentence may repeat.
NAME, ID, BORN = "Quillfeather", "CANARY7731", "2015-03-17"
PEOPLE_HEADER = "pers_person_id,pers_forename,pers_dob"
PEOPLE = f"{PEOPLE_HEADER}\n{ID},{NAME},{BORN}\n"
PLANS_HEADER = (
    "cppl_cp_plan_id,cppl_person_id,cppl_cp_plan_start_date,cppl_cp_plan_end_date,cppl_cp_plan_latest_category"
)
PERSON = {"pers_person_id": ID, "pers_forename": NAME, "pers_dob": BORN}

SECONDS = 2.0
GIGABYTE_SECONDS = 20.0
MEGABYTES = 256.0

Make = Callable[[Path], Path]


@dataclass(frozen=True)
class Hostile:
    """`make` writes it into a folder and returns what to read.

    It must be refused with a sentence that `refused` matches, or, where that is None, be read: then each of
    `told` (a part of the reason, the row, the column) is among the issues, and `rows` are the rows of each table
    or `first` its first row's cells. `seconds` of processor is what it may cost; `during` is what happens meanwhile.
    """

    name: str
    what: str
    make: Make
    refused: str | None = None
    told: tuple[tuple[str, int | None, str | None], ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    first: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = SECONDS
    as_at: date | None = AS_AT
    as_nobody: bool = False
    during: Callable[[Path], AbstractContextManager[None]] | None = None

    def judge(self, outcome: Outcome) -> None:
        """Hold what became of it to what must. Raises AssertionError where it is otherwise."""
        assert outcome.crash is None, outcome.crash
        if self.refused is not None:
            self._judge_sentence(outcome)
        else:
            self._judge_tables(outcome)
        assert outcome.megabytes <= MEGABYTES, f"{outcome.megabytes:.0f} MB more"
        # Of its processor: a machine that is busy makes it wait, not work. One that waits for ever is ended.
        assert outcome.processor_seconds <= self.seconds, f"{outcome.processor_seconds:.1f} s of processor"

    def _judge_sentence(self, outcome: Outcome) -> None:
        sentence = outcome.sentence
        assert sentence is not None, f"it was read: {list(outcome.tables)} {outcome.issues[:3]}"
        assert self.refused is not None
        assert re.search(self.refused, sentence), sentence
        plain(sentence)

    def _judge_tables(self, outcome: Outcome) -> None:
        assert outcome.sentence is None, outcome.sentence
        found = [
            (issue["why"], issue["row"], issue["column"])
            for issue in outcome.issues
            if not issue["why"].startswith(OTHERS_LACKING)  # these tables are small on purpose
        ]
        for why, row, column in self.told:
            assert any(why in told and (row, column) == (at, of) for told, at, of in found), found[:10]
        assert self.told or not found, found[:10]
        for table, count in self.rows.items():
            assert outcome.tables[table][0] == count
        cells = {
            name: value for _, first in outcome.tables.values() for name, value in (first[0] if first else {}).items()
        }
        for name, value in self.first.items():
            assert cells[name] == value


def plain(sentence: str) -> None:
    """Hold a sentence to what a refusal is: one, whole, fit for a terminal, short, and nothing of a child in it."""
    assert sentence.endswith(".")
    assert sentence.isprintable()
    assert len(sentence) < 400
    for value in (NAME, ID, BORN):
        assert value not in sentence
    for word in ("Traceback", "Error", "Exception", "0x"):
        assert word not in sentence


def written(name: str, data: str | bytes | Iterable[bytes]) -> Make:
    """Writes one file of that name; pieces are written as they come, so that it may be larger than memory."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pieces = [data.encode()] if isinstance(data, str) else [data] if isinstance(data, bytes) else data
        with path.open("wb") as file:
            file.writelines(pieces)
        return path

    return make


def extract_with(name: str, data: str | bytes | Iterable[bytes]) -> Make:
    """Writes a folder with an honest extract and that file in it."""

    def make(folder: Path) -> Path:
        written("extract/people.csv", PEOPLE)(folder)
        written(f"extract/{name}", data)(folder)
        return folder / "extract"

    return make


class Repeated:
    """The same bytes many times, written a megabyte at a time. It may be gone through more than once."""

    def __init__(self, before: bytes, piece: bytes, total: int, after: bytes = b"") -> None:
        self._before, self._after, self._total = before, after, total
        self._block = piece * max(1, 1024**2 // len(piece))

    def __iter__(self):
        yield self._before
        for _ in range(max(1, self._total // len(self._block))):
            yield self._block
        yield self._after
