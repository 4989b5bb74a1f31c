"""Commands about actions: load an inspection action plan from the committee's own table, and write it out again."""

import getpass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, get_args
from uuid import UUID

import typer

from lineofsight import clock
from lineofsight.cli.children import AsOption, PurposeOption
from lineofsight.cli.console import DateOption, Format, FormatOption, HomeOption, day, home_at, note, show, show_json
from lineofsight.errors import PlainError
from lineofsight.home import MARKER, Home, default_path
from lineofsight.keys import make_home
from lineofsight.plans.grid import MOST_BYTES
from lineofsight.plans.reading import read
from lineofsight.plans.table import PlanTable
from lineofsight.plans.writing import Form
from lineofsight.sources.content import Content, printable
from lineofsight.sources.disk import kind_of, on_disk

actions = typer.Typer(help="Action plans: the committee's own table, in and out.", no_args_is_help=True)
FORMS: tuple[Form, ...] = get_args(Form)

PlanOption = Annotated[
    str | None, typer.Option("--plan", metavar="ID", help="Which plan (default: the one there is).", show_default=False)
]


def add_commands(app: typer.Typer) -> None:
    """Hang these commands on `app`."""
    app.add_typer(actions, name="actions")


@actions.callback()
def _actions() -> None:
    """Action plans."""


@actions.command("import")
def import_plan(
    file: Annotated[Path, typer.Argument(help="A .docx, .xlsx, .csv, .tsv or .html file with the plan's table.")],
    published: Annotated[
        str | None,
        typer.Option("--published", help="The day deadlines are counted from, as 2026-07-28.", show_default=False),
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="Of a new plan (default: the file's name).")] = None,
    published_by: Annotated[str, typer.Option("--published-by", help="Who published it.")] = "The inspectorate",
    kind: Annotated[str, typer.Option("--kind", help="inspection, improvement or single-issue.")] = "inspection",
    as_at: DateOption = None,
    plan: Annotated[
        str | None,
        typer.Option("--plan", metavar="ID", help="The plan this is the next table of.", show_default=False),
    ] = None,
    cleared: Annotated[bool, typer.Option("--cleared", help="No child can be told from the table.")] = False,
    authority: Annotated[str | None, typer.Option(help="The DfE code, where a new home is made.")] = None,
    person: AsOption = None,
    purpose: PurposeOption = "",
    format: FormatOption = Format.TABLE,
    home: HomeOption = None,
) -> None:
    """Load a plan's table: the first of a new plan, or with --plan the next of one that is there.

    Ends with 1 where something was not understood: it is listed with its row, and everything else is loaded.

    Example: lineofsight actions import plan.docx --published 2026-07-28 --as-at 2026-10-09
    """
    content = _content(file)
    table = read(content)
    new = _new_plan(file, title, kind, published, published_by) if plan is None else _key(plan)
    where = _home_for(home, authority)
    counted_on = day(as_at) or table.progress_as_at or clock.today()
    told = _loaded(
        where,
        new,
        table,
        (content.name, content.whole(MOST_BYTES)),
        counted_on,
        cleared,
        (person or getpass.getuser(), purpose),
    )
    _say(told, format)
    if told["not_understood"] or told["perhaps"]:
        raise typer.Exit(1)


@actions.command("export")
def export_plan(
    output: Annotated[Path, typer.Option("-o", "--output", help="A .docx, .xlsx, .html, .csv or .tsv to write.")],
    plan: PlanOption = None,
    as_at: DateOption = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    person: AsOption = None,
    purpose: PurposeOption = "",
    home: HomeOption = None,
) -> None:
    """Write a plan as the committee's table, as it stands today or stood on a day. It is written in the log first.

    Example: lineofsight actions export --as-at 2026-10-09 -o plan.docx --purpose "for the scrutiny committee"
    """
    form = next((one for one in FORMS if output.suffix.lower() == f".{one}"), None)
    if form is None:
        raise PlainError(f"The file's name says its form: .{', .'.join(FORMS[:-1])} or .{FORMS[-1]}.")
    if output.exists() and not force:
        raise PlainError(f"There is already a file {output}; choose another name, or add --force to write over it.")
    where = home_at(home)
    if not purpose and not where.demo:
        raise PlainError("Say why you take it out: add --purpose with a few words. It is kept on the record.")
    key = _key(plan) if plan else None
    content, rows = _written(where, key, form, day(as_at), (person or getpass.getuser(), purpose))
    try:
        output.write_bytes(content)
    except OSError as error:
        raise PlainError(f"{output} could not be written: {error.strerror}.") from None
    note(f"Written: {output}, {rows} {'action' if rows == 1 else 'actions'}.")


def _content(file: Path) -> Content:
    if kind_of(file) == "folder":
        raise PlainError(f"{printable(file.name or str(file))} is a folder: name the file with the plan.")
    return on_disk(file, printable(file.name))


def _home_for(path: Path | None, authority: str | None) -> Home:
    """The home to load into; with the authority's code a new one is made where there is none."""
    where = path or default_path()
    if authority is None or (where / MARKER).exists():
        return home_at(path)
    made = make_home(where, authority=authority, authority_name=f"Authority {authority}")
    note(f"Made a new home in {where}.")
    return made


def _new_plan(
    file: Path, title: str | None, kind: str, published: str | None, published_by: str
) -> tuple[str, str, date, str]:
    """What a new plan is. Raises PlainError without the day its deadlines are counted from."""
    on = day(published)
    if on is None:
        raise PlainError("Deadlines are counted from the day of publication: add --published with it, as 2026-07-28.")
    return (title if title is not None else printable(file.stem)[:200], kind, on, published_by)


def _key(plan: str) -> UUID:
    try:
        return UUID(plan)
    except ValueError:
        raise PlainError(f"'{printable(plan)}' is no plan's id: it stands in the address of the plan's page.") from None


def _loaded(
    home: Home,
    plan: UUID | tuple[str, str, date, str],
    table: PlanTable,
    file: tuple[str, bytes],
    as_at: date,
    cleared: bool,
    who: tuple[str, str],
) -> dict[str, Any]:
    """What came of loading a table, in words and numbers."""
    from lineofsight.web.site.console_plans import load  # Django starts only where its rows are written

    return load(home, plan=plan, table=table, file=file, as_at=as_at, cleared=cleared, who=who)


def _written(home: Home, key: UUID | None, form: Form, on: date | None, who: tuple[str, str]) -> tuple[bytes, int]:
    from lineofsight.web.site.console_plans import taken  # Django starts only where its rows are read

    return taken(home, key=key, form=form, on=on, who=who)


def _say(told: dict[str, Any], format: Format) -> None:
    if format is Format.JSON:
        show_json(told)
        return
    asked = told["not_understood"]
    note(f"The plan is {told['plan']}: {told['title']}.")
    note(f"As at {told['as_at']}: {told['sentence']}")
    if told["moved"] is not None:
        note(f"{told['moved']} moved, {told['new']} new, {told['gone']} gone.")
    for one in told["perhaps"]:
        note(f"{one['place'].capitalize()} may be action {one['number']}, written anew: it was loaded as a new action.")
    if asked:
        note("What was not understood, or has to be asked, each with its row:")
        show(asked, format, ("table", "row", "column", "value", "why"))
