"""A plan as a workbook: text is written as text, wrapped in its cells, and nothing in it is a formula or a link."""

import io
from collections.abc import Callable

import xlsxwriter

from lineofsight.clock import now
from lineofsight.errors import PlainError
from lineofsight.plans.rag import FILLS
from lineofsight.plans.written_table import WIDTHS, Written

MOST_IN_A_CELL = 32_767
_HEADINGS_ROW = 2


def as_xlsx(written: Written, harmless: Callable[[str], str]) -> bytes:
    """The workbook. Raises PlainError where a text is longer than a cell holds, so that none is cut off."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(
        data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": written.title, "created": now().replace(tzinfo=None)})
    page = book.add_worksheet("Action plan")
    look = {"text_wrap": True, "valign": "top", "border": 1}
    plain, head = book.add_format(look), book.add_format({**look, "bold": True, "bg_color": "#E6E6E6"})
    coloured = {rag: book.add_format({**look, "bg_color": f"#{fill}"}) for rag, fill in FILLS.items()}
    page.write_string(0, 0, _fitting(harmless(written.title)), book.add_format({"bold": True, "font_size": 14}))
    for column, heading in enumerate(written.headings):
        page.write_string(_HEADINGS_ROW, column, _fitting(harmless(heading)), head)
        page.set_column(column, column, WIDTHS[column] * 1.5)
    for number, row in enumerate(written.rows, start=_HEADINGS_ROW + 1):
        for column, cell in enumerate(row.cells):
            rag = row.rag if column == len(row.cells) - 1 else None
            page.write_string(number, column, _fitting(harmless(cell)), coloured[rag] if rag else plain)
    page.freeze_panes(_HEADINGS_ROW + 1, 0)
    page.repeat_rows(_HEADINGS_ROW)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    book.close()
    return data.getvalue()


def _fitting(text: str) -> str:
    if len(text) > MOST_IN_A_CELL:
        raise PlainError(
            f"One text of this plan is longer than the {MOST_IN_A_CELL:,} characters a cell of Excel holds: "
            "take the plan as Word."
        )
    return text
