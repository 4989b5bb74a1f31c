"""Specs: a measure's cases in small tables, which are both its test and its documentation.

A `spec.md` is prose with any number of cases. Text outside cases is for the reader. A case:

    ## A child seen on the last day is in time            (the case's sentence)

    As at: 2026-10-30                                       (the snapshot's date; required)
    Measured months: 2026-09-30, 2026-10-30                 (the `months` relation; default: just `As at`)
    Policy: cp.visit = 10 working days                      (a rule replaced; the line may be repeated)
    Roles: SENIOR SW = allocated_worker                     (a role word added; may be repeated)
    Population: 40000                                       (children aged 0 to 17, for rates)
    Absent: ssd_cp_visits, ssd_cp_plans.cppl_cp_plan_ola    (tables or columns the extract does not hold)

    ### ssd_cp_plans

    | cppl_cp_plan_id | cppl_person_id | cppl_cp_plan_start_date |
    | --- | --- | --- |
    | p1 | Ada | 2026-01-05 |

    ### expect

    numerator: 1
    denominator: 2
    unknown: 0
    value: 50.0
    not measured: ssd_cp_visits                             (instead of the figures above)

    ### rows

    | person_id | met | due_on |
    | --- | --- | --- |
    | Ada | true | 2026-10-30 |

- A table is read as an extract's own file is (`schema.conform`): a blank cell is null, dates are written
  2026-10-30, 1900-01-01 is no date. A table has the columns of its first line; all other columns of the
  schema are there and null; a key that is left out is numbered from 1. A table that is not given is there
  and empty. Only `Absent` names what the extract does not hold, and gives "not measured" where the measure
  needs it.
- `### expect` gives the values at `As at`, of the authority, over the measure's own window (`month`, or the
  rolling twelve months of a flow whose `window` is year and whose months are all given; else the month).
  Lines that are left out are not compared; there must be at least one.
- `### rows` (optional) gives the rows at `As at`, over the columns named: any of the row contract, and
`measure`.
  As a set they must equal what the engine gave, no more and no fewer. With a column `as_at` all months are
  compared. A table with its heading alone says that there are no rows.
- Words in backticks may be used in cells; the ticks are dropped. `\\|` writes an upright bar.

The runner goes through the very engine that a snapshot goes through (`engine.measure`), on tables in memory.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from lineofsight import policy, schema
from lineofsight.errors import PlainError
from lineofsight.measures import definitions, engine
from lineofsight.measures.contract import ROW_COLUMNS

Cells = tuple[dict[str, str | None], ...]

_TOLERANCE = 0.05
# what a spec may be about: a strange code, a spreadsheet's error, a blank; a date written wrong is a
# mistake in it
_ALLOWED = ("kept as it is", "is a spreadsheet's error, not a value", "must not be blank")
_LINES = ("as at", "measured months", "policy", "roles", "population", "absent")
_FIGURES = ("numerator", "denominator", "unknown", "value", "not measured")


@dataclass
class Case:
    """One case of a spec, as read: its sentence, its fixtures and what is expected of it."""

    sentence: str
    as_at: date = date.min
    months: tuple[date, ...] = ()
    policy: dict[str, tuple[float, str]] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    population: int | None = None
    absent: frozenset[str] = frozenset()
    tables: dict[str, tuple[tuple[str, ...], Cells]] = field(default_factory=dict)
    expect: dict[str, str] = field(default_factory=dict)
    rows: tuple[tuple[str, ...], Cells] | None = None


@dataclass(frozen=True)
class Spec:
    """Every case of one `spec.md`, with the measure it belongs to."""

    measure: str
    path: Path
    cases: tuple[Case, ...]


def read(path: Path) -> Spec:
    """The cases of one spec.md. Raises PlainError naming the case and the line that cannot be understood."""
    cases: list[Case] = []
    section: str | None = None
    table: list[str] = []
    for line in [*path.read_text("utf-8").splitlines(), "## "]:
        heading = re.match(r"(##+) ?(.*)", line)
        if heading is None:
            _take(line.strip(), cases, section, table, path)
            continue
        if table and cases and section:
            _close(cases[-1], section, table, path)
        table = []
        section = heading[2].strip() if heading[1] == "###" else None
        if heading[1] == "##" and heading[2].strip():
            cases.append(Case(heading[2].strip()))
    for case in cases:
        _complete(case, path)
    return Spec(path.parent.name, path, tuple(cases))


def run(case: Case, measure: definitions.Definition, views: Mapping[str, str]) -> list[str]:
    """Every difference between what the case expects and what the engine gives; empty when there is none."""
    catalogue = definitions.Catalogue({measure.id: measure}, views)
    measured = engine.measure(inputs(case), catalogue)
    return _figure_differences(case, measure, measured) + _row_differences(case, measured)


def _take(line: str, cases: list[Case], section: str | None, table: list[str], path: Path) -> None:
    """One line that is no heading: a table's, a figure's, a setting's, or prose."""
    if not cases or not line:
        return
    case = cases[-1]
    if line.startswith("|"):
        if section is None or section == "expect":
            raise _wrong(path, case, "a table stands under no heading of its own")
        table.append(line)
        return
    name, colon, said = line.partition(":")
    name = name.strip().casefold()
    if not colon:
        return
    if section == "expect":
        if name not in _FIGURES:
            raise _wrong(path, case, f"'{name}' is nothing that can be expected")
        case.expect[name] = said.strip().strip("`")
    elif section is None and name in _LINES:
        _SETTINGS[name](case, said.strip().replace("`", ""), path)


def _as_at(case: Case, said: str, path: Path) -> None:
    case.as_at = _date(said, case, path)


def _months(case: Case, said: str, path: Path) -> None:
    case.months = tuple(_date(one.strip(), case, path) for one in said.split(","))


def _policy(case: Case, said: str, path: Path) -> None:
    found = re.fullmatch(r"([\w.]+) *= *(\d+) +(.+)", said)
    if found is None:
        raise _wrong(path, case, f"a rule is written 'cp.visit = 10 working days', not '{said}'")
    case.policy[found[1]] = (float(found[2]), found[3].strip())


def _roles(case: Case, said: str, path: Path) -> None:
    word, equals, kind = said.partition("=")
    if not equals or kind.strip() not in policy.KINDS:
        raise _wrong(path, case, f"a role word is written 'SENIOR SW = allocated_worker', not '{said}'")
    case.roles[word.strip().upper()] = kind.strip()


def _population(case: Case, said: str, path: Path) -> None:
    if not said.replace(",", "").isdigit():
        raise _wrong(path, case, f"a population is a whole number, not '{said}'")
    case.population = int(said.replace(",", ""))


def _absent(case: Case, said: str, path: Path) -> None:
    names = frozenset(one.strip() for one in said.split(","))
    for name in names:
        table, _, column = name.partition(".")
        known = schema.tables().get(table)
        if known is None or (column and column not in {one.name for one in known.columns}):
            raise _wrong(path, case, f"'{name}' cannot be absent: nobody knows it")
    case.absent |= names


_SETTINGS = {
    "as at": _as_at,
    "measured months": _months,
    "policy": _policy,
    "roles": _roles,
    "population": _population,
    "absent": _absent,
}


def _close(case: Case, section: str, lines: list[str], path: Path) -> None:
    """A finished table: keep it as a fixture or as the expected rows."""
    columns = tuple(_cells(lines[0]))
    cells = []
    for line in lines[1:]:
        found = _cells(line)
        if all(re.fullmatch(r":?-+:?", one) for one in found):
            continue
        if len(found) != len(columns):
            raise _wrong(path, case, f"a line of '{section}' has {len(found)} cells, not {len(columns)}: {line}")
        cells.append({name: cell or None for name, cell in zip(columns, found, strict=True)})
    known: Iterable[str] = [*ROW_COLUMNS, "measure"]
    if section != "rows":
        table = schema.tables().get(section)
        if table is None:
            raise _wrong(path, case, f"there is no table called '{section}'")
        known = [one.name for one in table.columns]
    strange = sorted(set(columns) - set(known))
    if strange:
        raise _wrong(path, case, f"'{section}' has no column {', '.join(strange)}")
    if section == "rows":
        case.rows = (columns, tuple(cells))
    elif section in case.tables:
        raise _wrong(path, case, f"'{section}' is given twice")
    else:
        case.tables[section] = (columns, tuple(cells))


def _cells(line: str) -> list[str]:
    parts = re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))
    return [part.strip().strip("`").replace("\\|", "|") for part in parts]


def _complete(case: Case, path: Path) -> None:
    if case.as_at == date.min:
        raise _wrong(path, case, "it has no 'As at' line")
    if not case.expect:
        raise _wrong(path, case, "it expects nothing")
    case.months = case.months or (case.as_at,)
    if list(case.months) != sorted(set(case.months)) or case.months[-1] != case.as_at:
        raise _wrong(path, case, "its months must be in order and end with 'As at'")
    both = sorted(case.absent & set(case.tables))
    if both:
        raise _wrong(path, case, f"{', '.join(both)} is both given and absent")


def _wrong(path: Path, case: Case, words: str) -> PlainError:
    return PlainError(f"{path.parent.name}/{path.name}, '{case.sentence}': {words}.")


def _date(text: str, case: Case, path: Path) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _wrong(path, case, f"'{text}' is not a date like 2026-10-30") from None


def inputs(case: Case) -> engine.Inputs:
    """What the engine is given: the case's tables, every other one empty, unless it is absent."""
    rules = policy.load()
    for key, (number, unit) in case.policy.items():
        rules = rules.with_rule(key, number, unit, "the spec")
    names = [name for name in schema.tables() if name not in case.absent]
    return engine.Inputs(
        as_at=case.as_at,
        loaded_on=case.as_at,
        months=case.months,
        tables={name: _fixture(name, case) for name in names},
        columns_present={
            name: frozenset(
                one.name for one in schema.tables()[name].columns if f"{name}.{one.name}" not in case.absent
            )
            for name in names
        },
        policy=rules,
        roles=policy.RoleMap({**policy.roles().kinds, **case.roles}),
        population={} if case.population is None else dict.fromkeys(case.months, case.population),
    )


def _fixture(name: str, case: Case) -> pa.Table:
    """One table of a case, read as an extract's own file would be."""
    columns, cells = case.tables.get(name, ((), ()))
    if not cells:
        return schema.arrow_schema(name).empty_table()
    text = {column: pa.array([row[column] for row in cells], pa.string()) for column in columns}
    for key in schema.tables()[name].key:
        text.setdefault(key, pa.array([str(number) for number in range(1, len(cells) + 1)], pa.string()))
    table, issues = schema.conform(name, pa.table(text), file=case.sentence)
    bad = [one for one in issues if not one.why.endswith(_ALLOWED)]
    if bad:
        first = bad[0]
        raise PlainError(f"'{case.sentence}': {name}.{first.column} '{first.value}': {first.why}.")
    return table


def _figure_differences(case: Case, measure: definitions.Definition, measured: engine.Measured) -> list[str]:
    authority = [
        row for row in measured.values.to_pylist() if row["breakdown"] == "authority" and row["as_at"] == case.as_at
    ]
    found = next(
        (row for window in (measure.headline_window, "month") for row in authority if row["window"] == window),
        None,
    )
    if found is None:
        return [f"there is no value at {case.as_at}"]
    told = {name: "null" if found[name] is None else str(found[name]) for name in _FIGURES if name in found}
    told["not measured"] = ", ".join(found["missing"]) if found["status"] != "measured" else "measured"
    return [
        f"{name} is {told[name]}, not {wanted}"
        for name, wanted in case.expect.items()
        if not _same_figure(name, wanted, told[name])
    ]


def _same_figure(name: str, wanted: str, found: str) -> bool:
    if name == "not measured":
        return {one.strip() for one in wanted.split(",")} == set(found.split(", "))
    if "null" in (wanted, found):
        return wanted == found
    if name == "value":
        return abs(float(wanted) - float(found)) <= _TOLERANCE
    return int(wanted.replace(",", "")) == int(found)


def _row_differences(case: Case, measured: engine.Measured) -> list[str]:
    if case.rows is None:
        return []
    columns, cells = case.rows
    rows = measured.rows.to_pylist()
    if "as_at" not in columns:
        rows = [row for row in rows if row["as_at"] == case.as_at]
    wanted = sorted(tuple(_plain_cell(row[name]) for name in columns) for row in cells)
    found = sorted(tuple(_plain_cell(row[name]) for name in columns) for row in rows)
    return [f"a row is missing: {dict(zip(columns, row, strict=True))}" for row in _less(wanted, found)] + [
        f"a row is too many: {dict(zip(columns, row, strict=True))}" for row in _less(found, wanted)
    ]


def _less(many: list[tuple[str, ...]], fewer: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """What `many` has and `fewer` lacks, counting repeats."""
    left = list(fewer)
    return [one for one in many if one not in left or left.remove(one)]  # type: ignore[func-returns-value]


def _plain_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    text = str(value)
    if text.lower() in ("true", "false"):
        return text.lower()
    return f"{float(text):g}" if re.fullmatch(r"-?\d+(\.\d+)?", text) else text
