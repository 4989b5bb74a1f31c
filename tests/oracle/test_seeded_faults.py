"""Does the comparison notice? One thing is changed, in the product or in the second computation, and both are compared.

Which are changed is drawn from a fixed seed: comparisons of the measures' SQL and the policy's timescales, and
comparisons of the second computation's own source. A fault that no data set shows is a rule that nothing compares.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from itertools import islice
from pathlib import Path
from types import ModuleType

import pytest
from tests.measures.test_mutation import EITHER_WAY, in_comment, line_of, mutants
from tests.oracle import harness, shaking
from tests.times import by_lot

from lineofsight.measures import definitions, spec
from lineofsight.policy import Policy

DATA_SETS, TOGETHER = 70, 5
CATALOGUE = definitions.load()
LOTS = "seeded faults"  # what the lots begin from, by which the faults are drawn
OTHER = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}


@cache
def batches() -> tuple[shaking.Batch, ...]:
    return tuple(shaking.batches(DATA_SETS, "faults", TOGETHER))


@cache
def said(number: int) -> harness.Said:
    return harness.engine_says(batches()[number].inputs, CATALOGUE)


def comparisons_of_the_product() -> list[tuple[str, str, str]]:
    """Each changed comparison of a measure's SQL: the measure, where, and the SQL."""
    return [
        (one.id, where, sql)
        for one in CATALOGUE.values()
        for where, sql in mutants(one.sql)
        if not in_comment(one.sql, where) and EITHER_WAY not in line_of(one.sql, where)
    ]


def shown(measure: str, sql: str) -> bool:
    """Whether a change of SQL changes a number of some case of the spec, and not the words of a row alone."""
    changed = replace(CATALOGUE[measure], sql=sql)
    return any(
        told.split(" ")[0] in ("numerator", "denominator", "unknown")
        for case in spec.read(changed.folder / "spec.md").cases
        for told in spec.run(case, changed, CATALOGUE.views)
    )


@cache
def five_comparisons() -> list[tuple[str, str, str]]:
    every = comparisons_of_the_product()
    places = by_lot((one[:2] for one in every), LOTS)
    sql = {one[:2]: one[2] for one in every}
    found = ((measure, where, sql[measure, where]) for measure, where in places)
    return list(islice((one for one in found if shown(one[0], one[2])), 5))


def timescales_of_the_product() -> list[tuple[str, str, int]]:
    """Each timescale of each measure, a unit longer or shorter."""
    return [(one.id, key, change) for one in CATALOGUE.values() for key in one.timescales for change in (1, -1)]


def comparisons_of_ours() -> list[tuple[str, str, int]]:
    """Each comparison in the source of an area: the area, the comparison, and which of those that read the same."""
    found = []
    for area in harness.AREAS:
        read: Counter[str] = Counter()
        for node, at in _compared(_tree(area)):
            words = f"{ast.unparse(node)} / {at}"
            found.append((area, words, read[words]))
            read[words] += 1
    return found


def _tree(area: str) -> ast.Module:
    return ast.parse(Path(import_module(f"tests.oracle.{area}").__file__ or "").read_text("utf-8"))


def _compared(tree: ast.Module) -> Iterator[tuple[ast.Compare, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for at, operator in enumerate(node.ops):
                if type(operator) in OTHER:
                    yield node, at


def changed(area: str, words: str, which: int) -> tuple[str, Mapping[str, harness.Measure]]:
    """Where the comparison stands and what it was, and the area's measures with it changed."""
    tree = _tree(area)
    same = [(node, at) for node, at in _compared(tree) if f"{ast.unparse(node)} / {at}" == words]
    node, at = same[which]
    where = f"{area} line {node.lineno}: {ast.unparse(node)}"
    node.ops[at] = OTHER[type(node.ops[at])]()
    module = ModuleType(f"tests.oracle.{area}_changed")
    module.__dict__["__name__"] = f"tests.oracle.{area}"
    exec(compile(ast.fix_missing_locations(tree), where, "exec"), module.__dict__)
    return f"{where} became {ast.unparse(node)}", module.MEASURES


def longer(policy: Policy, key: str, change: int) -> Policy:
    rule = next(one for one in policy.rules if one.key == key)
    return policy.with_rule(key, max(rule.number + change, 0), rule.unit)


@cache
def without_fault(number: int) -> frozenset[str]:
    """What differs where nothing was changed; nothing, unless the test of that fails."""
    return frozenset(harness.against(batches()[number].world, said(number), harness.measures()))


def new(number: int, found: list[str]) -> list[str]:
    return [one for one in found if one not in without_fault(number)]


def first_to_notice(measure: str, sql: str | None, timescale: tuple[str, int] | None) -> str | None:
    """The first difference that a changed product makes, None where no data set shows one."""
    one = CATALOGUE[measure]
    only = definitions.Catalogue({measure: replace(one, sql=sql or one.sql)}, CATALOGUE.views)
    for number, batch in enumerate(batches()):
        inputs = batch.inputs
        if timescale:
            inputs = replace(inputs, policy=longer(inputs.policy, *timescale))
        told = harness.engine_says(inputs, only)
        found = new(number, harness.against(batch.world, told, {measure: harness.measures()[measure]}))
        if found:
            return f"{batch.name} {found[0]}"
    return None


def first_to_notice_ours(measures: Mapping[str, harness.Measure]) -> str | None:
    """The first difference that our own changed measures make, None where no data set shows one."""
    for number, batch in enumerate(batches()):
        found = new(number, harness.against(replace(batch.world, kept={}), said(number), measures))
        if found:
            return f"{batch.name} {found[0]}"
    return None


@pytest.mark.full
def test_nothing_is_noticed_where_nothing_was_changed():
    assert [one for number in range(len(batches())) for one in without_fault(number)] == []


@pytest.mark.full
@pytest.mark.parametrize("number", range(5))
def test_a_comparison_changed_in_the_product_is_noticed(number):
    measure, where, sql = five_comparisons()[number]
    found = first_to_notice(measure, sql, None)
    assert found, f"{measure} {where}: no data set shows it"
    print(f"{measure} {where}: {found}")


@pytest.mark.full
@pytest.mark.parametrize(
    ("measure", "key", "change"),
    [pytest.param(*one, id=f"{one[0]} {one[1]} {one[2]:+d}") for one in by_lot(timescales_of_the_product(), LOTS)[:5]],
)
def test_a_timescale_changed_in_the_product_is_noticed(measure, key, change):
    found = first_to_notice(measure, None, (key, change))
    assert found, f"{measure} {key} {change:+d}: no data set shows it"
    print(f"{measure} {key} {change:+d}: {found}")


@pytest.mark.full
@pytest.mark.parametrize(("area", "words", "which"), by_lot(comparisons_of_ours(), LOTS)[:10])
def test_a_comparison_changed_in_the_second_computation_is_noticed(area, words, which):
    where, measures = changed(area, words, which)
    found = first_to_notice_ours(measures)
    assert found, f"{where}: no data set shows it"
    print(f"{where}: {found}")
