"""The issues of a load, kept with its snapshot: encrypted, for they quote cells; those that are new told apart."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.schema import Issue
from lineofsight.schema.conforming import NO_SUCH_PERSON

FILE = "load/issues.parquet"

# `number` is the place of the issue in the load; `new` is false where the load before had the same; `child_key` is of
# the child whose row it stands on, null where that is nobody or not known (`lake.whose`).
SCHEMA = pa.schema(
    [
        ("number", pa.int64()),
        ("file", pa.string()),
        ("sheet", pa.string()),
        ("table", pa.string()),
        ("row", pa.int64()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("why", pa.string()),
        ("new", pa.bool_()),
        ("child_key", pa.string()),
    ]
)

_NUMBERS = re.compile(r"[0-9][0-9,]*")
_MORE = re.compile(r": and ([0-9,]+) more rows$")

_Sort = tuple[str | None, str | None, str | None, str]


def table_of(found: Sequence[Issue], before: pa.Table | None, child_keys: Sequence[str | None] = ()) -> pa.Table:
    """The issues as SCHEMA with `child_keys` beside them, those that `before` does not have marked new.

    `before` are the issues of the load before. The same issue is the same table, column, value and reason, whatever
    the file is called and on whatever row it stands now; of five where there were three, two are new.
    """
    known = Counter(_sorts_of(before)) if before is not None else Counter()
    new = []
    for one in found:
        sort = _sort(one.table, one.column, one.value, one.why)
        new.append(known[sort] < 1)
        known[sort] -= 1
    columns: list[list[object]] = [
        list(range(1, len(found) + 1)),
        *([getattr(one, name) for one in found] for name in SCHEMA.names[1:-2]),
        list(new),
        list(child_keys) or [None] * len(found),
    ]
    return pa.table(columns, schema=SCHEMA)


def how_many_new(kept: pa.Table) -> int:
    """How many of the issues are new."""
    return pc.sum(pc.cast(kept["new"], pa.int64())).as_py() or 0


def about_nobody(found: Iterable[Issue], table: str) -> int:
    """How many rows of a table are about a person whom the extract does not list."""
    count = 0
    for one in found:
        if one.table == table and one.why.startswith(NO_SUCH_PERSON):
            more = _MORE.search(one.why)
            count += int(more[1].replace(",", "")) if more else 1
    return count


def _sorts_of(kept: pa.Table) -> Iterable[_Sort]:
    columns = (kept[name].to_pylist() for name in ("table", "column", "value", "why"))
    return (_sort(*cells) for cells in zip(*columns, strict=True))


def _sort(table: str | None, column: str | None, value: str | None, why: str) -> _Sort:
    """What makes two issues of two loads the same one; the numbers in a reason are of rows, which move."""
    return table, column, value, _NUMBERS.sub("#", why)
