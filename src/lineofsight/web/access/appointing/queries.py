"""What the pages of people and offices show."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from lineofsight import clock
from lineofsight.web.access.models import Holding, Person
from lineofsight.web.access.offices import LEVEL_WORDS, SCOPE_WORDS, Office, offices
from lineofsight.web.access.permissions import WORDS, Capability, check
from lineofsight.web.access.viewer import Viewer


@dataclass(frozen=True)
class OfficeRow:
    """One office: its own words, who holds it today, and what it may do in words."""

    office: Office
    reach: str
    plainness: str
    may: list[str]
    holders: list[Holding]


def offices_page(viewer: Viewer) -> list[OfficeRow]:
    """Every office with its holders today. Raises Refused without MANAGE_ACCESS."""
    check(viewer, Capability.MANAGE_ACCESS)
    held = Holding.objects.in_force(clock.today()).select_related("person").order_by("office", "person__name")
    holders = {slug: list(some) for slug, some in groupby(held, key=lambda one: one.office)}
    return [
        OfficeRow(
            office=one,
            reach=SCOPE_WORDS[one.scope],
            plainness=LEVEL_WORDS[one.level],
            may=[WORDS[capability] for capability in Capability if capability in one.capabilities],
            holders=holders.get(one.slug, []),
        )
        for one in offices().values()
    ]


def people_without_office(viewer: Viewer) -> list[Person]:
    """Those who are here and hold no office today. Raises Refused without MANAGE_ACCESS."""
    check(viewer, Capability.MANAGE_ACCESS)
    holding = Holding.objects.in_force(clock.today()).values("person")
    return list(Person.objects.filter(is_active=True).exclude(pk__in=holding))


def holding_to_end(viewer: Viewer, holding_id: int) -> Holding | None:
    """A holding in force today, or None. Raises Refused without MANAGE_ACCESS."""
    check(viewer, Capability.MANAGE_ACCESS)
    return Holding.objects.in_force(clock.today()).select_related("person").filter(pk=holding_id).first()
