"""Headings and what they say a file is."""

import pytest

from lineofsight.schema import Table, heading, recognise, tables


@pytest.mark.parametrize(
    "written",
    [
        "pers_person_id",
        "PERS_PERSON_ID",
        " Pers Person ID ",
        "\ufeffpers_person_id",
        "pers-person-id",
        '"pers_person_id"',
    ],
)
def test_a_heading_is_known_in_any_dress(written: str) -> None:
    assert heading(written) == "pers_person_id"


@pytest.mark.parametrize("table", tables().values(), ids=lambda table: table.name)
def test_every_table_is_known_by_its_own_headings(table: Table) -> None:
    assert recognise([column.name for column in table.columns]) == table.name


def test_a_file_with_one_shared_word_is_not_taken_for_a_table() -> None:
    assert recognise(["pers_person_id", "shoe_size"]) is None
    assert recognise([]) is None
    assert recognise(["", ""]) is None


def test_a_wide_file_that_holds_two_headings_of_a_table_among_many_others_is_not_that_table() -> None:
    assert recognise(["pers_person_id", "pers_dob", *[f"other_{place}" for place in range(10)]]) is None
