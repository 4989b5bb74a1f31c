"""Commands about the home's keys: changing the master key."""

from __future__ import annotations

import getpass
import os

import typer

from lineofsight.cli.console import HomeOption, home_at, note, progress
from lineofsight.keys import ENVIRONMENT, NEXT_ENVIRONMENT

keeping = typer.Typer(help="The home's keys.", no_args_is_help=True)


def add_commands(app: typer.Typer) -> None:
    """Hang these commands on `app`."""
    app.add_typer(keeping, name="keys")


@keeping.callback()
def _keys() -> None:
    """The home's keys."""


@keeping.command("rotate")
def rotate(home: HomeOption = None) -> None:
    """Put a new master key in the place of the one in force. Stop the web and the worker first, start them after.

    Every data key is wrapped again; no data is written again, and the key behind children's codes stays. Cut short, it
    goes on when it is run again. Keep the old key with the backups that were made under it.

    Example: lineofsight keys rotate --home /srv/lineofsight
    """
    where = home_at(home)
    from lineofsight.lake.changing import change_master_key
    from lineofsight.web.site.console import record_keys

    record_keys(where, getpass.getuser(), action="keys.changing")
    with progress() as tell:
        count = change_master_key(where, tell)
    record_keys(where, getpass.getuser(), action="keys.changed", snapshots=count)
    note(f"The master key is changed. Keys of snapshots that were wrapped again: {count}.")
    if ENVIRONMENT in os.environ:
        note(f"Put the key of {NEXT_ENVIRONMENT} into {ENVIRONMENT} now, and take {NEXT_ENVIRONMENT} away.")
    note("Start the web and the worker again, and make a backup: older ones need the old key.")
