"""Run every rule of a return over its tables: an outcome for each rule, and a row for each thing found wrong.

A rule either passed, failed, was not applicable (not of that year, or its tables hold no rows), or could not run. What
could not run is told with its reason and is never counted as passed.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from lineofsight.checks import rules as rule_files
from lineofsight.checks.database import opened, quoted, stopped_after, text_of
from lineofsight.checks.layout import Layout
from lineofsight.checks.rows import BETWEEN_VALUES, Rows
from lineofsight.checks.rules import Rule
from lineofsight.checks.years import Year

if TYPE_CHECKING:
    import duckdb

PASSED, FAILED, NOT_APPLICABLE, COULD_NOT_RUN = "passed", "failed", "not_applicable", "could_not_run"
OUTCOMES = (PASSED, FAILED, NOT_APPLICABLE, COULD_NOT_RUN)
Column = tuple[str, str]
# In so few rows a column that is nowhere may as well be empty in each: what a rule then finds is believed.
_FEW = 10
_MOST_GROUPS = 8
_SECONDS_OF_A_RULE = 60


@dataclass(frozen=True)
class Outcome:
    """What became of one rule. `rows` is how many rows are at fault; `reason` is empty for passed and failed."""

    rule: Rule
    outcome: str
    rows: int = 0
    reason: str = ""


class Issue(NamedTuple):
    """One row at fault under one rule, or the whole return (then `table` and `row` are None).

    `groups` number the things found wrong that the row has a part in, the first few of them: rows of a rule that share
    one are wrong together.
    """

    code: str
    table: str | None
    row: int | None
    person: str | None
    values: Mapping[str, str]
    line: int | None
    file: int
    groups: tuple[int, ...]


class Unreadable(NamedTuple):
    """A cell that should hold a date and does not."""

    table: str
    row: int
    person: str | None
    column: str
    value: str
    line: int | None
    file: int


@dataclass(frozen=True)
class Result:
    """A return as checked."""

    layout: Layout
    year: Year
    people: int
    outcomes: tuple[Outcome, ...]
    issues: tuple[Issue, ...]
    unreadable: tuple[Unreadable, ...]

    def counts(self) -> dict[str, int]:
        """How many rules had each outcome; none is left out."""
        return {one: sum(found.outcome == one for found in self.outcomes) for one in OUTCOMES}


def check(
    layout: Layout,
    rows: Mapping[str, Rows],
    year: Year,
    *,
    rules_of: str = "",
    every_column: bool = False,
    only: Sequence[str] | None = None,
    rules: Sequence[Rule] | None = None,
) -> Result:
    """Run the rules of a return over its tables.

    `rules_of` is the year whose rules and code lists are used, where it is not the year itself. `every_column` takes a
    column that is nowhere for one that is empty (as recorded cases do); without it a rule that needs it could not run.
    `only` are codes to run and no others; `rules` stand in for those shipped.
    """
    chosen = [one for one in (rules or rule_files.load(layout)) if only is None or one.code in only]
    label = rules_of or layout.nearest(year)
    con = opened(layout, rows, year, label)
    try:
        told = {one.code: _before(one, rows, layout, label, every_column) for one in chosen}
        for one in chosen:
            if told[one.code] is None:
                told[one.code] = _run(con, one)
        counts = _counts(con)
        outcomes = tuple(
            told[one.code] or _after(one, counts.get(one.code, 0), rows, layout, every_column) for one in chosen
        )
        people = rows[layout.people].count if layout.people in rows else 0
        issues = tuple(_issues(con, layout, [one.rule for one in outcomes if one.outcome == FAILED]))
        return Result(layout, year, people, outcomes, issues, tuple(_unreadable(con, layout)))
    finally:
        con.close()


def _before(rule: Rule, rows: Mapping[str, Rows], layout: Layout, label: str, every_column: bool) -> Outcome | None:
    """What is known of a rule without running it; None where it is to be run."""
    if not rule.in_force(label):
        return Outcome(rule, NOT_APPLICABLE, reason=f"It is not a rule of {label}.")
    empty = [name for name in rule.rows_in if name not in rows or not rows[name].count]
    if empty:
        return Outcome(rule, NOT_APPLICABLE, reason=f"The return has no {', '.join(empty)}.")
    lacking = [] if every_column else _lacking(rule.needs(layout), layout, rows)
    if layout.period in lacking or any(rows[table].count >= _FEW for table, _ in lacking):
        return _without(rule, layout, lacking)
    return None


def _after(rule: Rule, found: int, rows: Mapping[str, Rows], layout: Layout, every_column: bool) -> Outcome:
    """The outcome of a rule that ran. One that found nothing, in a return that lacks what it needs, has not passed."""
    if found:
        return Outcome(rule, FAILED, rows=found)
    if every_column:
        return Outcome(rule, PASSED)
    if lacking := _lacking(rule.needs(layout), layout, rows):
        return _without(rule, layout, lacking)
    if absent := _lacking(rule.may_lack(), layout, rows):
        return Outcome(rule, NOT_APPLICABLE, reason=f"Nothing was found, and the return has no {_named(absent)}.")
    return Outcome(rule, PASSED)


def _lacking(columns: Sequence[Column], layout: Layout, rows: Mapping[str, Rows]) -> list[Column]:
    """The columns of these that stand nowhere in a table that holds rows."""
    return [
        (table, name)
        for table, name in columns
        if table in rows and rows[table].count and name not in rows[table].met and name in layout.tables[table].given
    ]


def _without(rule: Rule, layout: Layout, lacking: Sequence[Column]) -> Outcome:
    rare = all(name in layout.rare for _, name in lacking)
    return Outcome(rule, NOT_APPLICABLE if rare else COULD_NOT_RUN, reason=f"The return has no {_named(lacking)}.")


def _named(columns: Sequence[Column]) -> str:
    return ", ".join(f"{table}.{name}" for table, name in columns)


def _run(con: "duckdb.DuckDBPyConnection", rule: Rule) -> Outcome | None:
    """Run one rule and keep what it finds. Whatever is wrong with it, the others run and this one is told."""
    try:
        with stopped_after(con, _SECONDS_OF_A_RULE):
            con.execute(_statement(rule))
    except Exception as error:
        why = f"took longer than {_SECONDS_OF_A_RULE} seconds" if "Interrupt" in type(error).__name__ else "broke off"
        return Outcome(rule, COULD_NOT_RUN, reason=f"The rule itself {why} ({type(error).__name__}).")
    return None


def _statement(rule: Rule) -> str:
    """What keeps the findings of a rule: its code, each table and row at fault, and what the row is part of.

    What a row is part of is numbered by the first row of it, or by the rule's own "group"; the lowest are kept.
    """
    if rule.whole_return:
        kept = f"select '{rule.code}', null, null, [0] where exists (from ({rule.sql}))"  # noqa: S608
        return f"insert into found {kept}"  # noqa: S608 (the rule's own SQL)
    columns = [(table, quoted(table)) for table in rule.at_fault]
    if rule.other:
        columns.append((rule.other, quoted(f"{rule.other}_other")))
    tables, places = ", ".join(f"'{table}'" for table, _ in columns), ", ".join(place for _, place in columns)
    number = '"group"' if '"group"' in rule.sql else f"coalesce({places})"
    # One pass whatever the number of tables: a list of tables beside the list of rows, unnested together.
    pairs = f'select {number} as number, unnest([{tables}]) as "table", unnest([{places}]) as row from ({rule.sql})'  # noqa: S608
    return (
        f"insert into found select '{rule.code}', \"table\", row, list_distinct(min(number, {_MOST_GROUPS})) "  # noqa: S608
        f'from ({pairs}) where row is not null group by "table", row'
    )


def _counts(con: "duckdb.DuckDBPyConnection") -> dict[str, int]:
    """How many rows are at fault under each rule that found any."""
    return dict(con.execute("select code, count(*) from found group by code").fetchall())


def _issues(con: "duckdb.DuckDBPyConnection", layout: Layout, failed: Sequence[Rule]) -> Iterator[Issue]:
    """What was found, rule by rule and in the order of the file."""
    by_rule: dict[str, list[Issue]] = {one.code: [] for one in failed}
    for (code,) in con.execute('select code from found where "table" is null').fetchall():
        by_rule[code].append(Issue(code, None, None, None, {}, None, 0, (0,)))
    at_fault = {(one.code, table): names for one in failed for table, names in one.at_fault.items()}
    for name, table in layout.tables.items():
        if not any(name == at for _, at in at_fault):
            continue
        places = {column: place for place, column in enumerate(table.columns, start=5)}
        told = con.execute(
            "select f.code, f.row, t.line, t.file, list_sort(f.groups), t.* exclude (row, line, file) "  # noqa: S608
            f'from found f join {text_of(name)} t on t.row = f.row where f."table" = ? order by f.code, f.row',
            [name],
        ).fetchall()
        person = places.get(layout.person)
        shown = {code: [(one, places[one]) for one in names] for (code, at), names in at_fault.items() if at == name}
        for row in told:
            values = {one: row[place].replace(BETWEEN_VALUES, ", ") for one, place in shown[row[0]] if row[place]}
            whom = row[person] if person else None
            by_rule[row[0]].append(Issue(row[0], name, row[1], whom, values, row[2] or None, row[3], tuple(row[4])))
    return itertools.chain.from_iterable(by_rule.values())


def _unreadable(con: "duckdb.DuckDBPyConnection", layout: Layout) -> Iterator[Unreadable]:
    found: list[tuple[Any, ...]] = con.execute(
        'select distinct "table", "column" from unreadable order by all'
    ).fetchall()
    for name, column in found:
        person = f"t.{quoted(layout.person)}" if layout.person in layout.tables[name].kinds else "null"
        told = con.execute(
            f"select t.row, {person}, t.{quoted(column)}, t.line, t.file from unreadable u "  # noqa: S608
            f'join {text_of(name)} t on t.row = u.row where u."table" = ? and u."column" = ? order by t.row',
            [name, column],
        ).fetchall()
        for row, whom, value, line, file in told:
            yield Unreadable(name, row, whom, column, value, line or None, file)
