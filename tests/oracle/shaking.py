"""Worlds in which much is odd: synthetic authorities, shaken at random, each many times from one seed."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
from tests.oracle.owners import LINKED, STAFF, Owned, Rows, dates_of, ends, is_id, lives, whose
from tests.oracle.retold import Retelling, beginnings, lengths, not_beyond
from tests.oracle.world import World, compared, later

from lineofsight import policy, schema, sources, synth
from lineofsight.calendar import bank_holidays
from lineofsight.measures import engine
from lineofsight.measures.computing import month_ends
from lineofsight.schema import Column

AS_ATS = (date(2026, 10, 31), date(2026, 9, 1), date(2024, 2, 29), date(2026, 1, 4), date(2025, 6, 18))
CHILDREN = 2000  # of the one authority that is made for a date, of which every data set takes some
SOME = (40, 90)
MONTHS = 13
MUCH = (0.0, 0.02, 0.05, 0.1, 0.2)
EDGED, EDGES = 20, 30  # tables of a data set that have so many rows more, with dates at the edge of a timescale
FIRST_ROWS = 5  # that a file has on the day it begins, where it begins late
RETOLD = 8  # lives of a data set that are told again for each measure
TOGETHER = 10  # shaken data sets in one extract, told apart by their ids: the engine's own start is what costs
STAFF_BESIDE = 12  # workers who hold none of the children
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
    days = compared(month_ends(as_at, MONTHS))
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
        much = chance.choice(MUCH)
        Shaking(as_at, days, much, chance, lives(own)).shake(own, tables)
        if much:
            Retelling(as_at, days, chance, Owned(own)).tell(RETOLD, tables)
    _begin_late(tables, int(name.rpartition("/")[2]) // count, days, chance)
    _remove(tables, columns, chance)
    return _typed(name, as_at, tables, columns, population=None if chance.random() < 0.1 else 10_000)


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


@dataclass(frozen=True)
class Shaking:
    """Makes one data set odd, by chance: `much` of its dates move. `days` are those on which it will be measured."""

    as_at: date
    days: tuple[date, ...]
    much: float
    chance: random.Random
    lived: Mapping[str, list[date]]

    def often(self, share: float) -> bool:
        return self.chance.random() < share

    def shake(self, own: Mapping[str, Rows], tables: dict[str, Rows]) -> None:
        """Every row of `own` may change in its place, and more come into `tables`."""
        people = [row["pers_person_id"] for row in own["ssd_person"]]
        edged = set(self.chance.sample(sorted(own), min(EDGED, len(own))))
        for table, rows in own.items():
            shape = schema.tables()[table]
            dates = dates_of(table)
            others = [one for one in shape.columns if one.kind != "date" and one.name not in shape.key]
            for at, row in enumerate(rows):
                if table not in OFTEN and self.often(self.much):
                    twin = {**row, **{key: f"{row[key]}+{at}" for key in shape.key}}
                    tables[table].append(twin)
                    self.again(twin, dates)
                    self.shift(table, twin, dates)
                if shape.person_column and table not in (*OFTEN, ONE_CHILDS) and self.often(self.much / 4):
                    row[shape.person_column] = self.chance.choice(people)  # a brother's or a sister's
                self.shift(table, row, dates)
                for one in others:
                    if not one.required and self.often(self.much / 6):
                        row[one.name] = self.other(one, rows)
            if table in edged and table not in OFTEN and self.much:
                tables[table] += self.edges(table, rows, people)

    def edges(self, table: str, rows: Rows, people: list[str]) -> Rows:
        """More rows of a table, of any of the children, each with a date at an edge."""
        shape = schema.tables()[table]
        dates = dates_of(table)
        found: Rows = []
        for number in range(EDGES if rows and dates else 0):
            row = {**self.chance.choice(rows)}
            row |= {key: f"{row[key]}-{number}" for key in shape.key}
            if shape.person_column and table != ONE_CHILDS:
                row[shape.person_column] = self.chance.choice(people)
            name = dates[0] if self.often(0.5) else self.chance.choice(dates)
            row |= {one: None for one in dates if one != name and ends(one) and self.often(0.6)}
            found.append({**row, name: self.edge(table, row)})
            if self.often(0.5):  # and another of the same child, so long after it, in a month that is measured
                length, unit = self.chance.choice(lengths(table))
                day = self.chance.choice(self.days) - timedelta(days=self.chance.randrange(28))
                found[-1][name] = later(day, -length, unit) + timedelta(days=self.chance.choice((-1, 0, 0, 1)))
                found.append({**row, **{key: f"{row[key]}=" for key in shape.key}, name: day})
        return found

    def other(self, column: Column, rows: Rows) -> Any:
        """Nothing, or what stands in another row of the same data set."""
        return None if self.often(0.5) else self.chance.choice(rows)[column.name]

    def again(self, row: dict[str, Any], dates: Sequence[str]) -> None:
        """A case opened again: what ended begins anew that day or the next, and is open."""
        start = next((name for name in dates if "start" in name or "referral_date" in name), None)
        end = next((name for name in dates if ends(name)), None)
        if start and end and row[end] and self.often(0.5):
            row[start], row[end] = row[end] + timedelta(days=self.chance.choice((0, 0, 1, 2))), None

    def shift(self, table: str, row: dict[str, Any], dates: Sequence[str]) -> None:
        """Some of the row's dates go, or move: half of them to where a timescale begins or ends."""
        for name in dates:
            if self.often(self.much):
                row[name] = self.edge(table, row) if self.often(0.5) else self.moved(row[name])

    def edge(self, table: str, row: Mapping[str, Any]) -> date:
        """A day on which a timescale of the table just begins or ends, by a day measured or of this child's life."""
        number, unit = self.chance.choice(lengths(table))
        beside = self.lived.get(whose(table, row) or "", [])
        if beside and self.often(0.5):
            number *= self.chance.choice((1, -1, 0))  # or on the very day of something else
            found = later(self.chance.choice(beside), number, unit)
        else:
            found = later(self.chance.choice(self.days), -number, unit)
        return not_beyond(self.as_at, found + timedelta(days=self.chance.choice((-1, 0, 0, 1))))

    def moved(self, day: date | None) -> date | None:
        kind = self.chance.randrange(7)
        if kind == 0:
            return None
        if kind == 1:
            return date(1900, 1, 1)
        if kind == 2 or day is None:
            return self.as_at - timedelta(days=self.chance.randrange(-3, 400))
        if kind == 3:
            return day + timedelta(days=5 - day.weekday() + self.chance.choice((0, 1)))  # a weekend
        if kind == 4:
            holiday = min(bank_holidays(), key=lambda one: abs(one - day))
            return holiday + timedelta(days=self.chance.choice((-1, 0, 1)))
        if kind == 5:
            return day.replace(day=1) - timedelta(days=self.chance.choice((0, 1)))  # the edge of a month
        return day + timedelta(days=self.chance.choice((-28, -7, -3, -2, -1, 1, 2, 3, 7, 14, 42)))


def _begin_late(tables: dict[str, Rows], turn: int, days: tuple[date, ...], chance: random.Random) -> None:
    """Every other file beside the case system begins a timescale before a day measured: each timescale has its turn."""
    files = [one for one in sorted(tables) if schema.tables()[one].side and beginnings(one)]
    for at, table in enumerate(files):
        if (at + turn) % 2 == 0:
            every = beginnings(table)
            name, (number, unit) = every[turn // 2 % len(every)]
            begins = later(chance.choice(days), -number, unit)
            kept = [row for row in tables[table] if row[name] is None or row[name] >= begins]
            for row in chance.sample(kept, min(FIRST_ROWS, len(kept))):
                row[name] = begins
            tables[table] = kept


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
