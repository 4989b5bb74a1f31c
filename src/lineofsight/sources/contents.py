"""The contents of a table of text: put in an order that is the same each night, and made into a hash."""

import hashlib
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc


def in_order(table: pa.Table, order: Sequence[tuple[str, bool]]) -> pa.Table:
    """The rows by the columns of `order`, each with whether it holds whole numbers: nothing stands in chance order."""
    if not table.num_rows:
        return table
    numbers = {name: pc.cast(table[name], pa.int64()) for name, whole in order if whole}
    sorting = pa.table({name: numbers.get(name, table[name]) for name, _ in order})
    places = pc.sort_indices(sorting, [(name, "ascending") for name, _ in order])
    return table.take(places).combine_chunks()


def digest(table: pa.Table) -> str:
    """A hash of what the columns hold, row after row; a blank is not the same as nothing."""
    told = hashlib.sha256(f"{table.num_rows}".encode())
    for name in table.column_names:
        told.update(f"\n{name}\n".encode())
        for chunk in table[name].chunks:
            told.update(_numbers(pc.fill_null(pc.binary_length(chunk), -1)))
        for chunk in table[name].chunks:
            told.update(_letters(chunk))
    return told.hexdigest()


def _numbers(lengths: pa.Array) -> memoryview:
    start, width = lengths.offset, pa.int32().bit_width // 8
    return memoryview(lengths.buffers()[1])[start * width : (start + len(lengths)) * width]


def _letters(chunk: pa.Array) -> memoryview | bytes:
    _, offsets, letters = chunk.buffers()
    if letters is None or not len(chunk):
        return b""
    places = pa.Array.from_buffers(pa.int32(), len(chunk) + 1, [None, offsets], offset=chunk.offset)
    return memoryview(letters)[places[0].as_py() : places[-1].as_py()]
