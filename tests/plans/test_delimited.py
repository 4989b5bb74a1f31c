"""Text files: whatever stands between the cells, and whether or not they are in quotation marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plans.a_plan import five, of

from lineofsight.errors import PlainError
from lineofsight.plans.delimited import decoded, read_delimited

ROW = ("Visit in ten days", "Ada Quill", "Immediate", "One team does", "Red")
READ = (*ROW[:4], "red")


@pytest.mark.parametrize("sign", ["\t", ",", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_tabs_commas_semicolons_and_strokes_are_known_by_the_headings(sign: str, end: str) -> None:
    lines = [
        "Report to; the panel, in May",
        "",
        sign.join(["Action", "Lead", "Deadline", "Progress", "RAG"]),
        sign.join(ROW),
    ]
    table = of(end.join(lines))
    assert five(table) == [READ]
    assert table.rows[0].place.row == 4


def test_a_table_between_strokes_as_notes_are_written_is_read() -> None:
    table = of("| Action | Lead | RAG |\n|---|:--|---|\n| Visit | Ada Quill | Red |\n")
    assert five(table) == [("Visit", "Ada Quill", "", "", "red")]


def test_a_cell_in_quotation_marks_may_hold_lines_and_the_marks_themselves() -> None:
    table = of('Action,Progress,RAG\n"Visit, and\ncall","He said ""soon""\n• a\n• b",Red\nCall,x,Green\n')
    assert [(row.action, row.progress, row.place.row) for row in table.rows] == [
        ("Visit, and\ncall", 'He said "soon"\n\n• a\n• b', 2),
        ("Call", "x", 6),
    ]


def test_quotation_marks_in_a_file_that_was_never_quoted_are_signs_like_others() -> None:
    table = of(
        'Action\tProgress\tRAG\nVisit\t"Front door" is open\tRed\n'
        'Call\tat the "front door"\tGreen\nAsk\t"never closed\tRed\n'
    )
    assert [row.progress for row in table.rows] == ['"Front door" is open', 'at the "front door"', '"never closed']


def test_headings_in_quotation_marks_over_two_lines_are_known() -> None:
    table = of('"Agreed\nactions","Lead\nofficer","Progress\nMay","RAG"\nVisit,Ada Quill,Begun,Red\n')
    assert table.headings[0] == "Agreed actions"
    assert len(table.rows) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encodings_that_programs_write_are_read(encoding: str) -> None:
    data = "Action\tLead\tRAG\nVisit\tZoë O’Dell\tRed\n".encode(encoding)
    assert of(data).rows[0].responsible == "Zoë O’Dell"


def test_bytes_that_are_no_letters_do_not_stop_the_rest() -> None:
    assert decoded(b"a\x81b\xff") == "a\ufffdbÿ"


def test_the_apostrophe_that_disarms_a_cell_is_taken_off_and_others_stay() -> None:
    table = of("Action,Progress,RAG\n'=1+1,'tis done,Red\n''-x,'+44,Green\n")
    assert [(row.action, row.progress) for row in table.rows] == [("=1+1", "'tis done"), ("'-x", "+44")]


def test_a_row_of_hundreds_of_cells_is_refused() -> None:
    with pytest.raises(PlainError, match="a row of more than 500 columns"):
        of("Action\tRAG\nVisit\tRed" + "\t" * 600)


@given(st.text(alphabet='Action,RAG\t\n"\r;|x', max_size=60))
def test_no_text_of_signs_and_marks_is_too_odd_to_be_gone_through(odd: str) -> None:
    read_delimited("plan", f"Action\tRAG\n{odd}")
