"""A table as a CSV file: exactly the columns and rows that are shown, with nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse

from lineofsight.formulas import neutral

Cell = str | int | float | date | None


@dataclass(frozen=True)
class Sheet:
    """What is written: `columns` are the headings on the page; `note` says what it is and as at when."""

    name: str
    note: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def as_csv(sheet: Sheet) -> HttpResponse:
    """The sheet as CSV in UTF-8 with a mark that spreadsheets need, headings first."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([neutral(column) for column in sheet.columns])
    writer.writerows([neutral(cell) for cell in row] for row in sheet.rows)
    return attachment("\ufeff" + text.getvalue(), "text/csv; charset=utf-8", f"{sheet.name}.csv")


def attachment(content: str | bytes, kind: str, name: str) -> HttpResponse:
    """`content` as a file to keep, which no cache on the way keeps. `name` says nothing about anybody."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
