"""Delimited text, as case systems and spreadsheets write it, into tables of strings.

The fast way reads with Arrow. A file it stumbles on (ragged rows, odd quotation marks, bytes that are not
UTF-8) is read again the careful way, row by row, so that what is wrong can be located.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from lineofsight.errors import PlainError
from lineofsight.schema import heading, recognise
from lineofsight.sources.columns import Columns, Raw
from lineofsight.sources.content import Content
from lineofsight.sources.watched_text import LONGEST_ROW, WatchedText, too_long

_DELIMITERS = (",", ";", "\t", "|")
HEADER_WITHIN = 3
# Of this size, a file is looked through for what no table holds before any of it is taken into memory.
_LARGE = 64 * 1024**2
MOST_COLUMNS = 500
# More rows than this of another width than the header, and more than fit it: it is not that header's table.
_MOST_RAGGED = 100_000
_LONGEST_CELL = 1_000_000
_BLOCK = 4 * 1024**2

csv.field_size_limit(_LONGEST_CELL)


@dataclass(frozen=True)
class Layout:
    """How a delimited file is laid out. `before` lines stand before the header; `table` is what it holds."""

    encoding: str
    delimiter: str
    before: int
    header: tuple[str, ...]
    table: str | None


def layout_of(content: Content) -> Layout:
    """How a text file is laid out, from its first bytes. `table` is None where it is none we know.

    Raises PlainError where it is one, and has more columns than any has.
    """
    head = content.head()
    encoding = _encoding(head)
    whole = len(head) == content.size
    lines = _decoded(head, encoding).splitlines(keepends=True)
    lines = lines if whole else lines[:-1]  # the last one goes on beyond what was looked at
    best = Layout(encoding, ",", 0, (), None)
    written = [place for place, line in enumerate(lines) if line.strip(" \t\r\n,;|")]
    for before in written[:HEADER_WITHIN]:
        for delimiter in _DELIMITERS:
            header = _header(lines[before:], delimiter)
            table = recognise([heading(name) for name in header])
            if table and (best.table is None or len(header) > len(best.header)):
                best = Layout(encoding, delimiter, before, header, table)
        if best.table:
            break
    if len(best.header) > MOST_COLUMNS:
        raise PlainError(f"{content.name} has {len(best.header):,} columns; a table has at most {MOST_COLUMNS}.")
    return best


def read_delimited(content: Content, layout: Layout) -> Raw:
    """Read a file whose layout is known.

    Raises PlainError where it is no text, ends inside quotes, or holds what no table does (endless lines,
    millions of empty rows, mostly rows that are not the header's).
    """
    if content.size > _LARGE:
        with _watched(content, layout, layout.encoding) as watched:
            watched.sha256()
    for encoding in dict.fromkeys((layout.encoding, "cp1252")):
        try:
            return _fast(content, layout, encoding)
        except UnicodeError:
            continue
        except _NeedsCare:
            break
    return _careful(content, layout)


class _NeedsCare(Exception):
    """Something about the file calls for reading it row by row."""


def _encoding(head: bytes) -> str:
    return "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"


def _decoded(head: bytes, encoding: str) -> str:
    if encoding == "utf-16":
        return head.decode("utf-16", "replace")
    # A byte-order mark would make the first heading a stranger.
    return head.decode("utf-8-sig", "replace")


def _header(lines: list[str], delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(next(csv.reader(lines, delimiter=delimiter), ()))
    except csv.Error:
        return ()


def _fast(content: Content, layout: Layout, encoding: str) -> Raw:
    """The whole file with Arrow. Raises UnicodeError where it is in another encoding, _NeedsCare for the rest."""
    names = [f"f{place}" for place in range(len(layout.header))]
    with _watched(content, layout, encoding) as watched:
        try:
            table = _arrow(watched, layout, encoding, names)
        except pa.ArrowInvalid as error:
            # Arrow says so in words only; taken for another fault, the file is read row by row and still right.
            if "invalid UTF8" in str(error):
                raise UnicodeError(encoding) from error
            raise _NeedsCare from error
        sha256 = watched.sha256()
        if watched.quotes % 2 or table.num_columns != len(names) or _ends_within_quotes(table):
            raise _NeedsCare
        hollow = watched.hollow
    body = table.slice(1)
    del table
    first = layout.before + 2
    rows = pa.arange(first, first + body.num_rows)
    if hollow:
        written = _written(body)
        body, rows = body.filter(written), rows.filter(written)
    named = pa.Table.from_arrays(body.columns, names=list(layout.header))
    return Raw(named, rows, sha256, encoding)


def _watched(content: Content, layout: Layout, encoding: str) -> WatchedText:
    return WatchedText(content.start(), content.name, width=len(layout.header), wide=encoding == "utf-16")


def _arrow(watched: WatchedText, layout: Layout, encoding: str, names: list[str]) -> pa.Table:
    return pacsv.read_csv(
        watched,
        read_options=pacsv.ReadOptions(
            autogenerate_column_names=True,  # the header is read as a row: headings may repeat
            skip_rows=layout.before,
            encoding="utf8" if encoding == "utf-8" else encoding,
            block_size=_BLOCK,
        ),
        parse_options=pacsv.ParseOptions(
            delimiter=layout.delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,  # they count as rows in a spreadsheet
        ),
        convert_options=pacsv.ConvertOptions(column_types={name: pa.string() for name in names}),
    )


def _written(table: pa.Table) -> pa.Array:
    """Which rows have anything in them."""
    anything = [pc.greater(pc.fill_null(pc.binary_length(column), 0), 0) for column in table.columns]
    return reduce(pc.or_, anything).combine_chunks()


def _ends_within_quotes(table: pa.Table) -> bool:
    """A quotation mark that never closes swallows the rest of the file into the last row's last cells."""
    last = table.slice(max(table.num_rows - 1, 0), 1).to_pylist()
    return any("\n" in (value or "") or "\r" in (value or "") for row in last for value in row.values())


def _careful(content: Content, layout: Layout) -> Raw:
    """The whole file row by row. Raises PlainError where it cannot be read at all."""
    for encoding in dict.fromkeys((layout.encoding, "cp1252")):
        for strict in (True, False):
            with _watched(content, layout, encoding) as watched:
                try:
                    return _by_row(content, layout, watched, encoding, strict)
                except UnicodeError:
                    break
                except _Unquoted:
                    continue
    raise PlainError(f"{content.name} is not text in an encoding we know: export it as UTF-8.")


class _Unquoted(Exception):
    """Something stands between a closing quotation mark and the next cell: lenient reading takes it."""


def _by_row(content: Content, layout: Layout, watched: WatchedText, encoding: str, strict: bool) -> Raw:
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    text = io.TextIOWrapper(io.BufferedReader(watched), encoding=codec, newline="")
    for _ in range(layout.before):
        text.readline()
    columns = Columns(len(layout.header))
    lines = _Lines(text, content.name)
    for row, cells in _records(content, csv.reader(lines, delimiter=layout.delimiter, strict=strict), lines, layout):
        columns.add(row, cells, lines.characters)
        if columns.not_read > max(_MOST_RAGGED, columns.kept):
            raise PlainError(f"{content.name} is not a table: most of its rows do not have the header's columns.")
    sha256 = watched.sha256()
    table, rows = columns.table(layout.header)
    return Raw(table, rows, sha256, encoding, columns.ragged, columns.not_read)


class _Lines:
    """The lines of a text, counting the characters of the row they make: quotation marks may hold many lines."""

    def __init__(self, text: io.TextIOWrapper, name: str) -> None:
        self._text = text
        self._name = name
        self.characters = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._text)
        self.characters += len(line)
        if self.characters > LONGEST_ROW:
            raise too_long(self._name)
        return line


def _records(
    content: Content, reader: Iterator[list[str]], lines: _Lines, layout: Layout
) -> Iterator[tuple[int, list[str]]]:
    row = layout.before
    while True:
        row += 1
        lines.characters = 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "end of data" in str(error):
                where = f"in row {row:,} that never closes"
                raise PlainError(f"{content.name} opens a quotation mark {where}: export it again.") from error
            if "field limit" in str(error):
                raise PlainError(
                    f"A cell in row {row:,} of {content.name} is longer than {_LONGEST_CELL:,} characters."
                ) from error
            raise _Unquoted from error
        if row > layout.before + 1:
            yield row, cells
