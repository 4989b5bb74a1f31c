"""Commands that show children: rows, exceptions and the ten. Each writes to the audit chain before it prints."""

import getpass
from typing import Annotated, Any

import typer

from lineofsight.cases import answers
from lineofsight.cases.ten import answers as ten_answers
from lineofsight.cli.console import DateOption, Format, FormatOption, HomeOption, day, home_at, note, show
from lineofsight.errors import PlainError
from lineofsight.home import Home
from lineofsight.keys import open_keys
from lineofsight.lake import Lake, Snapshot

AsOption = Annotated[str | None, typer.Option("--as", help="Who looks (default: this account).", show_default=False)]
PurposeOption = Annotated[str, typer.Option("--purpose", help="Why; required outside a demonstration home.")]


def add_commands(app: typer.Typer) -> None:
    """Hang these commands on `app`."""
    app.command("rows")(rows)
    app.command("exceptions")(exceptions)
    app.command("ten")(ten)


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
    found, kept_back = not_withheld(where, answers.rows(Lake(where, open_keys(where)), measure, as_at=day(as_at)))
    log_read(where, person, purpose, action="console.rows", subject=f"measure {measure}", format=format, rows=found)
    show(found, format, answers.ROW_COLUMNS)
    say_withheld(kept_back)


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
    found, kept_back = not_withheld(where, answers.exceptions(Lake(where, open_keys(where))))
    log_read(where, person, purpose, action="console.exceptions", subject="exceptions", format=format, rows=found)
    show(found, format, answers.EXCEPTION_COLUMNS)
    say_withheld(kept_back)


def ten(
    month: Annotated[str | None, typer.Option("--month", help="Such as 2026-10 (default: the newest).")] = None,
    person: AsOption = None,
    purpose: PurposeOption = "",
    format: FormatOption = Format.TABLE,
    home: HomeOption = None,
) -> None:
    """The ten: children to talk about this month, each with the reasons. Not a prediction, and no score.

    Example: lineofsight ten --month 2026-10 --purpose "monthly meeting" --format json
    """
    where = home_at(home)
    lake = Lake(where, open_keys(where))
    snapshot, computation = ten_answers.standing_of(lake, month)
    hidden = withheld_of(where, snapshot)
    every = ten_answers.ten_of(lake, snapshot, computation, hidden)
    found = [row for row in every if row["child_key"] not in hidden]
    subject = f"the ten {snapshot.as_at:%Y-%m}"
    log_read(where, person, purpose, action="console.ten", subject=subject, format=format, rows=found)
    show(found, format, ten_answers.COLUMNS)
    say_withheld(len(every) - len(found))


def withheld_of(home: Home, snapshot: Snapshot) -> frozenset[str]:
    """The keys of the restricted records of one extract, which need not be the newest."""
    from lineofsight.web.site.console import withheld_from_console, withheld_from_load

    return withheld_from_console(home) | withheld_from_load(home, snapshot)


def not_withheld(home: Home, rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """The rows without those of restricted records, and how many those are: nobody is named at a command line."""
    from lineofsight.web.site.console import withheld_from_console  # Django starts only where its rows decide

    hidden = withheld_from_console(home)
    kept = [row for row in rows if row.get("child_key") not in hidden]
    return kept, len(rows) - len(kept)


def say_withheld(count: int) -> None:
    """Say on stderr how many rows are of records that only named people may open."""
    if count:
        note(f"{count} more {'is a record' if count == 1 else 'are records'} that only named people may open.")


def log_read(
    home: Home,
    person: str | None,
    purpose: str,
    *,
    action: str,
    subject: str,
    format: str,
    rows: list[dict[str, Any]],
) -> None:
    """Write the read to the chain, or show nothing (DESIGN 5 E). Raises PlainError without a purpose."""
    if not purpose and not home.demo:
        raise PlainError("Say why you are looking: add --purpose with a few words. It is kept on the record.")
    from lineofsight.web.site.console import (
        record_console_read,  # Django starts only where the chain is written
    )

    keys = sorted({row["child_key"] for row in rows if row.get("child_key")})
    record_console_read(
        home,
        account=person or getpass.getuser(),
        purpose=purpose,
        action=action,
        subject=subject,
        child_keys=keys,
        format=str(format),
        rows=len(rows),
    )
