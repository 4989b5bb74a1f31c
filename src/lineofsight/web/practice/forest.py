"""Groups as geometry: a point for each, a line for how far chance reaches, and one line for all of them together."""

from collections.abc import Sequence
from dataclasses import dataclass

from lineofsight.web.practice.charts import Label

ROW = 34.0


@dataclass(frozen=True)
class Lane:
    """One group: its words, its point, and the ends of its line."""

    words: Label
    y: float
    low: float
    high: float
    x: float
    differs: bool
    text: str


@dataclass(frozen=True)
class Forest:
    """A whole drawing with its title and its description in words."""

    name: str
    width: float
    height: float
    text: int
    left: float
    right: float
    title: str
    description: str
    lanes: Sequence[Lane]
    whole: float
    whole_label: Label
    ticks: Sequence[Label]


@dataclass(frozen=True)
class Held:
    """One group as it is drawn: all in percent."""

    title: str
    value: float
    low: float
    high: float
    differs: bool
    said: str


def forest(groups: Sequence[Held], whole: float, title: str, description: str, *, narrow: bool) -> Forest | None:
    """Percentages from 0 to the next round one above; None with fewer than two groups."""
    if len(groups) < 2:
        return None
    width, text, left = (300.0, 14, 8.0) if narrow else (760.0, 13, 230.0)
    right = width - 20
    row = ROW + (14 if narrow else 0)
    top = next(end for end in (5, 10, 25, 50, 100) if end >= max([one.high for one in groups] + [whole]) - 1e-9)

    def at(value: float) -> float:
        return round(left + (right - left) * value / top, 1)

    lanes = []
    for place, one in enumerate(groups):
        y = 24 + row * place + row * 0.7
        words = Label(0, y - 14, one.title) if narrow else Label(left - 14, y + 4, one.title, "end")
        lanes.append(Lane(words, y, at(one.low), at(one.high), at(one.value), one.differs, f"{one.title}: {one.said}"))
    bottom = 24 + row * len(groups)
    return Forest(
        name="narrow" if narrow else "wide",
        width=width,
        height=bottom + 30,
        text=text,
        left=left,
        right=right,
        title=title,
        description=description,
        lanes=lanes,
        whole=at(whole),
        whole_label=Label(at(whole), 16, "all together", "end" if at(whole) > width * 0.7 else "middle"),
        ticks=[Label(at(top * part / 5), bottom + 20, f"{top * part / 5:g}%", "middle") for part in range(6)],
    )
