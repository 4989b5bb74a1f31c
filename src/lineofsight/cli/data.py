"""Commands over data as a whole: synth, load, measures. None of them shows a child."""

import getpass
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from lineofsight import loading, sources, synth
from lineofsight.cases import answers
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
)
from lineofsight.errors import PlainError
from lineofsight.home import MARKER, Home, default_path
from lineofsight.keys import make_home, open_keys
from lineofsight.lake import Lake
from lineofsight.measures import definitions


def add_commands(app: typer.Typer) -> None:
    """Hang these commands on `app`."""
    app.command("synth")(synthesise)
    app.command("load")(load)
    app.command("measures")(measures)


def synthesise(
    directory: Annotated[Path, typer.Argument(help="Where to write the extracts.")],
    children: Annotated[
        int | None, typer.Option(help="About how many people; default 5000, or the authority's own size.")
    ] = None,
    months: Annotated[int, typer.Option(min=6, max=72, help="Months of history in each extract.")] = 30,
    extracts: Annotated[int, typer.Option(min=1, max=24, help="How many monthly extracts.")] = 3,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 1,
    like: Annotated[str | None, typer.Option(help="A DfE authority code whose published rates to match.")] = None,
    until: Annotated[str | None, typer.Option(help="The last extract's date; default the end of last month.")] = None,
    formats: Annotated[str, typer.Option(help="Formats to write: ssd.")] = "ssd",
) -> None:
    """Write a synthetic authority as real extracts, one a month.

    Example: lineofsight synth ./extracts --children 2000 --seed 7 --like 306
    """
    unknown = sorted({name.strip() for name in formats.split(",")} - {"ssd"})
    if unknown:
        raise PlainError(f"synth does not write {', '.join(unknown)} yet; it writes ssd.")
    with progress() as tell:
        folders = synth.write(
            directory,
            children=children,
            months=months,
            extracts=extracts,
            seed=seed,
            like=like,
            until=day(until),
            progress=tell,
        )
    for folder in folders:
        print(folder)


def load(
    paths: Annotated[list[Path], typer.Argument(help="A folder, a zip, or files of one extract.")],
    as_at: DateOption = None,
    format: FormatOption = Format.TABLE,
    authority: Annotated[str | None, typer.Option(help="The DfE code, where a new home is made.")] = None,
    home: HomeOption = None,
) -> None:
    """Load an extract: recognise the files, read, publish one snapshot, compute every measure.

    A folder that holds several dated extracts is loaded one after the other, oldest first.

    Example: lineofsight load ./extracts/2026-10-31
    """
    found = [extract for path in paths for extract in sources.find_extracts(path)]
    dated = len(paths) == 1 and len(found) > 1
    loaded = []
    with progress() as tell:
        for batch in [[path] for path in found] if dated else [found]:
            extract = sources.read(batch, as_at=day(as_at), progress=tell)
            where = _home_for(home, extract, authority)
            loaded.append(loading.load(where, extract, progress=tell))
    if loaded:
        from lineofsight.web.site.console import record_loads  # Django starts only where the chain is written

        if not record_loads(where, account=getpass.getuser()):
            note("The load is done. The log could not be written just now: the background worker writes it.")
    if format is Format.JSON:
        show_json({**_described(loaded[-1]), "earlier": [one.snapshot.id for one in loaded[:-1]]})
    else:
        for one in loaded:
            print(one.snapshot.id)
            note(_sentence(one))
    if any(one.issues for one in loaded):
        raise typer.Exit(1)


def measures(
    as_at: DateOption = None,
    measure: Annotated[list[str] | None, typer.Option("--measure", help="Only this measure; may be repeated.")] = None,
    by: Annotated[str, typer.Option("--by", help="team, service, age, ethnicity or sex.")] = "authority",
    format: FormatOption = Format.TABLE,
    home: HomeOption = None,
) -> None:
    """Values of every measure, with what changed and what to compare with.

    Example: lineofsight measures --measure CP10 --format json
    """
    where = home_at(home)
    lake = Lake(where, open_keys(where))
    rows = answers.measure_values(lake, authority=where.authority, as_at=day(as_at), only=measure or None, by=by)
    if format is Format.JSON:
        show_json(rows)
    else:
        columns = [
            "measure",
            "title",
            "as_at",
            "numerator",
            "denominator",
            "value",
            "unit",
            "signal",
            "england",
            "status",
        ]
        show(
            [*rows],
            format,
            columns if by == "authority" else ["measure", "title", "as_at", "group", *columns[3:7]],
        )


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


def _sentence(loaded: loading.Loaded) -> str:
    rows = sum(entry.rows for entry in loaded.snapshot.tables.values())
    known = "" if loaded.new else " These files were loaded before; this is the same snapshot."
    issues = f" {len(loaded.issues):,} cells or rows need a look: --format json lists them." if loaded.issues else ""
    return (
        f"{rows:,} rows in {len(loaded.snapshot.tables)} tables as at {loaded.snapshot.as_at:%-d %B %Y}; "
        f"{len(definitions.load())} measures computed.{known}{issues}"
    )


def _described(loaded: loading.Loaded) -> dict[str, Any]:
    snapshot = loaded.snapshot
    return {
        "snapshot": snapshot.id,
        "as_at": snapshot.as_at,
        "new": loaded.new,
        "computation": loaded.computation.id,
        "tables": [{"table": name, "rows": entry.rows, "file": entry.file} for name, entry in snapshot.tables.items()],
        "issues": [asdict(issue) for issue in loaded.issues],
    }
