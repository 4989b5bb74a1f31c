"""Working days between columns of dates, as one look-up into the calendar."""

from datetime import date
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.calendar import FIRST, LAST, calendar_table

_EPOCH = date(1970, 1, 1)


def working_days(start: pa.ChunkedArray | pa.Array, end: pa.ChunkedArray | pa.Array | date) -> pa.ChunkedArray:
    """Working days after each `start` up to and including each `end`: null where either is, 0 for an earlier end."""
    last = pa.scalar(end, pa.date32()) if isinstance(end, date) else end
    counted = pc.subtract(_number(last), _number(start))
    return pc.max_element_wise(counted, pa.scalar(0, pa.int32()), skip_nulls=False)


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`."""
    return int(working_days(pa.array([start], pa.date32()), end)[0].as_py())


@lru_cache(maxsize=1)
def _numbers() -> pa.Array:
    return calendar_table()["working_number"].combine_chunks()


def _number(days: pa.ChunkedArray | pa.Array | pa.Scalar) -> pa.ChunkedArray | pa.Array | pa.Scalar:
    """The calendar's running number of each day, days outside the calendar taken as its first or last."""
    at = pc.subtract(pc.cast(days, pa.int32()), pa.scalar((FIRST - _EPOCH).days, pa.int32()))
    at = pc.min_element_wise(
        pc.max_element_wise(at, pa.scalar(0, pa.int32()), skip_nulls=False),
        pa.scalar((LAST - FIRST).days, pa.int32()),
        skip_nulls=False,
    )
    if isinstance(at, pa.Scalar):
        return _numbers()[at.as_py()] if at.is_valid else pa.scalar(None, pa.int32())
    return pc.take(_numbers(), at)
