"""A committee's report as a Word document: real headings, numbered paragraphs, and the plan as a real table."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, cast

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.shared import Mm, Pt

from lineofsight.plans.cell_text import blocks
from lineofsight.plans.table import Rag
from lineofsight.plans.word_writing import add_table, say_what_it_is
from lineofsight.plans.written_table import Written, WrittenRow

_LONG, _SHORT, _MARGIN, _TABLE_MARGIN = 297, 210, 22, 15
_NUMBER = 12  # millimetres that a paragraph's number has to itself


def as_docx(document: Mapping[str, Any]) -> bytes:
    """The document of `report.document`, on A4: the text upright, the table on its side."""
    made = Document()
    say_what_it_is(made, document["title"])
    _page(made)
    made.add_heading(document["title"], level=1)
    for name, value in document["facts"]:
        line = made.add_paragraph()
        line.paragraph_format.space_after = Pt(2)
        line.add_run(f"{name}: ").bold = True
        line.add_run(value)
    for section in document["sections"]:
        made.add_heading(section["heading"], level=2)
        for one in section["paragraphs"]:
            _paragraph(made, one["number"], one["text"])
    _table(made, document)
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def _page(made: WordDocument) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(_SHORT), Mm(_LONG)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN)
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(11)
    normal.paragraph_format.space_after = Pt(8)


def _paragraph(made: WordDocument, number: str, text: str) -> None:
    """A numbered paragraph with what belongs to it: its lists, and paragraphs without a number of their own."""
    for place, block in enumerate(blocks(text)):
        if block.kind == "bullet":
            line = made.add_paragraph(block.text, style="List Bullet")
            line.paragraph_format.left_indent = Mm(_NUMBER + 6)
            continue
        line = made.add_paragraph()
        line.paragraph_format.left_indent = Mm(_NUMBER)
        if place == 0:
            line.paragraph_format.first_line_indent = Mm(-_NUMBER)
            line.paragraph_format.tab_stops.add_tab_stop(Mm(_NUMBER))
            line.add_run(f"{number}\t")
        line.add_run(block.written())


def _table(made: WordDocument, document: Mapping[str, Any]) -> None:
    section = made.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(_LONG), Mm(_SHORT)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_TABLE_MARGIN)
    table = document["table"]
    made.add_heading(table["heading"], level=2)
    made.add_paragraph(table["sentence"])
    rows = tuple(
        WrittenRow(cast(tuple[str, str, str, str, str], tuple(row["cells"])), cast(Rag | None, row["rag"]))
        for row in table["rows"]
    )
    add_table(made, Written(document["title"], tuple(table["headings"]), rows), _LONG - 2 * _TABLE_MARGIN)
