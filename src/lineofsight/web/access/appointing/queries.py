"""What the pages of people, offices and invitations show. No child stands on any of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Q

from lineofsight import clock
from lineofsight.web.access.appointing import inviting, reach
from lineofsight.web.access.appointing.permissions import check_manage, may_manage
from lineofsight.web.access.models import Holding, Invitation, Person
from lineofsight.web.access.offices import LEVEL_WORDS, SCOPE_WORDS, Office, office, offices
from lineofsight.web.access.permissions import IN_PERSON, WORDS, Capability, check
from lineofsight.web.access.viewer import Viewer

# How long an ended office, or an invitation that is over, stays on the page.
KEPT_IN_SIGHT = timedelta(days=365)


@dataclass(frozen=True)
class Told:
    """An office in words: whose children it reaches, how plainly, what it may do, and how its holder signs in.

    `in_person` is what no delegate does for the holder; empty for an office without delegates.
    """

    office: Office
    reach: str
    plainness: str
    may: list[str]
    in_person: list[str]
    second_factor: str


@dataclass(frozen=True)
class Held:
    """One holding as the page shows it: when, what it reaches by name, and whether it can be ended from here."""

    holding: Holding
    reach: str
    may_end: bool

    @property
    def when(self) -> str:
        """'since 1 April 2024', 'from 1 December 2026', with the last day where there is one."""
        one = self.holding
        began = "from" if one.from_date > clock.today() else "since"
        return f"{began} {_day(one.from_date)}" + (f", until {_day(one.until)}" if one.until else "")


@dataclass(frozen=True)
class Ended:
    """A holding that is over, and how long it lasted in words."""

    holding: Holding
    title: str
    when: str


@dataclass(frozen=True)
class OfficeRow:
    """One office in words, who holds it today, their delegates, and who will hold it."""

    told: Told
    holders: list[Held]
    delegates: list[Held]
    coming: list[Held]


@dataclass(frozen=True)
class OfficesPage:
    """Every office, who is without one, and what ended in the last year."""

    rows: list[OfficeRow]
    without: list[Person]
    ended: list[Ended]
    invited: int

    @property
    def groups(self) -> list[tuple[str, list[OfficeRow]]]:
        """The offices by where they stand in the authority."""
        return [(group, list(some)) for group, some in groupby(self.rows, key=lambda row: row.told.office.group)]

    @property
    def empty(self) -> int:
        """How many offices nobody holds today."""
        return sum(not row.holders for row in self.rows)


@dataclass(frozen=True)
class Invited:
    """One invitation as the list shows it. The secret is not known any more."""

    invitation: Invitation
    title: str
    state: str
    is_open: bool
    made_by: str


def offices_page(viewer: Viewer) -> OfficesPage:
    """Every office with its holders, delegates and those to come. Raises Refused without MANAGE_ACCESS."""
    check(viewer, Capability.MANAGE_ACCESS)
    today = clock.today()
    found = Holding.objects.filter(Q(until__isnull=True) | Q(until__gte=today - KEPT_IN_SIGHT)).select_related("person")
    every = sorted(found, key=lambda one: (one.person.name, one.from_date))
    standing = [one for one in every if one.until is None or one.until >= max(today, one.from_date)]
    names = reach.named(standing)
    held = [Held(one, ", ".join(names[one.pk]), one.person.key != viewer.person_key) for one in standing]
    holding = {one.holding.person_id for one in held if one.holding.from_date <= today}
    over = [one for one in every if one not in standing]
    return OfficesPage(
        rows=[_row(one, [h for h in held if h.holding.office == one.slug]) for one in offices().values()],
        without=[one for one in Person.objects.filter(is_active=True) if one.pk not in holding],
        ended=[_ended(one) for one in sorted(over, key=lambda one: one.until or today, reverse=True)],
        invited=sum(inviting.is_open(one) for one in Invitation.objects.filter(accepted_at=None, withdrawn_at=None)),
    )


def offices_to_give(viewer: Viewer) -> list[tuple[str, list[Told]]]:
    """Every office in words, by group, to choose from. Raises Refused without MANAGE_ACCESS."""
    check(viewer, Capability.MANAGE_ACCESS)
    return [
        (group, [_told(one) for one in some]) for group, some in groupby(offices().values(), key=lambda one: one.group)
    ]


def office_to_give(viewer: Viewer, slug: str) -> Told | None:
    """One office in words, None where there is no such office. Raises Refused without MANAGE_ACCESS."""
    check(viewer, Capability.MANAGE_ACCESS)
    return _told(office(slug)) if slug in offices() else None


def people_to_give(viewer: Viewer) -> list[Person]:
    """Everybody who can be given an office: all but the viewer. Raises Refused without MANAGE_ACCESS."""
    check(viewer, Capability.MANAGE_ACCESS)
    return list(Person.objects.filter(is_active=True).exclude(key=viewer.person_key))


def reach_of(viewer: Viewer, one: Office) -> list[reach.Choice]:
    """What the office can reach, by name. Raises Refused without MANAGE_ACCESS."""
    check(viewer, Capability.MANAGE_ACCESS)
    return reach.choices(one.scope)


def holding_to_end(viewer: Viewer, holding_id: int) -> Held | None:
    """A holding in force or to come, or None. Raises Refused without MANAGE_ACCESS, and for one's own."""
    check(viewer, Capability.MANAGE_ACCESS)
    today = clock.today()
    found = Holding.objects.select_related("person").filter(pk=holding_id).first()
    if found is None or (found.until is not None and found.until < max(today, found.from_date)):
        return None
    check_manage(viewer, found.person)
    return Held(found, ", ".join(reach.named([found])[found.pk]), may_end=True)


def holdings_of(viewer: Viewer, person: Person) -> tuple[list[Held], list[Ended]]:
    """What `person` holds or will hold, and what they held, the latest first. Raises Refused without MANAGE_ACCESS."""
    check(viewer, Capability.MANAGE_ACCESS)
    today = clock.today()
    every = list(Holding.objects.filter(person=person).select_related("person"))
    standing = [one for one in every if one.until is None or one.until >= max(today, one.from_date)]
    names = reach.named(standing)
    over = sorted((one for one in every if one not in standing), key=lambda one: one.until or today, reverse=True)
    told = {one.pk: ", ".join(names[one.pk]) or SCOPE_WORDS.get(reach.kind_of(one), "") for one in standing}
    held = [Held(one, told[one.pk], may_manage(viewer, person)) for one in standing]
    return held, [_ended(one) for one in over]


def invitations(viewer: Viewer) -> list[Invited]:
    """The invitations of the last year, the open ones first. Raises Refused without MANAGE_ACCESS."""
    check(viewer, Capability.MANAGE_ACCESS)
    since = clock.now() - KEPT_IN_SIGHT
    names = dict(Person.objects.values_list("key", "name"))
    listed = [_invited(one, names) for one in Invitation.objects.filter(made_at__gte=since)]
    return sorted(listed, key=lambda one: not one.is_open)


def people_in_lines() -> list[str]:
    """Everybody who may sign in, a line an office they hold today: key, name, address, office. For the command line."""
    held: dict[int, list[str]] = {}
    for one in Holding.objects.in_force(clock.today()):
        held.setdefault(one.person_id, []).append(f"{one.office} (delegate)" if one.as_delegate else one.office)
    return [
        "\t".join((person.key, person.name, person.email, what))
        for person in Person.objects.filter(is_active=True)
        for what in held.get(person.pk, ["no office"])
    ]


def _row(one: Office, held: list[Held]) -> OfficeRow:
    today = clock.today()
    now = [h for h in held if h.holding.from_date <= today]
    return OfficeRow(
        told=_told(one),
        holders=[h for h in now if not h.holding.as_delegate],
        delegates=[h for h in now if h.holding.as_delegate],
        coming=[h for h in held if h.holding.from_date > today],
    )


def _told(one: Office) -> Told:
    return Told(
        office=one,
        reach=SCOPE_WORDS[one.scope],
        plainness=LEVEL_WORDS[one.level],
        may=[WORDS[capability] for capability in Capability if capability in one.capabilities],
        in_person=[WORDS[capability] for capability in Capability if capability in one.capabilities & IN_PERSON],
        second_factor="A second step is needed to sign in."
        if one.second_factor
        else "A password is enough to sign in.",
    )


def _ended(one: Holding) -> Ended:
    last = one.until or clock.today()
    if last < one.from_date:
        when = f"given for {_day(one.from_date)} and taken back"
    else:
        when = f"{_day(one.from_date)} to {_day(last)}"
    return Ended(one, f"{one.title}, as a delegate" if one.as_delegate else one.title, when)


def _invited(one: Invitation, names: dict[str, str]) -> Invited:
    known = offices().get(one.office)
    title = known.title if known else one.office
    opens = inviting.is_open(one)
    if one.accepted_at:
        state = f"Taken up on {_day(_london(one.accepted_at))}"
    elif one.withdrawn_at:
        state = f"Taken back on {_day(_london(one.withdrawn_at))}"
    else:
        state = f"{'Open until' if opens else 'Not taken up by'} {_day(_london(one.expires_at))}"
    return Invited(
        invitation=one,
        title=f"{title}, as a delegate" if one.as_delegate else title,
        state=state,
        is_open=opens,
        made_by=names.get(one.made_by_key, one.made_by_key),
    )


def _london(moment: datetime) -> date:
    return moment.astimezone(clock.LONDON).date()


def _day(one: date) -> str:
    return f"{one.day} {one:%B %Y}"
