"""Reading an extract: folder, files, facts, and what is not what it claims."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.sources.conftest import FACTS, PEOPLE, PLANS, Writer, told

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.schema import arrow_schema
from lineofsight.sources import read

AS_AT = date(2026, 8, 31)
DAMAGED = "is not a zip file that can be read: it is damaged or cut short"
OLD_WORKBOOK = "is a workbook of the old kind (.xls): save it as .xlsx"


def test_a_folder_is_read_with_its_facts_tables_and_hashes(small_extract: Path) -> None:
    extract = read([small_extract])
    assert (extract.as_at, extract.kind, extract.synthetic) == (AS_AT, "ssd", True)
    assert (extract.authority, extract.authority_name, extract.population) == ("330", "Anytown", 50000)
    assert list(extract.tables) == ["ssd_cp_plans", "ssd_person"]
    assert told(extract) == ()
    plans = extract.tables["ssd_cp_plans"]
    assert plans.table.schema == arrow_schema("ssd_cp_plans")
    assert (plans.file, plans.rows_read, plans.table.num_rows) == ("ssd/plans.csv", 2, 2)
    assert plans.columns_present == (
        "cppl_cp_plan_id",
        "cppl_person_id",
        "cppl_cp_plan_start_date",
        "cppl_cp_plan_end_date",
    )
    assert extract.tables["ssd_person"].table["pers_forename"].to_pylist() == ["Ada", "Zoë"]


def test_single_files_are_read_with_the_day_they_are_given(write_source: Writer) -> None:
    paths = [write_source("a.csv", PEOPLE), write_source("b.csv", PLANS)]
    extract = read(paths, as_at=AS_AT)
    assert list(extract.tables) == ["ssd_cp_plans", "ssd_person"]
    assert (extract.authority, extract.synthetic) == (None, False)


def test_a_table_is_known_by_its_headings_not_by_its_files_name(write_source: Writer) -> None:
    extract = read([write_source("ssd_cla_visits.csv", PLANS)], as_at=AS_AT)
    assert list(extract.tables) == ["ssd_cp_plans"]


def test_the_day_given_wins_over_the_extracts_own(small_extract: Path) -> None:
    assert read([small_extract], as_at=date(2026, 7, 31)).as_at == date(2026, 7, 31)


def test_an_extract_that_does_not_say_its_day_asks_for_it(write_source: Writer) -> None:
    with pytest.raises(PlainError, match="name the day with --as-at"):
        read([write_source("people.csv", PEOPLE)])


def test_a_day_still_to_come_is_refused(small_extract: Path) -> None:
    with (
        clock.frozen_at(datetime(2026, 8, 30, tzinfo=UTC)),
        pytest.raises(PlainError, match="31 August 2026"),
    ):
        read([small_extract])


def test_the_hash_is_of_the_files_whatever_they_are_called(small_extract: Path) -> None:
    before = read([small_extract]).sha256
    (small_extract / "ssd" / "plans.csv").rename(small_extract / "ssd" / "cp.txt")
    assert read([small_extract]).sha256 == before
    (small_extract / "ssd" / "cp.txt").write_text(PLANS.replace("2026-01-05", "2026-01-06"))
    assert read([small_extract]).sha256 != before


def test_a_row_about_nobody_in_the_extract_is_told_with_its_row_and_kept(
    small_extract: Path, write_source: Writer
) -> None:
    write_source("extract/ssd/plans.csv", PLANS + "p3,c9,2026-01-01,\n")
    extract = read([small_extract])
    (issue,) = told(extract)
    assert (issue.file, issue.row, issue.column, issue.value) == ("ssd/plans.csv", 4, "cppl_person_id", "c9")
    assert extract.tables["ssd_cp_plans"].table.num_rows == 3


def test_people_are_looked_for_only_where_the_extract_has_people(write_source: Writer) -> None:
    assert told(read([write_source("plans.csv", PLANS)], as_at=AS_AT)) == ()


def test_rows_that_could_not_be_read_are_told_and_counted(small_extract: Path, write_source: Writer) -> None:
    write_source("extract/ssd/plans.csv", PLANS + "p3,c1\n\np4,c1,31/02/2026,\n,c1,,\n\n")
    extract = read([small_extract])
    assert [(issue.row, issue.why) for issue in told(extract)] == [
        (4, "the row has 2 cells and the header 4, so it was not read"),
        (6, "there is no such date"),
        (7, "the row has no key, so it was not read"),
    ]
    table = extract.tables["ssd_cp_plans"]
    assert (table.rows_read, table.table.num_rows) == (5, 3)


def test_placeholder_dates_are_counted_with_their_table(small_extract: Path, write_source: Writer) -> None:
    write_source("extract/ssd/plans.csv", PLANS + "p3,c1,2026-01-01,1900-01-01\n")
    extract = read([small_extract])
    assert extract.tables["ssd_cp_plans"].sentinels == {"cppl_cp_plan_end_date": 1}
    assert told(extract) == ()


def test_a_file_nobody_knows_is_told_not_passed_over(small_extract: Path, write_source: Writer) -> None:
    write_source("extract/ssd/minutes.txt", "Present: the Director\n")
    write_source("extract/ssd/logo.png", b"\x89PNG\r\n\x1a\n\0\0")
    write_source("extract/.keep", "")
    write_source("extract/book.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0")
    write_source("extract/ssd/ssd_version_log.csv", "version_number,is_current\n1.3.2,1\n")
    write_source("extract/README.md", "made by hand\n")
    assert [(issue.file, issue.why) for issue in told(read([small_extract]))] == [
        (".keep", "is empty; not read"),
        ("book.doc", f"{OLD_WORKBOOK}; not read"),
        ("ssd/logo.png", "is not a text file; not read"),
        ("ssd/minutes.txt", "not a file this version knows; not read"),
        ("ssd/ssd_version_log.csv", "ssd_version_log is not used; not read"),
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "plans.csv is empty."),
        (b" \n\n", "plans.csv is empty."),
        (b"%PDF-1.4\n\0\0", "plans.csv is not a text file."),
        (b"PK\x03\x04" + b"." * 26 + b"[Content_Types].xml", f"plans.csv {DAMAGED}."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", f"plans.csv {OLD_WORKBOOK}."),
        (b"cppl_cp_plan_id,cppl_person_id\n1\0,2\n", "plans.csv is not a text file."),
    ],
)  # fmt: skip
def test_a_file_that_is_not_the_table_its_name_claims_stops_the_load_with_one_sentence(
    small_extract: Path, write_source: Writer, data: bytes, sentence: str
) -> None:
    write_source("extract/plans.csv", data)
    with pytest.raises(PlainError) as refused:
        read([small_extract])
    assert str(refused.value) == sentence


def test_xml_by_name_that_is_no_xml_is_one_plain_sentence(write_source: Writer) -> None:
    with pytest.raises(PlainError, match=r"^census\.xml is not XML\.$"):
        read([write_source("census.xml", PEOPLE)], as_at=AS_AT)


def test_a_file_with_headings_of_no_table_is_one_plain_sentence(write_source: Writer) -> None:
    with pytest.raises(PlainError, match="is not a table this version knows"):
        read([write_source("shopping.csv", "item,price\ntea,2\n")], as_at=AS_AT)


def test_a_folder_of_files_nobody_knows_is_one_plain_sentence(write_source: Writer, tmp_path: Path) -> None:
    write_source("shopping.csv", "item,price\ntea,2\n")
    write_source("notes.txt", "nothing\n")
    with pytest.raises(PlainError, match="None of the 2 files"):
        read([tmp_path], as_at=AS_AT)


def test_two_files_with_the_same_table_are_refused_by_name(small_extract: Path, write_source: Writer) -> None:
    write_source("extract/ssd/plans_new.csv", PLANS)
    with pytest.raises(PlainError, match=r"ssd/plans\.csv and ssd/plans_new\.csv both hold ssd_cp_plans"):
        read([small_extract])


def test_a_census_among_tables_is_refused(small_extract: Path, write_source: Writer) -> None:
    write_source("extract/census.xml", "<Message/>")
    with pytest.raises(PlainError, match="load one or the other"):
        read([small_extract])


def test_a_table_without_its_key_is_told_and_absent_never_empty(small_extract: Path, write_source: Writer) -> None:
    write_source("extract/ssd/plans.csv", PLANS.replace("cppl_cp_plan_id", "plan"))
    extract = read([small_extract])
    assert "ssd_cp_plans" not in extract.tables
    assert [issue.why for issue in told(extract)] == [
        "the column cppl_cp_plan_id is not in the file, so nothing in it was read"
    ]


def test_an_extract_of_which_no_table_can_be_read_is_one_plain_sentence(write_source: Writer) -> None:
    with pytest.raises(PlainError, match="No table could be read: plans.csv: the column cppl_cp_plan_id"):
        read([write_source("plans.csv", PLANS.replace("cppl_cp_plan_id", "plan"))], as_at=AS_AT)


def test_a_file_that_is_not_utf_8_is_read_and_told(small_extract: Path, write_source: Writer) -> None:
    write_source("extract/ssd/people.csv", PEOPLE.encode("cp1252"))
    extract = read([small_extract])
    assert extract.tables["ssd_person"].table["pers_forename"].to_pylist() == ["Ada", "Zoë"]
    assert [issue.why for issue in told(extract)] == ["the file is not UTF-8; it was read as Windows-1252"]


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("as_at = ", "extract.toml is not a TOML file"),
        ("as_at = 'soon'", "as_at must be a date"),
        ("as_at = 5", "as_at must be a date"),
        ("authority = 'Croydon'", "authority must be the three digits"),
        ("authority = true", "authority must be the three digits"),
        ("authority_name = 7", "authority_name must be words"),
        ("population_0_17 = 'many'", "population_0_17 must be a whole number"),
        ("population_0_17 = 0", "population_0_17 must be a whole number"),
        ("synthetic = 'no'", "synthetic must be true or false"),
        ("x = '" + "x" * 70_000 + "'", "larger than"),
    ],
)
def test_facts_that_cannot_be_read_are_one_plain_sentence(
    small_extract: Path, write_source: Writer, written: str, sentence: str
) -> None:
    write_source("extract/extract.toml", written)
    with pytest.raises(PlainError, match=sentence):
        read([small_extract])


def test_facts_may_be_written_as_text(small_extract: Path, write_source: Writer) -> None:
    write_source("extract/extract.toml", "as_at = '2026-08-31'\nauthority = 330\n")
    extract = read([small_extract])
    assert (extract.as_at, extract.authority, extract.synthetic) == (AS_AT, "330", False)


def test_reading_tells_how_far_it_is(small_extract: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    read([small_extract], progress=lambda step, done, total: steps.append((step, done, total)))
    assert steps == [
        ("Reading ssd/people.csv", 0, 2),
        ("Reading ssd/plans.csv", 1, 2),
        ("Checking who the rows are about", 2, 2),
    ]


def test_facts_of_the_demonstration_are_understood(write_source: Writer) -> None:
    write_source("made/extract.toml", FACTS + 'seed = 1\nmade_by = "lineofsight synth"\n')
    assert read([write_source("made/people.csv", PEOPLE).parent]).synthetic
