"""A table as a file: exactly the columns and rows that are shown, with nothing a spreadsheet would run."""

import io
from collections.abc import Iterable, Sequence
from datetime import date

import xlsxwriter
from django.http import HttpResponse

from lineofsight.formulas import FORMULA_STARTS, neutral
from lineofsight.web.access.downloads import Cell, Sheet, as_csv, attachment

__all__ = ["FORMULA_STARTS", "Cell", "Sheet", "as_csv", "as_xlsx", "neutral"]


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
    return attachment(data.getvalue(), kind, f"{sheet.name}.xlsx")


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
