"""Who leads each headline measure: whoever was named, else the holder of the office that leads its area."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from lineofsight import clock
from lineofsight.measures.definitions import Definition
from lineofsight.web.access import scope
from lineofsight.web.access.models import Holding
from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import Capability
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice.models import MeasureLead
from lineofsight.web.practice.queries.standing import Standing, catalogue, teams


@dataclass(frozen=True)
class AreaRule:
    """The office that leads an area, and words of its service's name where each holder has a service of their own."""

    office: str
    services: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lead:
    """Who leads a measure today, in which office. `named` where somebody chose them."""

    person_key: str
    name: str
    office: str
    office_title: str
    named: bool

    @property
    def words(self) -> str:
        """'Ada Brook, Head of service'."""
        return f"{self.name}, {self.office_title}"


@lru_cache(maxsize=1)
def areas() -> Mapping[str, AreaRule]:
    """The rule of each area, from leads.toml."""
    told = tomllib.loads(resources.files(__package__).joinpath("leads.toml").read_text("utf-8"))["area"]
    return {one["area"]: AreaRule(one["office"], tuple(one.get("services", ()))) for one in told}


def headline() -> dict[str, Definition]:
    """The headline measures by id, in the catalogue's order."""
    return {key: one for key, one in catalogue().items() if one.headline}


def leads(stand: Standing) -> dict[str, Lead | None]:
    """The lead of every headline measure today; None where nobody was named and nobody holds the area's office."""
    held = may_lead()
    chosen = {one.measure: one for one in MeasureLead.objects.filter(measure__in=headline())}  # the newest is last
    found: dict[str, Lead | None] = {}
    for key, measure in headline().items():
        named = chosen.get(key)
        found[key] = _named(named, held) if named else None
        found[key] = found[key] or _of_area(stand, areas().get(measure.area), held)
    return found


def could_lead(viewer: Viewer) -> bool:
    """Whether some headline measure may be theirs to write of: their office leads an area, or they were named."""
    if Capability.WRITE_LINES not in viewer.capabilities:
        return False
    by_office = viewer.office in {rule.office for rule in areas().values()}
    return by_office or MeasureLead.objects.filter(person_key=viewer.person_key).exists()


def may_lead() -> list[Holding]:
    """The holdings in force today of every office that may write lines, whoever has held one longest first."""
    writing = [key for key, one in offices().items() if Capability.WRITE_LINES in one.capabilities]
    held = Holding.objects.in_force(clock.today()).filter(office__in=writing, person__is_active=True)
    return list(held.select_related("person"))


def _named(chosen: MeasureLead, held: Sequence[Holding]) -> Lead | None:
    """Whoever was named, while they hold the office they were named in."""
    match = (one for one in held if one.office == chosen.office and one.person.key == chosen.person_key)
    holding = next(match, None)
    return _lead(holding, named=True) if holding else None


def _of_area(stand: Standing, rule: AreaRule | None, held: Sequence[Holding]) -> Lead | None:
    if rule is None:
        return None
    fitting = (one for one in held if one.office == rule.office and not one.as_delegate and _reaches(stand, rule, one))
    holding = next(fitting, None)
    return _lead(holding, named=False) if holding else None


def _reaches(stand: Standing, rule: AreaRule, holding: Holding) -> bool:
    """Whether the holder's service is one of the area's, by its name."""
    if not rule.services:
        return True
    ids = scope.named("service", [str(one) for one in holding.scope_ids])
    names = {(team.service_name or "").casefold() for team in teams(stand).values() if team.service_id in ids}
    return any(word in name for word in rule.services for name in names)


def _lead(holding: Holding, *, named: bool) -> Lead:
    return Lead(holding.person.key, holding.person.name, holding.office, holding.title, named)
