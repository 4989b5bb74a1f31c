"""The issues of a load as a workbook or a CSV file, for whoever puts them right in the case system.

Cells of an extract may hold anything: text is written as text, and nothing a spreadsheet would run.
"""

import csv
import io
from collections.abc import Sequence

import pyarrow as pa
import xlsxwriter

from lineofsight.formulas import neutral

COLUMNS = ("New", "File", "Sheet", "Table", "Row", "Column", "Value", "Why")
_WIDTHS = (6, 32, 18, 26, 9, 32, 30, 70)


def rows_of(found: pa.Table) -> list[tuple[str | int | None, ...]]:
    """The issues (lake.issues.SCHEMA) under COLUMNS, those that are new first, else in their own order."""
    ordered = found.sort_by([("new", "descending"), ("number", "ascending")])
    names = ("file", "sheet", "table", "row", "column", "value", "why")
    cells = zip(*(ordered[name].to_pylist() for name in names), strict=True)
    return [("new" if new else None, *row) for new, row in zip(ordered["new"].to_pylist(), cells, strict=True)]


def issues_xlsx(found: pa.Table, note: str = "") -> bytes:
    """The issues as a workbook with a filter; `note` says on a second sheet what load it is of."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(
        data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    page, bold = book.add_worksheet("Issues"), book.add_format({"bold": True})
    for column, heading in enumerate(COLUMNS):
        page.write_string(0, column, heading, bold)
        page.set_column(column, column, _WIDTHS[column])
    rows = rows_of(found)
    for number, row in enumerate(rows, start=1):
        _write(page, number, row)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(len(rows), 1), len(COLUMNS) - 1)
    if note:
        book.add_worksheet("About").write_string(0, 0, note)
    book.close()
    return data.getvalue()


def issues_csv(found: pa.Table) -> bytes:
    """The issues as CSV, with a byte-order mark so that a spreadsheet reads names right."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([neutral(cell) for cell in row] for row in rows_of(found))
    return out.getvalue().encode("utf-8-sig")


def _write(page: "xlsxwriter.worksheet.Worksheet", number: int, row: Sequence[str | int | None]) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, int):
            page.write_number(number, column, cell)
        elif cell is not None:
            page.write_string(number, column, cell)
