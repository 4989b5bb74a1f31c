"""Our side tables for whoever fills them: what each is for, an example, a query to adapt, a template to fill.

The columns are in `tables.toml`; the words in `side.toml`, the examples in `examples/`, the queries in `queries/`.
"""

import io
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Literal

import xlsxwriter

from lineofsight.errors import PlainError
from lineofsight.schema.codelists import codes
from lineofsight.schema.layout import Column, Table, tables

Form = Literal["csv", "xlsx"]
FORMS: tuple[Form, ...] = ("csv", "xlsx")

_KINDS: Mapping[str, str] = {
    "text": "text",
    "date": "a date, day first: 31/10/2026",
    "integer": "a whole number",
    "real": "a number",
    "flag": "Y or N",
}
# The headings of the sheet of a template that says what each column is; readers of workbooks know it by them.
ABOUT = ("Column", "What it is", "How it is written", "Needed")
_WIDTHS = (34, 60, 60, 24)
_TEXT = 49  # XLSX's number for the format "text"


@dataclass(frozen=True)
class Words:
    """What a side table is for, why it matters, and where its rows usually stand."""

    for_what: str
    why: str
    stands_in: str


@cache
def words() -> Mapping[str, Words]:
    """Each side table's words, by its name, in the order in which most authorities can fill them."""
    told = tomllib.loads(resources.files(__package__).joinpath("side.toml").read_text("utf-8"))
    return MappingProxyType({name: Words(one["for"], one["why"], one["from"]) for name, one in told.items()})


def example(table: str) -> str:
    """A small CSV file of made-up rows of a side table. Raises PlainError for a table that is none."""
    return _file(table, "examples", "csv")


def export_query(table: str) -> str:
    """A query that an analyst adapts to fill a side table. Raises PlainError for a table that is none."""
    return _file(table, "queries", "sql")


def template(table: str, form: Form) -> bytes:
    """An empty file of a side table: its headings and, in a workbook, a second sheet that says what each column is.

    Raises PlainError for a table or a form that there is not.
    """
    layout = _side(table)
    if form not in FORMS:
        raise PlainError(f"A template is a csv or an xlsx file, not '{form}'.")
    if form == "csv":
        # With a byte-order mark, so that a spreadsheet reads names right once they are typed in.
        return (",".join(column.name for column in layout.columns) + "\r\n").encode("utf-8-sig")
    return _workbook(layout)


def needed(layout: Table, column: Column) -> str:
    """Whether a row may lack this column, in words."""
    if column.name in layout.key:
        return "always: it names the row"
    return "always" if column.required else "where known"


def written_as(column: Column) -> str:
    """How a cell of this column is written: its kind, or its codes with their meanings."""
    if column.codes is None:
        return _KINDS[column.kind]
    return "; ".join(f"{code} = {meaning}" for code, meaning in codes(column.codes).items())


def _side(table: str) -> Table:
    found = tables().get(table)
    if found is None or not found.side:
        known = ", ".join(words())
        raise PlainError(f"There is no side table called '{table}'. The side tables are {known}.")
    return found


def _file(table: str, folder: str, ending: str) -> str:
    name = _side(table).name
    return resources.files(__package__).joinpath(folder, f"{name}.{ending}").read_text("utf-8")


def _workbook(layout: Table) -> bytes:
    data = io.BytesIO()
    book = xlsxwriter.Workbook(
        data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": _TEXT})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    rows = book.add_worksheet(layout.name.removeprefix("side_")[:31])
    for at, column in enumerate(layout.columns):
        rows.write_string(0, at, column.name, bold)
        # Text, so that a spreadsheet keeps the noughts an id begins with and leaves a date as it was typed.
        rows.set_column(at, at, len(column.name) + 3, text)
    rows.freeze_panes(1, 0)
    about = book.add_worksheet("What each column is")
    for at, (heading, width) in enumerate(zip(ABOUT, _WIDTHS, strict=True)):
        about.write_string(0, at, heading, bold)
        about.set_column(at, at, width)
    for number, column in enumerate(layout.columns, start=1):
        told = (column.name, column.description, written_as(column), needed(layout, column))
        for at, cell in enumerate(told):
            about.write_string(number, at, cell, wrapped)
    about.freeze_panes(1, 0)
    book.close()
    return data.getvalue()
