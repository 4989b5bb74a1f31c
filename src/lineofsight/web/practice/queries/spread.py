"""How long it took each: the days behind a measure as a distribution, with its spike in words (DESIGN 7.8)."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow.compute as pc

from lineofsight.measures.definitions import Definition
from lineofsight.measures.distribution import Distribution, distribution
from lineofsight.policy import Rule
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import histogram, wording
from lineofsight.web.practice.queries import periods
from lineofsight.web.practice.queries.figures import Figure
from lineofsight.web.practice.queries.standing import Standing, sees_authority, theirs

DAYS = ("working days", "days")
NEEDED = 5  # fewer have no shape
MOST = 0.5  # of the rows must say how long, or the picture is of some other children


@dataclass(frozen=True)
class Spread:
    """A distribution as the page shows it: the sentence, what the spike means, the pictures, the table."""

    sentence: str
    spike: str
    unit: str
    covers: str
    shape: Distribution
    wide: histogram.Histogram
    narrow: histogram.Histogram

    @property
    def lines(self) -> list[tuple[str, int, str]]:
        """The bars as a table: how many days, how many, and what share of all."""
        found = [(one.title, one.count) for one in self.shape.bins]
        if self.shape.tail:
            found.append((f"More than {self.shape.beyond}", self.shape.tail))
        return [(title, count, f"{wording.short(100 * count / self.shape.count)}%") for title, count in found if count]


def spread(
    stand: Standing, viewer: Viewer, definition: Definition, rules: Sequence[Rule], headline: Figure
) -> Spread | None:
    """The days behind the number shown, of the rows in this viewer's scope; for the identified level alone.

    One number a row leaves here and no row: a bar may hold one child, so nobody below that level is shown it.
    """
    unit, limit = unit_of(definition, rules)
    if viewer.level != "identified" or not unit or not headline.measured:
        return None
    where = (pc.field("measure") == definition.id) & periods.within(stand, definition, headline.as_at)
    mine = None if sees_authority(viewer) else theirs(stand, viewer)
    rows = stand.lake.read(stand.computation, "rows", columns=["value"], where=where if mine is None else where & mine)
    days = rows["value"].drop_null().to_pylist()
    shape = distribution(days, limit=limit) if len(days) >= max(NEEDED, rows.num_rows * MOST) else None
    if shape is None:
        return None
    said, heap = sentence(shape, unit), spike_words(shape, unit)
    title = f"{definition.title}: how long"
    description = f"{said} {heap}".strip()
    return Spread(
        sentence=said,
        spike=heap,
        unit=unit,
        covers=periods.words(definition, headline.as_at),
        shape=shape,
        wide=histogram.histogram(shape, histogram.WIDE, title, description, unit),
        narrow=histogram.histogram(shape, histogram.NARROW, title, description, unit),
    )


def unit_of(definition: Definition, rules: Sequence[Rule]) -> tuple[str, int | None]:
    """What the values of a measure's rows are in ("" where they are not days), and the one limit in that unit.

    A measure that is itself a number of days says so in its unit; one that is done in time has a timescale in days.
    With several such timescales no single line can be drawn, and there is none.
    """
    timed = [rule for rule in rules if rule.timescale and rule.unit in DAYS]
    units = {rule.unit for rule in timed}
    unit = definition.unit if definition.unit in DAYS else units.pop() if len(units) == 1 else ""
    limits = {int(rule.number) for rule in timed if rule.unit == unit}
    return ("" if definition.of_workers else unit), limits.pop() if len(limits) == 1 else None


def sentence(shape: Distribution, unit: str) -> str:
    """'Half are at 38 working days or fewer, nine in ten at 47 or fewer; the longest is 92.'"""
    if shape.count == 1:
        return f"There is one, at {shape.longest:,} {unit}."
    said = (
        f"Half are at {shape.middle:,.0f} {unit} or fewer, nine in ten at {shape.nine_in_ten:,} or fewer; the "
        f"longest is {shape.longest:,}."
    )
    if shape.limit is not None and shape.within is not None:
        said += f" {shape.within:,} of {shape.count:,} are within {shape.limit:,}."
    return said


def spike_words(shape: Distribution, unit: str) -> str:
    """What a spike is, in words that a reader can act on; nothing where there is none."""
    if shape.spike is None:
        return ""
    one = shape.spike
    usual = f"where about {max(round(one.usual), 1):,} would be expected"
    if one.last == shape.limit:
        when = (
            "on the last day allowed"
            if one.first == one.last
            else f"in the last {one.last - one.first + 1} days allowed"
        )
        at = f"exactly {one.last:,}" if one.first == one.last else f"{one.first:,} to {one.last:,}"
        return (
            f"There is a spike {when}: {one.count:,} are at {at} {unit}, {usual}. Ask whether work is closed to meet "
            "the limit, and what the audits say of those that were."
        )
    return f"There is a spike at {one.last:,} {unit}: {one.count:,} are at exactly that, {usual}."
