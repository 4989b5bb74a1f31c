"""From counts to values, and to what each disclosure level is shown of them (DESIGN 5 J).

Identified: everything. Pseudonymised: the authority exactly; of breakdowns, what `hidden` leaves. A flow's
breakdown is shown by whole years to 31 March only: months, and two years that share some of them, in this extract or
in the next month's, would give single months by subtraction. Published: as pseudonymised, with the authority's own
small numbers hidden too and the rest rounded; a flow's months only where none of them is small. Those of one measure
who are not in another that is counted among it are a number too: where they are few, the other is not published.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from lineofsight.measures import disclosure
from lineofsight.measures.definitions import Definition

if TYPE_CHECKING:
    from lineofsight.measures.engine import Inputs

AUTHORITY = "authority"
# Groups that other measures count by themselves (children in foster care; conferences within 15 days), or that say
# whether a row is met. What is hidden of them could be worked out from totals, so the identified level alone has them.
NAMED_ONLY = ("placement", "category")
PER = 10_000
# The kinds of measure whose value comes from the values of the rows, not from how many there are.
VALUED = ("median", "mean", "ratio")


class Place(NamedTuple):
    """Where a count belongs: date, window ('month' or 'year'), breakdown and group."""

    as_at: date
    window: str
    breakdown: str
    group: str


class Count(NamedTuple):
    """What was counted in one place: rows, met and not met, the values, their sum and middle, and their weight."""

    rows: int = 0
    met: int = 0
    not_met: int = 0
    valued: int = 0
    total: float | None = None
    middle: float | None = None
    weight: float | None = None


@dataclass(frozen=True)
class Universe:
    """The groups of each breakdown, the service of each team, the measures whose rows are children, and the
    categories of each measure that has some.
    """

    groups: Mapping[str, tuple[str, ...]]
    service_of: Mapping[str, str]
    of_people: frozenset[str]
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def breakdowns(self, measure: str) -> tuple[str, ...]:
        """The breakdowns of a measure: rows of workers have no age, sex or ethnicity that could be shown."""
        own = tuple(self.groups) if measure in self.of_people else ("team", "service")
        return (*own, "category") if measure in self.categories else own

    def groups_of(self, measure: str, breakdown: str) -> tuple[str, ...]:
        """The groups of one breakdown of a measure."""
        return self.categories[measure] if breakdown == "category" else self.groups[breakdown]


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
    if one.kind in VALUED:
        divided = {"mean": (count.total, count.valued), "ratio": (count.total, count.weight)}
        middle = count.middle if one.kind == "median" else _divided(*divided[one.kind])
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


@dataclass(frozen=True)
class Measured:
    """One measure that was measured: what was counted in each place, and the dates of each window."""

    definition: Definition
    counts: Mapping[Place, Count]
    dates: Mapping[str, Sequence[date]]


_Figures = dict[str, dict[str, Figure]]  # breakdown -> group -> figure
_When = tuple[str, str, date]  # measure, window, date


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

    def add_not_measured(self, one: Definition, missing: Sequence[str], days: Sequence[date] | None = None) -> None:
        """A row a month (of `days`; default all) that says so, with what was missing and no number at all."""
        for as_at in self.inputs.months if days is None else days:
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

    def add_all(self, measured: Sequence[Measured], universe: Universe) -> None:
        """Every date, window, breakdown and group of these measures, masked together."""
        families: dict[tuple[str, date], list[disclosure.Family]] = {}
        figures: dict[tuple[str, date, str], _Figures] = {}
        for one in measured:
            for window, days in one.dates.items():
                for as_at in days:
                    found = self._figures(one, as_at, window, universe)
                    figures[window, as_at, one.definition.id] = found
                    if _breakdowns_shown(one.definition, window, as_at):
                        families.setdefault((window, as_at), []).append(_family(one.definition, found, universe))
        masks = {place: disclosure.joint_masks(held, self._below) for place, held in families.items()}
        kept_back = self._kept_back(measured)
        for one in measured:
            for window, days in one.dates.items():
                for as_at in days:
                    when = (one.definition.id, window, as_at)
                    self._add_authority(one, as_at, window, published_hidden=when in kept_back)
                    masked = masks.get((window, as_at), {}).get(one.definition.id)
                    self._add_families(one, (window, as_at), figures[window, as_at, one.definition.id], masked)

    def _kept_back(self, measured: Sequence[Measured]) -> set[_When]:
        """The authority's own figures that are not published: those with a small number, or that would tell one.

        No month of a flow is published where one of them is kept back: the year would give it away.
        """
        wholes = {
            (one.definition.id, window, as_at): self._whole(one, window, as_at)
            for one in measured
            for window, days in one.dates.items()
            for as_at in days
        }
        among = {one.definition.id: one.definition.among for one in measured}
        kept = {when for when, found in wholes.items() if self._small(found) or self._few_outside(when, wholes, among)}
        for one in measured:
            months = {(one.definition.id, "month", as_at) for as_at in one.dates["month"]}
            if one.definition.basis == "flow" and months & kept:
                kept |= months
        return kept

    def _few_outside(self, when: _When, wholes: Mapping[_When, Figure], among: Mapping[str, str | None]) -> bool:
        """Whether those of the other measure who are not in this one are few, or so for a measure that this is among:
        one that is not published for that reason would be told by the size of this one.
        """
        other = (among[when[0]] or "", *when[1:])
        if other not in wholes:
            return False
        outside = sum(wholes[other].parts) - sum(wholes[when].parts)
        return disclosure.small(outside, self._below) or self._few_outside(other, wholes, among)

    def _whole(self, one: Measured, window: str, as_at: date) -> Figure:
        """The figure of the whole authority."""
        return self._figure(one.definition, one.counts, Place(as_at, window, AUTHORITY, AUTHORITY))

    def _add_authority(self, one: Measured, as_at: date, window: str, *, published_hidden: bool) -> None:
        place = Place(as_at, window, AUTHORITY, AUTHORITY)
        found = self._whole(one, window, as_at)
        self._add_row(one.definition, place, found, hidden=False, published_hidden=published_hidden)

    def _add_families(
        self, one: Measured, when: tuple[str, date], figures: _Figures, masked: disclosure.Hidden | None
    ) -> None:
        """The cells of every breakdown; without masks none of them is shown."""
        window, as_at = when
        for name, family in figures.items():
            for group, found in family.items():
                hidden = masked is None or name in NAMED_ONLY or group in masked[name]
                place = Place(as_at, window, name, group)
                self._add_row(one.definition, place, found, hidden=hidden, published_hidden=hidden)

    def _figures(self, one: Measured, as_at: date, window: str, universe: Universe) -> _Figures:
        """The figure of every group of every breakdown."""
        return {
            name: {
                group: self._figure(one.definition, one.counts, Place(as_at, window, name, group))
                for group in universe.groups_of(one.definition.id, name)
            }
            for name in universe.breakdowns(one.definition.id)
        }

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
            "masked_unknown": str(disclosure.rounded(found.unknown, self._to)),
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
    "masked_unknown",
)


def breakdown_year(as_at: date) -> bool:
    """Whether the year to this date is one whose breakdowns are shown below the identified level.

    It is the year of the statutory returns, to 31 March: the same for every extract, so that no two of the years that
    anybody is ever shown share a month.
    """
    return (as_at.month, as_at.day) == (3, 31)


def _breakdowns_shown(one: Definition, window: str, as_at: date) -> bool:
    """Whether cells of this window and date are shown at all below the identified level."""
    return breakdown_year(as_at) if window == "year" else one.basis == "stock"


def _family(one: Definition, figures: _Figures, universe: Universe) -> disclosure.Family:
    """The cells of one measure on one date, as masks are decided over them."""
    cells = {
        name: [
            disclosure.Cell(group, found.parts, universe.service_of.get(group) if name == "team" else None)
            for group, found in family.items()
        ]
        for name, family in figures.items()
        if name not in NAMED_ONLY
    }
    return disclosure.Family(one.id, cells, one.among)


def _divided(numerator: float | None, denominator: float | None) -> float | None:
    return None if numerator is None or not denominator else numerator / denominator


def _plain(value: float, *, whole: bool) -> str:
    return f"{value:.0f}" if whole else f"{value:.1f}"
