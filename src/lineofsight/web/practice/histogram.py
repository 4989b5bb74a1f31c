"""A distribution as geometry: bars side by side, the limit as a line, the spike in another ink. No chart library."""

from collections.abc import Sequence
from dataclasses import dataclass

from lineofsight.measures.distribution import Distribution
from lineofsight.web.practice.charts import NARROW, WIDE, Frame, Grid, Label, scale

__all__ = ["NARROW", "WIDE", "Column", "Histogram", "histogram"]

LABELS = {"wide": 9, "narrow": 4}  # labels below the bars at most


@dataclass(frozen=True)
class Column:
    """One bar, with its words: a reader of the picture hears them when the pointer rests on it."""

    x: float
    y: float
    width: float
    height: float
    late: bool
    marked: bool
    text: str


@dataclass(frozen=True)
class Line:
    """A line from top to bottom with its words."""

    x: float
    label: Label


@dataclass(frozen=True)
class Histogram:
    """A whole drawing with its title and its description in words."""

    frame: Frame
    title: str
    description: str
    grid: Sequence[Grid]
    columns: Sequence[Column]
    labels: Sequence[Label]
    limit: Line | None
    spike: Label | None
    axis: Label


def histogram(shape: Distribution, frame: Frame, title: str, description: str, unit: str) -> Histogram:
    """The bars of a distribution; what lies beyond the last of them stands in one bar at the end."""
    counts = [(one.title, one.count, one.last) for one in shape.bins]
    if shape.tail:
        counts.append((f"more than {shape.beyond}", shape.tail, -1))
    ticks = [tick for tick in scale((0, max(count for _, count, _ in counts) or 1), 0.0, None) if tick == int(tick)]
    room = (frame.inner_right + frame.right - 12 - frame.left) / len(counts)

    def up(count: float) -> float:
        return round(frame.inner_bottom - (frame.inner_bottom - frame.top) * count / ticks[-1], 1)

    columns = [
        Column(
            x=round(frame.left + room * place + room * 0.08, 1),
            y=up(count),
            width=round(room * 0.84, 1),
            height=round(frame.inner_bottom - up(count), 1),
            late=shape.limit is not None and (last < 0 or last > shape.limit),
            marked=shape.spike is not None and _holds(shape, place),
            text=f"{words} {unit}: {count:,}",
        )
        for place, (words, count, last) in enumerate(counts)
    ]
    return Histogram(
        frame=frame,
        title=title,
        description=description,
        grid=[Grid(up(tick), Label(frame.left - 8, up(tick) + 4, f"{tick:,.0f}", "end")) for tick in ticks],
        columns=columns,
        labels=_labels(counts, columns, frame),
        limit=_limit(shape, columns, frame),
        spike=_spike(columns, frame),
        axis=Label(frame.left, frame.top - 14, "how many", "start"),
    )


def _holds(shape: Distribution, place: int) -> bool:
    """Whether the bar at a place is the one with the spike in it."""
    if shape.spike is None or place >= len(shape.bins):
        return False
    return shape.bins[place].first <= shape.spike.last and shape.spike.first <= shape.bins[place].last


def _labels(counts: Sequence[tuple[str, int, int]], columns: Sequence[Column], frame: Frame) -> list[Label]:
    """The last day of every so many bars, so that no two words meet."""
    every = -(-len(columns) // LABELS[frame.name])
    return [
        Label(round(one.x + one.width / 2, 1), frame.inner_bottom + 8 + frame.text, f"{last}", "middle")
        for place, (one, (_, _, last)) in enumerate(zip(columns, counts, strict=True))
        if last >= 0 and (len(columns) - 1 - place) % every == 0
    ]


def _limit(shape: Distribution, columns: Sequence[Column], frame: Frame) -> Line | None:
    """The policy's own number of days, after the last bar that is within it."""
    within = [one for one in columns if not one.late]
    if shape.limit is None or not within or len(within) == len(columns):
        return None
    x = round((within[-1].x + within[-1].width + columns[len(within)].x) / 2, 1)
    near_end = x > frame.width * 0.6
    words = Label(x - 6 if near_end else x + 6, frame.top - 4, f"limit, {shape.limit}", "end" if near_end else "start")
    return Line(x, words)


def _spike(columns: Sequence[Column], frame: Frame) -> Label | None:
    held = [one for one in columns if one.marked]
    if not held:
        return None
    marked = max(held, key=lambda one: one.height)
    return Label(round(marked.x + marked.width / 2, 1), max(marked.y - 6, frame.top + 10), "spike", "middle")
