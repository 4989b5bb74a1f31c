"""Whose an id is: merged people, and the teams and workers of the registry, put in place in one pass a table.

A snapshot's tables stay as they were loaded. Wherever they are brought in to be counted or shown, an id that stands
for another gives way to it (`stood_in`), by the columns that say whose ids they hold (`refers` in tables.toml).
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import schema
from lineofsight.keys import Keyring
from lineofsight.lake.manifest import TableEntry
from lineofsight.policy import EMPTY, Registry

MERGED = "side_merged_record"  # it names both records, and keeps both names

# A row a merge in force or refused: `refused` where an adoption order stands between the two (rule 7.3).
MERGES = pa.schema(
    [
        ("merge_id", pa.string()),
        ("gone_id", pa.string()),
        ("gone_key", pa.string()),
        ("kept_id", pa.string()),
        ("kept_key", pa.string()),
        ("merged_on", pa.date32()),
        ("refused", pa.bool_()),
    ]
)

# `given` gives way to `stands_for`; of two rows with one key the higher `rank` is the one whose details count.
_IDS = pa.schema([("given", pa.string()), ("stands_for", pa.string()), ("rank", pa.int64())])

FILE = "models/merges.parquet"

REFUSED = (
    "This merge names a record that stands behind an adoption order. Identities are never joined across one: the two "
    "records stay apart here. If it is a mistake, put it right in the case system."
)

# What tells of an adoption, beside the merges themselves.
_READ = (MERGED, "side_restriction", "ssd_cin_episodes", "ssd_cla_episodes", "ssd_permanence")

Ids = Mapping[schema.Refers, pa.Table]


def ids_of(registry: Registry, merges: pa.Table) -> Ids:
    """Every id that gives way to another: the registry's teams and workers, the people whose records were merged."""
    return {
        "team": registry.ids_table("team"),
        "worker": registry.ids_table("worker"),
        "person": _people(merges),
    }


def stood_in(name: str, table: pa.Table, ids: Ids) -> pa.Table:
    """One table of an extract (or some of its columns) with every id that gives way to another in its place.

    Where a table then has a team, a worker or a person twice, the one whose details count stays.
    """
    if name == MERGED:
        return table
    columns = {one.name: one.refers for one in schema.tables()[name].columns if one.refers}
    for column, refers in columns.items():
        known = ids.get(refers)
        if column not in table.column_names or known is None or not known.num_rows:
            continue
        at = pc.index_in(table[column], value_set=known["given"].combine_chunks())
        if at.null_count == table.num_rows:
            continue
        if schema.tables()[name].key == (column,):
            stays = _first_of_each(known.take(at.combine_chunks()))
            table, at = table.filter(stays), at.filter(stays)
        placed = pc.coalesce(pc.take(known["stands_for"].combine_chunks(), at), table[column])
        table = table.set_column(table.column_names.index(column), table.schema.field(column), placed)
    return table


def merges(
    tables: Mapping[str, pa.Table], *, keys: Keyring, authority: str, as_at: date, apart: pa.Array | None = None
) -> pa.Table:
    """The merged records that an extract tells of (MERGES), each led to the record that stays in the end.

    `apart` holds the ids of those who were known as adopted before, of whom the extract may hold nothing any more.
    """
    told = tables.get(MERGED)
    if told is None or not told.num_rows:
        return MERGES.empty_table()
    # Imported where it is used: a web process reads merges and is spared DuckDB's memory.
    from lineofsight.lake import engine
    from lineofsight.lake.read_models import outcome_words

    relations = {name: schema.shaped(name, tables.get(name, schema.arrow_schema(name).empty_table())) for name in _READ}
    relations["apart"] = pa.table({"person_id": apart if apart is not None else pa.array([], pa.string())})
    relations["outcome_words"] = outcome_words()
    relations["merged_teams"] = EMPTY.merges_table()
    relations["snapshot"] = pa.table({"as_at": pa.array([as_at], pa.date32())})
    con = engine.connect(relations)
    try:
        con.execute(_sql("macros"))
        for name in ("restrictions", "adopted"):
            con.execute(f"create temp table {name} as {_sql(name)}")
        found = con.execute(_sql("merges")).to_arrow_table()
    finally:
        con.close()
    keyed = {
        f"{end}_key": pa.array([keys.child_key(authority, one) for one in found[f"{end}_id"].to_pylist()], pa.string())
        for end in ("gone", "kept")
    }
    columns = {name: keyed[name] if name in keyed else found[name] for name in MERGES.names}
    return pa.table(columns).cast(MERGES)


def apart(adopted: pa.Table, before: pa.Table) -> pa.Array:
    """The ids that no merge may join: of those known as `adopted` (`person_id`), and of merges refused `before`."""
    refused = before.filter(before["refused"])
    parts = [adopted["person_id"], refused["gone_id"], refused["kept_id"]]
    return pc.unique(pa.chunked_array([chunk for part in parts for chunk in part.chunks], pa.string()))


def issues(found: pa.Table, entries: Mapping[str, TableEntry]) -> list[schema.Issue]:
    """An issue for each merge that is refused: by its own id, so that it does not itself name the two together."""
    refused = found.filter(found["refused"])["merge_id"].to_pylist()
    file = entries[MERGED].file if MERGED in entries else ""
    return [schema.Issue(file, None, MERGED, None, "merg_merge_id", one, REFUSED) for one in refused]


def _people(found: pa.Table) -> pa.Table:
    """The merges in force as ids that give way, the record that stays above those that went."""
    if not found.num_rows:
        return _IDS.empty_table()
    held = found.filter(pc.invert(found["refused"]))
    kept = pc.unique(held["kept_id"])
    gone = pa.table({"given": held["gone_id"], "stands_for": held["kept_id"], "rank": _all(0, held.num_rows)})
    stays = pa.table({"given": kept, "stands_for": kept, "rank": _all(1, len(kept))})
    return pa.concat_tables([gone.cast(_IDS), stays.cast(_IDS)])


def _first_of_each(found: pa.Table) -> pa.Array:
    """Which rows stay: all that stand for themselves alone (null), and of the others one of each, the highest rank."""
    numbered = found.append_column("row", pa.array(range(found.num_rows), pa.int64()))
    held = numbered.filter(numbered["stands_for"].is_valid()).sort_by(
        [("stands_for", "ascending"), ("rank", "descending"), ("row", "ascending")]
    )
    first = held.group_by("stands_for", use_threads=False).aggregate([("row", "first")])["row_first"]
    alone = pc.invert(found["stands_for"].is_valid())
    return pc.or_(alone, pc.is_in(numbered["row"], value_set=first.combine_chunks()))


def _all(value: int, count: int) -> pa.Array:
    return pa.array([value], pa.int64()).take(pa.array([0] * count, pa.int64()))


@cache
def _sql(name: str) -> str:
    return resources.files(__package__).joinpath("models", f"{name}.sql").read_text("utf-8")
