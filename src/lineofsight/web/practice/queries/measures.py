"""What we know: every measure for one viewer, with its figure, the word for its change, and what to compare with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pyarrow.compute as pc

from lineofsight.measures import benchmark, shown
from lineofsight.measures.benchmark import Comparators
from lineofsight.measures.definitions import Definition, missing_words
from lineofsight.measures.trend import Signal
from lineofsight.web.access.permissions import Capability, check, may
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import charts, wording
from lineofsight.web.practice.queries import ages, figures, ledger, periods, signals, telling
from lineofsight.web.practice.queries.figures import Figure, Series
from lineofsight.web.practice.queries.rows import is_of_workers, may_rows
from lineofsight.web.practice.queries.standing import Standing, catalogue, sees_authority, standing, theirs, whose

# Along the child's journey; an area not named here comes after.
JOURNEY = (
    "Front door",
    "Contact",
    "Referral",
    "Early help",
    "Assessment",
    "Section 47",
    "ICPC",
    "Child in need",
    "Child protection",
    "Court",
    "Looked after",
    "Adoption",
    "Care leavers",
    "Workforce",
    "Quality",
    "Partnership",
)
AREA_WORDS = {
    "ICPC": "Initial child protection conference",
    "Section 47": "Enquiries into harm (section 47)",
    "Child in need": "Children in need",
    "Looked after": "Children looked after",
}
TOO_SMALL = "too small to show"


@dataclass(frozen=True)
class Line:
    """One measure as a row of the list shows it. Texts are ready to be read; `tone` is none, better, worse, changed."""

    definition: Definition
    figure: Figure
    signal: Signal
    value: str
    of: str
    change: str
    tone: str
    missing: str
    series: Series
    comparators: Comparators
    england: str
    neighbours: str
    owed: int | None
    opens: bool
    authority_value: str
    older: str  # which of the data it stands on is older than the rest, and by how much

    @property
    def id(self) -> str:
        return self.definition.id

    @property
    def title(self) -> str:
        return self.definition.title

    @property
    def measured(self) -> bool:
        return self.figure.measured

    @cached_property
    def spark(self) -> charts.Spark | None:
        """The small chart, drawn where a page shows it."""
        return charts.spark(chart_series(self.definition, self.series, self.signal))

    @property
    def covers_year(self) -> bool:
        """Whether the figure is of twelve months and not of one day or month."""
        return self.definition.headline_window == "year"


@dataclass(frozen=True)
class Area:
    """The measures of one stretch of the child's journey."""

    title: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class MeasuresList:
    """Everything the list of measures shows, and the one sentence above it."""

    areas: Sequence[Area]
    sentence: str
    whose: str
    as_at: date
    beside_authority: bool
    source: str
    months: int
    again: int  # owed before and not measured again

    @property
    def lines(self) -> list[Line]:
        return [line for area in self.areas for line in area.lines]


def measures_list(viewer: Viewer) -> MeasuresList:
    """Every measure over what this viewer may open, in the order of the child's journey. Raises Refused."""
    check(viewer, Capability.SEE_MEASURES)
    stand = standing(viewer)
    found = figures.own(stand, viewer)
    whole = beside(stand, viewer)
    owed, again = ledger.owed_counts(stand, viewer) if may(viewer, Capability.SEE_EXCEPTIONS) else (None, 0)
    lines = [
        line_of(stand, viewer, catalogue()[key], series, whole.get(key), None if owed is None else owed.get(key, 0))
        for key, series in found.items()
    ]
    areas = [
        Area(AREA_WORDS.get(area, area), [line for line in lines if line.definition.area == area])
        for area in sorted({line.definition.area for line in lines}, key=journey)
    ]
    return MeasuresList(
        areas=areas,
        sentence=summary(lines),
        whose=whose(stand, viewer),
        as_at=stand.as_at,
        beside_authority=bool(whole),
        source=benchmark.SOURCE,
        months=len(periods.months(stand)),
        again=again,
    )


def beside(stand: Standing, viewer: Viewer) -> Mapping[str, Series]:
    """The authority's figures to stand beside the viewer's own; none where they are the same or may not be seen."""
    if sees_authority(viewer) or not may(viewer, Capability.SEE_AUTHORITY_VALUES):
        return {}
    return figures.authority(stand, viewer.level)


def line_of(
    stand: Standing,
    viewer: Viewer,
    definition: Definition,
    series: Series,
    whole: Series | None,
    owed: int | None,
) -> Line:
    """One measure's row of the list."""
    found = signals.fair_signal(stand, definition, series)
    against = compared(stand, definition)
    figure = series.headline
    return Line(
        definition=definition,
        figure=figure,
        signal=found,
        value=value_words(definition, figure),
        of=of_words(definition, figure),
        change=change_words(found, stand.as_at) if figure.measured else "",
        older=ages.sentence(ages.older(stand, definition.needs)),
        tone=tone_of(found),
        missing=missing_said(figure),
        series=series,
        comparators=against,
        england=wording.amount(against.england, definition.kind, definition.unit)
        if against.england is not None
        else "",
        neighbours=(
            wording.amount(against.neighbours, definition.kind, definition.unit)
            if against.neighbours is not None
            else ""
        ),
        owed=owed if definition.exception else None,
        opens=may_rows(viewer, definition),
        authority_value=value_words(definition, whole.headline) if whole else "",
    )


def published_words(definition: Definition, value: float | None) -> str:
    """A published value as this measure's own are written; nothing where none is published."""
    return wording.amount(value, definition.kind, definition.unit) if value is not None else ""


def compared(stand: Standing, definition: Definition) -> Comparators:
    """What is published to stand beside this measure for the snapshot's authority."""
    return benchmark.comparators(stand.snapshot.authority, definition)


def tone_of(found: Signal) -> charts.Tone:
    """The colour of a change: none where there is no real one."""
    tones: dict[str, charts.Tone] = {"better": "better", "worse": "worse", "changed": "changed"}
    return tones.get(found.kind, "none")


def chart_series(definition: Definition, series: Series, found: Signal) -> charts.Series:
    """The series as a chart draws it, with its title and its description in words."""
    months = signals.settled(definition, series)
    form = percent_form if definition.kind == "percent" else number_form
    limits = None
    if found.centre is not None and found.lower is not None and found.upper is not None:
        limits = charts.Limits(found.centre, found.lower, found.upper)
    points = [(one.as_at, signals.drawn(definition, one)) for one in months]
    known = [(day, value) for day, value in points if value is not None]
    said = ""
    if known:
        (first, then), (last, now) = known[0], known[-1]
        said = f"From {form(then)} in {wording.month(first)} to {form(now)} in {wording.month(last)}. "
    return charts.Series(
        readings=[charts.Reading(day, value) for day, value in points],
        limits=limits,
        changed_on=found.since,
        tone=tone_of(found),
        form=form,
        title=f"{definition.title}, by month",
        description=said + found.sentence,
        ceiling=100.0 if definition.kind == "percent" else None,
        says_month=definition.basis == "flow",
    )


def percent_form(value: float) -> str:
    return f"{wording.short(value)}%"


def number_form(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def value_words(definition: Definition, figure: Figure) -> str:
    """'78%', '40.6', 'too small to show', 'not measured'; of a narrower scope a rate is its count alone."""
    if figure.hidden:
        return TOO_SMALL
    if figure.value is None and definition.kind == "rate" and figure.numerator is not None:
        return f"{figure.numerator:,}"
    if figure.value is None and figure.measured:
        return "cannot be told" if figure.unknown else "none to measure"
    return wording.amount(figure.value, definition.kind, definition.unit)


def of_words(definition: Definition, figure: Figure) -> str:
    """What stands under the value: '314 of 402', '402 children, per 10,000'."""
    if figure.hidden or not figure.measured or figure.numerator is None:
        return ""
    if definition.kind == "rate":
        return f"per 10,000; {figure.numerator:,} in all" if figure.value is not None else ""
    if definition.kind == "percent" and figure.denominator:
        return f"{figure.numerator:,} of {figure.denominator:,}"
    if definition.kind in shown.VALUED and figure.numerator:
        return f"from {figure.numerator:,}"
    return ""


def change_words(found: Signal, as_at: date) -> str:
    """'Worse since June', 'No real change', 'Too few months to say'."""
    if found.since is None:
        return "Cannot be told: its data is too old" if found.sentence == signals.TOO_OLD else found.verdict
    word = {"better": "Better", "worse": "Worse"}.get(found.kind, "Not as usual")
    if found.since == as_at:
        return f"{word} in {found.since:%B}"
    return f"{word} since {wording.since(found.since, as_at)}"


def missing_said(figure: Figure) -> str:
    """Why there is no number, in words naming what is missing; nothing where there is one."""
    if figure.hidden:
        return "Numbers this small could point to a child, so they are not shown."
    if figure.measured:
        return ""
    if figure.missing == ("twelve whole months",):
        return "Not measured: it covers a year, and twelve whole months are not there yet."
    return missing_words(figure.missing)


def longest(stand: Standing, viewer: Viewer, definition: Definition, as_at: date) -> float | None:
    """The largest value among the rows counted, in the viewer's scope: one number, no row leaves here."""
    where = (pc.field("measure") == definition.id) & periods.within(stand, definition, as_at)
    if definition.counts != "all":
        where = where & (pc.field("met") == (definition.counts == "met"))
    mine = None if sees_authority(viewer) else theirs(stand, viewer)
    found = stand.lake.read(stand.computation, "rows", columns=["value"], where=where if mine is None else where & mine)
    return pc.max(found["value"]).as_py()


def answer(stand: Standing, viewer: Viewer, definition: Definition, figure: Figure) -> str:
    """The measure's own sentence, filled: the first words of its page."""
    if not figure.measured or figure.hidden:
        return missing_said(figure)
    because = telling.why(stand, definition)
    if not figure.numerator and not figure.denominator:
        return _nothing(figure, because)
    template = definition.sentence
    most = None
    if "{longest}" in template:
        most = (
            longest(stand, viewer, definition, figure.as_at)
            if figure.numerator and viewer.level != "published"
            else None
        )
    if most is None:
        template = "; ".join(part for part in template.split("; ") if "{longest}" not in part)
    if figure.value is None and definition.kind == "rate":
        template = ", ".join(part for part in template.split(", ") if "{value}" not in part)
    said = template.format(
        numerator=f"{figure.numerator:,}" if figure.numerator is not None else "",
        denominator=f"{figure.denominator:,}" if figure.denominator is not None else "",
        value=wording.amount(figure.value, definition.kind, ""),
        as_at=wording.day(figure.as_at),
        longest=f"{most:,.0f}" if most is not None else "",
    )
    percent = ""
    if definition.kind == "percent" and figure.value is not None:
        percent = f" That is {wording.amount(figure.value, 'percent')}."
    more = f" {telling.said(figure.unknown, because)}." if figure.unknown else ""
    return f"{wording.agreeing(said, figure.numerator)}.{percent}{more}"


def _nothing(figure: Figure, because: str) -> str:
    """Why a measure that was measured has no rows to count."""
    if figure.unknown:
        known = f": {because}" if because else " from what was recorded"
        return f"For {figure.unknown:,} it cannot be told{known}. There is nobody else to measure here."
    if because:
        return f"Nothing can be told here: {because}, so for some children it is not known who holds them."
    return "There is nothing to measure here: no row falls under this measure."


def summary(lines: Sequence[Line]) -> str:
    """'Of 15 measures, two have really changed: one for the worse and one not as usual. One is not measured.'"""
    missing = sum(not line.measured for line in lines)
    said = (
        f"Of {wording.counted(len(lines), 'measure')}, {changes_said([line.tone for line in lines if line.measured])}"
    )
    if missing:
        one = wording.spelled(missing)
        said += f" {one[:1].upper()}{one[1:]} {'is' if missing == 1 else 'are'} not measured."
    return said


WAYS = {"worse": "for the worse", "better": "for the better", "changed": "not as usual"}


def changes_said(tones: Sequence[str]) -> str:
    """'three have really changed: one for the worse, one for the better and one not as usual.' Every one is named."""
    counts = {words: tones.count(tone) for tone, words in WAYS.items() if tone in tones}
    changed = sum(counts.values())
    if not changed:
        return "none has really changed."
    ways = wording.listed([f"{wording.spelled(count)} {words}" for words, count in counts.items()])
    return f"{wording.spelled(changed)} {'has' if changed == 1 else 'have'} really changed: {ways}."


def open_words(definition: Definition, figure: Figure) -> str:
    """The words of the button that opens the rows: 'Show the 11 children', 'Show the 88 who were not'."""
    if figure.numerator is None or not figure.measured:
        return ""
    one, many = ("worker", "workers") if is_of_workers(definition) else ("child", "children")
    met = definition.counts == "met"
    count = (figure.denominator or 0) - figure.numerator if met else figure.numerator
    if not count:
        return f"Show the {many}"
    if met:
        who, were = "that" if definition.basis == "flow" else "who", "was" if count == 1 else "were"
        return f"Show the {count:,} {who} {were} not"
    if definition.basis == "flow":
        return f"Show the {many} behind the {count:,}"
    return f"Show the {wording.counted(count, one, many)}"


def journey(area: str) -> tuple[int, str]:
    """Where an area stands along the child's journey: a key to sort by."""
    return (JOURNEY.index(area) if area in JOURNEY else len(JOURNEY), area)
