"""Bars as geometry: shares of a whole, one bar a row, for an SVG template. Sizes are in units of the view box."""

from collections.abc import Sequence
from dataclasses import dataclass

ROW = 46.0  # a row: its words, and the bar below them
THICK = 16.0


@dataclass(frozen=True)
class Bar:
    """One row: its words above, its bar, and its value at the bar's end."""

    title: str
    value: str
    words_y: float
    y: float
    width: float
    value_x: float


@dataclass(frozen=True)
class Bars:
    """A whole drawing, with its title and its description in words."""

    name: str
    width: float
    height: float
    text: int
    thick: float
    bars: Sequence[Bar]
    title: str
    description: str


def bars(rows: Sequence[tuple[str, int]], title: str, *, name: str, width: float, text: int) -> Bars | None:
    """A bar for each (words, count), as long as its share of all; None where there is nothing to draw."""
    total = sum(count for _, count in rows)
    if not total:
        return None
    room = width - 120  # for the value at the end of the longest bar
    drawn = []
    for place, (words, count) in enumerate(rows):
        top = place * ROW
        long = round(room * count / total, 1)
        value = f"{count:,} ({_percent(count, total)})"
        drawn.append(Bar(words, value, top + text + 2, top + text + 8, long, long + 8))
    said = "; ".join(f"{one.title.lower()}: {one.value}" for one in drawn)
    return Bars(name, width, len(rows) * ROW + 4, text, THICK, drawn, title, f"{said}.")


def _percent(count: int, total: int) -> str:
    share = 100 * count / total
    return f"{share:.1f}%" if 0 < share < 1 or 99 < share < 100 else f"{share:.0f}%"
