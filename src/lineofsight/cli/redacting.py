"""The command that takes one child out of everything here: it shows what would go, asks, and does it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from lineofsight import schema
from lineofsight.cli.console import HomeOption, home_at, note, progress
from lineofsight.errors import PlainError

if TYPE_CHECKING:
    from lineofsight.web.site.redaction import Plan


def add_commands(app: typer.Typer) -> None:
    """Hang this command on `app`."""
    app.command("redact")(redact)


def redact(
    child: Annotated[str, typer.Option("--child", help="The child's id in the case system.")] = "",
    child_ref: Annotated[str, typer.Option("--child-ref", help="Or the code in the address of its page.")] = "",
    under: Annotated[str, typer.Option("--under", help="The class of records under which it goes: snapshots.")] = "",
    why: Annotated[str, typer.Option("--why", help="Why, without naming the child. It is kept.")] = "",
    person: Annotated[str, typer.Option("--as", help="Who redacts. It is kept.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    again: Annotated[bool, typer.Option("--again", help="After a restore: redact again whoever was.")] = False,
    let_back: Annotated[bool, typer.Option("--let-back", help="Let later extracts bring the child back.")] = False,
    home: HomeOption = None,
) -> None:
    """Take one child out of every snapshot, the database and the exports. It cannot be undone.

    It shows what would go and asks. No figure changes; 'lineofsight verify' then says what is no longer held.

    Example: lineofsight redact --child 1042 --under snapshots --why "Request of 3 May, upheld" --as a.person
    """
    if not person.strip():
        raise PlainError("Say who redacts: --as a.person. It is kept on the record.")
    if not again and bool(child.strip()) == bool(child_ref.strip()):
        raise PlainError("Say which child: --child with its id in the case system, or --child-ref.")
    from lineofsight.web.site import console

    console.start(home_at(home))
    by = f"console:{person.strip()}"
    if again:
        _again(by)
    elif let_back:
        _let_back(child.strip(), child_ref.strip(), why, by)
    else:
        _take_out(child.strip(), child_ref.strip(), yes, {"under": under, "why": why, "by": by})


def _again(by: str) -> None:
    from lineofsight.web.site import redaction

    redaction.check_role()
    with progress() as tell:
        done = redaction.again(by=by, progress=tell)
    note(f"Children redacted again: {done}.")


def _let_back(child: str, ref: str, why: str, by: str) -> None:
    from lineofsight.web.site import redaction

    redaction.let_back(redaction.child_of(child, ref), why=why, by=by)
    note("The next extract that has the child brings it back. What was taken out before stays so.")


def _take_out(child: str, ref: str, yes: bool, told: dict[str, str]) -> None:
    """Show what would go, ask, and do it; what was begun before is finished first."""
    from lineofsight.web.site import redaction

    redaction.check_role()
    redaction.go_on()
    theirs = redaction.child_of(child, ref)
    with progress() as tell:
        planned = redaction.plan(theirs, tell)
    if planned.empty:
        day = redaction.redacted_on(theirs)
        if day is None:
            raise PlainError("Nothing here is of that child.")
        note(f"That child was redacted on {day.day} {day:%B %Y}: nothing here is of it.")
        return
    redaction.log_look(planned, by=told["by"])
    _show(planned)
    if planned.against:
        raise PlainError(planned.against[0])
    if not yes and not _agreed():
        raise PlainError("Nothing was changed.")
    with progress() as tell:
        redaction.redact(planned, **told, progress=tell)
    note("Done: the child is taken out, and the keys of what stood before are destroyed.")
    note("Backups made before still hold the child: destroy them, or redact again after a restore (--again).")


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise PlainError("Nothing was changed: say --yes to do it without being asked.")
    return typer.confirm("Take all of this out? It cannot be undone.", default=False, err=True)


def _title(name: str) -> str:
    known = schema.tables().get(name)
    return f"{known.title} ({name})" if known else name


def _show(planned: Plan) -> None:
    """What would go, on stdout: counts and the names of files, never the child's."""
    print(f"Snapshots that hold the child: {len(planned.snapshots)}, rows in them: {planned.rows:,}")
    for name, count in planned.by_file.items():
        print(f"  {_title(name)}: {count:,}")
    if planned.child.ids and len(planned.child.ids) > 1:
        print(f"Records that were merged into one, all of which go: {len(planned.child.ids)}")
    print(f"Entries of the log that tell of the child: {planned.entries:,}")
    for label, count in planned.database.items():
        print(f"  {label}: {count:,}")
    for path in planned.files.holding:
        print(f"Export that holds the child, and goes: {path}")
    for path in planned.files.exports_not_read:
        print(f"Export that cannot be looked into, and goes: {path}")
    for path in planned.files.elsewhere:
        print(f"Holds the child, and is yours to mend: {path}")
    for path in planned.files.not_read:
        print(f"Cannot be looked into, and is yours to look at: {path}")
    if planned.sendings:
        print(f"Extracts that were sent and wait to be read, and go: {planned.sendings}. Send them again.")
    for label, count in planned.texts.items():
        print(f"Typed texts that name the child and are tied to none, yours to mend: {count:,} in {label}")
