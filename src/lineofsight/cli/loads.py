"""Commands about loads: load an extract, list what was loaded, say yes or no to one that waits, take one back."""

import getpass
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
import pyarrow.compute as pc
import typer

from lineofsight import loading, sources
from lineofsight.cli.children import AsOption, PurposeOption, log_read, not_withheld, say_withheld
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
    show_json,
    tabled,
)
from lineofsight.cli.extracts import readings
from lineofsight.errors import PlainError
from lineofsight.home import MARKER, Home, default_path
from lineofsight.keys import make_home, open_keys
from lineofsight.lake import Lake, Snapshot
from lineofsight.loading import issue_book, telling
from lineofsight.measures import definitions

Book = Callable[..., bytes]
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
    format: FormatOption = Format.TABLE,
    authority: Annotated[str | None, typer.Option(help="The DfE code, where a new home is made.")] = None,
    home: HomeOption = None,
) -> None:
    """Load an extract: recognise the files, read, compare with the last, publish one snapshot, compute every measure.

    A folder that holds several dated extracts is loaded one after the other, oldest first. Where a table has so many
    fewer rows than the load before that policy asks, the load waits for a yes: --yes, or 'lineofsight accept ID'.

    Example: lineofsight load ./extracts/2026-10-31 --issues issues.xlsx
    """
    book = _book(issues)
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
        issues.write_bytes(book(Lake(where, open_keys(where)).issues(_held(where, last))))
        note(f"The issues are in {issues}.")
    _say(where, done, format)
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
        show([_listed(lake, one) for one in [*lake.snapshots(withdrawn=True), *lake.waiting()]], format)
        return
    book = _book(output)
    found = lake.issues(_one(lake, issues))
    about, kept_back = not_withheld(where, found.select(["number", "child_key"]).to_pylist())
    shown = found.filter(pc.is_in(found["number"], pa.array([row["number"] for row in about], pa.int64())))
    log_read(where, person, purpose, action="console.issues", subject=f"load {issues}", format=format, rows=about)
    if output and book:
        output.write_bytes(book(shown))
        note(f"The issues are in {output}.")
    else:
        show([dict(zip(issue_book.COLUMNS, row, strict=True)) for row in issue_book.rows_of(shown)], format)
    say_withheld(kept_back)


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
    note(f"The load {load} is withdrawn. Computed anew without it: {len(again)}.")
    for name, tables in fed.tables.items():
        note(f"The load {name} holds tables copied from it: {', '.join(tables)}. Load those again, or withdraw it too.")


def _book(path: Path | None) -> Book | None:
    if path is not None and path.suffix.lower() not in _BOOKS:
        raise PlainError(f"The issues are written as .xlsx or .csv, not as {path.name}.")
    return _BOOKS[path.suffix.lower()] if path else None


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


def _held(home: Home, loaded: loading.Loaded) -> Snapshot:
    return _one(Lake(home, open_keys(home)), loaded.snapshot.id)


def _one(lake: Lake, load: str) -> Snapshot:
    waits = [one for one in lake.waiting() if one.id == load]
    return waits[0] if waits else lake.snapshot(load)


def _say(home: Home, done: list[loading.Loaded], format: Format) -> None:
    if format is Format.JSON:
        show_json({**_described(home, done[-1]), "earlier": [one.snapshot.id for one in done[:-1]]})
        return
    _tell_tables(done[-1])
    for one in done:
        print(one.snapshot.id)
        note(_sentence(home, one))


def _tell_tables(loaded: loading.Loaded) -> None:
    """On stderr: the files and why; each table's rows from the file to the chronology, beside the load before.

    `held` are the rows the snapshot has, `dated` those of them that stand in some child's chronology.
    """
    files = loaded.snapshot.account.files
    tabled("Files", [{"file": _place(one.file, one.sheet), "rows": one.rows, "why": one.why} for one in files])
    before = {one.table: one for one in loaded.changes}
    rows = []
    for step in telling.steps(loaded.snapshot):
        change = before.get(step.table)
        rows.append(
            {
                "table": step.title,
                "read": step.read,
                "not kept": ", ".join(f"{count:,} {reason}" for reason, count in step.passed_over) or "0",
                "held": step.held,
                "dated": step.dated,
                "before": change.before if change else None,
                "note": _about(step, change),
            }
        )
    tabled("Rows", rows)


def _about(step: telling.Step, change: loading.TableChange | None) -> str:
    if step.carried_as_at:
        return f"copied forward, as at {step.carried_as_at:%-d %B %Y}"
    if change is None:
        return ""
    told = [f"{change.percent:g}% fewer"] if change.lost and change.percent else []
    told += [change.dated_words()] if change.lost_dated else []
    return ", ".join(told) + (": needs a yes" if change.beyond else "")


def _sentence(home: Home, loaded: loading.Loaded) -> str:
    snapshot = loaded.snapshot
    said = [telling.account_sentence(telling.steps(snapshot))]
    said.append(telling.issues_sentence(Lake(home, open_keys(home)).issues(_held(home, loaded))))
    if loaded.waiting:
        said.append(telling.falls_sentence(loaded.falls))
        said.append(f"It waits: 'lineofsight accept {snapshot.id}' publishes it, 'refuse' removes it.")
    else:
        said.append(f"As at {snapshot.as_at:%-d %B %Y}; {len(definitions.load())} measures computed.")
    if not loaded.new:
        said.append("These files were loaded before; this is the same snapshot.")
    return " ".join(said)


def _described(home: Home, loaded: loading.Loaded) -> dict[str, Any]:
    snapshot = loaded.snapshot
    found = Lake(home, open_keys(home)).issues(_held(home, loaded))
    return {
        "snapshot": snapshot.id,
        "as_at": snapshot.as_at,
        "new": loaded.new,
        "waiting": loaded.waiting,
        "computation": loaded.computation.id if loaded.computation else None,
        "tables": [{"table": name, "rows": entry.rows, "file": entry.file} for name, entry in snapshot.tables.items()],
        "files": [asdict(one) for one in snapshot.account.files],
        "steps": [
            {**asdict(one), "passed_over": dict(one.passed_over), "adds_up": one.adds_up}
            for one in telling.steps(snapshot)
        ],
        "changes": [{**asdict(one), "percent": one.percent} for one in loaded.changes],
        "issues": found.drop_columns(["number", "child_key"]).to_pylist(),
    }


def _listed(lake: Lake, snapshot: Snapshot) -> dict[str, Any]:
    mark = lake.withdrawn(snapshot)
    waits = snapshot.directory.parent.name == "waiting"
    state = f"withdrawn: {mark.why}" if mark else "waits for a yes" if waits else "stands"
    found = lake.issues(snapshot)
    return {
        "load": snapshot.id,
        "as_at": snapshot.as_at,
        "loaded_at": snapshot.loaded_at,
        "tables": len(snapshot.tables),
        "rows": sum(entry.rows for entry in snapshot.tables.values()),
        "issues": found.num_rows,
        "new_issues": sum(found["new"].to_pylist()),
        "state": state,
    }


def _place(file: str, sheet: str | None) -> str:
    return f"{file}, sheet {sheet}" if sheet else file
