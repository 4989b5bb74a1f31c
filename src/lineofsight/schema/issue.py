"""One thing wrong with one cell, row or column of an extract, and where it stands."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Issue:
    """A located issue.

    `row` is the row as a person sees it when the file is open in a spreadsheet: the header is row 1, so the
    first row of data is row 2. In an XML file it is the line. None: it is about a whole column or file.
    `value` is what the file holds there; it may be a child's, so an issue is never written to a log.
    """

    file: str
    sheet: str | None
    table: str | None
    row: int | None
    column: str | None
    value: str | None
    why: str
