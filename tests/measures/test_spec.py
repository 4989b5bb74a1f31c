"""The reader and runner of specs: what it reads, what it refuses, and that it can fail."""

import re
from datetime import date

import pytest

from lineofsight.errors import PlainError
from lineofsight.measures import definitions, spec

CASE = """# XX01 Visits

Prose: anything may stand here, a colon too.

## Two visits, one of them in time

As at: 2026-10-31

What is counted and why.

### ssd_cp_visits

| cppv_cp_visit_id | cppv_person_id | cppv_cp_visit_date | cppv_cp_visit_seen |
| --- | --- | :---: | --- |
| v1 | Ada | 2026-10-01 | `Y` |
| v2 | Ben | 1900-01-01 | N |

### expect

numerator: 1
denominator: 2
unknown: 0
value: 50.0

### rows

| person_id | met | done_on | due_on |
| --- | --- | --- | --- |
| Ben | false | | |
| Ada | true | 2026-10-01 | |
"""


@pytest.fixture
def spec_of(measure_folder):
    def write(text: str, **facts: object) -> tuple[spec.Spec, definitions.Definition]:
        folder = measure_folder(**facts)
        (folder / "spec.md").write_text(text)
        return spec.read(folder / "spec.md"), definitions.read(folder)

    return write


def differences(found: tuple[spec.Spec, definitions.Definition]) -> list[str]:
    told, one = found
    return [line for case in told.cases for line in spec.run(case, one, {})]


def test_a_case_is_read_and_run_through_the_engine(spec_of):
    found = spec_of(CASE)
    (case,) = found[0].cases
    assert (case.sentence, case.as_at) == ("Two visits, one of them in time", date(2026, 10, 31))
    assert differences(found) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("numerator: 1", "numerator: 2", "numerator is 1, not 2"),
        ("denominator: 2", "denominator: 1", "denominator is 2, not 1"),
        ("unknown: 0", "unknown: 3", "unknown is 0, not 3"),
        ("value: 50.0", "value: 50.2", "value is 50.0, not 50.2"),
        ("value: 50.0", "value: null", "value is 50.0, not null"),
        ("value: 50.0", "not measured: ssd_cp_visits", "not measured is measured"),
        ("| Ada | true |", "| Ada | false |", "a row is missing: .*Ada.*false"),
        ("| Ben | false | | |\n", "", "a row is too many: .*Ben"),
        ("| Ada | true | 2026-10-01 | |", "| Ada | true | 2026-10-01 | 2026-10-02 |", "a row is missing"),
        ("| Ben | false | | |", "| Ben | false | | |\n| Ben | false | | |", "a row is missing: .*Ben"),
    ],
)
def test_what_is_expected_wrongly_is_told(spec_of, old, new, words):
    assert old in CASE
    found = "\n".join(differences(spec_of(CASE.replace(old, new))))
    assert re.search(words, found), found


def test_an_absent_table_gives_not_measured_in_the_spec_as_in_life(spec_of):
    text = (
        "## Without visits\n\nAs at: 2026-10-31\nAbsent: ssd_cp_visits\n\n"
        "### expect\n\nnot measured: ssd_cp_visits\nvalue: null\n"
    )
    assert differences(spec_of(text, needs={"ssd_cp_visits": ["cppv_person_id"]})) == []
    column = text.replace("ssd_cp_visits", "ssd_cp_visits.cppv_person_id")
    assert differences(spec_of(column, needs={"ssd_cp_visits": ["cppv_person_id"]})) == []


def test_settings_reach_the_engine(spec_of):
    text = """## Settings

As at: 2026-10-31
Measured months: 2026-09-30, 2026-10-31
Policy: cp.visit = 15 working days
Roles: Wizard = allocated_worker
Population: 4,000

### expect

numerator: 0
"""
    told, _ = spec_of(text)
    inputs = spec.inputs(told.cases[0])
    assert inputs.months == (date(2026, 9, 30), date(2026, 10, 31))
    assert inputs.policy.number("cp.visit", date(2026, 10, 31)) == 15
    assert inputs.roles.kind("wizard") == "allocated_worker"
    assert inputs.population[date(2026, 10, 31)] == 4000


def test_rows_with_a_date_are_compared_in_every_month(spec_of):
    text = CASE.replace("As at: 2026-10-31", "As at: 2026-10-31\nMeasured months: 2026-09-30, 2026-10-31")
    assert differences(spec_of(text)) == []
    dated = text[: text.index("### rows")] + "### rows\n\n| as_at | person_id |\n| --- | --- |\n"
    both = dated + "".join(f"| {day} | {who} |\n" for day in ("2026-09-30", "2026-10-31") for who in ("Ada", "Ben"))
    assert differences(spec_of(both)) == []
    assert len(differences(spec_of(dated))) == 4


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("As at: 2026-10-31", "", "no 'As at' line"),
        ("2026-10-31", "31 October 2026", "not a date like"),
        ("As at: 2026-10-31", "As at: 2026-10-31\nMeasured months: 2026-09-30", "end with 'As at'"),
        ("As at: 2026-10-31", "As at: 2026-10-31\nAbsent: ssd_tea", "nobody knows it"),
        ("As at: 2026-10-31", "As at: 2026-10-31\nAbsent: ssd_cp_visits", "both given and absent"),
        ("As at: 2026-10-31", "As at: 2026-10-31\nPolicy: cp.visit is 3", "a rule is written"),
        ("As at: 2026-10-31", "As at: 2026-10-31\nRoles: X = wizard", "a role word is written"),
        ("As at: 2026-10-31", "As at: 2026-10-31\nPopulation: many", "a whole number"),
        ("### ssd_cp_visits", "### ssd_tea", "no table called 'ssd_tea'"),
        ("cppv_cp_visit_seen |", "tea |", "has no column tea"),
        ("| person_id | met |", "| person_id | tea |", "'rows' has no column tea"),
        ("| v1 | Ada |", "| v1 |", "has 3 cells, not 4"),
        ("unknown: 0", "unkown: 0", "'unkown' is nothing that can be expected"),
        ("numerator: 1\ndenominator: 2\nunknown: 0\nvalue: 50.0", "", "it expects nothing"),
    ],
)
def test_a_spec_that_cannot_be_understood_is_refused(spec_of, old, new, words):
    assert old in CASE
    with pytest.raises(PlainError, match=words):
        spec_of(CASE.replace(old, new, 1))


def test_a_date_written_wrong_in_a_fixture_is_a_mistake_not_a_blank(spec_of):
    with pytest.raises(PlainError, match=r"ssd_cp_visits\.cppv_cp_visit_date '2026-13-01'"):
        differences(spec_of(CASE.replace("1900-01-01", "2026-13-01")))


def test_a_sentinel_date_is_no_date(spec_of):
    text = CASE.replace("| Ben | false | | |", "| Ben | false | 1900-01-01 | |")
    assert len(differences(spec_of(text))) == 2
