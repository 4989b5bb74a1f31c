"""Whether a text names a child: the last look before it is released to an office that sees none."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.web.practice.queries.standing import standing

_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")


def names_a_child(text: str) -> bool:
    """Whether the forename and the surname of one child both stand in `text` as words.

    A forename or a surname alone may be a word of English ("Grace", "May"), so it is not refused: a person
    still reads the text before releasing it. Only yes or no leaves here.
    """
    words = {one.casefold().replace("’", "'") for one in _WORD.findall(text)}
    words |= {part for word in words for part in re.split(r"['\-]", word) if part}
    words |= {word.removesuffix("'s") for word in words}
    stand = standing()
    found = stand.lake.persons(stand.snapshot, columns=["forename", "surname"])
    chosen = pa.array(sorted(words), pa.string())
    both = pc.and_(_among(found["forename"], chosen), _among(found["surname"], chosen))
    return bool(pc.any(pc.fill_null(both, False)).as_py())


def _among(column: pa.ChunkedArray, words: pa.Array) -> pa.ChunkedArray:
    """Whether the first word of each name is among `words` (names of several words are told by their first)."""
    first = pc.list_element(pc.split_pattern_regex(pc.utf8_lower(pc.utf8_trim_whitespace(column)), r"\s+"), 0)
    return pc.and_(pc.is_in(first, value_set=words), pc.greater(pc.utf8_length(pc.fill_null(column, "")), 0))
