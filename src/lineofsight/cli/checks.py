"""The command that checks a statutory return: which rules it keeps, which it breaks and where, and what could not run.

It stands alone: a nightly job waits for nothing that it does not use.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from lineofsight.errors import PlainError

if TYPE_CHECKING:
    from lineofsight.checks.cin.reading import Return
    from lineofsight.checks.engine import Result


class CheckFormat(StrEnum):
    """How the answer is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


def add_commands(app: typer.Typer) -> None:
    """Hang this command on `app`."""
    app.command("check")(check)


def check(
    paths: Annotated[list[Path], typer.Argument(help="The return: a file, a folder or a zip.")],
    year: Annotated[
        str | None, typer.Option("--year", help="Its year, as 2025-26 (default: what it says).", show_default=False)
    ] = None,
    previous: Annotated[
        list[Path] | None,
        typer.Option("--previous", help="The return of the year before, where rules compare.", show_default=False),
    ] = None,
    format: Annotated[
        CheckFormat | None, typer.Option("--format", help="table, json, csv or xlsx.", show_default=False)
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write to this file.", show_default=False)
    ] = None,
) -> None:
    """Check a statutory return against the Department for Education's rules: the children in need census.

    Ends with 1 where a rule failed or could not run. CSV and workbook hold a row for each thing found; the table, the
    rules. What could not run is told with its reason, and never counts as passed.

    Example: lineofsight check cin-2026.xml --year 2025-26 --format json -o issues.json
    """
    from lineofsight.checks import engine
    from lineofsight.checks.cin import reading
    from lineofsight.checks.years import year_of

    form = _form(format, output)
    if output and any(output.resolve() == one.resolve() for one in (*paths, *(previous or ()))):
        raise PlainError(f"{output} is what is to be checked: write the answer to another file.")
    named = year_of(year) if year else None
    with _progress() as tell:
        read = reading.read(paths, tell)
        if previous:
            reading.read(previous, tell)
            read.notes.append("No rule of this return compares with the year before: --previous was not needed.")
        result = engine.check(read.layout, read.rows, named or read.year())
    if read.layout.nearest(result.year) != result.year.label:
        held = read.layout.nearest(result.year)
        read.notes.append(f"No rules are held for {result.year.label}: those of {held} were used.")
    _write(result, read, form, output)
    for note in (*read.notes, *_said(result, form, output)):
        print(note, file=sys.stderr)
    if any(one.outcome in (engine.FAILED, engine.COULD_NOT_RUN) for one in result.outcomes):
        raise typer.Exit(1)


def _form(format: CheckFormat | None, output: Path | None) -> CheckFormat:
    by_name = {f".{one}": one for one in (CheckFormat.JSON, CheckFormat.CSV, CheckFormat.XLSX)}
    form = format or (by_name.get(output.suffix.lower()) if output else None) or CheckFormat.TABLE
    if form is CheckFormat.XLSX and not output:
        raise PlainError("A workbook is written to a file: add -o issues.xlsx.")
    return form


def _write(result: "Result", read: "Return", form: CheckFormat, output: Path | None) -> None:
    if form is CheckFormat.XLSX and output:
        from lineofsight.checks.workbook import workbook

        _replace(output, workbook(result, read.files))
        return
    if output is None:
        _write_text(result, read, form, sys.stdout)
        return
    import io

    text = io.StringIO(newline="")
    _write_text(result, read, form, text)
    # A spreadsheet reads names right where a CSV file begins with a byte-order mark.
    _replace(output, text.getvalue().encode("utf-8-sig" if form is CheckFormat.CSV else "utf-8"))


def _write_text(result: "Result", read: "Return", form: CheckFormat, out: TextIO) -> None:
    from lineofsight.checks import report

    if form is CheckFormat.JSON:
        report.write_json(result, out, read.files, read.notes)
    elif form is CheckFormat.CSV:
        report.write_csv(result, out, read.files)
    else:
        from rich.console import Console
        from rich.table import Table

        table = Table(*report.RULE_COLUMNS)
        for row in report.rule_rows(result, passed=False):
            table.add_row(*[f"{cell:,}" if isinstance(cell, int) else cell for cell in row.values()])
        console = Console(file=out)
        console.width = max(console.width, 100)
        if table.row_count:
            console.print(table)
        print(report.in_words(result), file=out)


def _said(result: "Result", form: CheckFormat, output: Path | None) -> list[str]:
    """What the answer itself does not say: the outcomes where it is a list of issues, and where it was written."""
    from lineofsight.checks import report
    from lineofsight.checks.engine import COULD_NOT_RUN

    said = []
    if form in (CheckFormat.CSV, CheckFormat.XLSX) or output:
        said.append(report.in_words(result))
        said += [f"{one.rule.code}: {one.reason}" for one in result.outcomes if one.outcome == COULD_NOT_RUN]
    if result.unreadable:
        many = len(result.unreadable)
        said.append(f"{many:,} {'cell is' if many == 1 else 'cells are'} not the date that should stand there.")
    return [*said, f"The answer is in {output}."] if output else said


def _replace(output: Path, data: bytes) -> None:
    """Write a file whole or not at all: whoever reads it meanwhile reads what was there before."""
    try:
        handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(name).replace(output)
    except OSError as error:
        raise PlainError(f"{output} cannot be written: {(error.strerror or 'no reason given').lower()}.") from None


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on stderr where that is a terminal; otherwise nothing, and nothing loaded for it."""
    if not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from lineofsight.cli.console import progress

    with progress() as tell:
        yield tell
