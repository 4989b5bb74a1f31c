"""What a plan's table holds once it is read: its actions, and whatever was not understood, each with its place."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Rag = Literal["red", "amber", "green"]


@dataclass(frozen=True)
class Place:
    """Where something stands: `table` is "table 1" or a sheet's name, "" where a file is one table.

    `row` counts from 1: in the table, on the sheet, or the line of a text file.
    """

    file: str
    table: str
    row: int


@dataclass(frozen=True)
class Owner:
    """One who answers for an action: a person, or a team or body, with the post where it is written."""

    name: str
    post: str = ""


@dataclass(frozen=True)
class PlanRow:
    """One action as the table has it. Its texts are in the markup of `cell_text`.

    `rag_written` is the word in the cell, "" where a colour says it; `rag` is None where neither could be read.
    """

    action: str
    responsible: str
    owners: tuple[Owner, ...]
    deadline: str
    progress: str
    rag: Rag | None
    rag_written: str
    place: Place


@dataclass(frozen=True)
class NotUnderstood:
    """Something in the file that did not become part of an action, with what stands there and why."""

    place: Place
    column: str
    value: str
    why: str


@dataclass(frozen=True)
class PlanTable:
    """The actions of a file in its order.

    `headings` are the five columns as it writes them, "" for one it has not; `progress_as_at` is the day the heading
    of the progress names.
    """

    rows: tuple[PlanRow, ...]
    not_understood: tuple[NotUnderstood, ...]
    headings: tuple[str, str, str, str, str]
    progress_as_at: date | None
