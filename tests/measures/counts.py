"""What was counted of a measure, written as places and counts, in the shape the values are made from."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import pyarrow as pa

from lineofsight.measures.shown import COUNTED, Count


class Place(NamedTuple):
    """Where a count belongs."""

    as_at: date
    window: str
    breakdown: str
    group: str


def counted(counts: Mapping[Place, Count]) -> pa.Table:
    """The table of these counts (shown.COUNTED)."""
    rows = [{**place._asdict(), **count._asdict()} for place, count in counts.items()]
    return pa.Table.from_pylist(rows, COUNTED)
