"""Taking one child out of a table: the rows that are the child's go, other rows that name the child lose that name.

It knows tables by their columns alone, so that any file of a snapshot or a computation is covered without being named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import PurePosixPath

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import schema
from lineofsight.lake import issues
from lineofsight.schema import belonging

# A shorter id also stands in texts as an age or a house number: it is looked for only where ids stand.
SHORTEST_IN_TEXT = 5
# What stands in a text, or in JSON, in place of an id.
GONE, GONE_IN_JSON = "…", "null"
# The columns by which a file of ours says whose a row is: both sides of a merge are one child's.
NAMED_BY_KEY = ("child_key", "gone_key", "kept_key")
NAMED_BY_ID = ("person_id", "gone_id", "kept_id")
# The authority's words for what a worker does, whatever the column's name says: among them an id is no chance.
_WORDS = "invo_professional_role_id"
# Columns that hold ids of other things, which may be the same figures as a person's.
_OTHER_IDS = re.compile(r"(_id|_urn|_no|_number|_code)$|^anchor$")


@dataclass(frozen=True)
class Child:
    """One child by every id of the case system it has, those of records merged into it too, and by every key."""

    ids: frozenset[str]
    keys: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.ids or self.keys)

    @property
    def in_texts(self) -> list[str]:
        """What is looked for inside texts: the keys, and each id that is long enough to be nothing else."""
        return sorted(self.keys) + sorted(one for one in self.ids if len(one) >= SHORTEST_IN_TEXT)


@dataclass(frozen=True)
class Taken:
    """A table without the child, how many rows were taken out of it, and how many cells of other rows were emptied."""

    table: pa.Table
    rows: int
    cells: int


class Taker:
    """Takes a child out of the tables of one snapshot or extract.

    `linked` gives for each table of `belonging.LINKED` the values by which its rows belong to the child
    (`linked_by`).
    """

    def __init__(self, child: Child, linked: Mapping[str, pa.Array]) -> None:
        self.child = child
        self._ids, self._keys = pa.array(sorted(child.ids), pa.string()), pa.array(sorted(child.keys), pa.string())
        self._linked = linked

    def out_of(self, name: str, table: pa.Table) -> Taken:
        """`table` without the child. `name` is the file's path in its snapshot, such as 'tables/ssd_family.parquet'."""
        if name == issues.FILE:
            return self._out_of_issues(table)
        layout = _layout_of(name)
        kept, cells = table.filter(self.others(name, table)), 0
        for place, field in enumerate(kept.schema):
            changed = self._without(layout, field, kept[field.name])
            if changed is not None:
                cells += _differ(kept[field.name], changed)
                kept = kept.set_column(place, field, changed)
        return Taken(kept, table.num_rows - kept.num_rows, cells)

    def others(self, name: str, table: pa.Table) -> pa.ChunkedArray:
        """Which rows of a table are somebody else's."""
        stay = pa.chunked_array([pa.repeat(pa.scalar(True), table.num_rows)])
        for column, values in self._about(_layout_of(name), table.column_names):
            stay = pc.and_(stay, pc.invert(pc.is_in(table[column], value_set=values)))
        return stay

    def _out_of_issues(self, table: pa.Table) -> Taken:
        """Where and why of every issue stay; what a cell held goes, unless it is known to be of somebody else."""
        theirs = pc.is_in(table["child_key"], value_set=self._keys)
        quoted = pc.and_(pc.or_(theirs, pc.is_null(table["child_key"])), pc.is_valid(table["value"]))
        for column, gone in (("value", quoted), ("child_key", theirs)):
            place, field = table.column_names.index(column), table.schema.field(column)
            table = table.set_column(place, field, pc.if_else(gone, pa.scalar(None, field.type), table[column]))
        why = self._text_without("", "why", table["why"])
        if why is not None:
            table = table.set_column(table.column_names.index("why"), table.schema.field("why"), why)
        return Taken(table, 0, int(pc.sum(quoted).as_py() or 0))

    def _about(self, layout: str, columns: Sequence[str]) -> Iterable[tuple[str, pa.Array]]:
        """The columns that say whose a row is, with what they say where it is the child's."""
        named = {**dict.fromkeys(NAMED_BY_KEY, self._keys), **dict.fromkeys(NAMED_BY_ID, self._ids)}
        if layout and layout not in belonging.OF_A_WORKER:
            named |= dict.fromkeys(person_columns(layout), self._ids)
        if layout in belonging.LINKED and layout in self._linked:
            named[belonging.LINKED[layout][0]] = self._linked[layout]
        return [(column, values) for column, values in named.items() if column in columns]

    def _without(self, layout: str, field: pa.Field, column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array | None:
        """A column of other rows without the child; None where it never named it."""
        if pa.types.is_list(field.type) and pa.types.is_string(field.type.value_type):
            return _list_without(column, self._keys)
        if not pa.types.is_string(field.type):
            return None
        named = pc.is_in(column, value_set=self._ids) if _holds_ids(layout, field.name) else None
        if named is None or not pc.any(named).as_py():
            return self._text_without(layout, field.name, column)
        emptied = pc.if_else(named, pa.scalar(None, pa.string()), column)
        changed = self._text_without(layout, field.name, emptied)
        return emptied if changed is None else changed

    def _text_without(self, layout: str, name: str, column: pa.ChunkedArray) -> pa.ChunkedArray | None:
        words = self.child.in_texts
        if layout in belonging.OF_NO_CHILD or _is_no_text(layout, name):
            words = sorted(self.child.keys)
        instead, found = GONE_IN_JSON if name.endswith("_json") else GONE, False
        for word in words:
            if pc.any(pc.match_substring(column, word)).as_py():
                found, column = True, _word_replaced(column, word, instead)
        return column if found else None


def linked_by(child: Child, columns: Mapping[str, pa.Table]) -> Mapping[str, pa.Array]:
    """For each table that names no person, the values by which its rows are the child's.

    `columns` gives the tables that others hang by, with the columns of `hangs_by`.
    """
    ids, found = pa.array(sorted(child.ids), pa.string()), dict[str, pa.Array]()
    for name, (_, parent, of_parent) in belonging.LINKED.items():
        if parent not in columns:
            continue
        person = schema.tables()[parent].person_column
        column, values = (person, ids) if person else (belonging.LINKED[parent][0], found.get(parent))
        if values is None:
            continue
        theirs = columns[parent].filter(pc.is_in(columns[parent][column], value_set=values))
        found[name] = pc.unique(theirs[of_parent].combine_chunks()).drop_null()
    return found


def hangs_by() -> Mapping[str, list[str]]:
    """The tables that others hang by, each with the columns that `linked_by` needs of it."""
    found: dict[str, set[str]] = {}
    for _, parent, of_parent in belonging.LINKED.values():
        person = schema.tables()[parent].person_column
        found.setdefault(parent, set()).update({of_parent, person or belonging.LINKED[parent][0]})
    return {parent: sorted(columns) for parent, columns in found.items()}


def person_columns(layout: str) -> list[str]:
    """The columns of a table as loaded that hold ids of persons."""
    known = schema.tables().get(layout)
    if known is None:
        return []
    also = belonging.ALSO.get(layout)
    return [column.name for column in known.columns if column.refers == "person" or column.name == also]


def with_merged(ids: Iterable[str], merges: pa.Table) -> frozenset[str]:
    """`ids` with those of every record that was merged with one of them, however far. `merges` has two columns."""
    found, (stays, went) = set(ids), merges.column_names
    while True:
        known = pa.array(sorted(found), pa.string())
        near = merges.filter(pc.or_(pc.is_in(merges[stays], value_set=known), pc.is_in(merges[went], value_set=known)))
        more = {one for column in (stays, went) for one in pc.unique(near[column]).to_pylist() if one} - found
        if not more:
            return frozenset(found)
        found |= more


def _layout_of(name: str) -> str:
    """The table a file holds as it was loaded; '' for a file of our own."""
    return PurePosixPath(name).stem if name.startswith("tables/") else ""


def _is_no_text(layout: str, column: str) -> bool:
    """Whether a column holds codes or ids of other things, among which a person's id would be chance."""
    if column == _WORDS:
        return False
    known = schema.tables().get(layout)
    about = next((one for one in known.columns if one.name == column), None) if known else None
    return bool(_OTHER_IDS.search(column)) or (about is not None and bool(about.codes or about.refers))


def _holds_ids(layout: str, column: str) -> bool:
    """Whether a column of somebody else's row holds the id of a person, or may."""
    of_worker = layout in belonging.OF_A_WORKER and column in person_columns(layout)
    return bool(layout) and (of_worker or column in belonging.HOLDS_AN_ID)


def _word_replaced(column: pa.ChunkedArray, word: str, instead: str) -> pa.ChunkedArray:
    """A text without a word that stands by itself. Twice: of two beside each other the first takes what is between."""
    pattern = rf"(^|[^0-9A-Za-z]){re.escape(word)}($|[^0-9A-Za-z])"
    for _ in range(2):
        column = pc.replace_substring_regex(column, pattern, rf"\1{instead}\2")
    return column


def _list_without(column: pa.ChunkedArray, gone: pa.Array) -> pa.Array | None:
    """A column of lists without some values; None where no list has them."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    flat = pc.list_flatten(whole)
    out = pc.is_in(flat, value_set=gone)
    if not pc.any(out).as_py():
        return None
    lengths = pc.fill_null(pc.list_value_length(whole), 0).to_pylist()
    for row in pc.list_parent_indices(whole).filter(out).to_pylist():
        lengths[row] -= 1
    offsets = pa.array([0, *accumulate(lengths)], pa.int32())
    return pa.ListArray.from_arrays(offsets, flat.filter(pc.invert(out)), type=whole.type, mask=pc.is_null(whole))


def _differ(before: pa.ChunkedArray, after: pa.ChunkedArray | pa.Array) -> int:
    """How many cells of a column are others now."""
    if pa.types.is_list(before.type):
        lengths = pc.list_value_length(before), pc.list_value_length(after)
        return int(pc.sum(pc.not_equal(*lengths)).as_py() or 0)
    emptied = pc.sum(pc.and_(pc.is_valid(before), pc.is_null(after))).as_py() or 0
    return int(emptied + (pc.sum(pc.not_equal(before, after)).as_py() or 0))
