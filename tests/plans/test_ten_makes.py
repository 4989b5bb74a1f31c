"""Plans of ten makes, none of them alike: each is read, nothing of it is lost, and what was not understood is told."""

import io
from collections import Counter
from datetime import date

import openpyxl
import pytest
from docx import Document
from tests.plans.a_plan import COMMITTEE, HEADINGS, PLAN, PUBLISHED, committee_text, five, of, told
from tests.plans.office import C, docx, html, picture, saved, solid, xlsx

from lineofsight.errors import PlainError
from lineofsight.plans.deadlines import read_deadline
from lineofsight.plans.rows import LONGEST_TITLE, NO_TABLE, OTHER_COLUMN, TITLE, TOTAL
from lineofsight.plans.table import Owner
from lineofsight.plans.workbook import HIDDEN_ROW, HIDDEN_SHEET

HEADS = ["Action", "Lead", "Deadline", "Progress", "RAG"]


def test_the_committees_text_gives_its_22_actions_14_green_5_amber_and_3_red() -> None:
    table = of(committee_text(), "appendix.txt")
    assert len(table.rows) == 22
    assert Counter(row.rag for row in table.rows) == {"green": 14, "amber": 5, "red": 3}
    assert Counter(row.deadline for row in table.rows) == {"within 3 months": 16, "within 6 months": 4, "Immediate": 2}
    assert (table.headings, table.progress_as_at, table.not_understood) == (HEADINGS, date(2024, 6, 3), ())
    read = [(action, by, due, done, rag.capitalize()) for action, by, due, done, rag in five(table) if rag]
    assert read == [(one.action, one.responsible, one.deadline, one.whole(), one.rag) for one in PLAN]


def test_on_the_committees_day_seven_of_its_actions_are_late_and_not_green() -> None:
    late = [
        row
        for row in of(committee_text()).rows
        if row.rag != "green" and (on := read_deadline(row.deadline, PUBLISHED).on) and on < COMMITTEE
    ]
    assert len(late) == 7


def test_the_same_action_under_two_owners_stays_two_and_two_owners_of_one_stay_one() -> None:
    rows = of(committee_text()).rows
    twice = [row.owners for row in rows if row.action == "Keep chronologies up to date."]
    assert twice == [(Owner("Ada Quill"),), (Owner("Milo Hart"),)]
    assert rows[2].owners == (Owner("Ada Quill"), Owner("Ines Marlow"))
    assert rows[6].owners == (Owner("Ada Quill"), Owner("Milo Hart"))
    assert rows[11].owners == (Owner("Bea Rookwood", "Director of Midwifery"),)


def merged(make) -> object:
    return make(
        [
            HEADS,
            [C("Front door", right=5), None, None, None, None],
            [C("Answer in a day", down=2), "Ada Quill", "Immediate", "Most are", "Amber"],
            [None, "Milo Hart", "within 3 months", "All are", "Green"],
            [
                C("Visit in ten days", down=2),
                C("Ada Quill", down=2),
                C("Immediate", down=2),
                "One team does.",
                C("Red", down=2),
            ],
            [None, None, None, "The other does not.", None],
        ]
    )


@pytest.mark.parametrize("make", [docx, html, lambda rows: xlsx(("Plan", rows))], ids=["docx", "html", "xlsx"])
def test_an_action_merged_over_two_owners_is_two_and_a_title_over_the_width_is_none(make) -> None:
    table = of(merged(make))
    assert five(table) == [
        ("Answer in a day", "Ada Quill", "Immediate", "Most are", "amber"),
        ("Answer in a day", "Milo Hart", "within 3 months", "All are", "green"),
        ("Visit in ten days", "Ada Quill", "Immediate", "One team does.\n\nThe other does not.", "red"),
    ]
    assert [row.place.row for row in table.rows] == [3, 4, 5]
    assert told(table) == []


def test_a_title_too_long_for_one_is_told_with_all_its_words() -> None:
    words = "word " * (LONGEST_TITLE // 5 + 1)
    table = of(docx([HEADS, [C(words, right=5), None, None, None, None], ["Visit", "Ada", "Immediate", "Yes", "Red"]]))
    assert told(table) == [(2, "", words.strip(), TITLE)]
    assert len(table.rows) == 1


COLOURS = [("FF0000", "red"), ("FFC7CE", "red"), ("FFC000", "amber"), ("FFFF00", "amber"), ("00B050", "green")]


@pytest.mark.parametrize(
    "make",
    [
        docx,
        lambda rows: xlsx(("Plan", rows)),
        lambda rows: html([[with_hash(cell) for cell in row] for row in rows]),
        lambda rows: html([[with_hash(cell) for cell in row] for row in rows], fill="style"),
    ],
    ids=["docx", "xlsx", "html bgcolor", "html style"],
)
def test_a_rag_that_is_only_the_colour_of_its_cell_is_read(make) -> None:
    rows = [[f"Action {n}", "Ada Quill", "Immediate", "Begun", C("", fill)] for n, (fill, _) in enumerate(COLOURS)]
    table = of(make([HEADS, *rows]))
    assert [(row.rag, row.rag_written) for row in table.rows] == [(rag, "") for _, rag in COLOURS]
    assert told(table) == []


def with_hash(cell: str | C) -> str | C:
    return C(cell.text, f"#{cell.fill}") if isinstance(cell, C) else cell


def test_a_workbooks_own_colours_by_theme_tint_and_index_are_read() -> None:
    def also(book: openpyxl.Workbook) -> None:
        looks = [{"theme": 9}, {"theme": 9, "tint": 0.6}, {"theme": 5, "tint": -0.25}, {"indexed": 10}, {"theme": 4}]
        for row, look in enumerate(looks, start=2):
            book["Plan"].cell(row, 5).fill = solid(**look)

    rows = [[f"Action {n}", "Ada Quill", "Immediate", "Begun", ""] for n in range(5)]
    table = of(xlsx(("Plan", [HEADS, *rows]), also=also))
    # Accents of the theme that comes with every workbook: 9 is orange, 5 is dark red, 4 is blue.
    assert [row.rag for row in table.rows] == ["amber", "amber", "red", "red", None]
    assert told(table) == [(6, "RAG", "", "The cell’s colour is not clearly red, amber or green.")]


def test_dates_in_words_come_as_they_are_written() -> None:
    written = [
        "1st November 2024",
        "end of October 2024",
        "w/c 19 August 2024",
        "Autumn 2024",
        "31/02/2025",
        "ASAP",
        "",
    ]
    rows = [[f"Action {n}", "Ada Quill", words, "Begun", "Green"] for n, words in enumerate(written)]
    table = of(docx([HEADS, *rows]))
    assert [row.deadline for row in table.rows] == written
    found = [read_deadline(row.deadline, PUBLISHED) for row in table.rows]
    assert [one.on for one in found] == [date(2024, 11, 1), date(2024, 10, 31), date(2024, 8, 19), *[None] * 4]
    assert all(one.question for one in found[3:])


@pytest.mark.parametrize(
    "total",
    [["Total", "", "", "2", ""], ["", "", "", "14 green, 5 amber, 3 red", ""], ["Total actions: 22", "", "", "", ""]],
)
def test_a_total_row_is_no_action_and_is_told(total: list[str]) -> None:
    rows = [
        ["Visit", "Ada Quill", "Immediate", "Begun", "Green"],
        ["Call", "Milo Hart", "Immediate", "Begun", "Red"],
        total,
    ]
    table = of(xlsx(("Plan", [HEADS, *rows])))
    assert len(table.rows) == 2
    assert told(table) == [(4, "", " | ".join(cell for cell in total if cell), TOTAL)]


def test_two_tables_in_one_file_are_both_read_and_a_third_that_is_no_plan_is_told() -> None:
    cover = [["Report to", "Scrutiny"], ["Date", "23 July 2024"]]
    first = [HEADS, ["Visit", "Ada Quill", "Immediate", "Begun", "Green"]]
    second = [["What we will do", "By when", "Current position"], ["Call", "May 2025", "Not begun"]]
    table = of(docx(cover, first, second))
    assert [(row.action, row.place.table, row.place.row) for row in table.rows] == [
        ("Visit", "table 2", 2),
        ("Call", "table 3", 2),
    ]
    assert (table.not_understood[0].place.table, table.not_understood[0].value) == ("table 1", "Report to | Scrutiny")
    assert table.not_understood[0].why == NO_TABLE
    assert [one.why for one in table.not_understood[1:]] == [
        "The table has no column for the person responsible.",
        "The table has no column for the RAG.",
    ]


def test_a_table_cut_up_by_pages_goes_on_where_it_was() -> None:
    first = [HEADS, ["Visit", "Ada Quill", "Immediate", "Begun in the north and", "Green"]]
    second = [HEADS, ["", "", "", "in the south.", ""], ["Call", "Milo Hart", "Immediate", "Begun", "Red"]]
    table = of(docx(first, second))
    assert [row.progress for row in table.rows] == ["Begun in the north and in the south.", "Begun"]
    assert told(table) == []


def scanned() -> bytes:
    document = Document()
    document.add_picture(io.BytesIO(picture()))
    return saved(document)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (scanned(), "is a picture of a page"),
        (picture(), "is a picture of a page"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "is a PDF"),
    ],
    ids=["a Word document of a picture", "a picture", "a PDF"],
)
def test_a_scanned_page_is_refused_with_what_to_do_instead(data: bytes, why: str) -> None:
    with pytest.raises(PlainError, match=rf"^plan\.x {why}.*: ask for the Word or Excel file it was made from.*\.$"):
        of(data, "plan.x")


def test_columns_in_another_order_are_known_and_others_are_told_once_each() -> None:
    text = (
        "Our plan,,,,,,,\n\nNo,Theme,Status,What we will do,Cost,By when,Current position,Lead officer\n"
        '1,Front door,G,Answer in a day,£4,"30 June, 2024","Done, mostly",Ada Quill\n'
        "2,Front door,R,Call back,£9,ASAP,Not yet,Milo Hart\n"
    )
    table = of(text, "plan.csv")
    assert five(table) == [
        ("Answer in a day", "Ada Quill", "30 June, 2024", "Done, mostly", "green"),
        ("Call back", "Milo Hart", "ASAP", "Not yet", "red"),
    ]
    assert table.headings == ("What we will do", "Lead officer", "By when", "Current position", "Status")
    assert told(table) == [(3, name, "", OTHER_COLUMN) for name in ("No", "Theme", "Cost")]


def test_hidden_sheets_and_rows_are_read_and_told() -> None:
    def also(book: openpyxl.Workbook) -> None:
        book["Plan"].row_dimensions[3].hidden = True
        book["Old"].sheet_state = "hidden"

    rows = [["Visit", "Ada Quill", "Immediate", "Begun", "Green"], ["Call", "Milo Hart", "Immediate", "Begun", "Red"]]
    table = of(xlsx(("Plan", [HEADS, *rows]), ("Old", [HEADS, ["Wait", "Ada Quill", "May", "No", "Red"]]), also=also))
    assert [(row.action, row.place.table) for row in table.rows] == [
        ("Visit", "Plan"),
        ("Call", "Plan"),
        ("Wait", "Old"),
    ]
    assert [(one.place.table, one.place.row, one.why) for one in table.not_understood] == [
        ("Plan", 3, HIDDEN_ROW),
        ("Old", 0, HIDDEN_SHEET),
    ]
