"""Cells of text made into dates, numbers, flags and codes."""

from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.schema import Column
from lineofsight.schema import cells as words
from lineofsight.schema.cells import Cells, read_cells
from lineofsight.schema.layout import Kind

NOTHING = {"", "null", "(null)", "\\n", "none", "nan", "nat", "n/a", "na", "not known", "unknown", "-", "u"}


def read(kind: Kind, *texts: str | None, codes: str | None = None) -> Cells:
    return read_cells(Column("some_column", kind, False, codes, ""), pa.array(texts, pa.string()))


def one(kind: Kind, text: str, codes: str | None = None) -> tuple[object, str | None]:
    cells = read(kind, text, codes=codes)
    return cells.values[0].as_py(), cells.why[0].as_py()


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01",
        "2026/03/01",
        "2026-03-01T00:00:00",
        "2026-03-01 09:30",
        "2026-03-01 23:59:59.997",
        "2026-03-01T23:59:59Z",
        "01/03/2026",
        "1/3/2026",
        "01-03-2026",
        "01.03.2026",
        "01/03/2026 00:00:00",
        "01/03/2026 9:05 PM",
        "1 March 2026",
        "01-Mar-2026",
        "01-MAR-2026 00:00:00",
        "  2026-03-01\u00a0",
    ],
)
def test_a_date_is_read_however_case_systems_write_it(text: str) -> None:
    assert one("date", text) == (date(2026, 3, 1), None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("31/02/2026", words.NO_SUCH_DATE),
        ("2023-02-29", words.NO_SUCH_DATE),
        ("2100-02-29", words.NO_SUCH_DATE),
        ("00/01/2026", words.NO_SUCH_DATE),
        ("03/31/2026", words.NO_SUCH_DATE),
        ("0000-00-00", words.NO_SUCH_DATE),
        ("12-Foo-2026", words.NO_SUCH_DATE),
        ("12-Marmalade-2026", words.NO_SUCH_DATE),
        ("01/03/26", words.TWO_DIGIT_YEAR),
        ("1-Mar-26", words.TWO_DIGIT_YEAR),
        ("1066-10-14", words.YEAR_CANNOT_BE),
        ("14/10/2206", words.YEAR_CANNOT_BE),
        ("45382", words.NOT_A_DATE),
        ("20260301", words.NOT_A_DATE),
        ("yesterday", words.NOT_A_DATE),
        ("2026-03-01 25:00", words.NOT_A_DATE),
        ("2026-03", words.NOT_A_DATE),
        ("#VALUE!", words.SPREADSHEET_ERROR),
    ],
)
def test_a_date_that_cannot_be_is_null_and_says_why(text: str, why: str) -> None:
    assert one("date", text) == (None, why)


@pytest.mark.parametrize("text", ["29/02/2024", "2000-02-29"])
def test_the_leap_day_is_a_day(text: str) -> None:
    value, why = one("date", text)
    assert (value.day, value.month, why) == (29, 2, None)  # type: ignore[attr-defined]


def test_placeholder_dates_become_null_counted_and_without_complaint() -> None:
    cells = read("date", "1900-01-01", "01/01/1900 00:00:00", "1899-12-30", "1899-12-31", "9999-12-31", "1900-01-02")
    assert cells.values.to_pylist() == [None] * 5 + [date(1900, 1, 2)]
    assert cells.why.null_count == 6
    assert cells.sentinels == 5


@pytest.mark.parametrize("kind", ["text", "date", "integer", "real", "flag"])
@pytest.mark.parametrize("text", ["", "   ", "NULL", "null", "\u00a0", "\\N"])
def test_a_blank_is_null_without_complaint(kind: Kind, text: str) -> None:
    assert one(kind, text) == (None, None)


@given(st.dates(date(1900, 1, 2), date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d-%b-%Y"]))
def test_every_date_reads_back_as_itself(day: date, pattern: str) -> None:
    assert one("date", day.strftime(pattern)) == (day, None)


def test_every_day_of_two_hundred_years_is_read_and_no_other_is_made() -> None:
    days = [date(1900, 1, 2) + timedelta(days=count) for count in range(73_047)]
    cells = read("date", *[f"{day.day}/{day.month}/{day.year}" for day in days])
    assert cells.values.to_pylist() == days
    thirty_second = [f"{year}-{month:02}-{day}" for year in (2023, 2024) for month in range(1, 14) for day in (31, 32)]
    real = {str(day) for day in days}
    read_back = read("date", *thirty_second).values.to_pylist()
    assert [str(day) for day in read_back if day] == [text for text in thirty_second if text in real]


@given(st.text(max_size=20))
def test_whatever_a_cell_holds_it_is_a_value_a_blank_or_an_issue(text: str) -> None:
    for kind in ("date", "integer", "real", "flag"):
        value, why = one(kind, text)  # type: ignore[arg-type]
        assert value is None or why is None
        if value is None and why is None:
            assert text.strip(" \t\r\n\u00a0\ufeff").lower() in NOTHING


@pytest.mark.parametrize(("text", "value"), [("12", 12), ("-3", -3), ("+4", 4), ("7.0", 7), (" 8 ", 8)])
def test_a_whole_number_is_read(text: str, value: int) -> None:
    assert one("integer", text) == (value, None)


@pytest.mark.parametrize("text", ["7.5", "1,234", "many", "1e3", "99999999999999999999"])
def test_what_is_no_whole_number_is_null_and_says_so(text: str) -> None:
    assert one("integer", text) == (None, words.NOT_WHOLE)


@pytest.mark.parametrize(("text", "value"), [("0.8", 0.8), (".5", 0.5), ("1.", 1.0), ("-2", -2.0)])
def test_a_number_is_read(text: str, value: float) -> None:
    assert one("real", text) == (value, None)


@pytest.mark.parametrize("text", ["inf", "1,5", "full time", "--2"])
def test_what_is_no_number_is_null_and_says_so(text: str) -> None:
    assert one("real", text) == (None, words.NOT_A_NUMBER)


def test_a_flag_is_yes_or_no_however_it_is_written() -> None:
    yes = read("flag", "Y", "y", "Yes", "1", "true", "TRUE", " T ")
    no = read("flag", "N", "n", "No", "0", "false", "FALSE")
    assert set(yes.values.to_pylist()) == {"Y"}
    assert set(no.values.to_pylist()) == {"N"}
    assert one("flag", "maybe") == (None, words.NOT_A_FLAG)
    assert one("flag", "Unknown") == (None, None)


def test_a_code_is_read_from_the_code_the_words_or_both() -> None:
    cells = read("text", "N1", "n1", "N1 - Abuse or neglect", "Abuse or neglect", "N1: abuse", codes="need")
    assert cells.values.to_pylist() == ["N1"] * 5
    assert cells.why.null_count == 5


def test_a_code_nobody_knows_is_kept_and_told() -> None:
    value, why = one("text", "N77", codes="need")
    assert value == "N77"
    assert why == "is not in the list of need codes; kept as it is"


@pytest.mark.parametrize("unseen", ["\x07", "\x1b", "\x7f", "\x85", "\u202e", "\u2066", "\ufff9"])
def test_text_is_read_without_characters_that_cannot_be_seen_and_they_are_told(unseen: str) -> None:
    assert one("text", f"A{unseen}da") == ("Ada", words.UNSEEN)
    assert one("text", unseen) == (None, words.UNSEEN)


@pytest.mark.parametrize("text", ["Zoë", "O’Brien", "李", "\u0645\u200c\u06cc", "two\nlines", "a\tb", "\U0001f600"])
def test_letters_of_any_script_and_lines_are_text(text: str) -> None:
    assert one("text", text) == (text, None)
