"""The nightly load at the command line: show how it stands, set it, do it now."""

import getpass
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from lineofsight import nightly
from lineofsight.cli.console import Format, FormatOption, HomeOption, home_at, note, show, show_json
from lineofsight.errors import PlainError
from lineofsight.home import Home


def add_commands(app: typer.Typer) -> None:
    """Hang this command on `app`."""
    app.command("nightly")(load_every_night)


def load_every_night(
    show_it: Annotated[bool, typer.Option("--show", help="How it stands; what is done where nothing else is.")] = False,
    at: Annotated[
        str | None, typer.Option("--set", metavar="HH:MM", help="Load each night at this hour.", show_default=False)
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="From the newest extract in this folder.", show_default=False)
    ] = None,
    database: Annotated[bool, typer.Option("--database", help="From the database the home is fed from.")] = False,
    off: Annotated[bool, typer.Option("--off", help="Load nothing at night any more.")] = False,
    now: Annotated[bool, typer.Option("--now", help="Load what is there now, whatever the hour.")] = False,
    format: FormatOption = Format.TABLE,
    home: HomeOption = None,
) -> None:
    """Load by itself every night, in the background worker, from a folder or a database.

    Ends with 1 where the last night needs somebody to look.

    Example: lineofsight nightly --set 02:30 --folder /srv/extracts
    """
    if sum((at is not None, off, now)) > 1 or (at is None and (folder or database)):
        raise PlainError("Say one thing: --show, --set HH:MM with --folder PATH or --database, --off, or --now.")
    where = home_at(home)
    if at is not None:
        _set(where, at, folder, database)
    elif off:
        nightly.forget(where)
    elif now:
        done = nightly.load_now(where, time.sleep)
        _record(where)
        note(done.says)
        if done.how not in ("loaded", "nothing new"):
            raise typer.Exit(1)
        return
    _show(where, format)


def _set(home: Home, at: str, folder: Path | None, database: bool) -> None:
    if (folder is None) == (not database):
        raise PlainError("Say where to load from: --folder PATH, or --database.")
    nightly.keep(home, nightly.hour_of(at, "The hour after --set"), folder)


def _show(home: Home, format: Format) -> None:
    last = nightly.last_night(home)
    if format is Format.TABLE:
        if last.at is not None:
            print(f"Every night at {last.at:%H:%M} from {last.where}.")
        print(last.says)
    elif format is Format.JSON:
        show_json(asdict(last))
    else:
        show([asdict(last)], format)
    if not last.well:
        raise typer.Exit(1)


def _record(home: Home) -> None:
    from lineofsight.web.site.console import record_loads  # Django starts only where the chain is written

    if not record_loads(home, account=getpass.getuser()):
        note("The load is done. The log could not be written just now: the background worker writes it.")
