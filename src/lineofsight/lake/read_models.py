"""The read models: what web requests read, built once when a snapshot is published (DESIGN 5 A).

The SQL is in `models/`. It sees the tables of the extract, an empty one for each table the extract has not,
and `children`, `roles`, `snapshot`, and small relations of words (see `Builder`).
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib import resources

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import schema
from lineofsight.keys import Keyring
from lineofsight.lake import engine
from lineofsight.lake.kinds import event_kinds
from lineofsight.policy import EMPTY, Registry
from lineofsight.policy.registry import in_force

# Events are made for so many source rows at a time: memory stays level however large the authority.
ROWS_AT_ONCE = 1_100_000

_PARTS = ("front_door", "assessment", "protection", "care", "permanence", "health", "life", "work", "side", "edges")


def child_keys(keys: Keyring, authority: str, persons: pa.Table) -> pa.Table:
    """One row a person of `ssd_person`: `person_id`, `child_key` (32 hex), in the order of `child_key`."""
    ids = pc.unique(persons["pers_person_id"]).drop_null().to_pylist()
    pairs = sorted((keys.child_key(authority, person_id), person_id) for person_id in ids)
    return pa.table(
        {
            "person_id": pa.array([person_id for _, person_id in pairs], pa.string()),
            "child_key": pa.array([child_key for child_key, _ in pairs], pa.string()),
        }
    )


class Builder:
    """Builds the read models of one extract. Close it: it holds the decrypted tables in memory."""

    def __init__(
        self,
        tables: Mapping[str, pa.Table],
        *,
        children: pa.Table,
        roles: pa.Table,
        as_at: date,
        registry: Registry = EMPTY,
    ) -> None:
        """Takes tables whose ids were put in place (`identities`), `child_keys`, the role map (`role_word` in upper
        case, `role_kind`), and the registry, which says what teams are called and where merged ones belong."""
        relations = dict(tables)
        relations["children"] = children
        relations["roles"] = roles
        relations["code_words"] = code_words()
        relations["outcome_words"] = outcome_words()
        relations |= _registered(registry, as_at)
        relations["snapshot"] = pa.table({"as_at": pa.array([as_at], pa.date32())})
        self._children = children
        self._rows = sum(table.num_rows for table in tables.values())
        self._con = engine.connect(relations)
        self._con.execute("; ".join(_empty(name) for name in schema.tables() if name not in tables))
        self._con.execute(_sql("macros"))
        self._con.execute(f"create type event_kind as enum ({_listed(event_kinds())})")
        self._con.execute(f"create type source_table as enum ({_listed(schema.tables())})")
        for name in ("teams", "workers", "outcomes", "restrictions", "adopted"):
            self._con.execute(f"create temp table {name} as {_sql(name)}")  # noqa: S608 (our own file)

    def close(self) -> None:
        self._con.close()

    def teams(self) -> pa.Table:
        """team_id, team_name, service_id, service_name."""
        return self._con.execute("from teams order by team_id").to_arrow_table()

    def workers(self) -> pa.Table:
        """worker_id, worker_name, job_title, registration, team_id, fte."""
        return self._con.execute("from workers order by worker_id").to_arrow_table()

    def persons(self) -> pa.Table:
        """One row a person, by child_key: the columns of `models/persons.sql`."""
        return self._con.execute(_sql("persons")).to_arrow_table()

    def events(self) -> Iterator[pa.Table]:
        """The chronology of every person, by child_key and date, some children at a time."""
        slices = self._slices()
        self._con.register("asked", self._children.slice(0, 0))
        for part in _PARTS:
            self._con.execute(f"create temp view events_{part} as {_sql(f'events_{part}')}")  # noqa: S608
        self._con.execute("create temp table dated (source_table source_table, source_row ubigint)")
        for asked in slices:
            self._con.unregister("asked")
            self._con.register("asked", asked)
            found = self._con.execute(_sql("events")).to_arrow_table()
            self._con.register("found", found)
            self._con.execute("insert into dated select distinct source_table, hash(source_id) from found")
            self._con.unregister("found")
            yield found

    def dated(self) -> Mapping[str, int]:
        """How many rows of each table stand in the chronology that `events` gave, each counted once."""
        counted = self._con.execute(
            "select source_table::varchar, count(distinct source_row) from dated group by source_table"
        )
        return dict(counted.fetchall())

    def _slices(self) -> list[pa.Table]:
        """The children, some at a time: of a region as many more at once, because each time reads every table."""
        count, rows = self._children.num_rows, ROWS_AT_ONCE * engine.authorities(self._rows)
        size = max(1, -(-count // max(1, -(-self._rows // rows))))
        return [self._children.slice(start, size) for start in range(0, max(count, 1), size)]


@cache
def code_words() -> pa.Table:
    """One row a national code: `list`, `code` (lower case), `words`, `within` (inside a sentence)."""
    rows = {
        (name, code.strip().lower()): words
        for name, codes in schema.code_lists().items()
        for code, words in codes.items()
    }
    return pa.table(
        {
            "list": pa.array([name for name, _ in rows], pa.string()),
            "code": pa.array([code for _, code in rows], pa.string()),
            "words": pa.array(list(rows.values()), pa.string()),
            "within": pa.array([_within(words) for words in rows.values()], pa.string()),
        }
    )


def _registered(registry: Registry, as_at: date) -> dict[str, pa.Table]:
    """What the registry says on the day: `team_names`, `worker_names` (id, name), `merged_teams` (team_id, into_id)."""
    told = {
        "team_names": registry.names_table("team"),
        "worker_names": registry.names_table("worker"),
        "merged_teams": registry.merges_table(),
    }
    return {name: in_force(table, as_at) for name, table in told.items()}


def _within(words: str) -> str:
    """Words as they stand in a sentence: the first letter small, unless it opens an abbreviation."""
    return words[0].lower() + words[1:] if re.match("[A-Z][a-z ]", words) else words


@cache
def outcome_words() -> pa.Table:
    """One row an outcome of the SSD's JSON columns: `flag` (upper case), `words`."""
    told = tomllib.loads(resources.files(__package__).joinpath("outcome_words.toml").read_text("utf-8"))
    return pa.table({"flag": pa.array(list(told), pa.string()), "words": pa.array(list(told.values()), pa.string())})


_TYPES: Mapping[schema.Kind, str] = {
    "text": "varchar",
    "date": "date",
    "integer": "bigint",
    "real": "double",
    "flag": "varchar",
}


def _empty(name: str) -> str:
    """The statement that makes a table the extract has not: the models' SQL names every table."""
    columns = ", ".join(f'"{column.name}" {_TYPES[column.kind]}' for column in schema.tables()[name].columns)
    return f"create table {name} ({columns})"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


@cache
def _sql(name: str) -> str:
    return resources.files(__package__).joinpath("models", f"{name}.sql").read_text("utf-8")
