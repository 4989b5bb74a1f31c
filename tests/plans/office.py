"""Tables as Word, Excel and web pages hold them, written by the programs' own libraries and never by ours."""

import html as web
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import openpyxl
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl.styles import Color, PatternFill


@dataclass(frozen=True)
class C:
    """A cell: its text, its fill, and how far it is merged to the right and down."""

    text: str = ""
    fill: str = ""
    right: int = 1
    down: int = 1


Row = Sequence[str | C | None]
"""None stands where a merged cell reaches."""


def docx(*tables: Sequence[Row], also: Callable[[object], None] | None = None) -> bytes:
    """A Word document of these tables. A line that begins "• " is an item of a list."""
    document = Document()
    for rows in tables:
        document.add_paragraph("Between the tables.")
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for down, row in enumerate(rows):
            for across, given in enumerate(row):
                if given is None:
                    continue
                cell = given if isinstance(given, C) else C(given)
                made = table.cell(down, across)
                if (cell.right, cell.down) != (1, 1):
                    made = made.merge(table.cell(down + cell.down - 1, across + cell.right - 1))
                _paragraphs(made, cell.text)
                if cell.fill:
                    shade(made, cell.fill)
    if also:
        also(document)
    return saved(document)


def saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _paragraphs(cell, text: str) -> None:
    for place, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        if line.startswith("• "):
            paragraph.style, line = "List Bullet", line[2:]
        paragraph.add_run(line)


def shade(cell, fill: str) -> None:
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:fill"), fill)
    cell._tc.get_or_add_tcPr().append(shading)


def in_document(data: bytes, change: Callable[[str], str], part: str = "word/document.xml") -> bytes:
    """A file with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            held = old.read(info)
            new.writestr(info.filename, change(held.decode()) if info.filename == part else held)
    return out.getvalue()


def with_part(data: bytes, name: str, held: bytes | str) -> bytes:
    """A file with one part more."""
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, held)
    return out.getvalue()


def xlsx(
    *sheets: tuple[str, Sequence[Sequence[object]]], also: Callable[[openpyxl.Workbook], None] | None = None
) -> bytes:
    """A workbook of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        page = book.create_sheet(name)
        for down, row in enumerate(rows, start=1):
            for across, given in enumerate(row, start=1):
                if given is None:
                    continue
                cell = given if isinstance(given, C) else C(given)
                made = page.cell(down, across)
                made.value = cell.text if cell.text != "" else None
                if cell.fill:
                    made.fill = solid(cell.fill)
                if (cell.right, cell.down) != (1, 1):
                    page.merge_cells(
                        start_row=down,
                        start_column=across,
                        end_row=down + cell.down - 1,
                        end_column=across + cell.right - 1,
                    )
    if also:
        also(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def solid(fill: str = "", **colour: object) -> PatternFill:
    """A fill by its digits, or by theme, tint or index."""
    return PatternFill("solid", fgColor=Color(**colour) if colour else f"FF{fill}")


def html(*tables: Sequence[Row], head: str = "", fill: str = "bgcolor") -> str:
    """A web page of these tables; texts are taken as they are, tags and all."""
    return (
        f"<!DOCTYPE html><html><head>{head}</head><body>{''.join(_table(rows, fill) for rows in tables)}</body></html>"
    )


def _table(rows: Sequence[Row], fill: str) -> str:
    out = []
    for row in rows:
        cells = [given if isinstance(given, C) else C(given) for given in row if given is not None]
        out.append("".join(f"<td{_look(cell, fill)}>{cell.text}</td>" for cell in cells))
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in out)}</table>"


def _look(cell: C, fill: str) -> str:
    out = f' rowspan="{cell.down}" colspan="{cell.right}"'
    if cell.fill and fill == "style":
        return f'{out} style="color: black; background-color: {web.escape(cell.fill)}"'
    return f'{out} {fill}="{web.escape(cell.fill)}"' if cell.fill else out


def picture() -> bytes:
    """A picture of one grey dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")
    )
