"""Who is looking: a frozen answer, worked out afresh from the database for every request.

Because it is worked out afresh, an office taken away is gone on the next request (ASVS 8.3.2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import HttpRequest

from lineofsight import clock
from lineofsight.web.access import merged
from lineofsight.web.access.models import Holding, NamedPerson, Person, Restriction
from lineofsight.web.access.offices import Level, Office, ScopeKind, office, offices
from lineofsight.web.access.permissions import IN_PERSON, Capability, Refused

# Where the session keeps which of their offices a person has chosen to act in.
CHOSEN = "holding"


@dataclass(frozen=True)
class Scope:
    """Whose children: a kind, and the ids of the services, teams, workers or agencies it reaches."""

    kind: ScopeKind
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Known:
    """A past snapshot looked at as it was (DESIGN 5 D): what was known on its date, and when it was loaded."""

    snapshot: str
    as_at: date
    loaded_at: datetime


@dataclass(frozen=True)
class Viewer:
    """One person acting in one office now.

    `audience` is what refs are made for (DESIGN 5 I). `purpose` is why they look, where one is asked for.
    `sees_restricted` is for people named for every restricted record, `named_for` holds the keys of those a person
    is named for one by one (rule 7.3); no office has either. A `delegate` prepares what the holder signs.
    `known` is the past they look at, None for now: it changes what they read, never whose children they may open.
    """

    person_key: str
    person_name: str
    office: str
    office_title: str
    scope: Scope
    capabilities: frozenset[Capability]
    level: Level
    audience: str
    purpose: str = ""
    sees_restricted: bool = False
    holding_id: int | None = None
    delegate: bool = False
    named_for: frozenset[str] = frozenset()
    known: Known | None = None

    def for_purpose(self, purpose: str) -> Viewer:
        """The same viewer with the reason they gave."""
        return replace(self, purpose=purpose)


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer behind `request`. Raises Refused when nobody is signed in or they hold no office now."""
    known: Viewer | None = getattr(request, "_viewer", None)
    if known is None:
        known = _viewer(request)
        request._viewer = known  # type: ignore[attr-defined]
    return known


def offices_of(person: Person) -> list[Holding]:
    """The offices a person holds today, the first one held first."""
    if not person.is_active:
        return []
    return list(Holding.objects.in_force(clock.today()).filter(person=person).order_by("from_date", "pk"))


def other_offices(request: HttpRequest) -> list[Holding]:
    """The offices the person behind `request` holds today beside the one they act in."""
    now = viewer_of(request).holding_id
    return [held for held in request._held if held.pk != now]  # type: ignore[attr-defined]


def console_viewer(account: str, purpose: str) -> Viewer:
    """Who the command line acts for: the operating system's account, over the whole authority, by name."""
    reading = {one for one in Capability if one.value.startswith("see-")} - {
        Capability.SEE_WORKERS,
        Capability.SEE_LOG,
    }
    return Viewer(
        person_key=f"console:{account}",
        person_name=account,
        office="console",
        office_title="Command line",
        scope=Scope("authority"),
        capabilities=frozenset(reading | {Capability.PREPARE_PACK, Capability.LOAD_DATA, Capability.KEEP_IMPROVEMENT}),
        level="identified",
        audience=audience_of("identified", "console", clock.today()),
        purpose=purpose,
    )


def viewer_in(holding: Holding) -> Viewer:
    """The viewer that `holding` makes of its person today, a delegate without what the holder does in person."""
    held: Office = office(holding.office)
    kind: ScopeKind = holding.scope_kind or held.scope  # type: ignore[assignment]
    return Viewer(
        person_key=holding.person.key,
        person_name=holding.person.name,
        office=held.slug,
        office_title=held.title,
        scope=Scope(kind, frozenset(map(str, holding.scope_ids))),
        capabilities=held.capabilities - IN_PERSON if holding.as_delegate else held.capabilities,
        level=held.level,
        audience=audience_of(held.level, held.slug, clock.today()),
        delegate=holding.as_delegate,
        sees_restricted=holding.sees_restricted and held.level == "identified",
        holding_id=holding.pk,
        named_for=_named_for(holding.person) if held.level == "identified" else frozenset(),
    )


def audience_of(level: Level, slug: str, on: date) -> str:
    """What refs are made for: one audience for those who see names, else the office and its month."""
    return "identified" if level == "identified" else f"{slug}:{on:%Y-%m}"


def _named_for(person: Person) -> frozenset[str]:
    """The restricted records a person is named for today (rule 7.3): theirs, never their office's."""
    held = NamedPerson.objects.in_force(clock.today()).filter(person=person)
    named = frozenset(held.values_list("child_key", flat=True))
    if not named:
        return named
    placed = Restriction.objects.in_force(clock.today()).values_list("child_key", flat=True)
    return merged.named_through(named, frozenset(placed))


def _viewer(request: HttpRequest) -> Viewer:
    person = request.user
    if not isinstance(person, Person):
        raise Refused("You need to sign in first.")
    held = [holding for holding in offices_of(person) if holding.office in offices()]
    if not held:
        raise Refused("You hold no office in this system today. An administrator can give you one.")
    request._held = held  # type: ignore[attr-defined]
    chosen = request.session.get(CHOSEN)
    holding = next((one for one in held if one.pk == chosen), held[0])
    holding.person = person
    return viewer_in(holding)
