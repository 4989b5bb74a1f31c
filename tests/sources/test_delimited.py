"""Raw text as case systems and spreadsheets write it."""

import pytest
from tests.sources.conftest import PEOPLE, PLANS, Writer

from lineofsight.errors import PlainError
from lineofsight.sources.columns import Raw
from lineofsight.sources.content import Content
from lineofsight.sources.delimited import layout_of, read_delimited

ROWS = [
    {"pers_person_id": "c1", "pers_forename": "Ada", "pers_dob": "2015-01-02"},
    {"pers_person_id": "c2", "pers_forename": "Zoë", "pers_dob": "03/04/2016"},
]


def content(write: Writer, data: str | bytes) -> Content:
    path = write("people.csv", data)
    return Content("people.csv", path.stat().st_size, lambda: path.open("rb"))


def read(write: Writer, data: str | bytes) -> Raw:
    file = content(write, data)
    layout = layout_of(file)
    assert layout.table is not None
    return read_delimited(file, layout)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_file_reads_the_same_in_any_delimiter_encoding_and_line_ending(
    write_source: Writer, delimiter: str, encoding: str, line_end: str
) -> None:
    text = PEOPLE.replace(",", delimiter).replace("\n", line_end)
    read_back = read(write_source, text.encode(encoding))
    assert read_back.table.to_pylist() == ROWS
    assert read_back.rows.to_pylist() == [2, 3]


def test_a_quoted_newline_and_a_quoted_delimiter_stay_in_their_cell(write_source: Writer) -> None:
    read_back = read(
        write_source, 'pers_person_id,pers_forename\nc1,"Ada\nAugusta"\nc2,"Smith, Zoë"\nc3,"the ""one"""\n'
    )
    assert read_back.table["pers_forename"].to_pylist() == ["Ada\nAugusta", "Smith, Zoë", 'the "one"']
    assert read_back.rows.to_pylist() == [2, 3, 4]


def test_a_ragged_row_is_not_read_and_the_rows_after_it_keep_their_numbers(write_source: Writer) -> None:
    read_back = read(write_source, PLANS + "p3,c1\np4,c1,2026-01-01,,extra\n\np5,c2,2026-02-02,\n")
    assert [(ragged.row, ragged.cells) for ragged in read_back.ragged] == [(4, 2), (5, 5)]
    assert read_back.table["cppl_cp_plan_id"].to_pylist() == ["p1", "p2", "p5"]
    assert read_back.rows.to_pylist() == [2, 3, 7]


def test_blank_lines_before_the_header_are_counted_as_a_spreadsheet_counts_them(write_source: Writer) -> None:
    read_back = read(write_source, "\n,,\n" + PEOPLE)
    assert read_back.table.to_pylist() == ROWS
    assert read_back.rows.to_pylist() == [4, 5]


def test_a_title_above_the_header_is_passed_over(write_source: Writer) -> None:
    read_back = read(write_source, "People as at 31 August\n" + PEOPLE)
    assert read_back.table.to_pylist() == ROWS
    assert read_back.rows.to_pylist() == [3, 4]


@pytest.mark.parametrize(
    ("data", "row"),
    [
        (PLANS + 'p3,c1,"2026-01-01,\np4,c1,2026-01-01,\n', 4),
        (PLANS.replace("c1", 'c1" tall') + 'p3,c1,2026-01-01,"\np4\np5\n', 4),
        (PLANS + 'p3,c1,2026-01-01,"', 4),
    ],
)
def test_a_quotation_mark_that_never_closes_is_one_plain_sentence_with_its_row(
    write_source: Writer, data: str, row: int
) -> None:
    with pytest.raises(PlainError, match=f"opens a quotation mark in row {row} that never closes"):
        read(write_source, data)


def test_a_quotation_mark_in_the_middle_of_a_cell_is_kept(write_source: Writer) -> None:
    read_back = read(write_source, 'pers_person_id,pers_forename\nc1,5" tall\nc2,"Zo"ë\n')
    assert read_back.table["pers_forename"].to_pylist() == ['5" tall', "Zoë"]


def test_nul_bytes_are_one_plain_sentence(write_source: Writer) -> None:
    file = content(write_source, PEOPLE.replace("Ada", "A\0a"))
    with pytest.raises(PlainError, match=r"people\.csv is not a text file: it holds NUL bytes"):
        read_delimited(file, layout_of(file))


def test_text_in_no_encoding_we_know_is_one_plain_sentence(write_source: Writer) -> None:
    with pytest.raises(PlainError, match="not text in an encoding we know"):
        read(write_source, PEOPLE.encode().replace(b"Ada", b"\x81\x8d"))


def test_half_a_utf_16_file_is_one_plain_sentence_or_its_whole_rows(write_source: Writer) -> None:
    with pytest.raises(PlainError):
        read(write_source, PEOPLE.encode("utf-16")[:-1])


def test_a_cell_far_too_long_to_be_one_is_one_plain_sentence(write_source: Writer) -> None:
    with pytest.raises(PlainError, match=r"A cell in row 4 of people\.csv is longer than"):
        read(write_source, PEOPLE + "c3," + "x" * 2_000_000 + ",\n" + "c4,Bo\n" * 1_000)


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_line_far_too_long_to_be_a_row_is_one_plain_sentence(write_source: Writer, quote: str) -> None:
    with pytest.raises(PlainError, match=r"people\.csv holds a line of more than 4,194,304 characters"):
        read(write_source, PEOPLE + "c3," + quote + "x" * 9_000_000 + quote + ",\n" + "c4,Bo,\n" * 1_000_000)


def test_a_cell_longer_than_a_block_of_the_fast_reader_is_read(write_source: Writer) -> None:
    long = "x" * 900_000
    read_back = read(write_source, PEOPLE + f"c3,{long},\n" * 10)
    assert read_back.table.num_rows == 12
    assert read_back.table["pers_forename"][11].as_py() == long


def test_many_rows_read_carefully_stand_in_the_same_order(write_source: Writer) -> None:
    lines = [f"p{place},c1,2026-01-01," for place in range(45_000)]
    text = PLANS.splitlines()[0] + "\n" + "\n".join(lines) + "\nragged\n"
    read_back = read(write_source, text)
    assert read_back.table["cppl_cp_plan_id"].to_pylist() == [f"p{place}" for place in range(45_000)]
    assert read_back.rows.to_pylist() == list(range(2, 45_002))
    assert [ragged.row for ragged in read_back.ragged] == [45_002]


def test_a_header_alone_is_a_table_without_rows(write_source: Writer) -> None:
    for header in ("pers_person_id,pers_dob", "pers_person_id,pers_dob\n"):
        assert read(write_source, header).table.num_rows == 0


def test_the_hash_is_of_the_whole_file_whichever_way_it_was_read(write_source: Writer) -> None:
    import hashlib

    for data in (PEOPLE.encode(), (PEOPLE + "ragged\n").encode()):
        assert read(write_source, data).sha256 == hashlib.sha256(data).hexdigest()
