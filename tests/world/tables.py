"""One month's extract as tables of text in DuckDB, to be changed set by set and written again."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from pathlib import Path
from types import TracebackType

import duckdb
import pyarrow as pa
import pyarrow.csv as pa_csv

from lineofsight import schema
from lineofsight.schema import belonging

# Columns that hold an id and are no event’s: words, numbers a person is known by, families, posts.
NOT_EVENTS = frozenset(
    {
        "invo_professional_role_id",
        "pers_common_child_id",
        "pers_legacy_id",
        "prof_staff_id",
        "fami_family_id",
        "post_post_id",
        "prep_plo_family_id",
        *belonging.ALSO.values(),
    }
)


def event_ids(table: str) -> list[str]:
    """The columns of a table that hold a vendor's id of an event, its own or another's."""
    known = schema.tables()[table]
    return [
        column.name
        for column in known.columns
        if column.name.endswith("_id")
        and column.refers is None
        and column.name not in NOT_EVENTS
        and column.name != known.person_column
    ]


def team_columns(table: str) -> list[str]:
    """The columns of a table that hold the id of a team."""
    return [column.name for column in schema.tables()[table].columns if column.refers == "team"]


class Month:
    """The tables of one extract, all of text, an empty cell being null."""

    def __init__(self, folder: Path, as_at: date, seed: int) -> None:
        heading = (folder / "extract.toml").read_text("utf-8")
        self._heading = re.sub(r"(?m)^as_at = .*$", f"as_at = {as_at}", heading)
        self._as_at = as_at
        self._con = duckdb.connect()
        self._con.execute(f"create macro chance(what) as md5_number('{seed} ' || what)")
        self._con.execute("create macro share_of(what, parts) as chance(what) % parts = 0")
        self.names: list[str] = []
        for path in sorted((folder / "ssd").glob("*.csv")):
            self.add(path.stem, _read(path))

    def __enter__(self) -> Month:
        return self

    def __exit__(self, kind: type[BaseException] | None, one: BaseException | None, at: TracebackType | None) -> None:
        self._con.close()

    def __contains__(self, table: str) -> bool:
        return table in self.names

    def add(self, table: str, rows: pa.Table) -> None:
        """Take a table in."""
        self._con.register("given", rows)
        self._con.execute(f"create or replace table {table} as from given")
        self._con.unregister("given")
        if table not in self.names:
            self.names.append(table)

    def run(self, sql: str, **given: object) -> list[tuple[object, ...]]:
        """Run one statement; it may name what is given, and `$as_at`, the extract's date."""
        if "$as_at" in sql:
            given["as_at"] = self._as_at.isoformat()
        return self._con.execute(sql, given or None).fetchall()

    def lose(self, tables: Collection[str]) -> None:
        """Tables that are not in the extract at all."""
        self.names = [name for name in self.names if name not in tables]

    def keep_only(self, table: str) -> None:
        """A part: one table and nothing else."""
        self.names = [table]

    def draw_ids_anew(self) -> None:
        """Give every event another id, the same wherever it is named; the ids are those of other events next month."""
        columns = [(table, column) for table in self.names for column in event_ids(table)]
        every = " union ".join(f"select {column} as old from {table}" for table, column in columns)
        month = self._as_at.isoformat()
        self._con.execute(
            f"create table drawn as select old, 'E' || lpad(row_number() over (order by chance('{month} ' || old), old)"
            f"::text, 9, '0') as new from ({every}) where old is not null"
        )
        for table in dict.fromkeys(table for table, _ in columns):
            mine = event_ids(table)
            shown = ", ".join(f"drawn_{place}.new as {column}" for place, column in enumerate(mine))
            joins = " ".join(
                f"left join drawn as drawn_{place} on drawn_{place}.old = {table}.{column}"
                for place, column in enumerate(mine)
            )
            self._con.execute(f"create table other as select {table}.* replace ({shown}) from {table} {joins}")
            self._con.execute(f"drop table {table}")
            self._con.execute(f"alter table other rename to {table}")

    def write(self, place: Path) -> None:
        """Write the tables as CSV files below `place`, with the heading they came with."""
        (place / "ssd").mkdir(parents=True)
        (place / "extract.toml").write_text(self._heading, "utf-8")
        options = pa_csv.WriteOptions(quoting_style="needed")
        for table in self.names:
            rows = self._con.execute(f"from {table} order by all").to_arrow_table()
            pa_csv.write_csv(rows, place / "ssd" / f"{table}.csv", options)


def drop_some(month: Month, table: str, column: str, parts: int) -> None:
    """Take one part of many out of a table, whole persons at a time."""
    month.run(f"delete from {table} where share_of({column} || ' dropped', {parts})")


def _read(path: Path) -> pa.Table:
    with path.open("rb") as file:
        names = file.readline().decode().strip().replace('"', "").split(",")
    options = pa_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
    )
    return pa_csv.read_csv(path, convert_options=options)
