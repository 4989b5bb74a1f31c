"""How each address of the site is filled in, and what a good request to it says.

A new address without a place here, or without its rows in permissions.csv, fails the matrix.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.web.whole.world import World

from lineofsight.web.access.models import Holding

Fill = Callable[[World, str], dict[str, Any]]


@dataclass(frozen=True)
class Place:
    """One address: `fill` gives its arguments for an office. `post` is what a form there would send, by field."""

    fill: Fill = lambda world, office: {}
    post: Callable[[World, str], dict[str, Any]] = field(default=lambda world, office: {})
    query: str = ""


def fixed(**kwargs: Any) -> Fill:
    """Arguments that are the same for everybody."""
    return lambda world, office: kwargs


def child(world: World, office: str) -> dict[str, Any]:
    """A child of the office's own, or for one that has none, the Director's."""
    return {"ref": world.ref(office if office in world.people and office != "no office" else "dcs")}


def own_holding(world: World, office: str) -> dict[str, Any]:
    """The asker's own holding, or for one who has none, another's."""
    held = Holding.objects.filter(person=world.people.get(office)).first() or world.kept["holding"]
    return {"holding": held.pk}


def sent(**data: Any) -> Fill:
    """What a form sends, the same for everybody."""
    return lambda world, office: data


def due(world: World, office: str) -> dict[str, Any]:
    """A commitment that is due."""
    return {"slug": "team-visits", "due_on": world.kept["due"]}


def address(name: str, world: World, persona: str) -> str:
    """The address of a name, as one persona would ask for it."""
    place = PLACES[name]
    return reverse(name, kwargs=place.fill(world, persona)) + place.query


def names() -> Iterator[str]:
    """Every named address of the site."""
    yield from sorted(name for name, _ in _patterns(get_resolver(), ""))


def routes() -> dict[str, str]:
    """The route of every named address."""
    return dict(_patterns(get_resolver(), ""))


def unnamed() -> list[str]:
    """Routes that nobody can refer to by name, so no matrix can hold them."""
    return [route for name, route in _patterns(get_resolver(), "") if not name.split(":")[-1]]


def _patterns(resolver: URLResolver, before: str, room: str = "") -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield f"{room}{one.name or ''}", route
        else:
            yield from _patterns(one, route, f"{one.namespace}:" if one.namespace else room)


SEEN = "?kind=measure&key=CP10"

PLACES: dict[str, Place] = {
    "today": Place(),
    "access:sign-in": Place(),
    "access:sign-out": Place(),
    "access:demo-sign-in": Place(),
    "access:choose-office": Place(post=own_holding),
    "access:offices": Place(),
    "access:end-office": Place(lambda world, office: {"holding_id": world.kept["holding"].pk}),
    "access:log": Place(),
    "evidence:thread": Place(fixed(kind="measure", key="CP10")),
    "practice:measures": Place(),
    "practice:measure": Place(fixed(measure="CP10")),
    "practice:rows": Place(fixed(measure="CP10")),
    "practice:exceptions": Place(),
    "practice:unallocated": Place(),
    "practice:child": Place(child),
    "commitments:mine": Place(),
    "commitments:coverage": Place(),
    "commitments:commitment": Place(fixed(slug="team-visits")),
    "commitments:hold-now": Place(fixed(slug="team-visits")),
    "commitments:hold": Place(due),
    "commitments:change": Place(due),
    "commitments:records": Place(),
    "commitments:seen": Place(query=SEEN),
    "commitments:ask": Place(query=SEEN),
    "commitments:record": Place(lambda world, office: {"key": world.kept["record"].pk}),
    "commitments:sign": Place(lambda world, office: {"key": world.kept["draft"].pk}),
    "commitments:correct": Place(lambda world, office: {"key": world.kept["record"].pk}),
    "reports:packs": Place(),
    "reports:pack": Place(fixed(office="dcs", month="2026-10")),
    "reports:make": Place(fixed(office="dcs", month="2026-10")),
    "reports:pdf": Place(fixed(office="dcs", month="2026-10")),
    "reports:html": Place(fixed(office="dcs", month="2026-10")),
    "reports:release": Place(fixed(office="dcs", month="2026-10")),
    "reports:take-back": Place(lambda world, office: {"key": world.kept["release"].pk}),
}
