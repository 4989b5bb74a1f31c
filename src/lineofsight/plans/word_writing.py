"""A plan as a Word document: a landscape page, one table with its headings on every page, real lists in its cells."""

import io

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from lxml import etree

from lineofsight.clock import now
from lineofsight.plans.cell_text import Block, blocks
from lineofsight.plans.rag import FILLS
from lineofsight.plans.written_table import WIDTHS, Written, WrittenRow

_LONG, _SHORT, _MARGIN = 297, 210, 15
_HEAD_FILL = "E6E6E6"


def as_docx(written: Written) -> bytes:
    """The document."""
    document = Document()
    say_what_it_is(document, written.title)
    _page(document)
    document.add_heading(written.title, level=1)
    add_table(document, written, _LONG - 2 * _MARGIN)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def add_table(document: WordDocument, written: Written, across: int) -> None:
    """Put the table at the end of a document, `across` millimetres wide: its headings come back on every page."""
    table = document.add_table(rows=1, cols=len(written.headings))
    table.style = "Table Grid"
    table.autofit = False
    _head(table, written.headings, across)
    lists = _Lists(document)
    for row in written.rows:
        _row(table, row, lists)


def say_what_it_is(document: WordDocument, title: str) -> None:
    """What the file says of itself: nothing of who or what made it."""
    about = document.core_properties
    moment = now().replace(tzinfo=None, microsecond=0)
    about.title = title[:255]
    about.author = about.comments = about.last_modified_by = about.keywords = ""
    about.created = about.modified = moment
    about.language = "en-GB"
    for said in document.styles.element.iter(qn("w:lang")):
        said.set(qn("w:val"), "en-GB")


def _page(document: WordDocument) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(_LONG), Mm(_SHORT)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(10)


def _head(table: Table, headings: tuple[str, ...], across: int) -> None:
    row = table.rows[0]
    row._tr.get_or_add_trPr().append(_made("tblHeader"))
    widths = [Mm(across * width / sum(WIDTHS)) for width in WIDTHS]
    for column, (cell, heading) in enumerate(zip(row.cells, headings, strict=True)):
        table.columns[column].width = cell.width = widths[column]
        cell.paragraphs[0].add_run(heading).bold = True
        _shade(cell, _HEAD_FILL)


def _row(table: Table, row: WrittenRow, lists: "_Lists") -> None:
    cells = table.add_row().cells  # type: ignore[no-untyped-call]
    for cell, text in zip(cells, row.cells, strict=True):
        parts = blocks(text)
        if len(parts) == 1 and parts[0].kind == "number":
            # One numbered paragraph is no list: its number is text, and stays the one it is.
            parts = [Block("paragraph", parts[0].written())]
        before: Block | None = None
        paragraph = cell.paragraphs[0]
        for place, block in enumerate(parts):
            paragraph = paragraph if place == 0 else cell.add_paragraph()
            lists.write(paragraph, block, before)
            before = block
    if row.rag:
        _shade(cells[-1], FILLS[row.rag])


def _shade(cell: _Cell, fill: str) -> None:
    cell._tc.get_or_add_tcPr().append(_made("shd", val="clear", color="auto", fill=fill))


class _Lists:
    """Writes paragraphs and the items of lists; each numbered list begins at its own number."""

    def __init__(self, document: WordDocument) -> None:
        numbering = document.part.numbering_part.element
        self._last = numbering.num_lst[-1]
        self._current = max(int(known.numId) for known in numbering.num_lst)
        self._bullet = str(document.styles["List Bullet"].style_id)
        self._number = str(document.styles["List Number"].style_id)
        # The kind of list that the style for numbers is.
        listed = document.styles.element.get_by_id(self._number).pPr.numPr.numId.val
        self._kind = int(numbering.num_having_numId(listed).abstractNumId.val)

    def write(self, paragraph: Paragraph, block: Block, before: Block | None) -> None:
        """Write a block; `before` is the one it follows in its cell."""
        if block.kind == "bullet":
            paragraph._p.get_or_add_pPr().style = self._bullet
        elif block.kind == "number":
            follows = before is not None and before.kind == "number" and before.number + 1 == block.number
            if not follows:
                self._begin(block.number)
            properties = paragraph._p.get_or_add_pPr()
            properties.style = self._number
            numbered = _made("numPr")
            numbered.extend((_made("ilvl", val=0), _made("numId", val=self._current)))
            properties.append(numbered)
        paragraph.add_run(block.text)

    def _begin(self, number: int) -> None:
        """A list of its own that begins at this number."""
        self._current += 1
        begun, over = _made("num", numId=self._current), _made("lvlOverride", ilvl=0)
        over.append(_made("startOverride", val=number))
        begun.extend((_made("abstractNumId", val=self._kind), over))
        self._last.addnext(begun)
        self._last = begun


def _made(name: str, **attributes: object) -> etree._Element:
    """An element of Word's own, with its attributes."""
    element: etree._Element = OxmlElement(f"w:{name}")
    for attribute, value in attributes.items():
        element.set(qn(f"w:{attribute}"), str(value))
    return element
