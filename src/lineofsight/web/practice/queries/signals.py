"""Whether a measure's months say that something really changed, and never for the better where the data is too old."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from lineofsight.measures import trend
from lineofsight.measures.definitions import Definition
from lineofsight.measures.trend import Signal
from lineofsight.web.practice.queries import ages
from lineofsight.web.practice.queries.figures import Figure, Series
from lineofsight.web.practice.queries.standing import Standing

TOO_OLD = "Whether it is better cannot be told: data that it stands on is older than policy allows."


def fair_signal(stand: Standing, definition: Definition, series: Series) -> Signal:
    """What changed, but never for the better where what it stands on is older than policy allows (DESIGN 7.6)."""
    found = signal_of(definition, series)
    if found.kind == "better" and ages.too_old(stand, definition.needs):
        return replace(found, kind="too few", since=None, sentence=TOO_OLD)
    return found


def signal_of(definition: Definition, series: Series) -> Signal:
    """Whether the months say that something really changed."""
    months = settled(definition, series)
    points = tuple((one.as_at, drawn(definition, one)) for one in months)
    found = _read(points, definition.better, definition.kind == "percent")
    if found.since is not None and points[-1][1] is None:
        return replace(found, kind="too few", since=None, sentence="There was nothing to measure in the newest month.")
    now = points[-1][1] if points else None
    whole = found.since is not None and _counts(definition, months[-1])
    if whole and now is not None and found.centre is not None and abs(now - found.centre) < 1:
        return replace(found, kind="none", since=None, sentence="It is within one of what is usual.")
    return found


@lru_cache(maxsize=4_096)
def _read(points: tuple[tuple[date, float | None], ...], better: str, percent: bool) -> Signal:
    """`trend.read_series`, once for the same months: a page reads each series for several of its parts."""
    return trend.read_series(points, better=better, percent=percent)


def _counts(definition: Definition, figure: Figure) -> bool:
    """Whether what is drawn is whole children."""
    return definition.kind == "count" or (definition.kind == "rate" and figure.value is None)


def drawn(definition: Definition, figure: Figure) -> float | None:
    """What a chart draws of a figure: its value; for a rate without a population, its count."""
    if figure.value is None and definition.kind == "rate" and figure.numerator is not None:
        return float(figure.numerator)
    return figure.value


def settled(definition: Definition, series: Series) -> Sequence[Figure]:
    """The months to read: a flow's month that is not over is left out, because it is still filling."""
    months = series.months
    over = not months or (months[-1].as_at + timedelta(days=1)).day == 1
    return months if over or definition.basis == "stock" else months[:-1]
