"""How each address of the site is filled in, and what a good request to it says.

A new address without a place here, or without its rows in permissions.csv, fails the matrix.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.web.whole.world import World

from lineofsight.web.access.desk import looks
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


def kept(name: str, argument: str = "key") -> Fill:
    """The key of something that was made beforehand."""
    return lambda world, office: {argument: world.kept[name].pk}


def named(name: str, argument: str) -> Fill:
    """The name of something in the lake."""
    return lambda world, office: {argument: world.kept[name]}


def restricted(world: World, office: str) -> dict[str, Any]:
    """A child whose record is restricted here, the Director being named for it."""
    return {"ref": world.ref(office if office in world.people and office != "no office" else "dcs", child="restricted")}


def listed(world: World, office: str) -> dict[str, Any]:
    """A child on the month's ten."""
    return {"ref": world.ref("dcs", child="ten-child")}


def for_the_desk(world: World, office: str) -> dict[str, Any]:
    """A child as the desk of information governance names one."""
    return {"ref": world.ref("dcs", audience=looks.AUDIENCE)}


def owed(world: World, office: str) -> dict[str, Any]:
    """Something owed to a child of the office's own team, or for one that has none, of the team manager's."""
    return {"key": world.kept["owed"]["exception_id"]}


def waiting(world: World, office: str) -> dict[str, Any]:
    """The wait of a child of the head of service's service."""
    return {"key": world.kept["wait"]["exception_id"]}


def waiting_for(argument: str, what: str) -> Fill:
    """The same, with the safeguard or the letter."""
    return lambda world, office: {**waiting(world, office), argument: what}


def looked_for(world: World, office: str) -> dict[str, Any]:
    """A proof that an action calls for."""
    return {"key": world.kept["action"].pk, "number": world.kept["proof"].pk}


PLACES: dict[str, Place] = {
    "access:account": Place(),
    "access:account-add-app": Place(),
    "access:account-add-passkey": Place(),
    "access:account-confirm": Place(),
    "access:account-end-sessions": Place(post=sent(session="others")),
    "access:account-password": Place(),
    "access:account-read-notices": Place(),
    "access:account-recovery-codes": Place(),
    "access:account-remove-council-account": Place(),
    "access:account-remove-factor": Place(kept("factor", "factor_id")),
    "access:account-second-factor": Place(),
    "access:answer-telling": Place(kept("telling", "telling")),
    "access:choose-password": Place(lambda world, office: {"secret": world.kept["password-secret"]}),
    "access:close-need": Place(kept("need")),
    "access:desk": Place(),
    "access:desk-child": Place(),
    "access:desk-looked-into": Place(),
    "access:desk-of-child": Place(for_the_desk),
    "access:desk-pattern": Place(fixed(pattern="bulk")),
    "access:desk-people": Place(),
    "access:desk-reasons": Place(),
    "access:desk-sighting": Place(fixed(pattern="bulk", actor="p-dcs", what="2026-11-12")),
    "access:give-office": Place(),
    "access:invitation": Place(lambda world, office: {"secret": world.kept["secret"]}),
    "access:invitations": Place(),
    "access:lift-hold": Place(kept("hold")),
    "access:needs": Place(),
    "access:needs-month": Place(fixed(month="2026-11")),
    "access:person": Place(fixed(key="p-leader")),
    "access:person-end-sessions": Place(fixed(key="p-leader"), post=sent(session="all")),
    "access:person-give-link": Place(fixed(key="p-leader")),
    "access:person-take-factor-away": Place(
        lambda world, office: {"key": "p-dcs", "factor_id": world.kept["factor"].pk},
    ),
    "access:person-take-link-back": Place(fixed(key="p-leader")),
    "access:place-hold": Place(),
    "access:restricted": Place(),
    "access:retention": Place(),
    "access:review-need": Place(kept("need")),
    "access:sign-in-code": Place(),
    "access:sign-in-entra": Place(),
    "access:sign-in-entra-return": Place(),
    "access:sign-in-passkey": Place(),
    "access:subject-access": Place(),
    "access:take-back-invitation": Place(kept("invitation")),
    "access:told": Place(),
    "practice:close-reading": Place(kept("night")),
    "practice:find": Place(),
    "practice:lines": Place(),
    "practice:lines-of": Place(
        fixed(measure="CP08"), post=sent(changed="Nothing.", why="Not known yet.", next_steps="Look again in a month.")
    ),
    "practice:lines-lead": Place(
        fixed(measure="CP08"), post=lambda world, office: {"lead": Holding.objects.get(office="psw").pk}
    ),
    "practice:lines-release": Place(fixed(measure="CP08"), post=sent(text="Visits were late. Cover is agreed.")),
    "practice:lines-take-back": Place(
        fixed(measure="CP08"), post=lambda world, office: {"text": world.kept["lines-text"].pk}
    ),
    "practice:ten": Place(),
    "practice:ten-freeze": Place(),
    "practice:ten-fairness": Place(),
    "practice:ten-child": Place(listed),
    "practice:ten-add": Place(child, post=sent(why="The school telephoned.")),
    "practice:ten-remove": Place(listed, post=sent(off_why="Talked about already.")),
    "practice:ten-note": Place(listed, post=sent(note="Ask what changed.")),
    "practice:ten-release": Place(listed, post=sent(text="Nobody came when a visit was due.")),
    "practice:ten-take-back": Place(listed, post=lambda world, office: {"text": world.kept["ten-text"].pk}),
    "practice:need": Place(child),
    "practice:note-file": Place(lambda world, office: {"key": world.kept["night"].pk, "place": 1}),
    "practice:reading-night": Place(kept("night")),
    "practice:readings": Place(),
    "practice:restrict": Place(child),
    "practice:restrict-lift": Place(restricted, post=sent(kind="family-of-staff")),
    "practice:restrict-name": Place(restricted, post=sent(person="p-qa-manager")),
    "practice:restrict-unname": Place(restricted, post=sent(person="p-psw")),
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
    "practice:due-soon": Place(),
    "practice:exception": Place(owed),
    "practice:exception-done": Place(owed),
    "practice:exception-explain": Place(owed),
    "practice:exception-unsay": Place(owed, post=lambda world, office: {"mark": world.kept["mark"].pk}),
    "practice:wait": Place(waiting),
    "practice:safeguard": Place(waiting_for("safeguard", "family-told")),
    "practice:safeguard-take-back": Place(waiting, post=lambda world, office: {"done": world.kept["done"].pk}),
    "practice:letter": Place(waiting_for("letter", "family")),
    "practice:alert": Place(),
    "practice:alert-sent": Place(),
    "practice:as-known": Place(),
    "practice:late": Place(),
    "practice:late-children": Place(),
    "practice:child": Place(child),
    "practice:easily-lost": Place(),
    "practice:child-known": Place(child),
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
    "data:answer-load": Place(
        named("waiting-load", "snapshot"), post=sent(why="The team moved to another system.", answer="yes")
    ),
    "data:front": Place(),
    "data:load": Place(named("load", "snapshot")),
    "data:new-load": Place(),
    "data:sending": Place(kept("sending")),
    "data:side-file": Place(fixed(table="side_oversight", form="xlsx")),
    "data:templates": Place(),
    "data:withdraw-load": Place(named("load", "snapshot"), post=sent(why="The export was cut short at night.")),
    "data:roles": Place(),
    "data:word": Place(query="?word=CSW"),
    "data:policy": Place(),
    "data:rule": Place(fixed(key="cp.visit")),
    "data:teams": Place(),
    "data:entry": Place(query="?kind=team&id=T1"),
    "data:change": Place(kept("change")),
    "data:save-change": Place(kept("change")),
    "data:drop-change": Place(kept("change")),
    "reports:packs": Place(),
    "reports:pack": Place(fixed(office="dcs", month="2026-10")),
    "reports:make": Place(fixed(office="dcs", month="2026-10")),
    "reports:pdf": Place(fixed(office="dcs", month="2026-10")),
    "reports:html": Place(fixed(office="dcs", month="2026-10")),
    "reports:release": Place(fixed(office="dcs", month="2026-10")),
    "reports:take-back": Place(lambda world, office: {"key": world.kept["release"].pk}),
    "improvement:actions": Place(),
    "improvement:exceptions": Place(),
    "improvement:mine": Place(),
    "improvement:ask": Place(),
    "improvement:clear": Place(),
    "improvement:findings": Place(),
    "improvement:finding-new": Place(),
    "improvement:plans": Place(),
    "improvement:new-plan": Place(),
    "improvement:load-plan": Place(),
    "improvement:action": Place(kept("action")),
    "improvement:say": Place(
        kept("action"), post=sent(words="Five of ten are seen.", said="at-risk", as_at="10 November 2026")
    ),
    "improvement:colour": Place(kept("action"), post=sent(colour="amber", why="Half are seen.")),
    "improvement:rule": Place(kept("action")),
    "improvement:mitigation": Place(kept("action"), post=sent(words="Duty workers visit.")),
    "improvement:owners": Place(kept("action")),
    "improvement:deadline": Place(kept("action")),
    "improvement:action-finding": Place(kept("action"), post=sent(finding="none")),
    "improvement:measure": Place(kept("action")),
    "improvement:proof": Place(kept("action")),
    "improvement:close": Place(kept("action")),
    "improvement:reopen": Place(kept("green"), post=sent(why="It came back.")),
    "improvement:proof-look": Place(looked_for),
    "improvement:proof-drop": Place(looked_for, post=sent(why="The measure tells it.")),
    "improvement:finding": Place(kept("finding")),
    "improvement:recommend": Place(kept("finding")),
    "improvement:theme": Place(kept("finding"), post=sent(theme="visits")),
    "improvement:repeats": Place(
        kept("finding"), post=lambda world, office: {"earlier": world.kept["closed-finding"].pk, "answer": "repeats"}
    ),
    "improvement:finding-close": Place(kept("finding")),
    "improvement:finding-reopen": Place(kept("closed-finding"), post=sent(why="It came back.")),
    "improvement:plan": Place(kept("plan")),
    "improvement:load-next": Place(kept("plan")),
    "improvement:new-action": Place(kept("plan")),
    "improvement:plan-step": Place(kept("plan")),
    "improvement:close-plan": Place(kept("plan")),
    "improvement:plan-table": Place(lambda world, office: {"key": world.kept["plan"].pk, "form": "docx"}),
    "improvement:plan-report": Place(kept("plan")),
    "improvement:plan-report-file": Place(lambda world, office: {"key": world.kept["plan"].pk, "form": "docx"}),
}
