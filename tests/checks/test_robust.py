"""What real returns have in them: no rule stops for a bad cell, and what could not be read stays known."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.checks.breaking import Census

from lineofsight.checks import engine
from lineofsight.checks.cin import reading
from lineofsight.checks.engine import Result


def checked(path: Path) -> Result:
    read = reading.read([path])
    return engine.check(read.layout, read.rows, read.year())


def _alone(census: Census) -> None:
    child = census.children["K12"]
    for part in list(child)[1:]:
        child.remove(part)


def _blank(census: Census) -> None:
    census.put("K12/CINdetails/CINreferralDate", "")


def _impossible(census: Census) -> None:
    census.put("K12/CINdetails/CINreferralDate", "2025-02-31")


def _no_word_for_a_day(census: Census) -> None:
    census.put("K12/CINdetails/CINreferralDate", "infinity")


def _unknown_code(census: Census) -> None:
    census.put("K12/CINdetails/ReasonForClosure", "💥")


def _extra(census: Census) -> None:
    census.add("K12/CINdetails", "SomethingNew", Inside="1")
    census.add("K12/CINdetails/Assessments", "SomethingElse", "2")


def _twice(census: Census) -> None:
    census.add("K12/CINdetails", "CINreferralDate", "1900-01-01")


SPOILT: list[Callable[[Census], None]] = [
    _alone,
    _blank,
    _impossible,
    _no_word_for_a_day,
    _unknown_code,
    _extra,
    _twice,
]


@pytest.mark.parametrize("spoil", SPOILT, ids=lambda one: one.__name__.strip("_"))
def test_no_rule_stops(tmp_path: Path, spoil: Callable[[Census], None]) -> None:
    census = Census()
    spoil(census)
    result = checked(census.write(tmp_path / "spoilt.xml"))
    assert result.counts()["could_not_run"] == 0
    assert result.counts()["not_applicable"] == 0


@pytest.mark.parametrize("text", ["2025-02-31", "31/02/2025", "infinity", "2025-13-01", "soon, soon"])
def test_what_is_no_date_is_missing_to_the_rules_and_known_as_what_it_was(tmp_path: Path, text: str) -> None:
    census = Census()
    census.put("K12/CINdetails/CINreferralDate", text)
    result = checked(census.write(tmp_path / "spoilt.xml"))
    assert [issue.person for issue in result.issues if issue.code == "8600"] == ["K12"]
    assert next(issue.values for issue in result.issues if issue.code == "8600") == {"CINreferralDate": text}
    (cell,) = result.unreadable
    assert (cell.table, cell.column, cell.value, cell.person) == ("CINdetails", "CINreferralDate", text, "K12")
    assert cell.line


def test_a_date_as_people_write_it_is_read(tmp_path: Path) -> None:
    census = Census()
    census.put("K12/CINdetails/CINreferralDate", "06/05/2025")
    result = checked(census.write(tmp_path / "written.xml"))
    assert (result.issues, result.unreadable) == ((), ())


@pytest.mark.parametrize(("born", "over"), [("2000-02-29", True), ("2001-03-30", True), ("2001-03-31", False)])
def test_a_birthday_of_29_february_is_counted_in_years(tmp_path: Path, born: str, over: bool) -> None:
    census = Census()
    census.put("K12/ChildIdentifiers/PersonBirthDate", born)
    found = [issue.code for issue in checked(census.write(tmp_path / "born.xml")).issues]
    assert ("8775Q" in found) == over


def test_a_child_without_identifiers_or_characteristics_is_found_to_lack_them(tmp_path: Path) -> None:
    census = Census()
    child = census.children["K12"]
    for name in ("ChildIdentifiers", "ChildCharacteristics"):
        part = child.find(name)
        assert part is not None
        child.remove(part)
    found = {issue.code for issue in checked(census.write(tmp_path / "lacking.xml")).issues}
    assert {"8500", "4220", "4180"} <= found


def test_elements_that_are_not_known_are_named(tmp_path: Path) -> None:
    census = Census()
    _extra(census)
    (note,) = reading.read([census.write(tmp_path / "extra.xml")]).notes
    assert "SomethingElse, SomethingNew" in note


def test_a_return_in_a_namespace_of_its_own_is_read(tmp_path: Path) -> None:
    path = tmp_path / "named.xml"
    path.write_bytes(Census().written().replace(b"<Message>", b'<Message xmlns="urn:x">'))
    assert checked(path).issues == ()


def test_sex_under_its_earlier_name_is_read(tmp_path: Path) -> None:
    path = tmp_path / "earlier.xml"
    path.write_bytes(Census().written().replace(b"Sex>", b"GenderCurrent>"))
    assert checked(path).issues == ()


def test_a_line_far_down_a_long_file_is_told(tmp_path: Path) -> None:
    text = Census().written().decode().replace("<Children>", "<Children>" + "\n" * 70_000)
    path = tmp_path / "long.xml"
    path.write_text(text.replace("<Ethnicity>WBRI", "<Ethnicity>XXXX"))
    assert all((issue.line or 0) > 70_000 for issue in checked(path).issues)
