"""Worlds in which much is odd: synthetic authorities, shaken at random, each many times from one seed."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
from tests.oracle.world import World

from lineofsight import policy, schema, sources, synth
from lineofsight.calendar import bank_holidays
from lineofsight.measures import engine
from lineofsight.measures.computing import month_ends
from lineofsight.schema import Column

AS_ATS = (date(2026, 10, 31), date(2026, 9, 1), date(2024, 2, 29), date(2026, 1, 4))
CHILDREN = 2000  # of the one authority that is made for a date, of which every data set takes some
SOME = (40, 90)
MONTHS = 13
TOGETHER = 10  # shaken data sets in one extract, told apart by their ids: the engine's own start is what costs
Rows = list[dict[str, Any]]
# whose rows have no person: the column that links them to rows of children
LINKED = {
    "ssd_assessment_factors": ("cinf_assessment_id", "ssd_cin_assessments", "cina_assessment_id"),
    "ssd_cla_reviews": ("clar_cla_id", "ssd_cla_episodes", "clae_cla_id"),
    "side_placement_approval": ("plap_placement_id", "ssd_cla_placement", "clap_cla_placement_id"),
}
STAFF = {
    "ssd_professionals": "prof_professional_id",
    "side_supervision": "supv_worker_id",
    "side_absence": "abse_worker_id",
    "side_post": "post_worker_id",
    "side_registration": "regi_worker_id",
}
STAFF_BESIDE = 12  # workers who hold none of the children
# columns that end as ids do and hold a word
WORDS = {"invo_professional_role_id"}
ONE_CHILDS = "ssd_cla_episodes"  # a period of care is one child's, and its visits and reviews go by it
OFTEN = ("ssd_person", "ssd_professionals", "ssd_department", "side_post")  # what all else hangs on is doubled rarely


@dataclass(frozen=True)
class Batch:
    """Some shaken data sets as one extract, for the engine and for the second computation. `name` makes it again."""

    name: str
    inputs: engine.Inputs
    world: World


def batches(number: int, seed: str, together: int = TOGETHER) -> Iterator[Batch]:
    """`number` shaken data sets, `together` at a time."""
    for at in range(0, number, together):
        yield batch(f"{seed}/{at}", min(together, number - at))


def batch(name: str, count: int) -> Batch:
    """The batch of that name: the same name and count, the same batch."""
    chance = random.Random(f"oracle {name}")
    as_at = chance.choice(AS_ATS)
    tables: dict[str, Rows] = {}
    columns: dict[str, set[str]] = {}
    for number in range(count):
        made = _some(_synthetic(as_at), chance)
        own: dict[str, Rows] = {}
        for table, (rows, present) in made.items():
            columns.setdefault(table, set()).update(present)
            ids = {one for one in present if is_id(table, one)}
            own[table] = [_told_apart(row, ids, number) for row in rows]
            tables.setdefault(table, []).extend(own[table])
        _shake(own, tables, as_at, chance)
    _remove(tables, columns, chance)
    return _typed(name, as_at, tables, columns, population=None if chance.random() < 0.1 else 10_000)


def is_id(table: str, name: str) -> bool:
    """Whether a column holds an id of something, and not a word."""
    shape = schema.tables()[table]
    column = next(one for one in shape.columns if one.name == name)
    told = name in shape.key or name == shape.person_column or column.refers is not None or name.endswith("_id")
    return told and name not in WORDS


Made = Mapping[str, tuple[Rows, tuple[str, ...]]]


@cache
def _synthetic(as_at: date) -> Made:
    """A synthetic authority as rows, and the columns each table truly has."""
    with TemporaryDirectory() as folder:
        (made,) = synth.write(Path(folder), children=CHILDREN, extracts=1, seed=1, until=as_at)
        extract = sources.read([made])
    return {name: (one.table.to_pylist(), tuple(one.columns_present)) for name, one in extract.tables.items()}


def _some(made: Made, chance: random.Random) -> Made:
    """Some children with all that is told of them, and their workers; what is rare is as likely as what is common."""
    of = {name: schema.tables()[name].person_column for name in made}
    known = {name: [row[of[name]] for row in made[name][0]] for name in made if of[name]}
    tables = sorted(name for name, people in known.items() if people)
    wanted = chance.randint(*SOME)
    children = {chance.choice(known[chance.choice(tables)]) for _ in range(wanted)} - {None}
    held = {name: [row for row in rows if row[of[name]] in children] for name, (rows, _) in made.items() if of[name]}
    for name, (column, other, key) in LINKED.items():
        ids = {row[key] for row in held.get(other, [])}
        held[name] = [row for row in made[name][0] if row[column] in ids] if name in made else []
    told = {one for rows in held.values() for row in rows for one in row.values() if isinstance(one, str)}
    beside = chance.sample([row["prof_professional_id"] for row in made["ssd_professionals"][0]], STAFF_BESIDE)
    workers = {*told, *beside, None}
    for name, column in STAFF.items():
        rows = made[name][0] if name in made else []
        held[name] = [row for row in rows if row[column] in workers and row.get(of[name] or "") in {*children, None}]
    return {name: (held.get(name, rows), present) for name, (rows, present) in made.items()}


def _told_apart(row: Mapping[str, Any], ids: set[str], number: int) -> dict[str, Any]:
    """The row with its ids made this data set's own."""
    return {name: f"{number}~{one}" if name in ids and one else one for name, one in row.items()}


def _shake(own: Mapping[str, Rows], tables: dict[str, Rows], as_at: date, chance: random.Random) -> None:
    """Make one data set odd: every row of `own` may change in its place, and more come into `tables`."""
    much = chance.choice((0.0, 0.01, 0.03, 0.06, 0.12))
    people = [row["pers_person_id"] for row in own.get("ssd_person", [])]
    for table, rows in own.items():
        shape = schema.tables()[table]
        dates = [one.name for one in shape.columns if one.kind == "date"]
        others = [one for one in shape.columns if one.kind != "date" and one.name not in shape.key]
        for at, row in enumerate(rows):
            if chance.random() < much:
                twin = {**row, **{key: f"{row[key]}+{at}" for key in shape.key}}
                if table not in OFTEN:
                    tables[table].append(twin)
                    _again(twin, dates, chance)
                    _shift(twin, dates, as_at, much, chance)
            if chance.random() < much / 4 and shape.person_column and table not in (*OFTEN, ONE_CHILDS) and people:
                row[shape.person_column] = chance.choice(people)  # a brother's or a sister's
            _shift(row, dates, as_at, much, chance)
            for one in others:
                if chance.random() < much / 6 and not one.required:
                    row[one.name] = _other(table, one, rows, chance)


def _other(table: str, column: Column, rows: Rows, chance: random.Random) -> Any:
    """Nothing, or what stands in another row of the same data set."""
    return None if chance.random() < 0.5 else chance.choice(rows)[column.name]


def _again(row: dict[str, Any], dates: list[str], chance: random.Random) -> None:
    """A case opened again: what ended begins anew that day or the next, and is open."""
    start = next((name for name in dates if "start" in name or "referral_date" in name), None)
    end = next((name for name in dates if "end" in name or "close" in name or "cease" in name), None)
    if start and end and row[end] and chance.random() < 0.5:
        row[start], row[end] = row[end] + timedelta(days=chance.choice((0, 0, 1, 2))), None


def _shift(row: dict[str, Any], dates: list[str], as_at: date, much: float, chance: random.Random) -> None:
    for name in dates:
        if chance.random() >= much:
            continue
        day = row[name]
        beside = [row[other] for other in dates if other != name and row[other]]
        kind = chance.randrange(10)
        if kind == 0:
            row[name] = None
        elif kind == 1:
            row[name] = date(1900, 1, 1)
        elif kind == 2 and beside:
            row[name] = chance.choice(beside)  # two things on one day
        elif kind == 3:
            row[name] = as_at + timedelta(days=chance.choice((-1, 0, 0, 1)))
        elif day is None:
            row[name] = as_at - timedelta(days=chance.randrange(-3, 400)) if chance.random() < 0.3 else None
        elif kind == 4:
            row[name] = day + timedelta(days=5 - day.weekday() + chance.choice((0, 1)))  # a weekend
        elif kind == 5:
            row[name] = min(bank_holidays(), key=lambda one: abs(one - day)) + timedelta(days=chance.choice((-1, 0, 1)))
        elif kind == 6:
            row[name] = day.replace(day=1) - timedelta(days=chance.choice((0, 1)))  # the edge of a month
        elif kind == 7:
            row[name] = as_at - timedelta(days=chance.randrange(0, 400))
        else:
            row[name] = day + timedelta(days=chance.choice((-28, -7, -3, -2, -1, 1, 2, 3, 7, 14, 42)))


def _remove(tables: dict[str, Rows], columns: dict[str, set[str]], chance: random.Random) -> None:
    """Now and then a whole table is not there, or a column of one."""
    if chance.random() < 0.7:
        return
    for _ in range(chance.randrange(1, 4)):
        table = chance.choice(sorted(tables))
        if chance.random() < 0.4 and table != "ssd_person":
            del tables[table], columns[table]
        else:
            shape = schema.tables()[table]
            free = sorted(columns[table] - {*shape.key, shape.person_column})
            if free:
                columns[table].discard(chance.choice(free))


def _typed(
    name: str, as_at: date, tables: Mapping[str, Rows], columns: Mapping[str, set[str]], population: int | None
) -> Batch:
    """The rows as text, read as any extract is: placeholders of dates go, and a key that came before."""
    held, present = {}, {}
    for table, rows in tables.items():
        named = [one.name for one in schema.tables()[table].columns if one.name in columns[table]]
        raw = pa.table({one: pa.array([text(row[one]) for row in rows], pa.string()) for one in named})
        done = schema.conform_located(table, raw, file=table)
        held[table], present[table] = done.table, frozenset(done.columns_present)
    months = month_ends(as_at, MONTHS)
    people = {} if population is None else dict.fromkeys(months, population)
    rules, words = policy.load(), policy.roles()
    inputs = engine.Inputs(
        as_at=as_at,
        loaded_on=as_at,
        months=months,
        tables=held,
        columns_present=present,
        policy=rules,
        roles=words,
        population=people,
    )
    plain = {table: found.to_pylist() for table, found in held.items()}
    return Batch(name, inputs, World(as_at, months, plain, present, rules, words, people))


def text(given: Any) -> str:
    """A cell as a file has it."""
    if given is None:
        return ""
    if isinstance(given, bool):
        return "Y" if given else "N"
    return given.isoformat() if isinstance(given, date) else str(given)
