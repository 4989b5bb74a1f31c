"""Workbooks: texts, days and shares as a person sees them, and what is not a text told."""

from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from tests.plans.a_plan import five, of, told
from tests.plans.office import C, in_document, xlsx

from lineofsight.errors import PlainError
from lineofsight.plans.workbook import COMMENTS, NO_RESULT

HEADS = ["Action", "Lead", "Deadline", "Progress", "RAG"]


def with_cell(value: object, look: str = "General", column: int = 3) -> str:
    def also(book: openpyxl.Workbook) -> None:
        cell = book["Plan"].cell(2, column)
        cell.value, cell.number_format = value, look

    row = of(xlsx(("Plan", [HEADS, ["Visit", "Ada Quill", "May", "Begun", "Red"]]), also=also)).rows[0]
    return (row.action, row.responsible, row.deadline, row.progress)[column - 1]


@pytest.mark.parametrize(
    ("value", "look", "shown"),
    [
        (date(2024, 9, 28), "dd/mm/yyyy", "28 September 2024"),
        (datetime(2024, 9, 28, 14, 30), "dd/mm/yyyy hh:mm", "28 September 2024"),
        (date(2024, 10, 1), "mmm-yy", "October 2024"),
        (date(2024, 10, 1), "[$-809]mmmm yyyy", "October 2024"),
        (0.85, "0%", "85%"),
        (22, "General", "22"),
        (22.5, "0.00", "22.5"),
        (1e20, "General", "1e+20"),
        (-5, "dd/mm/yyyy", "-5"),
        (True, "General", "TRUE"),
        ("28/09/2024", "General", "28/09/2024"),
    ],
)
def test_a_cell_is_read_as_a_person_sees_it(value: object, look: str, shown: str) -> None:
    assert with_cell(value, look) == shown


def test_line_breaks_lists_and_parts_of_a_text_in_bold_are_kept() -> None:
    assert with_cell("One\ntwo\n\n• a\n- b\nafter", column=4) == "One\ntwo\n\n• a\n• b\n\nafter"
    rich = CellRichText("Not ", TextBlock(InlineFont(b=True), "yet"), " begun")
    assert with_cell(rich, column=4) == "Not yet begun"
    assert with_cell("a_x000D_\nb _x0041_ _x005F_x0041_", column=4) == "a\nb A _x0041_"


def test_titles_above_and_notes_below_do_not_hide_the_plan() -> None:
    rows = [
        ["Improvement plan"],
        [],
        ["As at", date(2024, 6, 3)],
        HEADS,
        ["Visit", "Ada Quill", "May", "Begun", "Red"],
        [],
        ["Key: Red is late"],
    ]
    table = of(xlsx(("Plan", rows)))
    assert [(row.action, row.place.table, row.place.row) for row in table.rows] == [
        ("Visit", "", 5),
        ("Key: Red is late", "", 7),
    ]
    assert [why for _, _, _, why in told(table)] == [
        "Only the action is filled in this row: it may be the title of a section."
    ]


def test_a_formula_is_its_result_and_one_without_a_result_is_told() -> None:
    data = xlsx(("Plan", [HEADS, ["Visit", "=B9", "May", "Begun", "Red"]]))
    table = of(data)
    assert five(table) == [("Visit", "", "May", "Begun", "red")]
    assert told(table) == [(2, "", "B2", NO_RESULT)]
    worked = in_document(
        data, lambda xml: xml.replace("<f>B9</f><v></v>", "<f>B9</f><v>7</v>"), "xl/worksheets/sheet1.xml"
    )
    assert (of(worked).rows[0].responsible, told(of(worked))) == ("7", [])


def test_comments_on_cells_are_told() -> None:
    def also(book: openpyxl.Workbook) -> None:
        book["Plan"]["D2"].comment = Comment("Is this so?", "A. Reader")

    assert told(of(xlsx(("Plan", [HEADS, ["Visit", "Ada Quill", "May", "Begun", "Red"]]), also=also))) == [
        (0, "", "", COMMENTS)
    ]


def test_a_sheet_that_is_no_plan_is_told_by_its_name() -> None:
    table = of(xlsx(("Lists", [["Red"], ["Amber"]]), ("Plan", [HEADS, ["Visit", "Ada Quill", "May", "Begun", "Red"]])))
    assert [(one.place.table, one.value) for one in table.not_understood] == [("Lists", "Red")]
    assert table.rows[0].place.table == "Plan"


def test_dates_counted_from_1904_are_read_as_the_days_they_are() -> None:
    def also(book: openpyxl.Workbook) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    table = of(xlsx(("Plan", [HEADS, ["Visit", "Ada Quill", date(2024, 9, 28), "Begun", "Red"]]), also=also))
    assert table.rows[0].deadline == "28 September 2024"


def test_a_column_far_to_the_right_is_refused_and_a_fill_there_is_not() -> None:
    def also(book: openpyxl.Workbook) -> None:
        book["Plan"]["XFD2"].value = "far"

    with pytest.raises(PlainError, match="more than 500 columns"):
        of(xlsx(("Plan", [HEADS, ["Visit", "Ada Quill", "May", "Begun", "Red"]]), also=also))

    def filled(book: openpyxl.Workbook) -> None:
        book["Plan"]["XFD2"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF0000")

    assert len(of(xlsx(("Plan", [HEADS, ["Visit", "Ada Quill", "May", "Begun", "Red"]]), also=filled)).rows) == 1


def test_a_title_merged_over_every_column_there_is_is_a_title() -> None:
    def also(book: openpyxl.Workbook) -> None:
        book["Plan"].merge_cells("A2:XFD2")

    rows = [HEADS, ["Front door"], ["Visit", "Ada Quill", "May", "Begun", "Red"]]
    table = of(xlsx(("Plan", rows), also=also))
    assert ([row.action for row in table.rows], told(table)) == (["Visit"], [])


@pytest.mark.parametrize("reference", ["A:B", "A1", "nonsense"])
def test_a_merge_of_nowhere_does_no_harm(reference: str) -> None:
    data = in_document(
        xlsx(("Plan", [HEADS, [C("Visit", right=2), None, "May", "Begun", "Red"]])),
        lambda xml: xml.replace('ref="A2:B2"', f'ref="{reference}"'),
        "xl/worksheets/sheet1.xml",
    )
    if reference == "A1":
        assert len(of(data).rows) == 1
    else:
        with pytest.raises(PlainError, match="is damaged"):
            of(data)
