"""Commands about the tables an extract may hold: a template of a side table for whoever fills it."""

from pathlib import Path
from typing import Annotated

import typer

from lineofsight.cli.console import note
from lineofsight.errors import PlainError
from lineofsight.schema import side


def add_commands(app: typer.Typer) -> None:
    """Hang these commands on `app`."""
    app.command("template")(template)


def template(
    table: Annotated[str, typer.Argument(help="A side table's name, such as side_supervision.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write it: a .csv or an .xlsx file.")],
) -> None:
    """Write an empty file of a side table to fill in: its headings and, in a workbook, what each column is.

    Example: lineofsight template side_supervision -o supervision.xlsx
    """
    form = next((form for form in side.FORMS if output.suffix.lower() == f".{form}"), None)
    if form is None:
        raise PlainError(f"The name of a template ends with .csv or .xlsx; '{output.name}' does not.")
    content = side.template(table, form)
    if output.exists():
        raise PlainError(f"There is already a file {output}; choose another name.")
    try:
        output.write_bytes(content)
    except OSError as error:
        raise PlainError(f"{output} could not be written: {error.strerror}.") from None
    note(f"Written: {output}")
