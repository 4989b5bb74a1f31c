"""The lists as files: the same rows in the same columns and order as the page."""

from datetime import date

from lineofsight.web.practice import wording
from lineofsight.web.practice.downloads import Cell, Sheet
from lineofsight.web.practice.queries.late import LateChildren
from lineofsight.web.practice.queries.ledger import Exceptions
from lineofsight.web.practice.queries.rows import Row, Rows


def row_columns(found: Rows) -> list[str]:
    """The headings of the rows behind a number, as this viewer sees them."""
    if found.of_workers:
        return ["Worker", "Team", "Why", *(["As hoped"] if found.shows_met else [])]
    columns = ["Name", "Age", "Team"]
    columns += ["Worker"] if found.shows_workers else []
    columns += ["Month"] if found.spans_months else []
    columns += ["Why"]
    columns += ["Due", "Working days over"] if found.has_due else []
    return [*columns, *(["As hoped"] if found.shows_met else [])]


def row_cells(found: Rows, row: Row) -> list[Cell]:
    """One row's cells under `row_columns`."""
    if found.of_workers:
        return [row.name, row.team, row.reason, *([row.met] if found.shows_met else [])]
    cells: list[Cell] = [row.name, row.age, row.team]
    cells += [row.worker] if found.shows_workers else []
    cells += [wording.month(row.as_at)] if found.spans_months else []
    cells += [row.reason]
    cells += [row.due_on, row.days_over] if found.has_due else []
    return [*cells, *([row.met] if found.shows_met else [])]


def of_rows(found: Rows) -> Sheet:
    """The rows behind a number as a file."""
    return Sheet(
        name=f"{found.definition.id}-{found.as_at.isoformat()}{_extract(found.as_at, found.snapshot_on)}"
        f"{_known(found.snapshot_on, found.past)}",
        note=f"{found.definition.title}: {found.said} {found.covers[:1].upper()}{found.covers[1:]}. "
        f"From the extract of {wording.day(found.snapshot_on)}{', looked at later' if found.past else ''}."
        f"{' ' if found.older else ''}{found.older}",
        columns=row_columns(found),
        rows=[row_cells(found, row) for row in found.rows],
    )


def exception_columns(found: Exceptions) -> list[str]:
    """The headings of the list of exceptions, as this viewer sees them."""
    start = ["What is owed", "Name", "Age", "Team"]
    ending = ["Owed since", "Working days over", "First known", "Why", found.acts, "State"]
    return [*start, *(["Worker"] if found.shows_workers else []), *ending]


def of_exceptions(found: Exceptions) -> Sheet:
    """The list of exceptions as a file."""
    rows: list[list[Cell]] = []
    for one in found.rows:
        start: list[Cell] = [one.title, one.name, one.age, one.team, *([one.worker] if found.shows_workers else [])]
        ending = [one.owed_since, one.days_over, one.first_seen, one.reason, one.owner, one.state_words]
        rows.append([*start, *ending])
    return Sheet(
        name=f"exceptions-{found.as_at.isoformat()}{_known(found.as_at, found.past)}",
        note=f"What was owed and not done, as at {wording.day(found.as_at)}"
        f"{', as it was known then and looked at later' if found.past else ''}."
        f"{' ' if found.older else ''}{found.older}",
        columns=exception_columns(found),
        rows=rows,
    )


def of_late(found: LateChildren) -> Sheet:
    """The events that were entered late as a file."""
    rows: list[list[Cell]] = [
        [one.child.name, one.child.age, one.what, one.day, one.least, one.most, one.team] for one in found.rows
    ]
    return Sheet(
        name=f"entered-late-{found.as_at.isoformat()}{_known(found.as_at, found.past)}",
        note=f"What was entered late with the extract of {wording.day(found.as_at)}.",
        columns=["Name", "Age", "What", "It happened", "Working days late, at least", "At most", "Team"],
        rows=rows,
    )


def _known(on: date, past: bool) -> str:
    """What a file's name adds where the past was looked at, so that it is never taken for today's."""
    return f"-as-known-{on.isoformat()}" if past else ""


def _extract(as_at: date, on: date) -> str:
    """The extract's date in a file's name, where its month is another: rows of June may be of October's extract."""
    return "" if as_at == on else f"-extract-{on.isoformat()}"
