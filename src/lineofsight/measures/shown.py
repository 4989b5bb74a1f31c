"""From counts to values, and to what each disclosure level is shown of them (DESIGN 5 J).

Identified: everything. Pseudonymised: the authority exactly; of breakdowns, what `hidden` leaves. A flow's
breakdown is shown by rolling year only, and only for years that do not overlap: months, and two years that
share eleven of them, would give single months by subtraction. Published: as pseudonymised, with the
authority's own small numbers hidden too and the rest rounded; a flow's months only where none of them is
small.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from lineofsight.measures import disclosure
from lineofsight.measures.definitions import Definition

if TYPE_CHECKING:
    from lineofsight.measures.engine import Inputs

AUTHORITY = "authority"
PER = 10_000


class Place(NamedTuple):
    """Where a count belongs: date, window ('month' or 'year'), breakdown and group."""

    as_at: date
    window: str
    breakdown: str
    group: str


class Count(NamedTuple):
    """What was counted in one place: rows, met and not met, and the values with their sum and middle."""

    rows: int = 0
    met: int = 0
    not_met: int = 0
    valued: int = 0
    total: float | None = None
    middle: float | None = None


@dataclass(frozen=True)
class Universe:
    """The groups of each breakdown, the service of each team, and the measures whose rows are children."""

    groups: Mapping[str, tuple[str, ...]]
    service_of: Mapping[str, str]
    of_people: frozenset[str]

    def breakdowns(self, measure: str) -> tuple[str, ...]:
        """The breakdowns of a measure: rows of workers have no age, sex or ethnicity that could be shown."""
        return tuple(self.groups) if measure in self.of_people else ("team", "service")


class Figure(NamedTuple):
    """One value with its parts. `parts` are what must never be small: counted, the rest, and unknown."""

    numerator: int
    denominator: int | None
    unknown: int
    value: float | None
    parts: tuple[int, ...]


def figure(one: Definition, count: Count, population: int | None) -> Figure:
    """The figure of a measure from what was counted; `population` is the number of children, or None."""
    unknown = count.rows - count.met - count.not_met
    if one.kind in ("median", "mean"):
        middle = count.middle if one.kind == "median" else _divided(count.total, count.valued)
        lacking = count.rows - count.valued
        return Figure(count.valued, count.valued, lacking, middle, (count.valued, lacking))
    if one.counts == "all":
        numerator, rest, unknown = count.rows, 0, 0
    elif one.counts == "met":
        numerator, rest = count.met, count.not_met
    else:
        numerator, rest = count.not_met, count.met
    parts = (numerator, rest, unknown)
    if one.kind == "count":
        return Figure(numerator, numerator + rest, unknown, float(numerator), parts)
    if one.kind == "rate":
        return Figure(numerator, population, unknown, _divided(numerator * PER, population), parts)
    known = numerator + rest
    return Figure(numerator, known, unknown, _divided(100 * numerator, known), parts)


@dataclass
class Sheet:
    """Gathers the rows of the values table, column by column, with their masks."""

    inputs: "Inputs"
    columns: dict[str, list[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        last = self.inputs.as_at
        self._below = int(self.inputs.policy.number("disclosure.suppress_below", last))
        self._to = int(self.inputs.policy.number("disclosure.round_to", last))
        self.columns = {name: [] for name in _COLUMNS}

    def add_not_measured(self, one: Definition, missing: Sequence[str]) -> None:
        """A row a month that says so, with what was missing and no number at all."""
        for as_at in self.inputs.months:
            self._append(
                measure=one.id,
                as_at=as_at,
                window="month",
                breakdown=AUTHORITY,
                group=AUTHORITY,
                status="not measured",
                missing=list(missing),
                hidden=False,
                published_hidden=False,
            )

    def add(
        self,
        one: Definition,
        counts: Mapping[Place, Count],
        dates: Mapping[str, Sequence[date]],
        universe: Universe,
    ) -> None:
        """Every date, window, breakdown and group of one measure."""
        months_hidden = one.basis == "flow" and any(
            self._small(self._figure(one, counts, Place(as_at, "month", AUTHORITY, AUTHORITY)))
            for as_at in dates["month"]
        )
        years_apart = set(_apart(dates["year"]))
        for window, days in dates.items():
            for as_at in days:
                shown = as_at in years_apart if window == "year" else one.basis == "stock"
                self._add_authority(one, counts, as_at, window, months_hidden=months_hidden and window == "month")
                self._add_families(one, counts, as_at, window, universe, breakdowns_shown=shown)

    def _add_authority(
        self, one: Definition, counts: Mapping[Place, Count], as_at: date, window: str, *, months_hidden: bool
    ) -> None:
        place = Place(as_at, window, AUTHORITY, AUTHORITY)
        found = self._figure(one, counts, place)
        self._add_row(one, place, found, hidden=False, published_hidden=months_hidden or self._small(found))

    def _add_families(
        self,
        one: Definition,
        counts: Mapping[Place, Count],
        as_at: date,
        window: str,
        universe: Universe,
        *,
        breakdowns_shown: bool,
    ) -> None:
        figures = {
            name: {
                group: self._figure(one, counts, Place(as_at, window, name, group)) for group in universe.groups[name]
            }
            for name in universe.breakdowns(one.id)
        }
        families = {
            name: [
                disclosure.Cell(group, found.parts, universe.service_of.get(group) if name == "team" else None)
                for group, found in family.items()
            ]
            for name, family in figures.items()
        }
        masked = disclosure.masks(families, self._below)
        for name, family in figures.items():
            for group, found in family.items():
                hidden = not breakdowns_shown or group in masked[name]
                self._add_row(one, Place(as_at, window, name, group), found, hidden=hidden, published_hidden=hidden)

    def _figure(self, one: Definition, counts: Mapping[Place, Count], place: Place) -> Figure:
        """The figure at a place. Only the whole authority has a population."""
        population = self.inputs.population.get(place.as_at) if place.breakdown == AUTHORITY else None
        return figure(one, counts.get(place, Count()), population)

    def _small(self, found: Figure) -> bool:
        return disclosure.unsafe(found.parts, self._below)

    def _add_row(self, one: Definition, place: Place, found: Figure, *, hidden: bool, published_hidden: bool) -> None:
        masked = {} if published_hidden else self._published(one, found)
        self._append(
            measure=one.id,
            **place._asdict(),
            numerator=found.numerator,
            denominator=found.denominator,
            unknown=found.unknown,
            value=found.value,
            status="measured",
            missing=[],
            hidden=hidden,
            published_hidden=published_hidden,
            **masked,
        )

    def _published(self, one: Definition, found: Figure) -> dict[str, str | None]:
        """What the published level shows: counts rounded, and the value of the rounded parts."""
        numerator = disclosure.rounded(found.numerator, self._to)
        if one.kind == "rate":
            denominator, value = found.denominator, _divided(numerator * PER, found.denominator)
        elif found.denominator is None:
            denominator, value = None, None
        else:
            denominator = disclosure.rounded(found.denominator, self._to)
            value = {"count": float(numerator), "percent": _divided(100 * numerator, denominator)}.get(
                one.kind, None if found.value is None else float(round(found.value))
            )
        return {
            "masked_numerator": str(numerator),
            "masked_denominator": None if denominator is None else str(denominator),
            "masked_value": None if value is None else _plain(value, whole=one.kind == "count"),
        }

    def _append(self, **cells: Any) -> None:
        for name in _COLUMNS:
            self.columns[name].append(cells.get(name))


_COLUMNS = (
    "measure",
    "as_at",
    "window",
    "breakdown",
    "group",
    "numerator",
    "denominator",
    "unknown",
    "value",
    "status",
    "missing",
    "hidden",
    "published_hidden",
    "masked_numerator",
    "masked_denominator",
    "masked_value",
)


def _apart(years: Sequence[date]) -> list[date]:
    """The newest of these dates, and each a year before the one kept last: no month in common."""
    kept: list[tuple[date, int]] = []
    for as_at in sorted(years, reverse=True):
        ended = _last_whole_month(as_at)
        if not kept or kept[-1][1] - ended >= 12:
            kept.append((as_at, ended))
    return [as_at for as_at, _ in kept]


def _last_whole_month(day: date) -> int:
    """The last month that is over at the end of `day`, counted in months."""
    over = (day + timedelta(days=1)).month != day.month
    return day.year * 12 + day.month - (0 if over else 1)


def _divided(numerator: float | None, denominator: float | None) -> float | None:
    return None if numerator is None or not denominator else numerator / denominator


def _plain(value: float, *, whole: bool) -> str:
    return f"{value:.0f}" if whole else f"{value:.1f}"
