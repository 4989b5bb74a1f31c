"""The front page of the desk: what is worth a look, how much was looked at, and whether the log stands as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Min, Sum
from django.http import Http404

from lineofsight.cases import refs
from lineofsight.web.access.chain import anchored, record_read
from lineofsight.web.access.desk import log, looks, sightings, wording
from lineofsight.web.access.desk.patterns import Pattern, Sighting, patterns
from lineofsight.web.access.desk.period import Period, stamp
from lineofsight.web.access.house import keys_in_use
from lineofsight.web.access.models import ChainEvent, ChainHead, ChainShown, Looked
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import Viewer

ON_FRONT = 5
EVENTS_OF_ONE = 200


@dataclass(frozen=True)
class Item:
    """A sighting as a page shows it: the person by name, and `what` as the address carries it.

    `own` where it is the viewer's own reading: somebody else looks into that.
    """

    pattern: str
    actor: str
    name: str
    what: str
    reason: str
    own: bool = False


@dataclass(frozen=True)
class Section:
    """One pattern with the newest of what it found, and how many more there are."""

    pattern: Pattern
    items: list[Item]
    more: int
    not_measured: str

    @property
    def count(self) -> int:
        """How many sightings nobody has looked into yet."""
        return len(self.items) + self.more


@dataclass(frozen=True)
class Standing:
    """How the log stands: how many events, since when, how many anchors pin it and whether they agree."""

    events: int
    since: date | None
    anchors: int
    newest_anchor: date | None
    agrees: bool


@dataclass(frozen=True)
class Front:
    """The front page."""

    sections: list[Section]
    readers: int
    looks: int
    shown: int
    looked_into: int
    standing: Standing
    period: Period

    @property
    def worth(self) -> int:
        """How many sightings wait, of every pattern."""
        return sum(one.count for one in self.sections)

    @property
    def quiet(self) -> list[Section]:
        """The patterns that found nothing to look into."""
        return [one for one in self.sections if not one.count and not one.not_measured]


@dataclass(frozen=True)
class One:
    """One sighting with the events it rests on, newest first, and what was found of it before."""

    pattern: Pattern
    item: Item
    rows: list[log.Row]
    more: bool
    child_ref: str
    before: list[Looked]

    @property
    def days(self) -> list[tuple[date, list[log.Row]]]:
        """The events by the day they fell on."""
        return log.by_day(self.rows)


@dataclass(frozen=True)
class LookedInto:
    """Something looked into: what it was, what was found, by whom and when."""

    looked: Looked
    title: str
    name: str
    by: str


def front(viewer: Viewer) -> Front:
    """The desk's front page. Raises Refused without SEE_LOG, LogUnavailable where the look cannot be logged."""
    check(viewer, Capability.SEE_LOG)
    record_read(viewer=viewer, action="log.desk")
    known = wording.names()
    period = Period.lately()
    since = ChainShown.objects.filter(hour__gte=period.since[:13], children__gt=0)
    told = since.aggregate(readers=Count("actor", distinct=True), looks=Count("sequence"), shown=Sum("children"))
    return Front(
        sections=[_section(found, known, ON_FRONT, viewer) for found in sightings.found()],
        readers=told["readers"],
        looks=told["looks"],
        shown=told["shown"] or 0,
        looked_into=Looked.objects.count(),
        standing=_standing(),
        period=period,
    )


def section(viewer: Viewer, slug: str) -> Section:
    """All that one pattern found. Raises Refused, Http404 for a pattern there is not, LogUnavailable."""
    check(viewer, Capability.SEE_LOG)
    pattern = _pattern(slug)
    record_read(viewer=viewer, action="log.pattern", subject=slug)
    return _section(sightings.found_by(pattern), wording.names(), None, viewer)


def one(viewer: Viewer, slug: str, actor: str, what: str) -> One:
    """One sighting and the events it rests on.

    Raises Refused, Http404 where the pattern no longer finds it or it was looked into, LogUnavailable.
    """
    check(viewer, Capability.SEE_LOG)
    sighting = sighted(slug, actor, what)
    keys = [sighting.what] if sighting.child else []
    record_read(viewer=viewer, action="log.pattern", subject=slug, child_keys=keys, detail={"of": actor})
    known = wording.names()
    events = _events(sighting)
    before = list(Looked.objects.filter(pattern=slug, about=sighting.about))
    return One(
        pattern=_pattern(slug),
        item=_item(sighting, known, viewer),
        rows=log.rows(events[:EVENTS_OF_ONE], known),
        more=len(events) > EVENTS_OF_ONE,
        child_ref=refs.ref(keys_in_use(), looks.AUDIENCE, sighting.what) if sighting.child else "",
        before=before,
    )


def looked_into(viewer: Viewer) -> list[LookedInto]:
    """What was looked into, newest first, with what was found. Raises Refused, LogUnavailable."""
    check(viewer, Capability.SEE_LOG)
    record_read(viewer=viewer, action="log.history")
    known, titles = wording.names(), {slug: pattern.title for slug, pattern in patterns().items()}
    return [
        LookedInto(
            one,
            titles.get(one.pattern, one.pattern),
            wording.called(one.actor, known),
            wording.called(one.by_key, known),
        )
        for one in Looked.objects.all()
    ]


def sighted(slug: str, actor: str, what: str) -> Sighting:
    """The sighting an address names. Raises Http404 where there is none, or none any more."""
    pattern = _pattern(slug)
    for found in sightings.found_by(pattern).sightings:
        if found.actor == actor and _carried(found) == what:
            return found
    raise Http404


def _section(found: sightings.Found, known: dict[str, str], most: int | None, viewer: Viewer) -> Section:
    shown = found.sightings[:most]
    return Section(
        found.pattern,
        [_item(sighting, known, viewer) for sighting in shown],
        len(found.sightings) - len(shown),
        found.not_measured,
    )


def _item(sighting: Sighting, known: dict[str, str], viewer: Viewer) -> Item:
    name = wording.called(sighting.actor, known)
    own = sighting.actor == viewer.person_key
    return Item(sighting.pattern, sighting.actor, name, _carried(sighting), sighting.reason, own)


def _carried(sighting: Sighting) -> str:
    """What an address says a sighting is about: a child by the desk's own ref, never by its key."""
    return refs.ref(keys_in_use(), looks.AUDIENCE, sighting.what) if sighting.child else sighting.what


def _pattern(slug: str) -> Pattern:
    if slug not in patterns():
        raise Http404
    return patterns()[slug]


def _events(sighting: Sighting) -> Sequence[ChainEvent]:
    """The events a sighting rests on, newest first, and one more than are shown where there are more."""
    since = Period.lately().since
    shown = ChainShown.objects.filter(actor=sighting.actor).order_by("-sequence")
    if sighting.child:
        shown = shown.filter(opened=sighting.what, hour__gte=since[:13])
    elif sighting.pattern == "first-file":
        shown = shown.filter(form=sighting.what)
    elif sighting.pattern == "bulk":
        day = date.fromisoformat(sighting.what)
        shown = shown.filter(hour__gte=stamp(day)[:13], hour__lt=stamp(day + timedelta(days=1))[:13], children__gt=0)
    else:
        shown = shown.filter(hour__gte=since[:13], children__gt=0)
    sequences = list(shown.values_list("sequence", "hour"))
    if sighting.pattern == "out-of-hours":
        pattern = _pattern(sighting.pattern)
        sequences = [
            (sequence, hour)
            for sequence, hour in sequences
            if sightings.is_out_of_hours(wording.local(f"{hour}:00:00+00:00"), pattern)
        ]
    wanted = [sequence for sequence, _ in sequences[: EVENTS_OF_ONE + 1]]
    return list(ChainEvent.objects.filter(sequence__in=wanted).order_by("-sequence"))


def _standing() -> Standing:
    head = ChainHead.objects.first()
    first = ChainEvent.objects.aggregate(first=Min("at"))["first"]
    anchors, newest, agrees = anchored()
    began = wording.local(first).date() if first else None
    return Standing(head.sequence if head else 0, began, anchors, newest, agrees)
