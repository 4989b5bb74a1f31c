"""What the pages and the packs show of the month's lines. No child is in them; who reads them sees every number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from django.http import Http404

from lineofsight import clock
from lineofsight.measures.definitions import Definition
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.models import LinesRelease, MonthLines
from lineofsight.web.practice.monthly import leads, schedule
from lineofsight.web.practice.monthly.leads import Lead
from lineofsight.web.practice.monthly.permissions import (
    check_see_lines,
    may_name_leads,
    may_release_lines,
    may_write_lines,
)
from lineofsight.web.practice.queries import figures, measures, signals
from lineofsight.web.practice.queries.standing import Standing, standing

MOST_MONTHS = 24


@dataclass(frozen=True)
class Row:
    """One headline measure in the list of the month's lines."""

    measure: Definition
    lead: Lead | None
    lines: MonthLines | None
    due_on: date
    mine: bool
    value: str = ""
    of: str = ""
    change: str = ""
    tone: str = "none"
    told: bool = False  # whether a text about it is released to the Lead Member

    @property
    def late(self) -> bool:
        """Whether they are not written and the day has passed."""
        return self.lines is None and clock.today() > self.due_on

    @property
    def was_late(self) -> bool:
        """Whether the first of them came after the day."""
        return self.lines is not None and self.first_written_at.astimezone(clock.LONDON).date() > self.due_on

    @property
    def first_written_at(self) -> datetime:
        """When they were first written, before any correction."""
        assert self.lines is not None
        first: datetime = getattr(self.lines, "first_at", self.lines.written_at)
        return first


@dataclass(frozen=True)
class Month:
    """The page of this month's lines."""

    month: date
    due_on: date
    rows: Sequence[Row]
    names: bool  # whether the viewer says who leads

    @cached_property
    def missing(self) -> list[Row]:
        """The measures whose lines are not written."""
        return [one for one in self.rows if one.lines is None]

    @cached_property
    def mine(self) -> list[Row]:
        """The measures whose lead the viewer is."""
        return [one for one in self.rows if one.mine]

    @cached_property
    def leaderless(self) -> list[Row]:
        """The measures nobody leads."""
        return [one for one in self.rows if one.lead is None]

    @cached_property
    def mine_missing(self) -> list[Row]:
        """Those of them that are the viewer's to write."""
        return [one for one in self.missing if one.mine]

    @property
    def late(self) -> bool:
        """Whether the day has passed."""
        return clock.today() > self.due_on

    @property
    def sentence(self) -> str:
        """'Lines are written for 22 of 25 headline measures. Three are late since 13 November.'"""
        written = len(self.rows) - len(self.missing)
        said = f"Lines are written for {written} of the {len(self.rows)} headline measures."
        if not self.missing:
            return said
        count = wording.spelled(len(self.missing)).capitalize()
        verb = "is" if len(self.missing) == 1 else "are"
        when = wording.day(self.due_on)
        return f"{said} {count} {verb} late since {when}." if self.late else f"{said} The others are due by {when}."


def this_month(viewer: Viewer) -> Month:
    """Every headline measure with its lead and whether the month's lines are written. Raises Refused."""
    check_see_lines(viewer)
    stand = standing(viewer)
    found, released = figures.authority(stand, viewer.level), _released(schedule.month_of(stand))
    listed = _month(stand, viewer)
    rows = []
    for one in listed.rows:
        series = found.get(one.measure.id)
        if series is None:
            rows.append(one)
            continue
        signal = signals.fair_signal(stand, one.measure, series)
        changes = measures.change_words(signal, stand.as_at) if series.headline.measured else ""
        value = measures.value_words(one.measure, series.headline)
        of, told = measures.of_words(one.measure, series.headline), one.measure.id in released
        rows.append(replace(one, value=value, of=of, change=changes, tone=measures.tone_of(signal), told=told))
    return Month(listed.month, listed.due_on, rows, listed.names)


def home(viewer: Viewer) -> Month:
    """The same without figures, for the first page. Raises Refused."""
    check_see_lines(viewer)
    return _month(standing(viewer), viewer)


def _month(stand: Standing, viewer: Viewer | None) -> Month:
    month = schedule.month_of(stand)
    due, written, known = schedule.due_on(month), newest(month), leads.leads(stand)
    rows = [
        Row(one, known[key], written.get(key), due, viewer is not None and may_write_lines(viewer, known[key]))
        for key, one in leads.headline().items()
    ]
    rows.sort(key=lambda one: (measures.journey(one.measure.area), one.measure.id))
    return Month(month, due, rows, viewer is not None and may_name_leads(viewer))


def newest(month: date) -> dict[str, MonthLines]:
    """The lines of a month that stand, by measure; `first_at` on each says when the first of them were written."""
    found: dict[str, MonthLines] = {}
    for one in MonthLines.objects.filter(month=month).order_by("measure", "version"):
        before = found.get(one.measure)
        one.first_at = before.first_at if before else one.written_at  # type: ignore[attr-defined]
        found[one.measure] = one
    return found


def _released(month: date) -> dict[str, LinesRelease]:
    """The newest text that stands released of each measure for a month."""
    found = LinesRelease.objects.filter(lines__month=month, taken_back_at=None).select_related("lines")
    return {one.lines.measure: one for one in found}


@dataclass(frozen=True)
class Past:
    """The lines of one month that stand, with what stood before each correction, the newest first."""

    lines: MonthLines
    before: Sequence[MonthLines]


@dataclass(frozen=True)
class Story:
    """The lines of one measure: this month's and those of earlier months, as its page shows them."""

    measure: Definition
    month: date
    due_on: date
    lead: Lead | None
    now: Past | None
    earlier: Sequence[Past]
    writes: bool

    @property
    def late(self) -> bool:
        """Whether this month's are not written and the day has passed."""
        return self.now is None and clock.today() > self.due_on


@dataclass(frozen=True)
class Page:
    """The page on which one measure's lines are written, its lead is named, and a text is released."""

    story: Story
    sentence: str
    names: bool
    releases: bool
    people: Sequence[tuple[int, str]]
    texts: Sequence[LinesRelease]


def story(viewer: Viewer, measure: str) -> Story | None:
    """The lines of a headline measure, for its own page; None of another measure. Raises Refused."""
    check_see_lines(viewer)
    definition = leads.headline().get(measure)
    if definition is None:
        return None
    stand = standing(viewer)
    month, lead = schedule.month_of(stand), leads.leads(stand)[measure]
    told = MonthLines.objects.filter(measure=measure, month__lte=month).order_by("-month", "-version")
    by_month: dict[date, list[MonthLines]] = {}
    for one in told:
        by_month.setdefault(one.month, []).append(one)
    past = {key: Past(versions[0], versions[1:]) for key, versions in list(by_month.items())[:MOST_MONTHS]}
    return Story(
        measure=definition,
        month=month,
        due_on=schedule.due_on(month),
        lead=lead,
        now=past.get(month),
        earlier=[one for key, one in past.items() if key < month],
        writes=viewer.known is None and may_write_lines(viewer, lead),
    )


def page(viewer: Viewer, measure: str) -> Page:
    """One measure's lines with what the viewer may do there. Raises Refused, Http404."""
    found = story(viewer, measure)
    if found is None:
        raise Http404
    releases = may_release_lines(viewer)
    texts = LinesRelease.objects.filter(lines__measure=measure, lines__month=found.month) if releases else ()
    names = may_name_leads(viewer)
    return Page(
        story=found,
        sentence=_sentence(standing(viewer), viewer, found.measure),
        names=names,
        releases=releases,
        people=[(one.pk, f"{one.person.name}, {one.title}") for one in leads.may_lead()] if names else [],
        texts=list(texts),
    )


def _sentence(stand: Standing, viewer: Viewer, measure: Definition) -> str:
    """The authority's figure in the measure's own sentence, and whether the months say that it changed."""
    series = figures.authority(stand, viewer.level).get(measure.id)
    if series is None:
        return ""
    said = measures.answer(stand, viewer, measure, series.headline)
    changed = signals.fair_signal(stand, measure, series).sentence if series.headline.measured else ""
    return f"{said} {changed}".strip()


def for_pack(stand: Standing) -> Month:
    """The month's lines as a pack tells them. The caller decides what its office may read."""
    return _month(stand, None)


def released_in(month: date) -> Mapping[str, LinesRelease]:
    """What stands released to the Lead Member for a month, by measure."""
    return _released(month)
