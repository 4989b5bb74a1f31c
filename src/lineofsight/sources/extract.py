"""What reading gives: one extract, its tables, and what was wrong with it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import pyarrow as pa

from lineofsight.schema import Issue

Progress = Callable[[str, int, int], None]
"""Called as `progress(step, done, total)`: a few plain words, and how far."""


@dataclass(frozen=True)
class SourceTable:
    """One table as read.

    `table` is typed with all columns of its schema, those the file lacks being null; `columns_present` are
    those it has. `rows_read` counts the rows of the file, kept or not, blank lines apart. `sentinels` counts,
    by column, placeholder dates (1900-01-01 and its kind) that became null. `sha256` is the file's hash.
    `sheet` is the workbook's sheet, `recognised` one sentence why it was taken for this table, `passed_over` the
    rows not kept by reason: `rows_read` is the rows of `table` and those together. `rows` says on which row of the file
    each row of `table` stands, None where that cannot be said of a row as a whole.
    """

    name: str
    table: pa.Table
    columns_present: tuple[str, ...]
    file: str
    sha256: str
    rows_read: int
    sentinels: Mapping[str, int] = field(default_factory=dict)
    sheet: str | None = None
    recognised: str = ""
    passed_over: Mapping[str, int] = field(default_factory=dict)
    rows: pa.Array | None = None


@dataclass(frozen=True)
class NotRead:
    """A file or sheet of the extract that gave no table: what it was taken for, its rows (0 where not counted), why."""

    file: str
    sheet: str | None
    table: str | None
    rows: int
    why: str


@dataclass(frozen=True)
class Extract:
    """One extract as at a date. A table that is not in the extract is not in `tables`: absent is not empty.

    `authority` is the DfE's three-digit code; `population` the children aged 0 to 17; `synthetic` is true
    only where the extract itself says so; `sha256` is made of the hashes of all its files. `not_read` are the files
    that gave no table.
    """

    as_at: date
    authority: str | None
    authority_name: str | None
    population: int | None
    synthetic: bool
    kind: Literal["ssd", "cin_census"]
    tables: Mapping[str, SourceTable]
    issues: tuple[Issue, ...]
    sha256: str
    not_read: tuple[NotRead, ...] = ()


def digest_of(files: Sequence[tuple[str, str]]) -> str:
    """One hash for many files, whatever their order. Takes (what the file holds, its sha256) pairs."""
    lines = sorted(f"{what}\t{sha256}\n" for what, sha256 in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
