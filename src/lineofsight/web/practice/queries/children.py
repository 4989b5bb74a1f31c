"""One child: who is responsible, what is owed, and one chronology from every table.

A child is obtained through permission: a ref that is wrong, of another audience, out of scope or of a restricted
record is no page at all, and the attempt is logged. Outside scope a stated need opens this one page, while it lasts.
Three reads of the lake, filtered to the child.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

import pyarrow.compute as pc
from django.http import Http404

from lineofsight.cases import refs
from lineofsight.lake import event_kinds
from lineofsight.web import keys_in_use
from lineofsight.web.access import merged, scope
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.need.queries import Opening, need_opening, night_opening
from lineofsight.web.access.need.reading import note_opened
from lineofsight.web.access.pace import OPENING, check_pace
from lineofsight.web.access.permissions import check_see_children
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries import ages, ledger, paging, people, telling
from lineofsight.web.practice.queries.paging import Paged
from lineofsight.web.practice.queries.standing import Standing, belonging, is_fresh, standing, teams

PAGE = 100
# Kinds of event that last: without an end they are what stands now.
PLANS = {
    "child_protection_plan": "Child protection plan",
    "care_episode": "Looked after",
    "placement": "Placement",
    "legal_status": "Legal status",
    "child_in_need_plan": "Child in need plan",
    "early_help": "Early help",
    "referral": "Open to children’s social care",
    "missing": "Missing",
}


WEIGHTY = frozenset(
    {
        "referral",
        "section_47",
        "conference",
        "child_protection_plan",
        "child_protection_plan_ended",
        "care_episode",
        "left_care",
        "permanence",
        "missing",
        "pre_proceedings",
        "referral_closed",
        "death",
    }
)


@dataclass(frozen=True)
class Event:
    """One row of the chronology."""

    on: date
    kind: str
    title: str
    detail: str
    ended_on: date | None
    team: str
    worker: str
    source: str

    @property
    def plan_title(self) -> str:
        """What stands now, in words: 'Child protection plan: neglect'."""
        about = self.title.partition(": ")[2]
        return PLANS.get(self.kind, self.title) + (f": {about}" if about else "")

    @property
    def works_now(self) -> bool:
        """Whether it is somebody's work with the child that has not ended."""
        return self.kind == "involvement" and self.ended_on is None

    @property
    def weighty(self) -> bool:
        """Whether it changes what stands: drawn stronger, so that a long chronology can be read at a glance."""
        return self.kind in WEIGHTY


@dataclass(frozen=True)
class Sibling:
    """A brother or sister; without a page (`ref` empty) where this viewer may not open it."""

    ref: str
    name: str
    age: str


@dataclass(frozen=True)
class Child:
    """A child as this viewer may see them. `person` holds names, dates of birth and what the child belongs to.

    `opening` is the need, or the file of tonight's reading, that the page is open for.
    """

    key: str
    ref: str
    name: str
    age: str
    person: Mapping[str, Any]
    responsible: str
    team: str
    service: str
    events: Sequence[Event]
    owed: Sequence[ledger.Owed]
    cleared: int
    siblings: Sequence[Sibling]
    siblings_withheld: int
    as_at: date
    fresh: bool
    older: str = ""
    opening: Opening | None = None
    role_untold: bool = False  # an open involvement has a role word that nobody has mapped
    roles_since: bool = False  # the role map has changed since the extract was loaded

    @property
    def sentence(self) -> str:
        """What stands now, who answers for it and what is owed, without a name."""
        standing_now = wording.listed([PLANS[one.kind].lower() for one in self.plans[:2]])
        is_, when = ("is", "now") if self.fresh else ("was", f"on {wording.day(self.as_at)}")
        where = f"On record {when}: {standing_now}." if standing_now else f"No plan or episode {is_} open {when}."
        who = f"{'A' if self.responsible else 'No'} named worker {is_} responsible."
        if not self.responsible and self.role_untold:
            who = f"Whether a named worker {is_} responsible cannot be told: {telling.UNMAPPED}."
        return f"{where} {who} {self.owed_words}"

    @property
    def age_words(self) -> str:
        """The age beside a name: 'aged 9', '7 months old', 'unborn'."""
        return f"aged {self.age}" if self.age.isdigit() else f"{self.age} old" if "month" in self.age else self.age

    @property
    def owed_words(self) -> str:
        """'Two things owed are not done.'"""
        one = len(self.owed) == 1
        is_, are = ("is", "are") if self.fresh else ("was", "were")
        if not self.owed:
            return f"Nothing that {is_} measured {is_} owed and not done."
        count = wording.spelled(len(self.owed))
        return f"{count[:1].upper()}{count[1:]} {f'thing owed {is_}' if one else f'things owed {are}'} not done."

    @property
    def plans(self) -> list[Event]:
        """What stands now, in the order of PLANS; of each kind the newest."""
        newest: dict[str, Event] = {}
        for event in self.events:
            if event.kind in PLANS and event.ended_on is None and event.on <= self.as_at:
                newest.setdefault(event.kind, event)
        return [newest[kind] for kind in PLANS if kind in newest]

    @property
    def workers(self) -> list[Event]:
        """Everybody who works with the child now, as the extract's involvements say."""
        return [one for one in self.events if one.works_now]


def get_child(viewer: Viewer, ref: str, purpose: str = "", *, by_need: bool = True) -> Child:
    """The child behind `ref`. The read is in the log before anything but the right to read is looked up.

    Without `by_need` only the viewer's scope opens it: a need opens the page itself, and nothing else. Raises
    Refused for an office that sees no child, Http404 for a child that is not this viewer's to see (and logs the
    attempt), TooFast for who opened as many pages as the policy allows, LogUnavailable.
    """
    check_see_children(viewer)
    check_pace(viewer, OPENING)
    stand = standing(viewer)
    held, looking, opening = obtained(viewer, stand, ref, purpose, by_need)
    key = held["child_key"]
    family = {
        one: about for one, about in belonging(stand, held["siblings"] or ()).items() if not _absent(viewer, about)
    }
    known = [one for one, about in family.items() if scope.may_open(viewer, about)]
    detail = {"siblings": len(known)} | ({opening.kind: opening.key} if opening else {})
    record_read(viewer=looking, action="child.opened", child_keys=[key, *known], detail=detail)
    if opening and opening.kind == "night":
        note_opened(opening.key, opening.file)
    found = people.named(stand, [key, *known])
    person = {**held, **found[key]}
    card = people.card(stand, viewer, person)
    owed = _owed(stand, key, card)
    events = _events(stand, key)
    team = teams(stand).get(held["team_id"])
    return Child(
        **_owed_parts(owed),
        **_roles(stand, events),
        key=key,
        ref=card.ref,
        name=card.name,
        age=card.age,
        person=person,
        responsible=card.worker,
        team=team.called if team else card.team,
        service=(team.service_name or "") if team else "",
        events=events,
        siblings=[_sibling(viewer, stand, found[one]) for one in known],
        siblings_withheld=len(family) - len(known),
        as_at=stand.as_at,
        fresh=is_fresh(stand),
        older=ages.sentence(ages.older(stand, stand.snapshot.tables)),
        opening=opening,
    )


def _owed_parts(owed: Sequence[ledger.Owed]) -> dict[str, Any]:
    """What is still owed, and how many things were and are done."""
    return {
        "owed": [one for one in owed if one.state != "cleared"],
        "cleared": sum(one.state == "cleared" for one in owed),
    }


def _roles(stand: Standing, events: Sequence[Event]) -> dict[str, Any]:
    """What the role words keep from being told of a child."""
    return {
        "role_untold": telling.has_unmapped(stand, [one.title for one in events if one.works_now]),
        "roles_since": stand.snapshot.roles_hash not in ("", stand.computation.roles_hash),
    }


def obtained(
    viewer: Viewer, stand: Standing, ref: str, purpose: str, by_need: bool
) -> tuple[Mapping[str, Any], Viewer, Opening | None]:
    """Whom the child behind `ref` belongs to, the viewer with the purpose they look for, and what opened the page.

    The ref of a record that was merged into another leads to the one that stays. Raises Http404 for a child that is
    not this viewer's to see, with the attempt in the log.
    """
    named = refs.child_key(keys_in_use(), viewer.audience, ref)
    if named is None:
        raise Http404
    key = merged.kept_for(named)
    held = belonging(stand, [key]).get(key)
    within = held is not None and scope.may_open(viewer, held)
    opening = _opening(viewer, held, within) if held is not None and (within or by_need) else None
    looking = viewer.for_purpose(purpose or (opening.purpose if opening else viewer.purpose))
    if held is None or not (within or opening):
        record_read(viewer=looking, action="child.refused", child_keys=[key] if held else [])
        raise Http404
    return held, looking, opening


def _absent(viewer: Viewer, held: Mapping[str, Any]) -> bool:
    """Whether a child's record is as if there were none: not even counted beside a brother or sister (rule 7.3)."""
    return bool(held["restricted"]) and not scope.sees_through(viewer, held["child_key"])


def _opening(viewer: Viewer, held: Mapping[str, Any], within: bool) -> Opening | None:
    """What the page is open for beside scope: tonight's reading, or a stated need. Never a restricted record (7.3)."""
    if held["restricted"]:
        return None
    if within:
        return night_opening(viewer, held["child_key"])
    return need_opening(viewer, held["child_key"])


def _owed(stand: Standing, key: str, card: people.Card) -> list[ledger.Owed]:
    """The child's exceptions, longest over first. The child is in scope, so each of theirs may be read."""
    found = stand.lake.read(stand.computation, "exceptions", where=pc.field("child_key") == key)
    rows = found.sort_by([("days_over", "descending"), ("measure", "ascending")]).to_pylist()
    told = [ledger.told(stand, row, {key: card}, names_workers=True) for row in rows]
    titles = [one.title for one in told]
    return [replace(one, title=ledger.kind_title(one.measure)) if titles.count(one.title) > 1 else one for one in told]


def _events(stand: Standing, key: str) -> list[Event]:
    found = stand.lake.events(stand.snapshot, key).to_pylist()
    return [
        Event(
            on=row["on"],
            kind=row["kind"],
            title=row["title"],
            detail=row["detail"] or "",
            ended_on=row["ended_on"],
            team=row["team_name"] or "",
            worker=row["worker_name"] if row["worker_name"] and row["worker_name"] not in row["title"] else "",
            source=row["source_table"],
        )
        for row in reversed(found)
        if row["on"]
    ]


def _sibling(viewer: Viewer, stand: Standing, person: Mapping[str, Any]) -> Sibling:
    ref = refs.ref(keys_in_use(), viewer.audience, person["child_key"])
    return Sibling(ref, people.name(person), people.age(person, stand.as_at))


@dataclass(frozen=True)
class Month:
    """The events of one month of one page of a chronology."""

    on: date
    events: Sequence[Event]


@dataclass(frozen=True)
class Chronology(Paged):
    """One page of a child's chronology, newest first, with the kinds there are to choose from."""

    months: Sequence[Month]
    kinds: Sequence[tuple[str, str, int]]
    kind: str
    number: int
    size: int
    total: int
    pages: int

    def years(self) -> Iterator[tuple[int, list[Month]]]:
        """The months by year, newest first."""
        for year, months in groupby(self.months, key=lambda month: month.on.year):
            yield year, list(months)


def chronology(child: Child, kind: str = "", page: int = 1) -> Chronology:
    """One page of the chronology. Raises Http404 for a kind or page there is not."""
    tally: dict[str, int] = {}
    for event in child.events:
        tally[event.kind] = tally.get(event.kind, 0) + 1
    if kind and kind not in tally:
        raise Http404
    chosen = [event for event in child.events if not kind or event.kind == kind]
    pages = paging.pages(len(chosen), PAGE)
    if not 1 <= page <= pages:
        raise Http404
    shown = chosen[(page - 1) * PAGE : page * PAGE]
    months = [
        Month(date(year, month, 1), list(events))
        for (year, month), events in groupby(shown, key=lambda event: (event.on.year, event.on.month))
    ]
    kinds = [(key, words, tally[key]) for key, words in event_kinds().items() if key in tally]
    return Chronology(months, kinds, kind, page, PAGE, len(chosen), pages)
