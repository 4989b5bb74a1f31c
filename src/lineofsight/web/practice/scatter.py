"""A funnel as geometry: a point an authority, curves for what chance allows, and our own figure with its words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor, log10

from lineofsight.measures.published_funnel import Funnel, Ours
from lineofsight.web.practice.charts import Form, Frame, Grid, Label, scale

WIDE = Frame("wide", 760, 340, 52, 20, 30, 52, 13, 6, True)
NARROW = Frame("narrow", 300, 290, 46, 10, 30, 54, 14, 3, False)


@dataclass(frozen=True)
class Spot:
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Scatter:
    """A whole drawing with its title and its description in words."""

    frame: Frame
    title: str
    description: str
    grid: Sequence[Grid]
    sizes: Sequence[Label]
    axis: Label
    outer: str  # the area between the outer limits
    inner: str
    centre: float
    centre_label: Label
    others: Sequence[Spot]
    neighbours: Sequence[Spot]
    own: Spot | None
    ours: Spot | None
    ours_label: Label | None

    @property
    def plot_width(self) -> float:
        return round(self.frame.inner_right - self.frame.left, 1)


def scatter(
    found: Funnel, ours: Ours | None, frame: Frame, title: str, description: str, form: Form, sizes_of: str
) -> Scatter:
    """Sizes lie along the bottom by their square roots, so that small authorities do not crowd each other."""
    values = [point.value for point in found.points] + ([ours.value] if ours else [])
    middle = [curve for curve in found.curves if curve.size >= found.curves[-1].size / 30] or found.curves
    extent = (
        min([*values, *(curve.inner.low for curve in middle)]),
        max([*values, *(curve.inner.high for curve in middle)]),
    )
    ticks = scale(extent, 0.0, 100.0 if found.kind == "percent" else None)
    at_x = _across(found.curves[0].size, found.curves[-1].size, frame)
    at_y = _up(ticks[0], ticks[-1], frame)

    def spot(name: str, size: float, value: float) -> Spot:
        return Spot(at_x(size), at_y(value), f"{name}: {form(value)}")

    own = next((point for point in found.points if point.name == found.own), None)
    mine = spot("now", ours.size, ours.value) if ours else None
    return Scatter(
        frame=frame,
        title=title,
        description=description,
        grid=[Grid(at_y(tick), Label(frame.left - 8, at_y(tick) + 4, form(tick), "end")) for tick in ticks],
        sizes=_sizes(found.curves[0].size, found.curves[-1].size, at_x, frame),
        axis=Label(frame.inner_right, frame.height - 6, f"{sizes_of} →", "end"),
        outer=_area([(at_x(c.size), at_y(c.outer.low), at_y(c.outer.high)) for c in found.curves]),
        inner=_area([(at_x(c.size), at_y(c.inner.low), at_y(c.inner.high)) for c in found.curves]),
        centre=at_y(found.england),
        centre_label=Label(frame.inner_right, at_y(found.england) - 6, f"England, {form(found.england)}", "end"),
        others=[spot(p.name, p.size, p.value) for p in found.points if p.name not in {*found.neighbours, found.own}],
        neighbours=[spot(p.name, p.size, p.value) for p in found.points if p.name in found.neighbours],
        own=spot(f"{own.name}, as published", own.size, own.value) if own else None,
        ours=mine,
        ours_label=_beside(mine, f"{form(ours.value)} now", frame) if mine and ours else None,
    )


def _beside(spot: Spot, text: str, frame: Frame) -> Label:
    """Words to the left of a point in the right half, to the right of one in the left half."""
    right = spot.x > frame.width / 2
    return Label(spot.x - 10 if right else spot.x + 10, spot.y + 5, text, "end" if right else "start")


def _across(low: float, high: float, frame: Frame) -> Callable[[float], float]:
    first, last = low**0.5, max(high**0.5, low**0.5 + 1e-9)
    width = frame.inner_right - frame.left
    return lambda size: round(frame.left + width * (size**0.5 - first) / (last - first), 1)


def _up(low: float, high: float, frame: Frame) -> Callable[[float], float]:
    span = frame.inner_bottom - frame.top
    return lambda value: round(frame.inner_bottom - span * (min(max(value, low), high) - low) / (high - low), 1)


def _area(columns: Sequence[tuple[float, float, float]]) -> str:
    """The outline between two curves: along the upper one and back along the lower."""
    there = [f"{x},{high}" for x, _, high in columns]
    back = [f"{x},{low}" for x, low, _ in reversed(columns)]
    return " ".join([*there, *back])


def _sizes(low: float, high: float, at_x: Callable[[float], float], frame: Frame) -> list[Label]:
    """Round sizes along the bottom, far enough apart to be read."""
    found: list[Label] = []
    for power in range(floor(log10(max(low, 1))), floor(log10(high)) + 1):
        for digit in (1, 2, 5):
            size = digit * 10**power
            if not low <= size <= high:
                continue
            label = Label(at_x(size), frame.inner_bottom + 8 + frame.text, f"{size:,}", "middle")
            if not found or label.x - found[-1].x > 30 + 7 * len(label.text):
                found.append(label)
    return found
