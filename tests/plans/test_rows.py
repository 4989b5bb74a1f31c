"""Every row of a table is an action, or part of one, or told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plans.a_plan import five, of, told
from tests.plans.office import C, docx, html, xlsx

from lineofsight.errors import PlainError
from lineofsight.plans.grid import MOST_CHARACTERS
from lineofsight.plans.rag import NONE, ONLY_THREE
from lineofsight.plans.rows import ALONE, MONTH_ONLY, NO_ACTION, NO_HEADING, ONLY_ACTION

HEADS = "Action\tLead\tDeadline\tProgress\tRAG"
VISIT = "Visit in ten days\tAda Quill\tImmediate\tOne team does\tRed"


def text(*lines: str) -> str:
    return "\n".join([HEADS, *lines])


def test_empty_rows_and_drawn_lines_are_skipped() -> None:
    table = of(text("", "\t\t\t\t", VISIT, "---\t---\t---\t---\t---", "  \t "))
    assert (len(table.rows), told(table)) == (1, [])


def test_a_progress_that_runs_over_the_page_joins_its_row_past_the_repeated_headings() -> None:
    table = of(text(VISIT, "", HEADS, "\t\t\tand the other will.\t"))
    assert five(table) == [("Visit in ten days", "Ada Quill", "Immediate", "One team does and the other will.", "red")]
    assert told(table) == []


def test_a_progress_directly_below_joins_too() -> None:
    assert (
        of(text(VISIT, "\t\t\tand more.\t", "\t\t\tIn May.\t")).rows[0].progress == "One team does and more.\n\nIn May."
    )


def test_an_action_that_runs_over_the_page_joins_its_row() -> None:
    table = of(
        text(
            "Visit every child\tAda Quill\tImmediate\tBegun\tRed",
            HEADS,
            "in ten days\t\t\tin the north\t",
            "Call\t\t\t\tRed",
        )
    )
    assert [(row.action, row.progress) for row in table.rows] == [
        ("Visit every child in ten days", "Begun in the north"),
        ("Call", ""),
    ]


def test_a_rag_that_comes_with_the_rest_of_the_row_counts() -> None:
    table = of(text("Visit\tAda Quill\tImmediate\tOne team\t", HEADS, "\t\t\tdoes.\tAmber"))
    assert [(row.progress, row.rag, row.rag_written) for row in table.rows] == [("One team does.", "amber", "Amber")]
    assert told(table) == []


def test_the_same_rag_again_below_joins_and_another_is_told() -> None:
    table = of(text(VISIT, "\t\t\tand more\tRed", "\t\t\tand yet more\tGreen"))
    assert [(row.progress, row.rag) for row in table.rows] == [("One team does and more", "red")]
    assert told(table) == [(4, "", "and yet more | Green", NO_ACTION)]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("\tMilo Hart\tMay\tBegun\tRed", "Milo Hart | May | Begun | Red"),
        ("\t\t\t\tGreen", "Green"),
        ("\tMilo Hart\t\t\t", "Milo Hart"),
    ],
)
def test_a_row_without_an_action_is_told_with_all_it_holds(line: str, value: str) -> None:
    table = of(text(VISIT, line))
    assert len(table.rows) == 1
    assert told(table) == [(3, "", value, NO_ACTION)]


def test_a_progress_below_the_headings_with_no_row_above_is_told() -> None:
    table = of(text("\t\t\tof what?\t", VISIT))
    assert (len(table.rows), told(table)) == (1, [(2, "", "of what?", NO_ACTION)])


def test_a_row_with_only_an_action_is_one_and_may_be_a_title() -> None:
    table = of(text("Front door\t\t\t\t", VISIT))
    assert [row.action for row in table.rows] == ["Front door", "Visit in ten days"]
    assert told(table) == [(2, "Action", "Front door", ONLY_ACTION)]


def test_a_line_of_text_below_the_table_is_told() -> None:
    table = of(text(VISIT, "", "Contact: the democratic services desk"))
    assert told(table) == [(4, "", "Contact: the democratic services desk", ALONE)]


def test_a_missing_or_unknown_rag_is_told_where_it_stands() -> None:
    table = of(text("Visit\tAda Quill\tMay\tBegun\tComplete", "Call\tMilo Hart\tMay\tBegun\t"))
    assert [(row.rag, row.rag_written) for row in table.rows] == [(None, "Complete"), (None, "")]
    assert told(table) == [(2, "RAG", "Complete", ONLY_THREE), (3, "RAG", "", NONE)]


def test_a_table_without_a_rag_says_so_once() -> None:
    table = of("Action,Progress\nVisit,Begun\nCall,Begun\n")
    assert [row.rag for row in table.rows] == [None, None]
    assert [why for _, _, _, why in told(table)] == [
        "The table has no column for the person responsible.",
        "The table has no column for the deadline.",
        "The table has no column for the RAG.",
    ]


def test_what_stands_under_no_heading_is_told_with_its_row() -> None:
    table = of(text(VISIT + "\tsee note 1", "Call\tMilo Hart\tMay\tBegun\tRed\tsee note 2"))
    assert len(table.rows) == 2
    assert told(table) == [(2, "", "see note 1", NO_HEADING), (3, "", "see note 2", NO_HEADING)]


def test_what_stands_under_an_empty_heading_is_told_too() -> None:
    table = of(docx([["Action", "", "RAG"], ["Visit", "see note 1", "Red"]]))
    assert told(table)[-1] == (2, "", "see note 1", NO_HEADING)


def test_a_heading_row_two_rows_high_is_one() -> None:
    heads = [C("Action", down=2), C("Timescale", right=2), None, C("Progress", down=2), C("RAG", down=2)]
    rows = [heads, [None, "From", "To", None, None], ["Visit", "May 2024", "June 2024", "Begun", "Red"]]
    for data in (docx(rows), html(rows), xlsx(("Plan", rows))):
        assert five(of(data)) == [("Visit", "", "May 2024\n\nJune 2024", "Begun", "red")]


def test_a_second_column_of_the_same_name_is_told() -> None:
    table = of("Action\tRAG\tRAG\nVisit\tRed\tGreen\n")
    assert table.rows[0].rag == "red"
    assert (1, "RAG", "", "Another column was read as the RAG, so this one was not.") in told(table)


def test_a_heading_that_names_a_month_only_gives_no_day_and_says_so() -> None:
    table = of("Action\tLead\tDeadline\tProgress May 2024\tRAG\n" + VISIT)
    assert table.progress_as_at is None
    assert told(table) == [(1, "Progress May 2024", "", MONTH_ONLY)]


def test_a_total_is_not_an_action_but_an_action_about_totals_is() -> None:
    table = of(
        text(
            "Total\t\t\t14 green, 5 amber\t",
            "Total review of the front door\tAda Quill\tMay\tBegun\tRed",
            "Green\t14\t\t\t",
        )
    )
    assert [row.action for row in table.rows] == ["Total review of the front door"]
    assert [row for row, _, _, _ in told(table)] == [2, 4]


def test_a_text_table_with_other_headings_below_is_a_table_of_its_own() -> None:
    table = of(text(VISIT, "", "Task\tOwner\tStatus", "Call\tMilo Hart\tGreen"))
    assert [(row.action, row.rag, row.place.table, row.place.row) for row in table.rows] == [
        ("Visit in ten days", "red", "table 1", 2),
        ("Call", "green", "table 2", 5),
    ]


def test_an_action_in_the_words_of_a_heading_stays_an_action() -> None:
    table = of(
        text(
            VISIT,
            "Review recommendations\tLead officer\tTarget\tProgress made\tGreen",
            "Actions\tOwner\t\tUpdate\tStatus",
        )
    )
    assert [row.action for row in table.rows] == ["Visit in ten days", "Review recommendations", "Actions"]


def test_a_heading_over_two_columns_takes_both() -> None:
    rows = [
        [C("Action", right=2), None, "Lead", "Progress", "RAG"],
        ["1.1", "Visit", "Ada Quill", "Begun", "Red"],
    ]
    table = of(docx(rows))
    assert five(table) == [("1.1\n\nVisit", "Ada Quill", "", "Begun", "red")]


def test_rows_drawn_with_cells_of_other_widths_go_by_their_order() -> None:
    heads = "<tr><td>Action<td>Lead<td colspan=3>Progress<td>RAG"
    page = f"<table>{heads}<tr><td colspan=2>Visit<td>Ada Quill<td colspan=2>Begun<td>Red</table>"
    assert five(of(page)) == [("Visit", "Ada Quill", "", "Begun", "red")]


def test_empty_cells_of_a_sheet_do_not_move_the_others() -> None:
    rows = [
        ["Action", "Lead", "Deadline", "Progress", "RAG"],
        ["", "Milo Hart", "May", "Begun", "Red", "a note"],
        ["Visit", "Ada Quill", "May", "Begun", "Red"],
    ]
    table = of(xlsx(("Plan", rows)))
    assert [row.action for row in table.rows] == ["Visit"]
    assert told(table) == [(2, "", "Milo Hart | May | Begun | Red | a note", NO_ACTION)]


def test_a_merged_rag_counts_for_each_of_its_rows() -> None:
    rows = [["Action", "Lead", "RAG"], ["Visit", "Ada Quill", C("", "#FF0000", down=2)], ["Call", "Milo Hart", None]]
    assert [row.rag for row in of(html(rows)).rows] == ["red", "red"]


def test_a_word_that_the_colour_gainsays_is_told() -> None:
    rows = [["Action", "Lead", "RAG"], ["Visit", "Ada Quill", C("Green", "FF0000")]]
    table = of(docx(rows))
    assert table.rows[0].rag == "green"
    assert told(table)[-1] == (2, "RAG", "Green", "The word says green and the cell’s colour red: the word counts.")


def test_more_rows_than_a_plan_has_are_refused() -> None:
    with pytest.raises(PlainError, match="holds more than 5,000 rows"):
        of(text(*["Visit\t\t\tBegun\tRed"] * 5_001))


def test_a_text_longer_than_any_cell_is_refused() -> None:
    with pytest.raises(PlainError, match=r"^Row 2 of plan holds a text of more than 200,000 characters\.$"):
        of(text(f"Visit\t\t\t{'x' * (MOST_CHARACTERS + 1)}\tRed"))
    with pytest.raises(PlainError, match="holds a text of more than"):
        of(text("Visit\t\t\tx\tRed", *["\t\t\t" + "y" * 150_000 + "\t"] * 2))


WORDS = st.sampled_from(
    ["", "", "Visit", "Ada Quill", "May", "Begun.", "Red", "Total", "3 red", "word", "• item", "Green"]
)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=6), max_size=8))
def test_whatever_the_rows_hold_each_word_is_in_an_action_or_told(rows: list[list[str]]) -> None:
    table = of(text(VISIT, *("\t".join(row) for row in rows)))
    kept = [word for row in five(table) for cell in row[:4] for word in cell.replace("•", " ").split()]
    kept += [word for row in table.rows for word in row.rag_written.split()]
    kept += [word for one in table.not_understood for word in one.value.replace("•", " ").replace("|", " ").split()]
    missing = {
        word for row in [*rows, VISIT.split("\t")] for cell in row for word in cell.replace("•", " ").split()
    } - set(kept)
    assert missing == set()
