"""One child: who is responsible, what is owed, and one chronology from every table.

A child is obtained through permission: a ref that is wrong, of another audience, out of scope or of a restricted
record is no page at all, and the attempt is logged. Outside scope a stated need opens this one page, while it lasts.
Three reads of the lake, filtered to the child.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pyarrow.compute as pc
from django.http import Http404

from lineofsight.cases import refs
from lineofsight.web import keys_in_use
from lineofsight.web.access import merged, scope
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.need.queries import Opening, need_opening, night_opening
from lineofsight.web.access.need.reading import note_opened
from lineofsight.web.access.pace import OPENING, check_pace
from lineofsight.web.access.permissions import check_see_children
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries import ages, case_system, ledger, people, said, telling
from lineofsight.web.practice.queries.coming import Coming, Timescale, falling_due, timescale
from lineofsight.web.practice.queries.plans import Plan, plans
from lineofsight.web.practice.queries.responsible import LEADS, InCharge, Lead, in_charge, leads
from lineofsight.web.practice.queries.standing import Standing, belonging, is_fresh, standing, teams
from lineofsight.web.practice.queries.story import PLANS, Chronology, Event, Narrowed, told


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
    case_id: str = ""  # the case system's number, and the address there where the home names one
    case_link: str = ""
    leads: Sequence[Lead] = ()
    over: InCharge = InCharge()
    coming: Sequence[Coming] = ()
    standing_plans: Sequence[Plan] = ()
    rules: Mapping[str, Timescale] = field(default_factory=dict)
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

    @property
    def others(self) -> list[Event]:
        """Those of them who do not lead."""
        return [one for one in self.workers if one.title.partition(": ")[0] not in LEADS]

    @property
    def earlier_workers(self) -> list[Event]:
        """Everybody whose work with the child has ended, the last first."""
        return [one for one in self.events if one.kind == "involvement" and one.ended_on is not None]

    @property
    def professionals(self) -> list[Event]:
        """Those of other agencies around the child, who are still there first."""
        found = [one for one in self.events if one.kind == "professional"]
        return sorted(found, key=lambda one: one.ended_on is not None)

    @property
    def duties(self) -> list[tuple[ledger.Owed, Timescale | None]]:
        """What is owed and not done, each with what its timescale stands on."""
        return [(one, self.rules.get(one.measure)) for one in self.owed]

    @property
    def sources(self) -> list[tuple[str, str]]:
        """Where each time on the page comes from, each title once."""
        told = {one.title: rule.source for one, rule in self.duties if rule}
        return list((told | {one.title: one.rule.source for one in self.coming}).items())


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
    found = people.named(stand, [key, *known], also=["person_id"])
    person = {**held, **found[key]}
    card = people.card(stand, viewer, person)
    owed = _owed(stand, key, card)
    events = _events(stand, key)
    return Child(
        **_owed_parts(owed),
        **_roles(stand, events),
        **_duties(stand, key, owed, events),
        **_in_charge(stand, held["team_id"], card, events),
        case_id=person["person_id"],
        case_link=case_system.link(person["person_id"]),
        key=key,
        ref=card.ref,
        name=card.name,
        age=card.age,
        person=person,
        events=events,
        siblings=[_sibling(viewer, stand, found[one]) for one in known],
        siblings_withheld=len(family) - len(known),
        as_at=stand.as_at,
        fresh=is_fresh(stand),
        older=ages.sentence(ages.older(stand, stand.snapshot.tables)),
        opening=opening,
    )


def _in_charge(stand: Standing, team_id: str | None, card: people.Card, events: Sequence[Event]) -> dict[str, Any]:
    """Who leads the work, the team and the service they are in, and who is over them."""
    team = teams(stand).get(team_id) if team_id else None
    return {
        "responsible": card.worker,
        "leads": leads(stand, events),
        "over": in_charge(stand, team_id),
        "team": team.called if team else card.team,
        "service": (team.service_name or "") if team else "",
    }


def _owed_parts(owed: Sequence[ledger.Owed]) -> dict[str, Any]:
    """What is still owed, and how many things were and are done."""
    return {
        "owed": [one for one in owed if one.state != "cleared"],
        "cleared": sum(one.state == "cleared" for one in owed),
    }


def _duties(stand: Standing, key: str, owed: Sequence[ledger.Owed], events: Sequence[Event]) -> dict[str, Any]:
    """What falls due, the plans with their reviews, and what each thing owed stands on."""
    still = [one for one in owed if one.state != "cleared"]
    due = falling_due(stand, key)
    return {
        "coming": due,
        "standing_plans": plans(events, stand.as_at, still, due),
        "rules": {one.measure: timescale(stand, one.measure) for one in still},
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
    ordered = said.beside(stand, found).sort_by([("days_over", "descending"), ("measure", "ascending")])
    rows = [ledger.told(stand, row, {key: card}, names_workers=True) for row in ordered.to_pylist()]
    titles = [one.title for one in rows]
    return [replace(one, title=ledger.kind_title(one.measure)) if titles.count(one.title) > 1 else one for one in rows]


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
            worker_id=row["worker_id"] or "",
        )
        for row in reversed(found)
        if row["on"]
    ]


def _sibling(viewer: Viewer, stand: Standing, person: Mapping[str, Any]) -> Sibling:
    ref = refs.ref(keys_in_use(), viewer.audience, person["child_key"])
    return Sibling(ref, people.name(person), people.age(person, stand.as_at))


def chronology(
    child: Child, kind: str = "", page: int = 1, *, since: date | None = None, until: date | None = None
) -> Chronology:
    """One page of the chronology. Raises Http404 for a kind or page there is not."""
    return told(child.events, Narrowed(kind, since, until), page)
