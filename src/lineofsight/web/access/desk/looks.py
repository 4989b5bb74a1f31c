"""Who looked: at one child, by person, and for which reason. Children are counted and never named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.http import Http404

from lineofsight import clock
from lineofsight.cases import refs
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.desk import log, wording
from lineofsight.web.access.desk.period import Period
from lineofsight.web.access.house import home_in_use, keys_in_use
from lineofsight.web.access.models import ChainChild, ChainEvent, Need
from lineofsight.web.access.need.purposes import words_of
from lineofsight.web.access.need.queries import ended_at
from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import Viewer, audience_of

# What refs at the desk are made for: one from any other page is no child here, and one from here none elsewhere.
AUDIENCE = "desk"
NEWEST = 50
BESIDE = "Opened the page of a brother or sister"
# Codes that stand for a child to those who see no names change with the month: so many months back are tried.
MONTHS_BACK = 36

_BY_PERSON = """
select chain.actor, count(*), sum(case when child.place = 0 and chain.action = 'child.opened' then 1 else 0 end),
    count(distinct substr(chain.at, 1, 10)), min(chain.at), max(chain.at)
from access_chainchild as child
join access_chainevent as chain on chain.sequence = child.sequence
where child.child_key = %(child)s and chain.action not like 'log.%%' and chain.action not like '%%.refused'
group by chain.actor
order by max(chain.sequence) desc
"""
_PEOPLE = """
select actor, count(*), sum(children), count(distinct substr(hour, 1, 10)),
    sum(case when form = '' then 0 else 1 end), sum(case when reason = '' then 0 else 1 end), max(sequence)
from access_chainshown
where hour >= %(since)s and hour < %(before)s
group by actor
order by sum(children) desc, actor
"""
_REASONS = """
select reason, count(*), count(distinct actor), sum(children)
from access_chainshown
where hour >= %(since)s and hour < %(before)s
group by reason
order by count(*) desc
"""


@dataclass(frozen=True)
class Looker:
    """One person's looks at one child: how often it stood on their page, how often they opened its own."""

    actor: str
    name: str
    events: int
    opened: int
    days: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class NeedTold:
    """A need the child was opened for, in words."""

    name: str
    office: str
    purpose: str
    opened_at: datetime
    until: datetime


@dataclass(frozen=True)
class OfChild:
    """Who looked at one child. `ref` names the child to this desk alone.

    `searches` are looks into the log itself, `refused` are tries that showed nothing.
    """

    ref: str
    people: list[Looker]
    needs: list[NeedTold]
    newest: list[log.Row]
    events: int
    searches: int
    refused: int

    @property
    def days(self) -> list[tuple[date, list[log.Row]]]:
        """The newest events by the day they fell on."""
        return log.by_day(self.newest)

    @property
    def searched(self) -> str:
        """How often the log itself was searched for the child before now; '' for never."""
        return wording.times(self.searches) if self.searches > 0 else ""


@dataclass(frozen=True)
class Reader:
    """What one person was shown in a period; a child is counted again each time it is shown."""

    actor: str
    name: str
    events: int
    children: int
    days: int
    files: int
    reasons: int
    last: datetime


@dataclass(frozen=True)
class Reason:
    """One reason in a period: how often, by how many people, over how many children shown."""

    digest: str
    words: str
    events: int
    people: int
    children: int


def ref_of(words: str) -> str | None:
    """The desk's ref for a child asked for by its id in the case system, or by a code somebody was shown.

    Whether there is such a child is not looked up: an id nobody was ever shown has a ref like any other. None for
    nothing.
    """
    words = words.strip()
    if not words:
        return None
    key = _behind_code(words) or keys_in_use().child_key(home_in_use().authority, words)
    return refs.ref(keys_in_use(), AUDIENCE, key)


def child_key(ref: str) -> str:
    """The child behind a ref of this desk. Raises Http404 for any other."""
    key = refs.child_key(keys_in_use(), AUDIENCE, ref)
    if key is None:
        raise Http404
    return key


def by_child(viewer: Viewer, ref: str) -> OfChild:
    """Who looked at one child, and why. The search is itself in the log, by the child's key.

    Raises Refused without SEE_LOG, Http404 for a ref that is not this desk's, LogUnavailable.
    """
    check(viewer, Capability.SEE_LOG)
    key = child_key(ref)
    record_read(viewer=viewer, action="log.child", child_keys=[key])
    known = wording.names()
    people = [
        Looker(actor, wording.called(actor, known), events, int(opened), days, *map(wording.local, between))
        for actor, events, opened, days, *between in _rows(_BY_PERSON, child=key)
    ]
    shown = ChainChild.objects.filter(child_key=key).values("sequence")
    events = ChainEvent.objects.filter(sequence__in=shown)
    looked = events.exclude(action__startswith="log.")
    return OfChild(
        ref=ref,
        people=people,
        needs=_needs(key),
        newest=_newest(key, looked, known),
        events=sum(one.events for one in people),
        searches=events.filter(action__startswith="log.").count() - 1,
        refused=events.filter(action__endswith=".refused").count(),
    )


def people(viewer: Viewer, period: Period) -> list[Reader]:
    """What each person was shown in a period, the most first. Raises Refused, LogUnavailable."""
    check(viewer, Capability.SEE_LOG)
    record_read(viewer=viewer, action="log.people", detail={"days": period.words})
    known = wording.names()
    rows = _rows(_PEOPLE, since=period.since[:13], before=period.before[:13])
    at = dict(ChainEvent.objects.filter(sequence__in=[row[-1] for row in rows]).values_list("sequence", "at"))
    return [
        Reader(
            actor,
            wording.called(actor, known),
            events,
            int(children),
            days,
            int(files),
            int(reasons),
            wording.local(at[last]),
        )  # fmt: skip
        for actor, events, children, days, files, reasons, last in rows
        if last in at
    ]


def reasons(viewer: Viewer, period: Period) -> list[Reason]:
    """Why children were looked at in a period: each reason given, and how often none was asked for.

    Raises Refused, LogUnavailable.
    """
    check(viewer, Capability.SEE_LOG)
    record_read(viewer=viewer, action="log.reasons", detail={"days": period.words})
    words = log.reasons()
    return [
        Reason(
            digest,
            words.get(digest, "No longer held") if digest else "",
            events,
            by,
            int(children or 0),
        )
        for digest, events, by, children in _rows(_REASONS, since=period.since[:13], before=period.before[:13])
    ]


def _newest(key: str, looked: QuerySet[ChainEvent], known: dict[str, str]) -> list[log.Row]:
    """The newest events; a page that was a brother's or sister's says so."""
    rows = log.rows(looked.order_by("-sequence")[:NEWEST], known)
    at = ChainChild.objects.filter(child_key=key, sequence__in=[row.sequence for row in rows])
    beside = set(at.filter(place__gt=0).values_list("sequence", flat=True))
    own = wording.action_words("child.opened")
    return [replace(row, action=BESIDE) if row.sequence in beside and row.action == own else row for row in rows]


def _needs(key: str) -> list[NeedTold]:
    return [
        NeedTold(
            need.person.name,
            offices()[need.office].title if need.office in offices() else need.office,
            words_of(need.purpose),
            need.opened_at,
            ended_at(need),
        )
        for need in Need.objects.filter(child_key=key).select_related("person").order_by("-opened_at")
    ]


def _behind_code(code: str) -> str | None:
    """The child behind a code that some office was shown for it, this month or earlier; None for anything else."""
    if len(code) != refs.REF_LENGTH:
        return None
    months, on = [], clock.today().replace(day=1)
    for _ in range(MONTHS_BACK):
        months.append(on)
        on = (on - timedelta(days=1)).replace(day=1)
    audiences = {audience_of(office.level, slug, month) for slug, office in offices().items() for month in months}
    found = (refs.child_key(keys_in_use(), audience, code) for audience in [AUDIENCE, *sorted(audiences)])
    return next((key for key in found if key), None)


def _rows(sql: str, **values: Any) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
