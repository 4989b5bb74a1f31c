"""What every command shares: the home it works on, progress on stderr, and plain output."""

import csv
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from lineofsight.errors import PlainError
from lineofsight.formulas import neutral
from lineofsight.home import Home, open_home

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home", help="The home to work on (default: $LINEOFSIGHT_HOME, else this account's own).", show_default=False
    ),
]
DateOption = Annotated[
    str | None, typer.Option("--as-at", help="The day it was true, as 2026-10-31.", show_default=False)
]

Row = Mapping[str, Any]
_LONGEST_WORD = 60  # a longer one, such as a path, is folded


class Format(StrEnum):
    """How a command writes its answer."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


FormatOption = Annotated[Format, typer.Option("--format", help="table, json or csv.")]


def note(sentence: str) -> None:
    """A remark for the person, on stderr, so that stdout stays the answer."""
    print(sentence, file=sys.stderr)


def home_at(path: Path | None) -> Home:
    """The home the command works on, said where nobody named it. Raises PlainError where there is none."""
    home = open_home(path)
    if path is None and "LINEOFSIGHT_HOME" not in os.environ:
        note(f"The home is {home.path}.")
    return home


def day(text: str | None) -> date | None:
    """A date typed by a person. Raises PlainError when it is none."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PlainError(f"'{text}' is not a date: write it as 2026-10-31.") from None


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A function (step, done, total) that draws a bar on stderr; silent when stderr is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        yield tell


def show(rows: Sequence[Row], format: Format, columns: Sequence[str] | None = None) -> None:
    """Write rows to stdout as a table, as JSON, or as CSV with formulas made harmless."""
    names = list(columns or (rows[0].keys() if rows else ()))
    if format is Format.JSON:
        show_json([dict(row) for row in rows])
    elif format is Format.CSV:
        writer = csv.writer(sys.stdout)
        writer.writerow(names)
        writer.writerows([neutral(_cell(row.get(name))) for name in names] for row in rows)
    else:
        table = Table()
        for name in names:
            table.add_column(name.replace("_", " "), overflow="fold")
        for row in rows:
            table.add_row(*[plain(row.get(name)) for name in names])
        _print_whole(Console(), table if rows else "Nothing to show.")


def tabled(title: str, rows: Sequence[Row]) -> None:
    """A table for the person on stderr, beside the answer on stdout; nothing where there are no rows."""
    if not rows:
        return
    table = Table(title=title, title_justify="left")
    for name in rows[0]:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*[f"{cell:,}" if isinstance(cell, int) else plain(cell) for cell in row.values()])
    _print_whole(Console(stderr=True), table)


def _print_whole(console: Console, table: Table | str) -> None:
    """Print a table as wide as its longest words need, where the terminal is narrower: an id is never cut short."""
    if isinstance(table, Table):
        texts = [[str(cell) for cell in (column.header, *column.cells)] for column in table.columns]
        most = [max(map(len, cells)) for cells in texts]
        words = [max((len(word) for cell in cells for word in cell.split()), default=0) for cells in texts]
        least = [min(longest, _LONGEST_WORD) for longest in words]
        lines = 3 * len(texts) + 1  # a space on either side of each column, and a line between them
        if sum(most) + lines > console.width:
            spare, short = max(console.width - sum(least) - lines, 0), sum(most) - sum(least)
            for column, low, high in zip(table.columns, least, most, strict=True):
                column.width = low + spare * (high - low) // max(short, 1)
            console.width = max(console.width, sum(least) + lines)
    console.print(table)


def show_json(value: object) -> None:
    """Write one JSON value to stdout and nothing else."""
    print(json.dumps(value, default=plain, ensure_ascii=False, indent=1))


def _cell(value: object) -> object:
    return value if isinstance(value, int | float) else plain(value)


def plain(value: object) -> str:
    """A value as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ", ".join(plain(item) for item in value)
    return str(value)
