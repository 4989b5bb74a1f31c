"""Commands over data as a whole: synth, measures. None of them shows a child."""

from pathlib import Path
from typing import Annotated

import typer

from lineofsight import synth
from lineofsight.cases import answers
from lineofsight.cli.console import (
    DateOption,
    Format,
    FormatOption,
    HomeOption,
    day,
    home_at,
    progress,
    show,
    show_json,
)
from lineofsight.errors import PlainError
from lineofsight.keys import open_keys
from lineofsight.lake import Lake


def add_commands(app: typer.Typer) -> None:
    """Hang these commands on `app`."""
    app.command("synth")(synthesise)
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


def measures(
    as_at: DateOption = None,
    measure: Annotated[list[str] | None, typer.Option("--measure", help="Only this measure; may be repeated.")] = None,
    by: Annotated[
        str, typer.Option("--by", help="team, service, age, ethnicity, sex, disability, placement or category.")
    ] = "authority",
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
