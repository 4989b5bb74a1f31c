"""Charts as geometry: pure functions from a series to what an SVG template draws.

No chart library and no measuring of text: sizes are in the units of the view box. The same shapes stand on the
page and in the packs, so everything a reader needs (title, description, labels) is part of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil, floor, log10
from typing import Literal

Tone = Literal["none", "better", "worse", "changed"]
Form = Callable[[float], str]

LINE_GAP = 16.0  # the least distance between two labels at the right edge, so that they never overprint


@dataclass(frozen=True)
class Reading:
    """One point of a series: the month end and its value, None where it was not measured."""

    on: date
    value: float | None


@dataclass(frozen=True)
class Limits:
    """What is usual: the centre line and the natural limits of an XmR chart."""

    centre: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Series:
    """A whole series to draw: `floor`/`ceiling` are the values it can never pass (0 and 100 for a percentage)."""

    readings: Sequence[Reading]
    limits: Limits | None
    changed_on: date | None
    tone: Tone
    form: Form
    title: str
    description: str
    floor: float | None = 0.0
    ceiling: float | None = None
    says_month: bool = False  # a month's own value, not what stands now: the last label names its month
    rolling: bool = False  # each point is the twelve months up to it


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    text: str
    anchor: Literal["start", "middle", "end"] = "start"


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    marked: bool
    text: str


@dataclass(frozen=True)
class Grid:
    y: float
    label: Label


@dataclass(frozen=True)
class Band:
    """The expected range (a rectangle) and the usual value (a line), with their words."""

    y: float
    height: float
    centre: float
    centre_label: Label | None
    range_label: Label | None


@dataclass(frozen=True)
class Change:
    x: float
    label: Label


@dataclass(frozen=True)
class Frame:
    """The sheet a chart is drawn on: all sizes in view-box units."""

    name: str
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    text: int
    ticks: int
    words_beside: bool

    @property
    def inner_right(self) -> float:
        return self.width - self.right

    @property
    def inner_bottom(self) -> float:
        return self.height - self.bottom


WIDE = Frame("wide", 760, 300, 52, 132, 30, 34, 13, 6, True)
NARROW = Frame("narrow", 300, 250, 46, 12, 30, 32, 14, 3, False)


@dataclass(frozen=True)
class LineChart:
    frame: Frame
    title: str
    description: str
    tone: Tone
    grid: list[Grid]
    months: list[Label]
    band: Band | None
    lines: list[str]
    dots: list[Dot]
    change: Change | None
    now: Label | None

    @property
    def plot_width(self) -> float:
        return round(self.frame.inner_right - self.frame.left, 1)


def line(series: Series, frame: Frame = WIDE) -> LineChart | None:
    """The geometry of a line chart with limits, or None where nothing was measured."""
    values = [r.value for r in series.readings if r.value is not None]
    if not values:
        return None
    ticks = scale(_extent(values, series.limits), series.floor, series.ceiling)
    at_x = _across(len(series.readings), frame)
    at_y = _up(ticks[0], ticks[-1], frame)
    dots = _dots(series, at_x, at_y)
    last = max(i for i, r in enumerate(series.readings) if r.value is not None)
    now = Label(0, dots[-1].y, f"{series.form(values[-1])} {_when(series, last)}")
    band = _band(series, frame, at_y)
    if frame.words_beside:
        band, now = _beside(band, now, frame)
    else:
        now = _within(now, dots, frame)
    return LineChart(
        frame=frame,
        title=series.title,
        description=series.description,
        tone=series.tone,
        grid=[Grid(at_y(t), Label(frame.left - 8, at_y(t) + 4, series.form(t), "end")) for t in ticks],
        months=_months(series.readings, at_x, frame),
        band=band,
        lines=_segments(series.readings, at_x, at_y),
        dots=dots,
        change=_change(series, at_x, frame),
        now=now,
    )


def scale(extent: tuple[float, float], lowest: float | None, highest: float | None) -> list[float]:
    """Round tick values that hold `extent`: three to six of them, never outside `lowest` and `highest`."""
    low, high = extent
    if high - low < 1e-9:
        pad = max(abs(high) * 0.1, 1.0)
        low, high = low - pad, high + pad
    raw = (high - low) / 4
    power = 10 ** floor(log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw - 1e-12)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    if lowest is not None:
        first = max(first, ceil(lowest / step - 1e-9))
    if highest is not None:
        last = min(last, floor(highest / step + 1e-9))
    if last <= first:
        first, last = (first, first + 1) if highest is None or (first + 1) * step <= highest else (last - 1, last)
    return [round(step * n, 10) for n in range(first, last + 1)]


@dataclass(frozen=True)
class Spark:
    width: int
    height: int
    lines: list[str]
    end: Dot | None
    tone: Tone
    title: str


def spark(series: Series, width: int = 120, height: int = 28) -> Spark | None:
    """A small line without axes, or None where fewer than two months were measured."""
    values = [r.value for r in series.readings if r.value is not None]
    if len(values) < 2:
        return None
    frame = Frame("spark", width, height, 4, 4, 4, 4, 0, 0, False)
    low, high = min(values), max(values)
    if high - low < 1e-9:
        low, high = low - 1, high + 1
    at_x, at_y = _across(len(series.readings), frame), _up(low, high, frame)
    last = max(i for i, r in enumerate(series.readings) if r.value is not None)
    said = f"{len(values)} months, from {series.form(values[0])} to {series.form(values[-1])}"
    end = Dot(at_x(last), at_y(values[-1]), series.tone != "none", series.form(values[-1]))
    return Spark(width, height, _segments(series.readings, at_x, at_y), end, series.tone, said)


def _extent(values: Sequence[float], limits: Limits | None) -> tuple[float, float]:
    held = [*values, *((limits.lower, limits.upper) if limits else ())]
    return min(held), max(held)


def _across(count: int, frame: Frame) -> Callable[[int], float]:
    step = (frame.inner_right - frame.left) / max(count - 1, 1)
    return lambda index: round(frame.left + step * index, 1)


def _up(low: float, high: float, frame: Frame) -> Callable[[float], float]:
    span = frame.inner_bottom - frame.top

    def at(value: float) -> float:
        held = min(max(value, low), high)
        return round(frame.inner_bottom - span * (held - low) / (high - low), 1)

    return at


def _segments(readings: Sequence[Reading], at_x: Callable[[int], float], at_y: Form | Callable) -> list[str]:
    """The line in pieces: a month not measured breaks it, so that a gap is never drawn as a value."""
    pieces: list[list[str]] = [[]]
    for index, reading in enumerate(readings):
        if reading.value is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{at_x(index)},{at_y(reading.value)}")
    return [" ".join(piece) for piece in pieces if len(piece) > 1]


def _dots(series: Series, at_x: Callable[[int], float], at_y: Callable[[float], float]) -> list[Dot]:
    return [
        Dot(
            at_x(index),
            at_y(reading.value),
            series.changed_on is not None and reading.on >= series.changed_on,
            f"{reading.on:%B %Y}: {series.form(reading.value)}",
        )
        for index, reading in enumerate(series.readings)
        if reading.value is not None
    ]


def _band(series: Series, frame: Frame, at_y: Callable[[float], float]) -> Band | None:
    if series.limits is None:
        return None
    top, bottom, centre = at_y(series.limits.upper), at_y(series.limits.lower), at_y(series.limits.centre)
    said = f"usual, {series.form(series.limits.centre)}"
    return Band(
        y=top,
        height=round(bottom - top, 1),
        centre=centre,
        centre_label=Label(0, centre + 4, said) if frame.words_beside else None,
        range_label=Label(0, top + 4, "expected range") if frame.words_beside else None,
    )


def _beside(band: Band | None, now: Label, frame: Frame) -> tuple[Band | None, Label]:
    """Stand the words at the right edge, pushed apart where they would overprint."""
    x = frame.inner_right + 10
    if band is None or band.range_label is None or band.centre_label is None:
        return band, Label(x, now.y + 4, now.text)
    wanted = {"range": band.range_label.y, "centre": band.centre_label.y, "now": now.y + 4}
    placed = _apart(wanted, frame.top, frame.inner_bottom + 4)
    moved = Band(
        band.y,
        band.height,
        band.centre,
        Label(x, placed["centre"], band.centre_label.text),
        Label(x, placed["range"], band.range_label.text),
    )
    return moved, Label(x, placed["now"], now.text)


def _apart(wanted: dict[str, float], top: float, bottom: float) -> dict[str, float]:
    """The nearest heights to those wanted, in the same order, at least LINE_GAP apart."""
    order = sorted(wanted, key=wanted.__getitem__)
    heights = [max(wanted[name], top) for name in order]
    for upper, lower in pairwise(range(len(order))):
        heights[lower] = max(heights[lower], heights[upper] + LINE_GAP)
    over = max(heights[-1] - bottom, 0)
    heights[-1] -= over
    for lower in range(len(order) - 1, 0, -1):
        heights[lower - 1] = min(heights[lower - 1], heights[lower] - LINE_GAP)
    return {name: round(height, 1) for name, height in zip(order, heights, strict=True)}


def _within(now: Label, dots: Sequence[Dot], frame: Frame) -> Label:
    """Where there is no room beside: above or below the last point, clear of the points that the words would cover."""
    wide = len(now.text) * frame.text * 0.6
    near = [dot.y for dot in dots if dot.x >= frame.inner_right - wide] or [dots[-1].y]
    above, below = min(near) - 12, max(near) + 8 + frame.text
    fits_above, fits_below = above > frame.top + 8, below < frame.inner_bottom - 4
    nearer_above = dots[-1].y - above <= below - dots[-1].y
    y = above if fits_above and (nearer_above or not fits_below) else below if fits_below else frame.top + frame.text
    return Label(frame.inner_right, round(y, 1), now.text, "end")


def _when(series: Series, last: int) -> str:
    month = f"{series.readings[last].on:%B}"
    if series.rolling:
        return f"to {month}"
    is_now = last == len(series.readings) - 1 and not series.says_month
    return "now" if is_now else f"in {month}"


def _change(series: Series, at_x: Callable[[int], float], frame: Frame) -> Change | None:
    """The month the change began: its words stand above the plot, on the side with more room."""
    if series.changed_on is None:
        return None
    found = [i for i, r in enumerate(series.readings) if r.on >= series.changed_on]
    if not found:
        return None
    x = at_x(found[0])
    right_half = x > (frame.left + frame.inner_right) / 2
    text = f"real change, {series.readings[found[0]].on:%B %Y}"
    return Change(x, Label(x + 2 if right_half else x - 2, frame.top - 10, text, "end" if right_half else "start"))


def _months(readings: Sequence[Reading], at_x: Callable[[int], float], frame: Frame) -> list[Label]:
    """Month names under the plot: the last month always, the others an equal step apart from it."""
    count = len(readings)
    step = max(ceil(count / frame.ticks), 1)
    shown = range(count - 1, -1, -step)
    return [
        Label(at_x(i), frame.inner_bottom + 20, f"{readings[i].on:%b %y}", _anchor(i, count, frame)) for i in shown
    ][::-1]


def _anchor(index: int, count: int, frame: Frame) -> Literal["start", "middle", "end"]:
    if index == count - 1 and not frame.words_beside:
        return "end"
    return "start" if index == 0 and not frame.words_beside else "middle"
