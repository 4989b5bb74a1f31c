"""The four outcomes of a rule: none is ever taken for another, and nothing is lost silently."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from tests.checks.breaking import Census, broken

from lineofsight.checks import engine, rules
from lineofsight.checks.cin import reading
from lineofsight.checks.database import opened
from lineofsight.checks.engine import COULD_NOT_RUN, FAILED, NOT_APPLICABLE, PASSED, Outcome, Result
from lineofsight.checks.layout import load
from lineofsight.checks.rules import Rule
from lineofsight.checks.years import year_of

LAYOUT = load("cin")
RULES = {rule.code: rule for rule in rules.load(LAYOUT)}
GIVEN = sorted({column for table in LAYOUT.tables.values() for column in table.given})


def checked(path: Path, year: str = "", **how: object) -> Result:
    read = reading.read([path])
    return engine.check(read.layout, read.rows, year_of(year) if year else read.year(), **how)  # type: ignore[arg-type]


def by_code(result: Result) -> dict[str, Outcome]:
    return {one.rule.code: one for one in result.outcomes}


def without(element: str) -> bytes:
    """The good return with one element taken out wherever it stands."""
    text = Census().written().decode()
    return re.sub(rf"\s*<{element}>[^<]*</{element}>", "", text).encode()


def test_every_rule_has_one_of_four_outcomes_and_they_add_up(tmp_path: Path) -> None:
    result = checked(broken("8925").write(tmp_path / "one.xml"))
    assert set(result.counts()) == {PASSED, FAILED, NOT_APPLICABLE, COULD_NOT_RUN}
    assert sum(result.counts().values()) == len(RULES) == 109


def test_a_rule_that_came_in_later_is_not_applicable_before(tmp_path: Path) -> None:
    path = Census().write(tmp_path / "good.xml")
    assert by_code(checked(path, "2023-24"))["1570"].outcome == NOT_APPLICABLE
    assert "2023-24" in by_code(checked(path, "2023-24"))["1570"].reason
    assert by_code(checked(path, "2024-25"))["1570"].outcome == PASSED


def test_codes_are_those_of_the_year(tmp_path: Path) -> None:
    path = Census().write(tmp_path / "good.xml")
    assert by_code(checked(path, "2023-24"))["4180"].rows == 13
    assert by_code(checked(path, "2025-26"))["4180"].outcome == PASSED


def test_a_rule_whose_table_holds_no_rows_is_not_applicable(tmp_path: Path) -> None:
    census = Census()
    for child in ("K01", "K02"):
        census.take(f"{child}/CINdetails/ChildProtectionPlans")
    one = by_code(checked(census.write(tmp_path / "no_plans.xml")))["8925"]
    assert (one.outcome, one.reason) == (NOT_APPLICABLE, "The return has no ChildProtectionPlans.")


@pytest.mark.parametrize("column", GIVEN)
def test_a_column_that_is_nowhere_makes_no_rule_pass_that_needs_it(tmp_path: Path, column: str) -> None:
    path = tmp_path / "lacking.xml"
    path.write_bytes(without(column))
    need = [one for one in RULES.values() if any(name == column for _, name in _all_named(one))]
    for one in checked(path, "2025-26", only=[one.code for one in need]).outcomes:
        assert one.outcome != PASSED, one.rule.code
        if one.outcome == COULD_NOT_RUN:
            assert column in one.reason, one.rule.code


def test_without_a_column_that_must_be_there_a_rule_could_not_run_and_names_it(tmp_path: Path) -> None:
    path = tmp_path / "lacking.xml"
    path.write_bytes(without("Ethnicity"))
    one = by_code(checked(path))["4220"]
    assert (one.outcome, one.reason) == (COULD_NOT_RUN, "The return has no ChildCharacteristics.Ethnicity.")


def test_where_nobody_died_rules_about_death_are_not_applicable(tmp_path: Path) -> None:
    path = tmp_path / "lacking.xml"
    path.write_bytes(without("PersonDeathDate"))
    assert by_code(checked(path))["8545Q"].outcome == NOT_APPLICABLE


def test_without_the_reference_date_no_rule_of_the_period_passes(tmp_path: Path) -> None:
    path = tmp_path / "lacking.xml"
    path.write_bytes(without("ReferenceDate"))
    told = by_code(checked(path))
    assert {told[code].outcome for code in ("100", "8620", "8670Q", "8897Q", "4014")} == {COULD_NOT_RUN}
    assert told["8925"].outcome == PASSED


def test_in_a_return_of_a_few_rows_a_column_that_is_nowhere_is_empty_and_what_is_found_is_told(tmp_path: Path) -> None:
    census = Census()
    census.children = {"K12": census.children["K12"]}
    census.put("K12/ChildCharacteristics/Ethnicity", None)
    told = by_code(checked(census.write(tmp_path / "one_child.xml")))
    assert told["4220"].outcome == FAILED
    assert told["8620"].outcome == COULD_NOT_RUN  # nothing was found, and no closure stands anywhere


def test_columns_that_are_missing_can_be_taken_for_empty(tmp_path: Path) -> None:
    path = tmp_path / "lacking.xml"
    path.write_bytes(without("Ethnicity"))
    assert by_code(checked(path, every_column=True))["4220"].rows == 13


def test_a_rule_that_breaks_off_is_told_and_stops_no_other(tmp_path: Path) -> None:
    wrong = replace(RULES["8925"], code="9998", sql="select no_such_column as ChildProtectionPlans from Reviews")
    result = checked(broken("8925").write(tmp_path / "one.xml"), rules=[wrong, RULES["8925"]])
    told = by_code(result)
    assert told["9998"].outcome == COULD_NOT_RUN
    assert "broke off" in told["9998"].reason
    assert told["8925"].outcome == FAILED


def test_a_row_at_fault_is_told_with_its_values_as_they_stand_in_the_file(tmp_path: Path) -> None:
    census = broken("8925")
    (issue,) = (one for one in checked(census.write(tmp_path / "one.xml")).issues if one.code == "8925")
    assert (issue.table, issue.row, issue.person) == ("ChildProtectionPlans", 0, "K01")
    assert issue.values == {"CPPstartDate": "2025-05-29", "CPPendDate": "2025-05-28"}
    line = census.written().decode().splitlines()[(issue.line or 0) - 1]
    assert "<ChildProtectionPlans>" in line


def test_rows_that_are_wrong_together_share_a_group(tmp_path: Path) -> None:
    result = checked(broken("8510").write(tmp_path / "one.xml"))
    found = [issue for issue in result.issues if issue.code == "8510"]
    assert [issue.row for issue in found] == [10, 11]
    assert found[0].groups == found[1].groups
    overlap = [one for one in checked(broken("8940").write(tmp_path / "two.xml")).issues if one.code == "8940"]
    assert len(overlap) == 2
    assert set(overlap[0].groups) & set(overlap[1].groups)


def test_a_rule_of_the_whole_return_fails_once_and_names_no_row(tmp_path: Path) -> None:
    result = checked(broken("2887Q").write(tmp_path / "one.xml"))
    (issue,) = (one for one in result.issues if one.code == "2887Q")
    assert (issue.table, issue.row, issue.line) == (None, None, None)


def test_the_same_return_gives_the_same_answer(tmp_path: Path) -> None:
    path = broken("8940").write(tmp_path / "one.xml")
    assert checked(path).issues == checked(path).issues


def test_a_rule_that_takes_too_long_is_stopped_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_SECONDS_OF_A_RULE", 0.2)
    endless = "select a.range as Reviews from range(1000000) a, range(1000000) b where a.range + b.range < 0"
    slow = replace(RULES["8842Q"], code="9999", sql=endless)
    told = by_code(checked(broken("8925").write(tmp_path / "one.xml"), rules=[slow, RULES["8925"]]))
    assert "took longer" in told["9999"].reason
    assert (told["9999"].outcome, told["8925"].outcome) == (COULD_NOT_RUN, FAILED)


def test_children_of_one_id_are_told_once_and_are_each_a_child_to_every_other_rule(tmp_path: Path) -> None:
    text = re.sub(r"<LAchildID>[^<]*<", "<LAchildID>K1<", Census().written().decode())
    path = tmp_path / "same.xml"
    path.write_text(text)
    failed = {one.rule.code: one.rows for one in checked(path).outcomes if one.outcome == FAILED}
    assert failed == {"8510": 13}


def _all_named(rule: Rule) -> list[tuple[str, str]]:
    return [*rule.needs(LAYOUT), *rule.may_lack()]


def _mentions() -> Iterator[tuple[str, str, Rule]]:
    """Each column of a table with each rule whose SQL says its name."""
    for table in LAYOUT.tables.values():
        for column in table.kinds:
            for rule in RULES.values():
                if re.search(rf"\b{column}\b", rule.sql) and not (table.name == "Assessments" and column != "row"):
                    yield table.name, column, rule


def test_a_rule_names_every_column_it_reads() -> None:
    """Without the column a rule cannot be understood at all exactly where it says that it needs it."""
    told: dict[tuple[str, str], list[Rule]] = {}
    for table, column, rule in _mentions():
        if column not in (name for keys in (*LAYOUT.made.values(), *LAYOUT.either.values()) for name in keys):
            told.setdefault((table, column), []).append(rule)
    for place, mentioned in told.items():
        con = opened(LAYOUT, {}, year_of("2025-26"), "2025-26", without=frozenset([place]))
        for rule in mentioned:
            assert _understood(con, rule) == (place not in _all_named(rule)), (rule.code, place)
        con.close()


def _understood(con: duckdb.DuckDBPyConnection, rule: Rule) -> bool:
    try:
        con.execute(f"explain {rule.sql}")
    except duckdb.Error:
        return False
    return True


def test_a_rule_over_factors_needs_them() -> None:
    for rule in RULES.values():
        if re.search(r"\bfactor\b|AssessmentFactors", rule.sql):
            assert ("Assessments", "AssessmentFactors") in rule.needs(LAYOUT), rule.code


def test_a_rule_sees_the_tables_and_nothing_else() -> None:
    con = opened(LAYOUT, {}, year_of("2025-26"), "2025-26")
    for sql in ("select * from read_csv('/etc/passwd')", "install httpfs", "set enable_external_access = true"):
        with pytest.raises(duckdb.Error):
            con.execute(sql)
