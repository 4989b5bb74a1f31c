"""Commands that show children: rows and exceptions. Each writes to the audit chain before it prints."""

import getpass
from typing import Annotated, Any

import typer

from lineofsight.cases import answers
from lineofsight.cli.console import DateOption, Format, FormatOption, HomeOption, day, home_at, show
from lineofsight.errors import PlainError
from lineofsight.home import Home
from lineofsight.keys import open_keys
from lineofsight.lake import Lake

AsOption = Annotated[str | None, typer.Option("--as", help="Who looks (default: this account).", show_default=False)]
PurposeOption = Annotated[str, typer.Option("--purpose", help="Why; required outside a demonstration home.")]


def add_commands(app: typer.Typer) -> None:
    """Hang these commands on `app`."""
    app.command("rows")(rows)
    app.command("exceptions")(exceptions)


def rows(
    measure: Annotated[str, typer.Argument(help="A measure's id, such as CP10.")],
    as_at: DateOption = None,
    person: AsOption = None,
    purpose: PurposeOption = "",
    format: FormatOption = Format.TABLE,
    home: HomeOption = None,
) -> None:
    """The rows behind one number: a child, a worker or an event each.

    Example: lineofsight rows CP10 --purpose "weekly check" --format json
    """
    where = home_at(home)
    found = answers.rows(Lake(where, open_keys(where)), measure, as_at=day(as_at))
    log_read(where, person, purpose, action=f"read rows of {measure}", rows=found)
    show(found, format, answers.ROW_COLUMNS)


def exceptions(
    person: AsOption = None,
    purpose: PurposeOption = "",
    format: FormatOption = Format.TABLE,
    home: HomeOption = None,
) -> None:
    """What is owed and not done, child by child, with its owner and since when.

    Example: lineofsight exceptions --purpose "Monday list" --format csv
    """
    where = home_at(home)
    found = answers.exceptions(Lake(where, open_keys(where)))
    log_read(where, person, purpose, action="read exceptions", rows=found)
    show(found, format, answers.EXCEPTION_COLUMNS)


def log_read(home: Home, person: str | None, purpose: str, *, action: str, rows: list[dict[str, Any]]) -> None:
    """Write the read to the chain, or show nothing (DESIGN 5 E). Raises PlainError without a purpose."""
    if not purpose and not home.demo:
        raise PlainError("Say why you are looking: add --purpose with a few words. It is kept on the record.")
    from lineofsight.web.site.console import (
        record_console_read,  # Django starts only where the chain is written
    )

    keys = sorted({row["child_key"] for row in rows if row.get("child_key")})
    record_console_read(home, account=person or getpass.getuser(), purpose=purpose, action=action, child_keys=keys)
