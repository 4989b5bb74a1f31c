"""One measure's page: the sentence, the chart, where, against others, what it stands on, and how good its data is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

from django.http import Http404

from lineofsight import policy, schema
from lineofsight.measures import values as stored
from lineofsight.measures.definitions import Definition
from lineofsight.policy import Rule
from lineofsight.web import home_in_use
from lineofsight.web.access import scope
from lineofsight.web.access.permissions import Capability, check, may
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import charts
from lineofsight.web.practice.queries import figures, ledger, measures, periods, telling
from lineofsight.web.practice.queries.figures import Figure, Series
from lineofsight.web.practice.queries.first_known import FirstKnown, first_known
from lineofsight.web.practice.queries.rows import is_of_workers
from lineofsight.web.practice.queries.standing import Standing, catalogue, sees_authority, standing, teams, whose

BY = {"team": "Team", "service": "Service", "age": "Age", "ethnicity": "Ethnicity", "sex": "Sex"}
ORDER = {"age": stored.AGE_BANDS, "ethnicity": stored.ETHNIC_GROUPS, "sex": stored.SEXES}
Z = 1.959964  # the normal deviate of a 95% interval


@dataclass(frozen=True)
class Group:
    """One group of a breakdown. `interval` is the 95% range a percentage of so few could have by chance."""

    key: str
    title: str
    value: str
    of: str
    change: str
    tone: str
    interval: str
    hidden: bool


@dataclass(frozen=True)
class Breakdown:
    """One way of dividing a measure, and the ways there are."""

    by: str
    title: str
    groups: Sequence[Group]
    ways: Sequence[tuple[str, str]]
    any_hidden: bool
    of_authority: bool
    covers: str
    another_year: bool  # an earlier one than the headline's, so that no two years shown share a month

    @property
    def all_hidden(self) -> bool:
        """Whether nothing is left to show: then a sentence stands for the table."""
        return bool(self.groups) and all(one.hidden for one in self.groups)

    @property
    def shows_change(self) -> bool:
        """Whether any group's months say something: personal breakdowns never do."""
        return any(one.change for one in self.groups)

    @property
    def shows_interval(self) -> bool:
        """Whether the 95% interval stands beside: always where people are divided (DESIGN 7.13)."""
        return any(one.interval for one in self.groups)


@dataclass(frozen=True)
class Compared:
    """One line of the comparison: who, and their published value."""

    title: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class TableAge:
    """One table the measure needs: when it was true, and how many rows there are."""

    title: str
    name: str
    as_at: date | None
    rows: int | None
    older: bool
    present: bool


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
    by_words: bool = False  # a role word without a meaning keeps some of it from being told

    @property
    def definition(self) -> Definition:
        return self.line.definition

    @property
    def caption(self) -> str:
        """What the band and the line of the chart mean, and what a point is."""
        limits, form = self.line.signal, self.form
        point = "Each point is one month." if self.definition.basis == "flow" else "Each point is a month’s end."
        if limits.centre is None or limits.lower is None or limits.upper is None:
            return f"{point} {limits.sentence}"
        if form(limits.lower) == form(limits.upper):
            return f"{point} The dotted line is what is usual, {form(limits.centre)}."
        band = f"The shaded band, {form(limits.lower)} to {form(limits.upper)}, is where months usually fall"
        return f"{point} {band}; the dotted line is the usual, {form(limits.centre)}."

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


def measure_page(viewer: Viewer, measure: str, by: str = "team") -> MeasurePage:
    """One measure for one viewer. Raises Refused, Http404 for a measure or a breakdown there is not."""
    check(viewer, Capability.SEE_MEASURES)
    definition = catalogue().get(measure)
    if definition is None or by not in BY:
        raise Http404
    stand = standing(viewer)
    series = figures.own(stand, viewer).get(measure)
    if series is None:
        raise Http404
    owed = ledger.open_counts(stand, viewer).get(measure, 0) if may(viewer, Capability.SEE_EXCEPTIONS) else None
    line = measures.line_of(stand, viewer, definition, series, measures.beside(stand, viewer).get(measure), owed)
    drawn = measures.chart_series(definition, series, line.signal)
    headline = series.headline
    return MeasurePage(
        line=line,
        sentence=measures.answer(stand, viewer, definition, headline),
        change_sentence=line.signal.sentence if headline.measured and not headline.hidden else "",
        wide=charts.line(drawn, charts.WIDE),
        narrow=charts.line(drawn, charts.NARROW),
        months=[(one, measures.value_words(definition, one)) for one in reversed(series.months)],
        breakdown=breakdown(stand, viewer, definition, by) if headline.measured and _divides(stand, viewer) else None,
        undivided=not _divides(stand, viewer),
        then=first_known(stand, viewer, definition, series),
        comparison=comparison(line),
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


def _divides(stand: Standing, viewer: Viewer) -> bool:
    """Whether groups are shown: not of the past to those from whom some are hidden.

    Each computation hid its own cells of a month. Two of them beside each other could give a hidden one away.
    """
    return not stand.past or viewer.level == "identified"


def breakdown(stand: Standing, viewer: Viewer, definition: Definition, by: str) -> Breakdown | None:
    """The measure divided one way. A narrower scope is divided by its own teams only; nothing is ever combined."""
    whole = sees_authority(viewer)
    if not whole and by not in ("team", "service"):
        raise Http404
    found = figures.breakdown(stand, viewer.level, definition, by)
    if not whole:
        found = [one for one in found if _inside(stand, viewer, by, one.group)]
    if not found:
        return None
    months = figures.by_group(stand, viewer.level, definition, by)
    groups = [
        _group(stand, definition, by, one, months.get(one.group, []), intervals=viewer.level != "published")
        for one in found
        if one.hidden or one.denominator or one.numerator
    ]
    groups.sort(key=lambda one: (ORDER[by].index(one.key) if one.key in ORDER.get(by, ()) else 99, one.title))
    personal = whole and not is_of_workers(definition)
    ways = [(key, words) for key, words in BY.items() if key in ("team", "service") or personal]
    if viewer.scope.kind in ("team", "own", "assigned") and not whole:
        ways = ways[:1]
    return Breakdown(
        by=by,
        title=BY[by],
        groups=groups,
        ways=ways,
        any_hidden=any(one.hidden for one in groups),
        of_authority=whole,
        covers=periods.words(definition, found[0].as_at),
        another_year=found[0].as_at != figures.own(stand, viewer)[definition.id].headline.as_at,
    )


def _inside(stand: Standing, viewer: Viewer, by: str, group: str) -> bool:
    """Whether a group lies in the viewer's scope as a whole."""
    ids = scope.named(viewer.scope.kind, viewer.scope.ids)
    if viewer.scope.kind == "team":
        return by == "team" and group in ids
    if viewer.scope.kind == "service":
        known = teams(stand).get(group)
        return group in ids if by == "service" else known is not None and known.service_id in ids
    return False


def _group(
    stand: Standing, definition: Definition, by: str, figure: Figure, months: Sequence[Figure], *, intervals: bool
) -> Group:
    series = Series(months, figure)
    change, tone = "", "none"
    if by in ("team", "service") and not figure.hidden:
        found = measures.fair_signal(stand, definition, series)
        change = measures.change_words(found, stand.as_at)
        tone = measures.tone_of(found)
    interval = wilson(figure.numerator, figure.denominator) if intervals and definition.kind == "percent" else ""
    return Group(
        key=figure.group,
        title=group_title(stand, by, figure.group),
        value=measures.value_words(definition, figure),
        of=measures.of_words(definition, figure),
        change=change,
        tone=tone,
        interval=interval if by in ORDER else "",
        hidden=figure.hidden,
    )


def group_title(stand: Standing, by: str, group: str) -> str:
    """A group by its name: teams and services have ids, the others are words already."""
    if by == "team":
        known = teams(stand).get(group)
        return known.called if known else "No team recorded"
    if by == "service":
        names = {team.service_id: team.service_name for team in teams(stand).values()}
        return names.get(group) or "No service recorded"
    return group


def wilson(numerator: int | None, denominator: int | None) -> str:
    """The 95% interval of a proportion (E. B. Wilson, 1927) as '61% to 78%'; nothing where there are no children."""
    if numerator is None or not denominator:
        return ""
    share, n = numerator / denominator, denominator
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    reach = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    low, high = max(100 * (middle - reach), 0.0), min(100 * (middle + reach), 100.0)
    return f"{low:.0f}% to {high:.0f}%"


def comparison(line: measures.Line) -> list[Compared]:
    """Ours, England, the region, the neighbours: each with its value, in that order."""
    against, one = line.comparators, line.definition
    if against.year is None:
        return []
    found = [Compared("England", measures.published_words(one, against.england))]
    if against.region is not None:
        found.append(Compared(against.region_name or "Region", measures.published_words(one, against.region)))
    if against.neighbours is not None:
        count = len(against.others)
        found.append(
            Compared("Statistical neighbours", measures.published_words(one, against.neighbours), f"mean of {count}")
        )
    return found


def rules(stand: Standing, definition: Definition) -> list[Rule]:
    """The policy this measure stands on, as in force today, or on the day of the past that is looked at."""
    held = policy.load(home_in_use())
    return [held.rule(key, stand.on) for key in definition.timescales]


def table_ages(stand: Standing, definition: Definition, *, counted: bool) -> list[TableAge]:
    """The tables a measure needs, each with its own date: a table may be older than the snapshot (DESIGN 5 N).

    How many rows a table has is a number of children too, which nothing masks: only the identified level is told.
    """
    known = schema.tables()
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
            )
        )
    return found


def _why_not(viewer: Viewer, definition: Definition) -> str:
    """One sentence on why the rows are not opened from here."""
    if not may(viewer, Capability.SEE_CHILDREN) or viewer.level != "identified":
        return "Which children these are is not shown to your office."
    if is_of_workers(definition):
        return "Which workers these are is shown to their own managers only. Everybody else sees counts by team."
    return ""
