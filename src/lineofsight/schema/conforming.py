"""From raw text to a typed table: every bad cell a located issue, never a crash and never a silent null."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.schema.cells import SPREADSHEET_ERROR, UNSEEN, Cells, read_cells
from lineofsight.schema.headings import heading
from lineofsight.schema.issue import Issue, shown
from lineofsight.schema.lacking import likely
from lineofsight.schema.layout import Column, Table, arrow_schema, tables

# A column that is wrong throughout is told this many times, then once with how many more there are.
MOST_ISSUES_OF_A_KIND = 1000
_MOST_STRANGE_CODES = 50

IGNORED = "not a column of this table; ignored"
TWICE = "this column stands more than once; the first is read"
BLANK = "must not be blank"
NO_KEY = "the row has no key, so it was not read"
HEADER_AGAIN = "the header stands here again, so the row was not read"
SAME_KEY = "the same key as an earlier row"
KEY_LACKING = "the key column is not in the file, so no row was read"
NO_SUCH_PERSON = "there is no such person in this extract"
STILL_TO_COME = "is still to come, and this cannot have happened yet; it is kept as it is"


@dataclass(frozen=True)
class Conformed:
    """A typed table with what was found on the way.

    `table` has all columns of the schema; `rows` says where each of its rows stands in the file;
    `columns_present` are the columns the file has; `sentinels` counts placeholder dates made null, by column;
    `blank_rows` counts empty lines, which were passed over; `passed_over` counts the other rows not kept, by reason
    (NO_KEY, HEADER_AGAIN, SAME_KEY, KEY_LACKING), so that all the rows given are those kept and these.
    """

    table: pa.Table
    rows: pa.Array
    columns_present: tuple[str, ...]
    issues: list[Issue]
    sentinels: Mapping[str, int] = field(default_factory=dict)
    blank_rows: int = 0
    passed_over: Mapping[str, int] = field(default_factory=dict)


def conform(table_name: str, raw: pa.Table, *, file: str, sheet: str | None = None) -> tuple[pa.Table, list[Issue]]:
    """Type a table of text. Takes a table whose columns are strings under any heading, in any order.

    Returns the table with all columns of the schema, missing ones null, and the issues found: bad cells (made
    null), unknown codes (kept), rows without a key or with one that came before (dropped), unknown columns.
    Rows are numbered as in a spreadsheet, the first being 2. Raises KeyError for an unknown table.
    """
    done = conform_located(table_name, raw, file=file, sheet=sheet)
    return done.table, done.issues


def conform_located(
    table_name: str,
    raw: pa.Table,
    *,
    file: str,
    sheet: str | None = None,
    rows: pa.Array | None = None,
    cell_rows: Mapping[str, pa.Array] | None = None,
) -> Conformed:
    """Like `conform`, told where each row stands (`rows`) and, for XML, each cell (`cell_rows`, by column).

    Returns also where the kept rows stand, and what the file had. Raises KeyError for an unknown table.
    """
    table = tables()[table_name]
    numbers = rows if rows is not None else pa.arange(2, raw.num_rows + 2)
    report = Report(file, sheet, table_name)
    found = _found(table, raw, report)
    sentinels: dict[str, int] = {}
    typed: dict[str, pa.Array] = {}
    again: pa.Array | None = None
    for name in sorted(found, key=lambda name: name != table.key[0]):  # the key first: it says which rows are headings
        where = (cell_rows or {}).get(name, numbers)
        cells = read_cells(table.column(name), found[name])
        typed[name] = cells.values
        if name == table.key[0]:
            again = _header_again(cells.values, name)
        report.cells(table.column(name), found[name], cells, where, again)
        if cells.sentinels:
            sentinels[name] = cells.sentinels
    schema = arrow_schema(table_name)
    arrays = [typed.get(item.name, pa.nulls(raw.num_rows, item.type)) for item in schema]
    whole = pa.Table.from_arrays(arrays, schema=schema)
    blank = _blank_throughout(whole, found)
    passed_over: dict[str, int] = {}
    kept, kept_rows = _keyed(table, whole, numbers, found, blank, again, report, passed_over)
    _required(table, kept, kept_rows, found, report)
    return Conformed(kept, kept_rows, tuple(found), report.issues, sentinels, _count(blank), passed_over)


def _count(mask: pa.Array) -> int:
    return pc.sum(pc.cast(mask, pa.int64())).as_py() or 0


def without_person(
    table_name: str, done: Conformed, people: pa.Array, *, file: str, sheet: str | None = None
) -> list[Issue]:
    """Issues for the rows whose person is not among `people` (ids). The rows stay as they are."""
    column = tables()[table_name].person_column
    if column is None or column not in done.columns_present:
        return []
    ids = done.table[column].combine_chunks()
    strange = pc.and_(pc.is_valid(ids), pc.invert(pc.is_in(ids, value_set=people)))
    report = Report(file, sheet, table_name)
    report.where(strange, column, ids, done.rows, NO_SUCH_PERSON)
    return report.issues


def still_to_come(
    table_name: str, table: pa.Table, rows: pa.Array | None, today: date, *, file: str, sheet: str | None = None
) -> list[Issue]:
    """Issues for the cells that tell of what happened on a day after `today`. The cells stay as they are.

    `rows` says where each row of the typed `table` stands in the file; without it nothing is told.
    """
    report = Report(file, sheet, table_name)
    for column in tables()[table_name].columns:
        if column.kind != "date" or column.later or rows is None:
            continue
        days = table[column.name].combine_chunks()
        newest = pc.max(days).as_py()
        if newest is not None and newest > today:
            report.where(pc.greater(days, pa.scalar(today)), column.name, days.cast(pa.string()), rows, STILL_TO_COME)
    return report.issues


class Report:
    """Collects the issues of one table."""

    def __init__(self, file: str, sheet: str | None, table: str | None) -> None:
        self.issues: list[Issue] = []
        self._place = (file, sheet, table)

    def add(self, why: str, *, row: int | None = None, column: str | None = None, value: str | None = None) -> None:
        """One issue. `row` as in `Issue`; `value` is what stands in the file."""
        file, sheet, table = self._place
        self.issues.append(Issue(file, sheet, table, row, shown(column), shown(value), why))

    def where(self, mask: pa.Array, column: str, values: pa.Array, rows: pa.Array, why: str) -> None:
        """An issue for each row where the mask holds; past the most of a kind, one with how many more."""
        places = pc.indices_nonzero(pc.fill_null(mask, False))
        told = places.slice(0, MOST_ISSUES_OF_A_KIND)
        for row, value in zip(rows.take(told).to_pylist(), values.take(told).to_pylist(), strict=True):
            self.add(why, row=row, column=column, value=value)
        if len(places) > len(told):
            self.add(f"{why}: and {len(places) - len(told):,} more rows", column=column)

    def cells(self, column: Column, text: pa.Array, cells: Cells, rows: pa.Array, apart: pa.Array | None) -> None:
        """The bad cells of a column, but for the rows `apart`; a code we do not know is told once for each code."""
        if cells.why.null_count == len(cells.why):
            return
        whys = cells.why if apart is None else pc.if_else(apart, pa.scalar(None, pa.string()), cells.why)
        for why in pc.unique(whys.drop_null()).to_pylist():
            mask = pc.equal(whys, why)
            if cells.kept and why not in (SPREADSHEET_ERROR, UNSEEN):
                self._codes(column.name, text, mask, rows, why)
            else:
                self.where(mask, column.name, text, rows, why)

    def _codes(self, column: str, text: pa.Array, mask: pa.Array, rows: pa.Array, why: str) -> None:
        hits = pa.table({"value": text, "row": rows}).filter(pc.fill_null(mask, False))
        found = hits.group_by("value").aggregate([("row", "min"), ("row", "count")]).sort_by("row_min")
        for seen in found.slice(0, _MOST_STRANGE_CODES).to_pylist():
            count = seen["row_count"]
            many = f" (in {count:,} rows, the first is {seen['row_min']:,})" if count > 1 else ""
            self.add(why + many, row=seen["row_min"], column=column, value=seen["value"])
        if found.num_rows > _MOST_STRANGE_CODES:
            self.add(f"{why}: and {found.num_rows - _MOST_STRANGE_CODES:,} more values", column=column)


def _found(table: Table, raw: pa.Table, report: Report) -> dict[str, pa.Array]:
    """The columns of the table that the file has, in schema order, as plain string arrays."""
    known = {column.name for column in table.columns}
    alike = likely(table, raw.column_names)
    places: dict[str, int] = {}
    for place, written in enumerate(raw.column_names):
        name = heading(written)
        if name not in known:
            hint = f"; is it {alike[written]}?" if written in alike else ""
            report.add(IGNORED + hint, column=written)
        elif name in places:
            report.add(TWICE, column=written)
        else:
            places[name] = place
    return {column.name: _string(raw.column(places[column.name])) for column in table.columns if column.name in places}


def _string(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    array = whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole
    return array if pa.types.is_string(array.type) else array.cast(pa.string())


def _keyed(
    table: Table,
    typed: pa.Table,
    rows: pa.Array,
    found: Mapping[str, pa.Array],
    blank: pa.Array,
    again: pa.Array | None,
    report: Report,
    passed_over: dict[str, int],
) -> tuple[pa.Table, pa.Array]:
    """The rows that have a key no row before them has. The others are counted into `passed_over`."""
    absent = [name for name in table.key if name not in found]
    if absent:
        if typed.num_rows:
            report.add(KEY_LACKING, column=absent[0])
        _passed(passed_over, KEY_LACKING, pc.invert(blank))
        return typed.slice(0, 0), rows.slice(0, 0)
    key = _key(typed, table.key)
    if key.null_count:
        keyless = pc.and_(pc.is_null(key), pc.invert(blank))
        report.where(keyless, table.key[0], found[table.key[0]], rows, NO_KEY)
        _passed(passed_over, NO_KEY, keyless)
    if again is not None:
        again = pc.and_(again, pc.is_valid(key))
        report.where(again, table.key[0], found[table.key[0]], rows, HEADER_AGAIN)
        _passed(passed_over, HEADER_AGAIN, again)
        key = pc.if_else(again, pa.scalar(None, pa.string()), key)
    repeat = _repeats(table, key, rows, report)
    _passed(passed_over, SAME_KEY, repeat)
    keep = pc.and_(pc.is_valid(key), pc.invert(repeat))
    if pc.all(keep).as_py():
        return typed, rows
    return typed.filter(keep), rows.filter(keep)


def _passed(passed_over: dict[str, int], why: str, mask: pa.Array) -> None:
    count = _count(mask)
    if count:
        passed_over[why] = count


def _header_again(values: pa.Array, name: str) -> pa.Array | None:
    """The rows whose key is the key's own heading, as where two exports stand in one file; None where none is."""
    if not pa.types.is_string(values.type):
        return None
    # The length first: it costs a tenth of looking at the letters.
    if not pc.any(pc.equal(pc.binary_length(values), len(name))).as_py():
        return None
    again = pc.fill_null(pc.equal(pc.utf8_lower(values), name), False)
    return again if pc.any(again).as_py() else None


def _key(typed: pa.Table, names: Sequence[str]) -> pa.Array:
    parts = [_string(typed[name]) for name in names]
    return parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, "\x1f")


def _blank_throughout(typed: pa.Table, found: Mapping[str, pa.Array]) -> pa.Array:
    """Rows where every cell is blank: the empty lines at the end of a spreadsheet, nobody's loss."""
    blank = pa.repeat(pa.scalar(bool(found)), typed.num_rows)
    for text in found.values():
        if not pc.any(blank).as_py():
            break
        blank = pc.and_(blank, pc.fill_null(pc.equal(pc.utf8_trim_whitespace(text), ""), True))
    return blank


def _repeats(table: Table, key: pa.Array, rows: pa.Array, report: Report) -> pa.Array:
    """Rows whose key stands in an earlier row, each told with where that is."""
    encoded = key.dictionary_encode()
    places = pa.arange(0, len(key))
    if len(encoded.dictionary) == len(key) - key.null_count:
        return pc.less(places, 0)
    grouped = pa.table({"key": encoded.indices, "place": places}).group_by("key").aggregate([("place", "min")])
    first = (
        grouped["place_min"]
        .combine_chunks()
        .take(pc.index_in(encoded.indices, value_set=grouped["key"].combine_chunks()))
    )
    repeat = pc.and_(pc.is_valid(key), pc.not_equal(first, places))
    told = pc.indices_nonzero(repeat).slice(0, MOST_ISSUES_OF_A_KIND)
    earlier = rows.take(first.take(told)).to_pylist()
    for row, value, before in zip(rows.take(told).to_pylist(), key.take(told).to_pylist(), earlier, strict=True):
        why = f"the same key as row {before:,}; the first is kept"
        report.add(why, row=row, column=table.key[0], value=value)
    more = _count(repeat) - len(told)
    if more:
        report.add(f"{SAME_KEY}: and {more:,} more rows", column=table.key[0])
    return repeat


def _required(table: Table, kept: pa.Table, rows: pa.Array, found: Mapping[str, pa.Array], report: Report) -> None:
    for column in table.columns:
        if column.required and column.name in found and column.name not in table.key:
            values = _string(kept[column.name])
            if values.null_count:
                report.where(pc.is_null(values), column.name, values, rows, BLANK)
