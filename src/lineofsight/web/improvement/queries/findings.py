"""The list of findings, with what is counted in it, and which themes are found more often than before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.http import Http404

from lineofsight import clock
from lineofsight.web.access.paging import Paged, pages
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement import themes
from lineofsight.web.improvement.models import Finding, FindingTurn
from lineofsight.web.improvement.permissions import check_see
from lineofsight.web.improvement.queries.called import finding_called
from lineofsight.web.improvement.queries.lines import Line as ActionLine
from lineofsight.web.improvement.queries.lines import lines
from lineofsight.web.improvement.wording import begun, spelled, verb

OPEN, CLOSED, CAME_BACK = "open", "closed", "came-back"
PAGE = 30
STATES = {OPEN: "Open", CLOSED: "Closed", CAME_BACK: "Came back"}
SPAN = relativedelta(months=6)

_TURNED = FindingTurn.objects.filter(finding=OuterRef("pk"), what=FindingTurn.What.REOPENED)
_RETURNED = ExpressionWrapper(
    Q(closed_on__isnull=True) & (Q(repeats__isnull=False) | Q(Exists(_TURNED))), output_field=BooleanField()
)
_IS_OPEN = ExpressionWrapper(Q(closed_on__isnull=True), output_field=BooleanField())


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to, as the address gives it; blank is everything. A theme of "none" is one that nobody
    confirmed."""

    source: str = ""
    theme: str = ""
    state: str = ""


@dataclass(frozen=True)
class Choice:
    """One value of a filter: how many findings it leaves, the other filters as they are, and whether it is chosen."""

    value: str
    words: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Colours:
    """How many actions of a finding are open by colour, how many are closed on proof, and how many left their plan."""

    red: int = 0
    amber: int = 0
    green: int = 0
    closed: int = 0
    gone: int = 0

    @property
    def open(self) -> int:
        return self.red + self.amber + self.green

    @property
    def words(self) -> str:
        """'2 open: 1 red, 1 green; 3 closed on proof', or 'No actions'."""
        by_colour = [f"{n} {c}" for n, c in ((self.red, "red"), (self.amber, "amber"), (self.green, "green")) if n]
        told = [f"{self.open} open: {', '.join(by_colour)}"] if self.open else []
        told += [f"{self.closed} closed on proof"] if self.closed else []
        told += [f"{self.gone} no longer in its plan"] if self.gone else []
        return "; ".join(told) or "No actions"


@dataclass(frozen=True)
class Line:
    """One finding in the list: what it is called, and none of its words. `repeats` is the same of the earlier one."""

    key: UUID
    title: str
    source: str
    found_on: date
    theme: str
    closed_on: date | None
    came_back: bool
    repeats: str
    actions: Colours

    @property
    def state(self) -> str:
        """'Open', 'Came back', 'Closed', and where an action was opened again since, that too."""
        if self.closed_on is None:
            return "Came back" if self.came_back else "Open"
        return "Closed, but an action is open" if self.actions.open else "Closed"


@dataclass(frozen=True)
class Findings(Paged):
    """One page of the list, and what is counted: all that are open, and those that came back after they were closed."""

    lines: Sequence[Line]
    wanted: Wanted
    sources: Sequence[Choice]
    themes: Sequence[Choice]
    states: Sequence[Choice]
    open: int
    came_back: int
    ever: int
    number: int
    total: int
    pages: int
    size: int = PAGE

    @property
    def sentence(self) -> str:
        """'31 findings are open; 3 came back after they were closed.'"""
        if not self.ever:
            return "Nothing has been written down as found yet."
        if not self.open:
            return "Nothing that was found is open."
        said = begun(f"{spelled(self.open)} {verb(self.open, 'finding is', 'findings are')} open")
        if not self.came_back:
            return f"{said}; none had been closed before."
        were = verb(self.came_back, "it was", "they were")
        return f"{said}; {spelled(self.came_back)} came back after {were} closed."


@dataclass(frozen=True)
class Rising:
    """How often one theme was found in the last six months, and in the six before."""

    theme: str
    now: int
    before: int

    @property
    def rises(self) -> bool:
        return self.now > self.before

    @property
    def words(self) -> str:
        """'Supervision: found 7 times in the last six months, 2 in the six before.'"""
        times = "once" if self.now == 1 else "twice" if self.now == 2 else f"{spelled(self.now)} times"
        found = f"found {times}" if self.now else "not found"
        before = spelled(self.before) if self.before else "none"
        return f"{self.theme}: {found} in the last six months, {before} in the six before."


@dataclass(frozen=True)
class Themes:
    """The themes of a year's findings in their own order, which is no rank; and how many nobody put under one."""

    lines: Sequence[Rising]
    since: date
    half: date
    until: date
    unconfirmed: int = 0
    rising: Sequence[Rising] = field(default=())

    @property
    def sentence(self) -> str:
        """What was found more often than before; that a theme rises says that more was found, not that more is so."""
        if not self.lines:
            return "No finding of the last year has a confirmed theme."
        if not self.rising:
            return "No theme was found more often in the last six months than in the six before."
        named = ", ".join(one.theme for one in self.rising)
        return f"Found more often in the last six months than in the six before: {named}."


def findings(viewer: Viewer, wanted: Wanted | None = None, page: int = 1) -> Findings:
    """One page of findings, the newest first. Raises Refused, and Http404 for a page or a filter that is not there."""
    check_see(viewer)
    wanted = wanted or Wanted()
    titles = themes.titles()
    table = _counted()
    _check_wanted(wanted, titles, table)
    total = sum(count for row, count in table.items() if _fits(wanted, row))
    if not 1 <= page <= pages(total, PAGE):
        raise Http404
    return Findings(
        lines=_lines(viewer, _narrowed(wanted), titles, page),
        wanted=wanted,
        sources=_choices("source", dict(Finding.Source.choices), wanted, table),
        themes=_choices("theme", _themed(titles, table), wanted, table),
        states=_choices("state", STATES, wanted, table),
        open=sum(count for row, count in table.items() if row.open),
        came_back=sum(count for row, count in table.items() if row.came_back),
        ever=sum(table.values()),
        number=page,
        total=total,
        pages=pages(total, PAGE),
    )


def themes_rising(viewer: Viewer) -> Themes:
    """The confirmed themes of the last six months' findings against those of the six before. Raises Refused."""
    check_see(viewer)
    today = clock.today()
    half, since = today - SPAN, today - SPAN - SPAN
    of_the_year = Finding.objects.filter(found_on__gt=since, found_on__lte=today)
    recent = ExpressionWrapper(Q(found_on__gt=half), output_field=BooleanField())
    counted = of_the_year.annotate(recent=recent).order_by().values_list("theme", "recent").annotate(Count("pk"))
    now, before = Counter[str](), Counter[str]()
    for theme, is_recent, count in counted:
        (now if is_recent else before)[theme] += count
    titles = themes.titles()
    named = [slug for slug in _themed(titles, [*now, *before]) if slug != themes.NONE and now[slug] + before[slug]]
    lines = [Rising(themes.title_of(slug, titles), now[slug], before[slug]) for slug in named]
    return Themes(lines, since, half, today, now[""] + before[""], [one for one in lines if one.rises])


def came_back(found: QuerySet[Finding]) -> QuerySet[Any]:
    """The findings with `returned`: open, and the same again as one that was closed, or closed once itself."""
    return found.annotate(returned=_RETURNED)


def colours_of(keys: Sequence[UUID]) -> dict[UUID, Colours]:
    """The actions of findings, counted, with the colours in force today."""
    found: dict[UUID, Counter[str]] = {}
    for one in lines(Q(finding__in=keys), gone=True) if keys else ():
        if one.finding is not None:
            kind = one.colour if is_open(one) else "closed" if one.closed_on else "gone"
            found.setdefault(one.finding, Counter())[kind] += 1
    return {key: replace(Colours(), **counts) for key, counts in found.items()}


def is_open(one: ActionLine) -> bool:
    """Whether an action keeps its finding open: neither closed on proof nor gone from its plan."""
    return one.closed_on is None and one.gone_on is None


@dataclass(frozen=True)
class _Row:
    """What some findings have in common: the whole list in as few rows as there are of these."""

    source: str
    theme: str
    open: bool
    came_back: bool


def _counted() -> dict[_Row, int]:
    found = came_back(Finding.objects.order_by()).annotate(is_open=_IS_OPEN)
    rows = found.values_list("source", "theme", "is_open", "returned").annotate(Count("pk"))
    return {_Row(source, theme, bool(is_open), bool(back)): count for source, theme, is_open, back, count in rows}


def _fits(wanted: Wanted, row: _Row) -> bool:
    states = {"": True, OPEN: row.open, CLOSED: not row.open, CAME_BACK: row.came_back}
    themed = not wanted.theme or row.theme == ("" if wanted.theme == themes.NONE else wanted.theme)
    return states[wanted.state] and themed and (not wanted.source or row.source == wanted.source)


def _check_wanted(wanted: Wanted, titles: Mapping[str, str], table: Mapping[_Row, int]) -> None:
    known_themes = {"", themes.NONE, *titles, *(row.theme for row in table)}
    if (
        wanted.state not in {"", *STATES}
        or wanted.source not in {"", *Finding.Source.values}
        or wanted.theme not in known_themes
    ):
        raise Http404


def _narrowed(wanted: Wanted) -> QuerySet[Any]:
    found = came_back(Finding.objects.all())
    if wanted.source:
        found = found.filter(source=wanted.source)
    if wanted.theme:
        found = found.filter(theme="" if wanted.theme == themes.NONE else wanted.theme)
    if wanted.state == CAME_BACK:
        return found.filter(returned=True)
    return found.filter(closed_on__isnull=wanted.state == OPEN) if wanted.state else found


def _choices(name: str, words: Mapping[str, str], wanted: Wanted, table: Mapping[_Row, int]) -> list[Choice]:
    """The values of one filter that leave something, and the chosen one in any case."""
    made = []
    for value, said in words.items():
        other = replace(wanted, **{name: value})
        count = sum(number for row, number in table.items() if _fits(other, row))
        chosen = getattr(wanted, name) == value
        if count or chosen:
            made.append(Choice(value, said, count, chosen))
    return made


def _themed(titles: Mapping[str, str], known: Iterable[_Row] | Iterable[str]) -> dict[str, str]:
    """The themes in their order, then those that findings have and the authority's file no longer, then none."""
    slugs = {one if isinstance(one, str) else one.theme for one in known}
    others = {slug: themes.title_of(slug, titles) for slug in sorted(slugs - titles.keys() - {""})}
    return {**titles, **others, themes.NONE: "Not confirmed"}


def _lines(viewer: Viewer, found: QuerySet[Any], titles: Mapping[str, str], page: int) -> list[Line]:
    """The lines of one page, nothing opened but their titles."""
    ordered = (
        found.select_related("repeats").defer("words", "repeats__words").order_by("-found_on", "-written_at", "pk")
    )
    rows = list(ordered[(page - 1) * PAGE : page * PAGE])
    colours = colours_of([row.pk for row in rows])
    return [
        Line(
            key=row.pk,
            title=finding_called(viewer, row),
            source=row.get_source_display(),
            found_on=row.found_on,
            theme=themes.title_of(row.theme, titles),
            closed_on=row.closed_on,
            came_back=bool(row.returned),
            repeats=finding_called(viewer, row.repeats) if row.repeats else "",
            actions=colours.get(row.pk, Colours()),
        )
        for row in rows
    ]
