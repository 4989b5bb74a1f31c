"""The one clock. Business dates are dates in Europe/London, time stamps are UTC (DESIGN 5 R)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The present moment, as an aware UTC time stamp."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """Today's date where the children are: Europe/London."""
    return now().astimezone(LONDON).date()


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """Hold the clock at one aware moment, for tests and for building a demonstration's past."""
    if moment.tzinfo is None:
        raise ValueError("the clock takes aware times only")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
