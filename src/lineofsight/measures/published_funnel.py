"""A funnel of the published figures: all authorities by how many each is of, around England (measures.funnel)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lineofsight.measures import benchmark, funnel
from lineofsight.measures.definitions import Definition
from lineofsight.measures.funnel import Limits, Point
from lineofsight.schema import published

ENOUGH = 50  # authorities with a figure: fewer make no funnel
STEPS = 48  # sizes at which the limits are worked out
_KINDS = {"percent": "percent", "rate": "rate"}


@dataclass(frozen=True)
class Ours:
    """The authority's own figure as it is now."""

    value: float
    size: float
    place: str  # funnel.place


@dataclass(frozen=True)
class Curve:
    """The limits at one size."""

    size: float
    inner: Limits
    outer: Limits


@dataclass(frozen=True)
class Funnel:
    """Every authority’s figure, England’s, and the limits. `between` is how far they differ beyond chance."""

    kind: str
    year: int
    label: str
    england: float
    points: Sequence[Point]
    neighbours: frozenset[str]
    own: str | None
    between: float
    curves: Sequence[Curve]

    def ours(self, value: float, size: float) -> Ours:
        """Where a figure of this size lies."""
        return Ours(value, size, funnel.place(value, size, self.england, self.kind, self.between))


def funnel_of(authority: str, one: Definition, size: float | None = None) -> Funnel | None:
    """The funnel of a measure's published counterpart, wide enough for a figure of `size`.

    None where nothing is published that this may stand beside, or of how many each figure is is not published.
    """
    if one.lait is None or one.kind not in _KINDS or not benchmark.comparable(one):
        return None
    found = _published(one.lait, _KINDS[one.kind])
    if found is None:
        return None
    year, england, by_code, between = found
    most = max([point.size for point in by_code.values()] + ([size] if size else []))
    least = min([point.size for point in by_code.values()] + ([size] if size else []))
    return Funnel(
        kind=_KINDS[one.kind],
        year=year,
        label=benchmark.year_label(year, one.lait),
        england=england,
        points=sorted(by_code.values(), key=lambda point: point.name),
        neighbours=frozenset(by_code[code].name for code in benchmark.neighbours_of(authority) if code in by_code),
        own=by_code[authority].name if authority in by_code else None,
        between=between,
        curves=_curves(england, _KINDS[one.kind], between, max(least, 1.0), most),
    )


@lru_cache(maxsize=128)
def _published(code: str, kind: str) -> tuple[int, float, dict[str, Point], float] | None:
    """The newest year in which enough authorities have both a figure and its size: England's figure, and each point."""
    names = {row["la_code"]: row["name"] for row in published.authorities().to_pylist() if row["is_current"]}
    england = benchmark.published_series(published.ENGLAND, code)
    for year in sorted(england, reverse=True):
        found = {}
        for area, name in names.items():
            value, size = benchmark.published_series(area, code).get(year), _size(area, code, kind, year)
            if value is not None and size:
                found[area] = Point(name, size, value)
        if len(found) >= ENOUGH:
            return year, england[year], found, funnel.between(list(found.values()), england[year], kind)
    return None


def _size(area: str, code: str, kind: str, year: int) -> float | None:
    """Of how many a published figure is: children who live there, or what the percentage is taken over."""
    if kind == "rate":
        return benchmark.population_in(area, year - 1)
    parts = [benchmark.published_series(area, part).get(year) for part in published.denominators().get(code, ())]
    known = [part for part in parts if part is not None]
    return sum(known) if parts and len(known) == len(parts) else None


@lru_cache(maxsize=128)
def _curves(england: float, kind: str, between: float, least: float, most: float) -> tuple[Curve, ...]:
    """The limits from the least to the most, closer together where they bend."""
    low, high = least**0.5, (most * 1.05) ** 0.5
    sizes = [round((low + (high - low) * step / STEPS) ** 2) or 1 for step in range(STEPS + 1)]
    return tuple(
        Curve(
            size,
            funnel.limits(england, size, kind, funnel.INNER, between),
            funnel.limits(england, size, kind, funnel.OUTER, between),
        )
        for size in dict.fromkeys(sizes)
    )
