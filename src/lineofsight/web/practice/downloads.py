"""A table as a file: exactly the columns and rows that are shown, with nothing a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import xlsxwriter
from django.http import HttpResponse

# A cell that starts with one of these is a formula, or makes one, in a spreadsheet (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

Cell = str | int | float | date | None


@dataclass(frozen=True)
class Sheet:
    """What is written: `columns` are the headings on the page; `note` says what it is and as at when."""

    name: str
    note: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def neutral(cell: Cell) -> str:
    """A cell as text that no spreadsheet takes for a formula. Numbers below nothing stay numbers."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float):
        return str(cell)
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def as_csv(sheet: Sheet) -> HttpResponse:
    """The sheet as CSV in UTF-8 with a mark that spreadsheets need, headings first."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([neutral(column) for column in sheet.columns])
    writer.writerows([neutral(cell) for cell in row] for row in sheet.rows)
    return _attachment("\ufeff" + text.getvalue(), "text/csv; charset=utf-8", f"{sheet.name}.csv")


def as_xlsx(sheet: Sheet) -> HttpResponse:
    """The sheet as a workbook: text is written as text, dates as dates, and no cell is ever a formula."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(
        data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    page = book.add_worksheet("Children")
    bold, on = book.add_format({"bold": True}), book.add_format({"num_format": "dd mmmm yyyy"})
    for column, heading in enumerate(sheet.columns):
        page.write_string(0, column, heading, bold)
    for number, row in enumerate(sheet.rows, start=1):
        _write_row(page, number, row, on)
    page.freeze_panes(1, 0)
    for column, width in enumerate(_widths(sheet)):
        page.set_column(column, column, width)
    about = book.add_worksheet("About")
    about.write_string(0, 0, sheet.note)
    book.close()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _attachment(data.getvalue(), kind, f"{sheet.name}.xlsx")


def _write_row(page: xlsxwriter.worksheet.Worksheet, number: int, row: Sequence[Cell], on: object) -> None:
    for column, cell in enumerate(row):
        if cell is None:
            continue
        if isinstance(cell, date):
            page.write_datetime(number, column, cell, on)
        elif isinstance(cell, int | float):
            page.write_number(number, column, cell)
        else:
            page.write_string(number, column, cell)


def _widths(sheet: Sheet) -> Iterable[int]:
    for index, heading in enumerate(sheet.columns):
        longest = max((len(neutral(row[index])) for row in sheet.rows[:200]), default=0)
        yield min(max(longest, len(heading)) + 2, 60)


def _attachment(content: str | bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
