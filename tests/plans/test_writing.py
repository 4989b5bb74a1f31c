"""What is written is read again as the same actions, opens in the programs it is for, and runs nothing."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import openpyxl
import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as web
from tests.plans.a_plan import HEADINGS, committee_text, of, placeless

from lineofsight.clock import frozen_at
from lineofsight.errors import PlainError
from lineofsight.formulas import FORMULA_STARTS
from lineofsight.plans.cell_text import one_line, tidy
from lineofsight.plans.owners import owners
from lineofsight.plans.rag import FILLS, read_rag
from lineofsight.plans.table import Place, PlanRow, PlanTable
from lineofsight.plans.writing import Form, harmless, headings_of, write

FORMS: tuple[Form, ...] = ("docx", "xlsx", "html", "csv", "tsv")
PIECES = st.sampled_from(
    [
        "•",
        "1. ",
        "12. ",
        "- ",
        "a",
        "Reviews are done",
        "\n",
        "\n\n",
        "=1+1",
        "+",
        "@",
        "'",
        '"',
        ",",
        ";",
        "\t",
        "|",
        "&",
        "<",
        "p>",
        "&amp;",
        "_x0041_",
        "’",
        "é",
        "🙂",
        "x.",
        "/",
        "<table>",
        "  ",
        "0. ",
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=10).map("".join), st.text(max_size=20)).map(tidy)
RAGS = st.sampled_from(["Red", "AMBER", "green", "Amber/Green", "Complete", "", "-", "=1"])


@st.composite
def rows(draw: st.DrawFn) -> PlanRow:
    word, responsible = draw(RAGS), draw(TEXTS)
    return PlanRow(
        action=draw(TEXTS.filter(bool)),
        responsible=responsible,
        owners=owners(responsible),
        deadline=draw(TEXTS),
        progress=draw(TEXTS),
        rag=read_rag(word).rag,
        rag_written=word,
        place=Place("", "", 0),
    )


def plan(*given_rows: PlanRow, headings: tuple[str, str, str, str, str] = HEADINGS) -> PlanTable:
    return PlanTable(given_rows, (), headings, date(2024, 6, 3))


def one(**changed: object) -> PlanRow:
    row = PlanRow("Visit", "Ada Quill", owners("Ada Quill"), "May", "Begun", "red", "Red", Place("", "", 0))
    return replace(row, **changed)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=25)
@given(given_rows=st.lists(rows(), min_size=1, max_size=4))
def test_what_is_written_is_read_again_as_it_was(form: Form, given_rows: list[PlanRow]) -> None:
    assert placeless(of(write(plan(*given_rows), form, "Plan"))) == given_rows


@pytest.mark.parametrize("form", FORMS)
def test_the_committees_plan_goes_through_every_form_unchanged(form: Form) -> None:
    table = of(committee_text())
    again = of(write(table, form, "Inspection: action plan"))
    assert placeless(again) == placeless(table)
    assert (again.headings, again.progress_as_at, again.not_understood) == (table.headings, table.progress_as_at, ())


def test_a_word_document_opens_with_its_title_its_table_and_real_lists() -> None:
    document = Document(io.BytesIO(write(of(committee_text()), "docx", "Our plan")))
    assert (document.core_properties.title, document.core_properties.author, document.core_properties.comments) == (
        "Our plan",
        "",
        "",
    )
    assert document.sections[0].orientation == WD_ORIENT.LANDSCAPE
    assert document.paragraphs[0].text == "Our plan"
    table = document.tables[0]
    assert ([cell.text for cell in table.rows[0].cells], len(table.rows)) == (list(HEADINGS), 23)
    assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
    styles = [(paragraph.style.name, paragraph.text) for paragraph in table.cell(3, 3).paragraphs]
    assert [name for name, _ in styles] == ["Normal", "List Bullet", "List Bullet", "Normal", "Normal"]
    assert not any("•" in text for _, text in styles)
    numbered = [paragraph for paragraph in table.cell(11, 3).paragraphs if paragraph.style.name == "List Number"]
    assert [paragraph.text for paragraph in numbered] == ["Interviews", "A start in October"]
    assert table.cell(1, 4)._tc.xpath("./w:tcPr/w:shd/@w:fill") == [FILLS["amber"]]


def test_a_workbook_opens_with_wrapped_text_and_coloured_rags() -> None:
    page = openpyxl.load_workbook(io.BytesIO(write(of(committee_text()), "xlsx", "Our plan"))).active
    assert (page["A1"].value, [cell.value for cell in page[3]], page.max_row) == ("Our plan", list(HEADINGS), 25)
    assert page["D6"].value == of(committee_text()).rows[2].progress
    assert (page["D6"].alignment.wrap_text, page["E4"].fill.fgColor.rgb) == (True, f"FF{FILLS['amber']}")


def test_a_web_page_opens_with_headings_for_its_columns_real_lists_and_nothing_that_runs() -> None:
    data = write(plan(one(progress="<script>x</script>So:\n\n• a\n• b\n\n3. c")), "html", "Plan <1> & more")
    page = web.fromstring(data)
    assert (page.get("lang"), page.findtext(".//title"), page.findtext(".//h1")) == (
        "en-GB",
        "Action plan",
        "Plan <1> & more",
    )
    assert [head.get("scope") for head in page.iter("th")] == ["col"] * 5
    assert [item.text for item in page.xpath("//ul/li")] == ["a", "b"]
    assert [(item.get("value"), item.text) for item in page.xpath("//ol/li")] == [("3", "c")]
    assert not page.xpath("//script | //link | //img | //@onclick | //@style")


@pytest.mark.parametrize(("form", "sign"), [("csv", ","), ("tsv", "\t")])
def test_text_forms_are_the_table_alone_with_the_mark_that_spreadsheets_want(form: Form, sign: str) -> None:
    data = write(plan(one(progress="a\n\n• b")), form, "Our plan")
    assert data.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=sign))
    assert read == [list(HEADINGS), ["Visit", "Ada Quill", "May", "a\n\n• b", "Red"]]


@given(st.text(max_size=12))
def test_no_cell_begins_as_a_formula_and_each_comes_back_as_it_was(text: str) -> None:
    assert not harmless(text).startswith(FORMULA_STARTS)


@pytest.mark.parametrize("text", ["=1+1", "+44 1632", "-5%", "@all", "'=1", "''-1", "＝1", "'tis", "="])
@pytest.mark.parametrize("form", FORMS)
def test_cells_that_a_spreadsheet_would_run_come_back_unharmed(form: Form, text: str) -> None:
    data = write(plan(one(action=text, progress=text)), form, text)
    assert [(row.action, row.progress) for row in of(data).rows] == [(text, text)]
    if form == "xlsx":
        cells = [
            cell for line in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows() for cell in line if cell.value
        ]
        assert all(cell.data_type == "s" and not cell.value.startswith(FORMULA_STARTS) for cell in cells)
    elif form in ("csv", "tsv"):
        read = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter="," if form == "csv" else "\t")
        assert not any(cell.startswith(FORMULA_STARTS) for line in read for cell in line)


def test_a_rag_that_was_a_colour_only_is_written_as_its_word() -> None:
    assert one_line(of(write(plan(one(rag_written="")), "csv", "Plan")).rows[0].rag_written) == "Red"


def test_headings_that_would_not_be_known_again_are_written_as_ours() -> None:
    odd = ("Thing", "Ada", "", "How far", "Colour?")
    assert headings_of(plan(headings=odd)) == (
        "Action",
        "Person responsible",
        "Deadline",
        "Progress update as at 3 June 2024",
        "RAG",
    )
    assert headings_of(plan()) == HEADINGS


def test_a_text_longer_than_a_cell_of_excel_is_refused_and_never_cut() -> None:
    long = plan(one(progress="x" * 32_768))
    with pytest.raises(
        PlainError, match=r"longer than the 32,767 characters a cell of Excel holds: take the plan as Word\.$"
    ):
        write(long, "xlsx", "Plan")
    assert len(of(write(long, "docx", "Plan")).rows[0].progress) == 32_768


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=25)
@given(text=st.text(max_size=30).map(lambda text: f"a{text}"))
def test_whatever_was_typed_is_written_tidily(form: Form, text: str) -> None:
    read = of(write(plan(one(action=text, progress=text, responsible=text)), form, text)).rows[0]
    assert (read.action, read.progress, read.responsible) == (tidy(text),) * 3


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_plan_is_its_headings(form: Form) -> None:
    assert of(write(plan(), form, "Plan")).rows == ()


def test_documents_carry_the_time_of_the_one_clock() -> None:
    with frozen_at(datetime(2024, 7, 1, 9, 30, tzinfo=UTC)):
        word, book = write(plan(one()), "docx", "Plan"), write(plan(one()), "xlsx", "Plan")
    for data in (word, book):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert b"2024-07-01T09:30:00Z" in archive.read("docProps/core.xml")
