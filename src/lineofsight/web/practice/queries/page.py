"""One measure's page: the sentence, the chart, where, against others, what it stands on, and how good its data is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.http import Http404

from lineofsight import policy, schema
from lineofsight.measures import trend
from lineofsight.measures.definitions import Definition
from lineofsight.policy import Rule
from lineofsight.web import home_in_use
from lineofsight.web.access.permissions import Capability, check, may
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import charts
from lineofsight.web.practice.queries import figures, ledger, measures, periods, telling
from lineofsight.web.practice.queries.by_worker import ByWorker, by_worker, may_by_worker
from lineofsight.web.practice.queries.divided import BY, Breakdown, breakdown, ways_of
from lineofsight.web.practice.queries.figures import Figure, Series
from lineofsight.web.practice.queries.first_known import FirstKnown, first_known
from lineofsight.web.practice.queries.others import Among, Compared, among, comparison
from lineofsight.web.practice.queries.rows import is_of_workers
from lineofsight.web.practice.queries.spread import Spread, spread
from lineofsight.web.practice.queries.standing import KEPT, Standing, catalogue, standing, whose

WINDOWS = {"month": "By month", "year": "Twelve months at a time"}


@dataclass(frozen=True)
class TableAge:
    """One table the measure needs: when it was true, how many rows there are, and how many cells could not be read."""

    title: str
    name: str
    as_at: date | None
    rows: int | None
    older: bool
    present: bool
    issues: int = 0


@dataclass(frozen=True)
class MeasurePage:
    """Everything a measure's page shows."""

    line: measures.Line
    sentence: str
    change_sentence: str
    wide: charts.LineChart | None
    narrow: charts.LineChart | None
    months: Sequence[tuple[Figure, str]]
    breakdown: Breakdown | None
    comparison: Sequence[Compared]
    own_published: str
    rules: Sequence[Rule]
    tables: Sequence[TableAge]
    whose: str
    open_words: str
    open_count: int
    unknown: int
    as_at: date
    snapshot_id: str
    computation_id: str
    covers: str
    refused_rows: str
    undivided: bool = False
    then: FirstKnown | None = None
    window: str = "month"
    windows: Sequence[tuple[str, str]] = ()
    among: Among | None = None
    spread: Spread | None = None
    workers: ByWorker | None = None
    ways: Sequence[tuple[str, str]] = ()
    by: str = "team"
    by_words: bool = False  # a role word without a meaning keeps some of it from being told

    @property
    def definition(self) -> Definition:
        return self.line.definition

    @property
    def caption(self) -> str:
        """What the band and the line of the chart mean, and what a point is."""
        limits, form = self.line.signal, self.form
        if self.window == "year":
            return (
                "Each point is the twelve months up to it. Neighbouring points share eleven months, so no range is "
                "drawn: whether a change is real is read by month."
            )
        point = "Each point is one month." if self.definition.basis == "flow" else "Each point is a month’s end."
        if limits.centre is None or limits.lower is None or limits.upper is None:
            return f"{point} {limits.sentence}"
        if form(limits.lower) == form(limits.upper):
            return f"{point} The dotted line is what is usual, {form(limits.centre)}."
        band = f"The shaded band, {form(limits.lower)} to {form(limits.upper)}, is where months usually fall"
        said = f"{point} {band}; the dotted line is the usual, {form(limits.centre)}."
        return f"{said} {limits.because}".strip()

    @property
    def of_people(self) -> bool:
        """Whether people are divided by what they are: such a table is wide."""
        return self.breakdown is not None and self.breakdown.of_people

    @property
    def form(self) -> charts.Form:
        """How a value of this measure is written."""
        return measures.percent_form if self.definition.kind == "percent" else measures.number_form

    @property
    def neighbours(self) -> list[tuple[str, str]]:
        """Each neighbour by name with its published value."""
        return [
            (name, measures.published_words(self.definition, value)) for name, value in self.line.comparators.others
        ]


def measure_page(viewer: Viewer, measure: str, by: str = "team", window: str = "month") -> MeasurePage:
    """One measure for one viewer. Raises Refused, Http404 for a measure, a breakdown or a series there is not."""
    check(viewer, Capability.SEE_MEASURES)
    definition = catalogue().get(measure)
    if definition is None or by not in {*BY, "worker"}:
        raise Http404
    stand = standing(viewer)
    series = figures.own(stand, viewer).get(measure)
    if series is None or window not in WINDOWS or (window == "year" and not series.years):
        raise Http404
    owed = ledger.open_counts(stand, viewer).get(measure, 0) if may(viewer, Capability.SEE_EXCEPTIONS) else None
    line = measures.line_of(stand, viewer, definition, series, measures.beside(stand, viewer).get(measure), owed)
    headline = series.headline
    return MeasurePage(
        line=line,
        sentence=measures.answer(stand, viewer, definition, headline),
        change_sentence=line.signal.sentence if headline.measured and not headline.hidden else "",
        **_series(definition, series, line, window),
        **_divided(stand, viewer, definition, headline, by),
        then=first_known(stand, viewer, definition, series),
        comparison=comparison(line),
        among=among(stand, viewer, definition, headline),
        spread=spread(stand, viewer, definition, rules(stand, definition), headline),
        own_published=measures.published_words(definition, line.comparators.own),
        rules=rules(stand, definition),
        tables=table_ages(stand, definition, counted=viewer.level == "identified"),
        whose=whose(stand, viewer),
        open_words=measures.open_words(definition, headline) if line.opens else "",
        open_count=headline.numerator or 0,
        unknown=headline.unknown,
        by_words=(headline.unknown > 0 or not headline.denominator) and bool(telling.why(stand, definition)),
        as_at=stand.as_at,
        snapshot_id=stand.snapshot.id,
        computation_id=stand.computation.id,
        covers=periods.words(definition, headline.as_at),
        refused_rows="" if line.opens else _why_not(viewer, definition),
    )


def _series(definition: Definition, series: Series, line: measures.Line, window: str) -> dict[str, Any]:
    """The chart and its table: by month with limits, or the twelve months to each month's end without them."""
    if window == "year":
        drawn, found = years_series(definition, series), series.years
    else:
        drawn, found = measures.chart_series(definition, series, line.signal), series.months
    return {
        "window": window,
        "windows": list(WINDOWS.items()) if series.years else [],
        "wide": charts.line(drawn, charts.WIDE),
        "narrow": charts.line(drawn, charts.NARROW),
        "months": [(one, measures.value_words(definition, one)) for one in reversed(found)],
    }


def years_series(definition: Definition, series: Series) -> charts.Series:
    """The twelve months to each month's end, as a chart draws them: without limits, because the points overlap."""
    plain = trend.Signal("too few", None, None, None, None, "")
    drawn = measures.chart_series(definition, Series(series.years, series.headline), plain)
    return replace(drawn, title=f"{definition.title}, the twelve months to each month’s end", rolling=True)


def _divided(stand: Standing, viewer: Viewer, definition: Definition, headline: Figure, by: str) -> dict[str, Any]:
    """The measure divided one way: by groups, or for a line of management by their workers."""
    ways, divides = ways_of(viewer, definition), _divides(stand, viewer)
    if may_by_worker(viewer, definition):
        ways = [*ways, ("worker", "Worker")]
    elif by == "worker":
        raise Http404
    found = breakdown(stand, viewer, definition, by) if by != "worker" and headline.measured and divides else None
    return {
        "breakdown": found,
        "workers": by_worker(stand, viewer, definition, headline) if by == "worker" else None,
        "ways": ways,
        "by": by,
        "undivided": not divides,
    }


def _divides(stand: Standing, viewer: Viewer) -> bool:
    """Whether groups are shown: not of the past to those from whom some are hidden.

    Each computation hid its own cells of a month. Two of them beside each other could give a hidden one away.
    """
    return not stand.past or viewer.level == "identified"


def rules(stand: Standing, definition: Definition) -> list[Rule]:
    """The policy this measure stands on, as in force today, or on the day of the past that is looked at."""
    held = policy.load(home_in_use())
    return [held.rule(key, stand.on) for key in definition.timescales]


def table_ages(stand: Standing, definition: Definition, *, counted: bool) -> list[TableAge]:
    """The tables a measure needs, each with its own date: a table may be older than the snapshot (DESIGN 5 N).

    How many rows a table has is a number of children too, which nothing masks: only the identified level is told.
    """
    known = schema.tables()
    wrong = issues_by_table(stand) if counted else {}
    found = []
    for name in definition.needs:
        entry = stand.snapshot.tables.get(name)
        found.append(
            TableAge(
                title=known[name].title,
                name=name,
                as_at=entry.as_at if entry else None,
                rows=entry.rows if entry and counted else None,
                older=bool(entry and entry.as_at < stand.as_at),
                present=entry is not None,
                issues=wrong.get(name, 0),
            )
        )
    return found


@lru_cache(maxsize=KEPT)
def issues_by_table(stand: Standing) -> Mapping[str, int]:
    """How many issues the load of each table had: a number a table, and no cell of it."""
    named = stand.lake.issues(stand.snapshot, columns=["table"])["table"].to_pylist()
    return Counter(name for name in named if name)


def _why_not(viewer: Viewer, definition: Definition) -> str:
    """One sentence on why the rows are not opened from here."""
    if not may(viewer, Capability.SEE_CHILDREN) or viewer.level != "identified":
        return "Which children these are is not shown to your office."
    if is_of_workers(definition):
        return "Which workers these are is shown to their own managers only. Everybody else sees counts by team."
    return ""
