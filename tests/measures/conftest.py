"""Small catalogues and extracts for the engine, made in memory."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from lineofsight import policy, schema
from lineofsight.measures import definitions, engine
from lineofsight.measures.computing import month_ends

FACTS = {
    "id": "XX01",
    "title": "Children with a plan",
    "sentence": "{numerator} of {denominator}",
    "why_it_matters": "Because.",
    "area": "Tests",
    "themes": ["testing"],
    "kind": "percent",
    "unit": "percent",
    "counts": "met",
    "better": "higher",
    "basis": "stock",
    "denominator": "rows",
    "author": "One",
    "checker": "Another",
    "reviewed": date(2026, 1, 1),
    "next_review": date(2036, 1, 1),
    "source": "A test.",
}

# One row a visit: visited in time where seen, at each month the visit's date is not after.
PLAIN_SQL = """
select
    months.as_at,
    ssd_cp_visits.cppv_person_id as person_id,
    ssd_cp_visits.cppv_cp_visit_id as event_id,
    'visit ' || ssd_cp_visits.cppv_cp_visit_id as anchor,
    ssd_cp_visits.cppv_cp_plan_id as team_id,
    null::text as worker_id,
    null::date as due_on,
    ssd_cp_visits.cppv_cp_visit_date as done_on,
    case ssd_cp_visits.cppv_cp_visit_seen when 'Y' then true when 'N' then false end as met,
    null::double as value,
    'because' as reason
from ssd_cp_visits
cross join months
"""


def toml_of(facts: Mapping[str, object], needs: Mapping[str, Sequence[str]]) -> str:
    lines = []
    for name, fact in facts.items():
        if isinstance(fact, bool):
            lines.append(f"{name} = {str(fact).lower()}")
        elif isinstance(fact, date | int | float):
            lines.append(f"{name} = {fact}")
        elif isinstance(fact, Mapping):
            inner = ", ".join(f"{key} = {toml_value(one)}" for key, one in fact.items())
            lines.append(f"{name} = {{ {inner} }}")
        else:
            lines.append(f"{name} = {toml_value(fact)}")
    lines.append("[needs]")
    lines += [f"{table} = {toml_value(list(columns))}" for table, columns in needs.items()]
    return "\n".join(lines) + "\n"


def toml_value(one: object) -> str:
    if isinstance(one, bool):
        return str(one).lower()
    if isinstance(one, list):
        return "[" + ", ".join(toml_value(part) for part in one) + "]"
    return str(one) if isinstance(one, int | float) else f'"{one}"'


@pytest.fixture
def measure_folder(tmp_path: Path) -> Callable[..., Path]:
    """Writes a measure's folder: facts over FACTS, its SQL, what it needs."""

    def write(sql: str = PLAIN_SQL, needs: Mapping[str, Sequence[str]] | None = None, **facts: object) -> Path:
        merged = {name: fact for name, fact in {**FACTS, **facts}.items() if fact is not None}
        folder = tmp_path / "catalogue" / "area" / str(facts.get("folder", merged["id"]))
        merged.pop("folder", None)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "measure.sql").write_text(sql)
        (folder / "measure.toml").write_text(toml_of(merged, needs or {}))
        return folder

    return write


@pytest.fixture
def catalogue_of(measure_folder: Callable[..., Path]) -> Callable[..., definitions.Catalogue]:
    """A catalogue of one measure, without shared views unless they are given."""

    def make(sql: str = PLAIN_SQL, views: Mapping[str, str] | None = None, **facts: object) -> definitions.Catalogue:
        one = definitions.read(measure_folder(sql, **facts))
        return definitions.Catalogue({one.id: one}, views or {})

    return make


@pytest.fixture
def inputs_of() -> Callable[..., engine.Inputs]:
    """Engine inputs from rows of text by table; every other table is there and empty, unless absent."""

    def make(
        tables: Mapping[str, Sequence[Mapping[str, str]]] | None = None,
        *,
        as_at: date = date(2026, 10, 31),
        months: int = 1,
        absent: Sequence[str] = (),
        population: int | None = None,
        child_keys: pa.Table | None = None,
    ) -> engine.Inputs:
        held = {name: schema.arrow_schema(name).empty_table() for name in schema.tables()}
        for name, rows in (tables or {}).items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            raw = pa.table({column: pa.array([row.get(column) for row in rows], pa.string()) for column in columns})
            held[name] = schema.conform(name, raw, file="test")[0]
        span = month_ends(as_at, months)
        return engine.Inputs(
            as_at=as_at,
            loaded_on=as_at,
            months=span,
            tables={name: table for name, table in held.items() if name not in absent},
            columns_present={
                name: frozenset(one for one in table.schema.names if f"{name}.{one}" not in absent)
                for name, table in held.items()
                if name not in absent
            },
            policy=policy.load(),
            roles=policy.roles(),
            population={} if population is None else dict.fromkeys(span, population),
            child_keys=child_keys,
        )

    return make


@pytest.fixture
def visits_of() -> Callable[..., list[dict[str, str]]]:
    """Rows of ssd_cp_visits: `visits_of(Ada="Y", Ben="N", Cy="")`, each in the team of `team`."""

    def make(*, team: str = "", start: int = 0, **seen: str) -> list[dict[str, str]]:
        return [
            {
                "cppv_cp_visit_id": f"v{start + number}",
                "cppv_person_id": person,
                "cppv_cp_plan_id": team,
                "cppv_cp_visit_date": "2026-10-01",
                "cppv_cp_visit_seen": answer,
            }
            for number, (person, answer) in enumerate(seen.items())
        ]

    return make
