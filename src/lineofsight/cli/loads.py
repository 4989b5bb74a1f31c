"""Commands about loads: load an extract, list what was loaded, say yes or no to one that waits, take one back."""

import getpass
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.compute as pc
import typer

from lineofsight import loading, sources
from lineofsight.cli import loads_told
from lineofsight.cli.children import AsOption, PurposeOption, log_read
from lineofsight.cli.console import (
    DateOption,
    Format,
    FormatOption,
    HomeOption,
    day,
    home_at,
    note,
    progress,
    show,
)
from lineofsight.cli.extracts import readings
from lineofsight.errors import PlainError
from lineofsight.home import MARKER, Home, default_path
from lineofsight.keys import make_home, open_keys
from lineofsight.lake import Lake, Snapshot, whose
from lineofsight.loading import issue_book, telling

Book = Callable[..., bytes]
ForceOption = Annotated[bool, typer.Option("--force", help="Write over a file that is there.")]
_BOOKS: dict[str, Book] = {".xlsx": issue_book.issues_xlsx, ".csv": issue_book.issues_csv}


def add_commands(app: typer.Typer) -> None:
    """Hang these commands on `app`."""
    app.command("load")(load)
    app.command("loads")(loads)
    app.command("accept")(accept)
    app.command("refuse")(refuse)
    app.command("withdraw")(withdraw)


def load(
    paths: Annotated[list[Path] | None, typer.Argument(help="A folder, a zip, or files of one extract.")] = None,
    database: Annotated[bool, typer.Option("--database", help="From the database the home is fed from.")] = False,
    as_at: DateOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Publish although rows fell beyond policy.")] = False,
    issues: Annotated[
        Path | None, typer.Option("--issues", help="Write the issues to this .xlsx or .csv file.", show_default=False)
    ] = None,
    force: ForceOption = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Every file and table, not only what to look at.")] = False,
    format: FormatOption = Format.TABLE,
    authority: Annotated[str | None, typer.Option(help="The DfE code, where a new home is made.")] = None,
    home: HomeOption = None,
) -> None:
    """Load an extract: recognise the files, read, compare with the last, publish one snapshot, compute every measure.

    A folder that holds several dated extracts is loaded one after the other, oldest first. Where a table has so many
    fewer rows than the load before that policy asks, the load waits for a yes: --yes, or 'lineofsight accept ID'.

    Example: lineofsight load ./extracts/2026-10-31 --issues issues.xlsx
    """
    book = _book(issues, force)
    done: list[loading.Loaded] = []
    with progress() as tell:
        named = readings(paths or [], database, home, day(as_at), tell)
        for read in named:
            extract = read()
            where = _home_for(home, extract, authority)
            done.append(loading.load(where, extract, accepted_by=_me() if yes else "", progress=tell))
            if done[-1].waiting:
                break  # what follows would be compared with the wrong one
    last = _asked(where, done[-1]) if format is Format.TABLE else done[-1]
    left = len(named) - len(done)
    done[-1] = last
    _record(where)
    if issues and book:
        issues.write_bytes(book(Lake(where, open_keys(where)).issues(loads_told.held(where, last.snapshot.id))))
        note(f"The issues are in {issues}.")
    loads_told.say(where, done, format, verbose=verbose)
    if left:
        note(f"Not loaded: the {left} after it. Load them when this one is decided.")
    if left or any(one.issues or one.waiting for one in done):
        raise typer.Exit(1)


def loads(
    issues: Annotated[
        str | None, typer.Option("--issues", metavar="ID", help="The issues of this load.", show_default=False)
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write them to this .xlsx or .csv.", show_default=False)
    ] = None,
    force: ForceOption = False,
    person: AsOption = None,
    purpose: PurposeOption = "",
    format: FormatOption = Format.TABLE,
    home: HomeOption = None,
) -> None:
    """What was loaded and when, what waits for a yes, what was withdrawn; or the issues of one load.

    Example: lineofsight loads --issues 2026-10-31-0a1b2c3d -o issues.xlsx --purpose "put right in the case system"
    """
    where = home_at(home)
    lake = Lake(where, open_keys(where))
    if issues is None:
        every = [loads_told.listed(lake, one) for one in [*lake.snapshots(withdrawn=True), *lake.waiting()]]
        show([loads_told.in_short(one) for one in every] if format is Format.TABLE else every, format)
        return
    book = _book(output, force)
    snapshot = loads_told.held(where, issues)
    found, kept_back = _readable(where, lake.issues(snapshot), snapshot)
    about = [{"child_key": key} for key in found.filter(pc.invert(kept_back))["child_key"].to_pylist()]
    log_read(where, person, purpose, action="console.issues", subject=f"load {issues}", format=format, rows=about)
    if output and book:
        output.write_bytes(book(found))
        note(f"The issues are in {output}.")
    else:
        show([dict(zip(issue_book.COLUMNS, row, strict=True)) for row in issue_book.rows_of(found)], format)
    if hidden := pc.sum(kept_back).as_py():
        note(f"{hidden:,} {'value is' if hidden == 1 else 'values are'} not shown: only named people may see them.")


def accept(load: Annotated[str, typer.Argument(help="The load's id.")], home: HomeOption = None) -> None:
    """Say yes to a load that waits because rows fell: it is published and computed.

    Example: lineofsight accept 2026-10-31-0a1b2c3d
    """
    where = home_at(home)
    with progress() as tell:
        done = loading.accept(where, load, by=_me(), progress=tell)
    _record(where)
    print(done.snapshot.id)


def refuse(load: Annotated[str, typer.Argument(help="The load's id.")], home: HomeOption = None) -> None:
    """Say no to a load that waits: nothing of it is kept.

    Example: lineofsight refuse 2026-10-31-0a1b2c3d
    """
    gone = loading.refuse(home_at(home), load)
    note(f"The load {gone.id} is removed. What was published before stands.")


def withdraw(
    load: Annotated[str, typer.Argument(help="The load's id.")],
    why: Annotated[str, typer.Option("--why", help="Why it is taken back; kept on the record.")],
    home: HomeOption = None,
) -> None:
    """Take a load back: it is kept and marked, nothing stands on it, and what carried it on is computed anew.

    Example: lineofsight withdraw 2026-10-31-0a1b2c3d --why "the visits of two teams were missing"
    """
    where = home_at(home)
    lake = Lake(where, open_keys(where))
    fed = loading.fed_by(lake, lake.snapshot(load))
    with progress() as tell:
        again = loading.withdraw(where, load, by=_me(), why=why, progress=tell)
    _record(where)
    note(loads_told.withdrawn(load, len(again)))
    for name, tables in fed.tables.items():
        note(f"The load {name} holds tables copied from it: {', '.join(tables)}. Load those again, or withdraw it too.")


def _readable(home: Home, found: pa.Table, snapshot: Snapshot) -> tuple[pa.Table, pa.BooleanArray]:
    """The issues, with what a page shows in place of a value that is not for everybody; and which of them those are."""
    from lineofsight.web.site.console import withheld_from_load  # Django starts only where its rows decide

    why = whose.hidden(found, withheld_from_load(home, snapshot))
    kept_back = pc.not_equal(why, "")
    place = found.schema.get_field_index("value")
    return found.set_column(place, "value", pc.if_else(kept_back, why, found["value"])), kept_back


def _book(path: Path | None, force: bool) -> Book | None:
    """What writes the issues to `path`. Raises PlainError where that is no .xlsx or .csv, or stands already."""
    if path is None:
        return None
    if path.suffix.lower() not in _BOOKS:
        raise PlainError(f"The issues are written as .xlsx or .csv, not as {path.name}.")
    if path.exists() and not force:
        raise PlainError(f"There is already a file {path}; choose another name, or add --force to write over it.")
    return _BOOKS[path.suffix.lower()]


def _me() -> str:
    return f"console:{getpass.getuser()}"


def _record(home: Home) -> None:
    from lineofsight.web.site.console import record_loads  # Django starts only where the chain is written

    if not record_loads(home, account=getpass.getuser()):
        note("The load is done. The log could not be written just now: the background worker writes it.")


def _asked(home: Home, last: loading.Loaded) -> loading.Loaded:
    """Ask the person at a terminal about a load that waits."""
    if not (last.waiting and sys.stdin.isatty() and sys.stderr.isatty()):
        return last
    note(telling.falls_sentence(last.falls))
    if not typer.confirm("Are these numbers right? Publish them?", err=True):
        return last
    done = loading.accept(home, last.snapshot.id, by=_me())
    return replace(last, snapshot=done.snapshot, computation=done.computation, waiting=False)


def _home_for(path: Path | None, extract: sources.Extract, authority: str | None) -> Home:
    """The home to load into; the first load makes it, for the authority that the extract names."""
    where = path or default_path()
    known = (where / MARKER).exists()
    code = home_at(where).authority if known else authority or extract.authority
    if code is None:
        raise PlainError("The extract does not name its authority: add --authority with the DfE's three-digit code.")
    made = make_home(where, authority=code, authority_name=extract.authority_name or f"Authority {code}")
    if not known:
        note(f"Made a new home in {where}.")
    return made
