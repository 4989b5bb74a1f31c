"""One thing wrong with one cell, row or column of an extract, and where it stands."""

from dataclasses import dataclass

_LONGEST = 200


@dataclass(frozen=True)
class Issue:
    """A located issue.

    `row` is the row as a person sees it when the file is open in a spreadsheet: the header is row 1, so the
    first row of data is row 2. In an XML file it is the line. None: it is about a whole column or file.
    `value` is what the file holds there, as `shown` shows it; it may be a child's, so an issue is never written
    to a log.
    """

    file: str
    sheet: str | None
    table: str | None
    row: int | None
    column: str | None
    value: str | None
    why: str


def shown(value: str | None) -> str | None:
    """What a file holds, fit for a page or a terminal: its start, what cannot be seen written as its code."""
    if value is None:
        return None
    cut = value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
    return cut if cut.isprintable() else "".join(_seen(letter) for letter in cut)


def _seen(letter: str) -> str:
    return letter if letter.isprintable() else f"\\u{ord(letter):04x}"
