"""Comparators: what the published statistics say of England, the region and the statistical neighbours.

Department for Education, Local Authority Interactive Tool; neighbours by the 2025 model
(schema/published/README.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from statistics import median, quantiles

import pyarrow.compute as pc

from lineofsight.measures import definitions
from lineofsight.schema import published

SOURCE = "Department for Education, Local Authority Interactive Tool (Open Government Licence v3.0)"

# Which of our units may stand beside a published one: a count never beside a percentage, nor a rate.
_PUBLISHED_UNITS = {
    "percent": ("%", "turnover rate", "absence rate"),
    "per 10,000": ("rate per 10,000",),
    "cases": ("case load",),
    "working days": ("working days",),
    "children": ("case load",),
    "points": ("score",),
}
# What is published in one of these lies, for England, among what it is for the authorities; a number of them does not.
_AMONG = ("%", "rate", "turnover rate", "absence rate", "case load", "score", "working days")


@dataclass(frozen=True)
class Comparators:
    """Published values to stand beside a measure, in its unit; None where there is none.

    `neighbours` is the mean of the neighbours that have a value (`neighbours_median` their median), which
    `others` lists with their names, alphabetically. `own` is what was published for the authority itself.
    """

    england: float | None = None
    region: float | None = None
    region_name: str | None = None
    neighbours: float | None = None
    neighbours_median: float | None = None
    own: float | None = None
    year: int | None = None
    label: str | None = None
    source: str | None = None
    others: tuple[tuple[str, float], ...] = ()
    refused: str | None = None  # why the published one that the measure names is not shown


def comparators(authority: str, measure: definitions.Definition | str) -> Comparators:
    """The newest published year of the measure's LAIT code, for DfE's three-digit `authority` code.

    All None where the measure names no published one, or one in another unit. An authority that is not
    England's (a synthetic 999) has England alone.
    """
    one = definitions.load()[measure] if isinstance(measure, str) else measure
    if one.lait is None:
        return Comparators()
    reason = refusal(one.lait, one.unit)
    return Comparators(refused=reason) if reason else _comparators(authority, one.lait)


def comparable(one: definitions.Definition) -> bool:
    """Whether the measure's published counterpart is known, can be true and counts in the measure's own unit."""
    return one.lait is not None and refusal(one.lait, one.unit) is None


def refusal(code: str, unit: str) -> str | None:
    """Why what is published under a code is not set beside a value in `unit`, as a sentence; None where it may be."""
    facts = _facts(code)
    if facts is None:
        return f"Nothing is published under the code {code} that this measure names."
    if not facts["unit"].casefold().startswith(_PUBLISHED_UNITS.get(unit, ()) or ("\0",)):
        return (
            f"The published figure (“{facts['title']}”) is in another unit: {facts['unit'].lower()}, and this is "
            f"{unit}. A number beside a percentage would look like a comparison and be none."
        )
    return implausible(code)


@lru_cache(maxsize=256)
def implausible(code: str) -> str | None:
    """Why the newest published year of a code cannot be true as what it says it is; None where it can.

    A percentage lies between 0 and 100; England, being made of its authorities, lies among the middle of them.
    """
    unit = (_facts(code) or {}).get("unit", "").casefold()
    by_area = _values(code)
    england = by_area.get(published.ENGLAND, {})
    if not england or not unit.startswith(_AMONG):
        return None
    year = max(england)
    theirs = [years[year] for area, years in by_area.items() if area < published.ENGLAND and year in years]
    if unit.startswith("%") and not all(0 <= value <= 100 for value in [england[year], *theirs]):
        return "The published figures are given as percentages, and some are above 100: they are counts."
    tenths = quantiles(theirs, n=10) if len(theirs) > 1 else []
    if tenths and not tenths[0] <= england[year] <= tenths[-1]:
        return (
            f"The published figure for England ({england[year]:,.0f}) lies outside those of nearly all authorities "
            f"({tenths[0]:,.0f} to {tenths[-1]:,.0f}): it is a count where theirs are rates."
        )
    return None


def published_series(area: str, code: str) -> dict[int, float]:
    """Every published year of one LAIT code for one area: an authority, a region, or '970' for England."""
    return dict(sorted(_values(code).get(area, {}).items()))


def neighbours_of(authority: str) -> tuple[str, ...]:
    """The ten statistical neighbours of an authority by their codes, the nearest first; none for a made-up one."""
    return _neighbours().get(authority, ())


def population_in(authority: str, year: int) -> int | None:
    """Children aged 0 to 17 in the middle of a year; None where it is not published."""
    return (_populations().get(authority) or {}).get(year)


def population(authority: str, on: date) -> int | None:
    """Children aged 0 to 17 by the newest mid-year estimate (30 June) not after `on`, else the oldest.

    None for an authority that is not England's.
    """
    years = _populations().get(authority)
    if not years:
        return None
    past = [year for year in years if date(year, 6, 30) <= on]
    return years[max(past) if past else min(years)]


@lru_cache(maxsize=512)
def _comparators(authority: str, code: str) -> Comparators:
    by_area = _values(code)
    england = by_area.get(published.ENGLAND, {})
    if not england:
        return Comparators()
    year = max(england)

    def of(area: str | None) -> float | None:
        return by_area.get(area, {}).get(year) if area else None

    place = _places().get(authority)
    found = [(_places()[other]["name"], of(other)) for other in neighbours_of(authority)]
    others = tuple(sorted((name, value) for name, value in found if value is not None))
    values = [value for _, value in others]
    return Comparators(
        england=england[year],
        region=of(place["region_code"]) if place else None,
        region_name=place["region"] if place else None,
        neighbours=sum(values) / len(values) if values else None,
        neighbours_median=median(values) if values else None,
        own=of(authority) if place else None,
        year=year,
        label=year_label(year, code),
        source=SOURCE,
        others=others,
    )


def year_label(year: int, code: str) -> str:
    """What the year means: workforce figures are of 30 September, stocks of 31 March, the rest of a year."""
    kind = (_facts(code) or {}).get("year_type", "")
    if "Sept" in kind:
        return f"at 30 September {year}"
    if kind == "Annual":
        return f"at 31 March {year}"
    if kind == "Academic Year":
        return f"school year {year - 1} to {year}"
    return f"year to 31 March {year}"


@lru_cache(maxsize=128)
def _values(code: str) -> Mapping[str, Mapping[int, float]]:
    found: dict[str, dict[int, float]] = {}
    kept = published.lait().filter(pc.field("measure") == code)
    for row in kept.select(["la_code", "year", "value"]).to_pylist():
        found.setdefault(row["la_code"], {})[row["year"]] = row["value"]
    return found


@lru_cache(maxsize=256)
def _facts(code: str) -> Mapping[str, str] | None:
    rows = published.lait_measures().filter(pc.field("measure") == code).to_pylist()
    return rows[0] if rows else None


@lru_cache(maxsize=1)
def _places() -> Mapping[str, Mapping[str, str]]:
    return {row["la_code"]: row for row in published.authorities().to_pylist()}


@lru_cache(maxsize=1)
def _neighbours() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in published.neighbours().sort_by([("la_code", "ascending"), ("rank", "ascending")]).to_pylist():
        found.setdefault(row["la_code"], []).append(row["neighbour_code"])
    return {code: tuple(others) for code, others in found.items()}


@lru_cache(maxsize=1)
def _populations() -> Mapping[str, Mapping[int, int]]:
    found: dict[str, dict[int, int]] = {}
    for row in published.population().to_pylist():
        found.setdefault(row["la_code"], {})[row["year"]] = row["population_0_17"]
    return found
