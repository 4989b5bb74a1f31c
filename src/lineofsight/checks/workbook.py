"""A checked return as a workbook: what was found, every rule, and the whole in a sentence. Every text is text."""

import io
from collections.abc import Sequence

import xlsxwriter

from lineofsight.checks import report
from lineofsight.checks.engine import Result
from lineofsight.errors import PlainError

MOST_ISSUES = 1_000_000
_WIDTHS = {
    "Message": 70,
    "Reason": 60,
    "Values": 50,
    "Columns": 40,
    "Table": 22,
    "Child": 24,
    "File": 28,
    "Outcome": 16,
}


def workbook(result: Result, files: Sequence[str]) -> bytes:
    """The issues and the rules as a workbook, a sheet each. Raises PlainError for more issues than a sheet has rows."""
    if len(result.issues) > MOST_ISSUES:
        raise PlainError(f"{len(result.issues):,} things were found, more than a workbook holds: write CSV instead.")
    data = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(data, options)
    rules = [tuple(row.values()) for row in report.rule_rows(result)]
    for title, columns, rows in (
        ("Issues", report.ISSUE_COLUMNS, report.issue_rows(result, files)),
        ("Rules", report.RULE_COLUMNS, iter(rules)),
    ):
        page, last = book.add_worksheet(title), 1
        for place, heading in enumerate(columns):
            page.write_string(0, place, heading, book.add_format({"bold": True}))
            page.set_column(place, place, _WIDTHS.get(heading, 10))
        for last, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, int):
                    page.write_number(last, place, cell)
                elif cell:
                    page.write_string(last, place, str(cell)[:32_000])
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, last, len(columns) - 1)
    book.add_worksheet("About").write_string(0, 0, report.in_words(result))
    book.close()
    return data.getvalue()
