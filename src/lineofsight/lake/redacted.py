"""The list of children who were taken out: no id and no key, only marks that whoever has the id can make again.

It stands beside the anchors, which are copied off the machine, so that a lake put back from an older backup is
redacted again; and every later load leaves out the rows of a child whose mark stands in it, and says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.home import Home, write_whole
from lineofsight.keys import Keyring
from lineofsight.lake import manifest, whose
from lineofsight.lake.taking import Child, Taker, hangs_by, linked_by, person_columns
from lineofsight.schema import Issue, belonging
from lineofsight.sources import Extract, SourceTable

FILE = "redacted.json"
LEFT_OUT = "about a child who was redacted"


@dataclass(frozen=True)
class Mark:
    """One key of a redacted child as a mark: since when, under which retention class."""

    mark: str
    at: datetime
    under: str


def mark_of(keys: Keyring, child_key: str) -> str:
    """What stands for a redacted child's key: 64 hex characters, which give no key back."""
    return keys.digest("child", b"redacted\x00" + child_key.encode())


def listed(home: Home, keys: Keyring) -> Mapping[str, Mark]:
    """Every mark of the list. Raises PlainError where the list was altered."""
    path = _path(home)
    if not path.exists():
        return {}
    told = manifest.unseal(keys, path)["children"]
    return {one["mark"]: Mark(one["mark"], datetime.fromisoformat(one["at"]), one["under"]) for one in told}


def put_on(home: Home, keys: Keyring, marks: Iterable[Mark]) -> None:
    """Add marks to the list; those that stand in it stay as they are. Call it under the load's lock."""
    known = dict(listed(home, keys))
    new = {one.mark: one for one in marks if one.mark not in known}
    if new:
        _write(home, keys, {**known, **new})


def take_off(home: Home, keys: Keyring, marks: Collection[str]) -> None:
    """Take marks off the list: from now on an extract may bring these children back. Under the load's lock."""
    _write(home, keys, {mark: one for mark, one in listed(home, keys).items() if mark not in marks})


def among(home: Home, keys: Keyring, ids: Iterable[str]) -> Child:
    """Those of `ids` that are of a child on the list, with their keys."""
    known = listed(home, keys)
    if not known:
        return Child(frozenset(), frozenset())
    found = {one: keys.child_key(home.authority, one) for one in ids}
    on_it = {one: key for one, key in found.items() if mark_of(keys, key) in known}
    return Child(frozenset(on_it), frozenset(on_it.values()))


def without(home: Home, keys: Keyring, extract: Extract) -> Extract:
    """The extract without the rows of children on the list, and an issue a table that says how many they were.

    The issue says neither who nor where. The extract's hash stays: it is that of the files.
    """
    tables = {name: source.table for name, source in extract.tables.items()}
    child = _on_the_list(home, keys, tables)
    if not child:
        return extract
    taker, kept, found = Taker(child, linked_by(child, _hung(tables))), {}, []
    for name, source in extract.tables.items():
        file = f"tables/{name}.parquet"
        one = taker.out_of(file, source.table)
        kept[name] = _less(source, one.table, taker.others(file, source.table))
        if one.rows:
            found.append(_issue(source, one.rows))
    return replace(extract, tables=kept, issues=(*_not_quoting(extract, child, home, keys), *found))


def _on_the_list(home: Home, keys: Keyring, tables: Mapping[str, pa.Table]) -> Child:
    ids = {
        one
        for name, table in tables.items()
        for column in person_columns(name)
        for one in pc.unique(table[column]).drop_null().to_pylist()
    }
    return among(home, keys, ids)


def _not_quoting(extract: Extract, child: Child, home: Home, keys: Keyring) -> Iterator[Issue]:
    """The extract's issues, without what a cell held that is the child's, or that nothing tells whose it is."""
    for one, key in zip(extract.issues, whose.child_keys(extract, keys, home.authority), strict=True):
        unknown = key is None and one.row is not None and one.table not in belonging.OF_NO_CHILD
        yield replace(one, value=None) if unknown or key in child.keys else one


def _hung(tables: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
    return {name: tables[name].select(columns) for name, columns in hangs_by().items() if name in tables}


def _less(source: SourceTable, table: pa.Table, others: pa.ChunkedArray) -> SourceTable:
    count = source.table.num_rows - table.num_rows
    passed_over = {**source.passed_over, LEFT_OUT: count} if count else source.passed_over
    rows = None if source.rows is None else source.rows.filter(others.combine_chunks())
    return replace(source, table=table, passed_over=passed_over, rows=rows)


def _issue(source: SourceTable, rows: int) -> Issue:
    said = "1 row is" if rows == 1 else f"{rows:,} rows are"
    why = f"{said} {LEFT_OUT} from this system: not loaded."
    return Issue(source.file, source.sheet, source.name, None, None, None, why)


def _write(home: Home, keys: Keyring, marks: Mapping[str, Mark]) -> None:
    children = [{"mark": one.mark, "at": one.at.isoformat(), "under": one.under} for one in marks.values()]
    told = {"format": manifest.FORMAT, "children": sorted(children, key=lambda one: (one["at"], one["mark"]))}
    home.anchors.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(_path(home), manifest.seal(keys, told))


def _path(home: Home) -> Path:
    return home.anchors / FILE
