"""Writing a plan as the committee's own table: the same five columns as Word, Excel, a web page or text."""

import csv
import io
from typing import Literal

from lineofsight.formulas import FORMULA_STARTS, neutral
from lineofsight.plans.cell_text import one_line, tidy
from lineofsight.plans.headings import ROLES, STANDARD, Role, assigned
from lineofsight.plans.page_writing import as_html
from lineofsight.plans.table import PlanRow, PlanTable
from lineofsight.plans.written_table import Written, WrittenRow

Form = Literal["docx", "xlsx", "html", "csv", "tsv"]


def write(table: PlanTable, form: Form, title: str) -> bytes:
    """The plan as a file of this form. CSV and TSV hold the table alone, the others the title above it.

    What is read from it again are the same actions. Raises PlainError where a text is longer than a cell of Excel
    holds.
    """
    written = as_written(table, title)
    # Each form's library is for those who write it: a web process that does not need not hold it.
    if form == "docx":
        from lineofsight.plans.word_writing import as_docx

        return as_docx(written)
    if form == "xlsx":
        from lineofsight.plans.workbook_writing import as_xlsx

        return as_xlsx(written, harmless)
    if form == "html":
        return as_html(written)
    return _delimited(written, "," if form == "csv" else "\t")


def as_written(table: PlanTable, title: str) -> Written:
    """The plan as it stands in a document: fit for the page, whatever a person typed elsewhere."""
    headings = tuple(one_line(tidy(heading)) for heading in headings_of(table))
    return Written(one_line(tidy(title)), headings, tuple(_row(row) for row in table.rows))


def headings_of(table: PlanTable) -> tuple[str, ...]:
    """The five headings as the plan wrote them; ours where they would not be known again."""
    own = table.headings
    if list(assigned(own).items()) == list(zip(ROLES, range(len(ROLES)), strict=True)):
        return own
    return tuple(_standard(table, role) for role in ROLES)


def harmless(text: str) -> str:
    """A cell that no spreadsheet runs, and that is read again as it was."""
    if text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS):
        return f"'{text}"
    return neutral(text)


def _standard(table: PlanTable, role: Role) -> str:
    day = table.progress_as_at
    if role == "progress" and day:
        return f"{STANDARD[role]} as at {day.day} {day:%B %Y}"
    return STANDARD[role]


def _row(row: PlanRow) -> WrittenRow:
    """The cells of an action. What a person typed elsewhere may hold what no document does, so it is tidied here."""
    word = one_line(tidy(row.rag_written)) or (row.rag or "").capitalize()
    cells = tidy(row.action), tidy(row.responsible), tidy(row.deadline), tidy(row.progress), word
    return WrittenRow(cells, row.rag)


def _delimited(written: Written, delimiter: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow([harmless(heading) for heading in written.headings])
    writer.writerows([harmless(cell) for cell in row.cells] for row in written.rows)
    return out.getvalue().encode("utf-8-sig")
