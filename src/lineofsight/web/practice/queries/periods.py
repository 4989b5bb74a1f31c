"""Months and rolling years: which rows a number of a date stands on."""

from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.measures.definitions import Definition
from lineofsight.measures.periods import YEAR, behind, year_to
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries.standing import Standing, values

__all__ = ["YEAR", "behind", "months", "within", "words", "year_to"]


def months(stand: Standing) -> list[date]:
    """Every date measured, oldest first; the last is the snapshot's own."""
    return sorted(day for day in pc.unique(values(stand)["as_at"]).to_pylist() if day)


def within(stand: Standing, definition: Definition, as_at: date) -> pc.Expression:
    """The filter over rows that leaves those behind the headline number of `as_at`."""
    return pc.field("as_at").isin(pa.array(behind(definition, months(stand), as_at), pa.date32()))


def words(definition: Definition, as_at: date) -> str:
    """What the headline number of `as_at` covers: 'on 31 October 2026', 'the twelve months to 31 October 2026'."""
    if definition.headline_window == "year":
        return f"the twelve months to {wording.day(_last_whole(as_at))}"
    return wording.month(as_at) if definition.basis == "flow" else f"on {wording.day(as_at)}"


def _last_whole(as_at: date) -> date:
    """The end of the last month that is over."""
    return as_at if (as_at + timedelta(days=1)).day == 1 else as_at.replace(day=1) - timedelta(days=1)
