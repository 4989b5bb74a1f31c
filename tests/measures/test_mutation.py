"""Do the specs notice? Each comparison, date step and timescale of a measure's SQL is changed, one at a time.

A change that no case of the measure's spec notices is a rule nobody has worked out by hand. One measure in the
ordinary run; in the full one so many drawn by its seed. Where a boundary truly makes no difference, the line of SQL
says so and why, in a comment that ends it: `-- either way: <reason>`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest
from tests.times import drawn

from lineofsight import policy
from lineofsight.errors import PlainError
from lineofsight.measures import definitions, spec

CATALOGUE = definitions.load()
SAMPLED = "RF02"
DRAWN, DRAWN_VIEWS = 20, 3  # of the measures and views in one full run; LINEOFSIGHT_TIMES=7 tries all
EITHER_WAY = "-- either way: "

# each pattern, with what stands in its place
COMPARISONS = {
    r"<=": "<",
    r">=": ">",
    r"(?<![<>=!-])<(?![=>])": "<=",
    r"(?<![<>=!-])>(?![=])": ">=",
}


def mutants(given: str) -> Iterator[tuple[str, str]]:
    """Every change of some SQL: where it is, and the SQL with it."""
    for pattern, other in COMPARISONS.items():
        for found in re.finditer(pattern, given):
            line = given[: found.start()].count("\n") + 1
            yield (
                f"line {line}: {found[0]} became {other}",
                given[: found.start()] + other + given[found.end() :],
            )


def noticed(one: definitions.Definition, sql: str, cases: tuple[spec.Case, ...]) -> bool:
    changed = replace(one, sql=sql)
    for case in cases:
        try:
            if spec.run(case, changed, CATALOGUE.views):
                return True
        except PlainError:
            return True
    return False


def unnoticed(one: definitions.Definition) -> list[str]:
    cases = spec.read(one.folder / "spec.md").cases
    return [
        where
        for where, sql in mutants(one.sql)
        if not in_comment(one.sql, where) and EITHER_WAY not in line_of(one.sql, where) and not noticed(one, sql, cases)
    ]


def line_of(sql: str, where: str) -> str:
    return sql.splitlines()[int(re.match(r"line (\d+)", where)[1]) - 1]  # type: ignore[index]


def in_comment(sql: str, where: str) -> bool:
    return line_of(sql, where).lstrip().startswith("--")


def timescales_unnoticed(one: definitions.Definition) -> list[str]:
    """The rules of the policy that could be one longer, or one shorter, without any case noticing."""
    cases = spec.read(one.folder / "spec.md").cases
    return [
        f"{key} by {change:+d}"
        for key in one.timescales
        for change in (1, -1)
        if not any(case_notices(one, case, key, change) for case in cases) and not (change < 0 and shipped(key)[0] == 0)
    ]


def case_notices(one: definitions.Definition, case: spec.Case, key: str, change: int) -> bool:
    number, unit = case.policy.get(key, shipped(key))
    if number + change < 0:
        return False
    other = replace(case, policy={**case.policy, key: (number + change, unit)})
    return bool(spec.run(other, one, CATALOGUE.views))


def shipped(key: str) -> tuple[float, str]:
    rule = next(rule for rule in policy.load().rules if rule.key == key)
    return rule.number, rule.unit


def some(measures: Iterable[definitions.Definition]) -> list[definitions.Definition]:
    """Those drawn for a full run, and not the one that every run tries."""
    return drawn((one for one in measures if one.id != SAMPLED), DRAWN, lambda one: one.id)


def test_the_harness_tells_a_spec_that_notices_from_one_that_does_not():
    one = CATALOGUE[SAMPLED]
    cases = spec.read(one.folder / "spec.md").cases
    assert list(mutants(one.sql))
    assert not noticed(one, one.sql, cases)
    assert noticed(one, one.sql + "\nlimit 0", cases)


def test_the_cases_of_one_measure_notice_every_changed_comparison():
    assert unnoticed(CATALOGUE[SAMPLED]) == []


def test_the_cases_of_one_measure_notice_its_timescales_a_unit_longer_or_shorter():
    assert timescales_unnoticed(CATALOGUE[SAMPLED]) == []


@pytest.mark.full
@pytest.mark.parametrize("one", some(CATALOGUE.values()), ids=lambda one: one.id)
def test_the_cases_of_every_measure_notice_every_changed_comparison(one):
    assert unnoticed(one) == []


@pytest.mark.full
@pytest.mark.parametrize("one", some(one for one in CATALOGUE.values() if one.timescales), ids=lambda one: one.id)
def test_the_cases_of_every_measure_notice_its_timescales(one):
    assert timescales_unnoticed(one) == []


# Shared views whose every rule is worked out in the specs of the measures that stand on them.
VIEWS = (
    "leavers",
    "leavers_now",
    "former_relevant",
    "leavers_occupied",
    "social_work_posts",
    "social_workers",
    "visits_owed",
    "decisions_judged",
    "away_in_year",
)


def standing_on(view: str) -> list[definitions.Definition]:
    """The measures whose SQL stands on a view, by way of others or not."""
    names = {view}
    for name, sql in CATALOGUE.views.items():
        if names & set(re.findall(r"\w+", sql)):
            names.add(name)
    return [one for one in CATALOGUE.values() if names & set(re.findall(r"\w+", one.sql))]


def noticed_by_any(view: str, sql: str, users: list[definitions.Definition]) -> bool:
    views = {**CATALOGUE.views, view: sql}
    for one in users:
        for case in spec.read(one.folder / "spec.md").cases:
            try:
                if spec.run(case, one, views):
                    return True
            except PlainError:
                return True
    return False


@pytest.mark.full
@pytest.mark.parametrize("view", drawn(VIEWS, DRAWN_VIEWS))
def test_the_cases_notice_every_changed_comparison_of_a_view_they_stand_on(view):
    sql, users = CATALOGUE.views[view], standing_on(view)
    assert users
    assert [
        where
        for where, changed in mutants(sql)
        if not in_comment(sql, where)
        and EITHER_WAY not in line_of(sql, where)
        and not noticed_by_any(view, changed, users)
    ] == []
