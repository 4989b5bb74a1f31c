"""Today: the first page, by office. It gathers what other rooms know; it reads no child itself.

The order is PAGES.md's: what cannot wait, what has really changed, then what is mine to do.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lineofsight.web.access.appointing import queries as appointing
from lineofsight.web.access.desk import front as desk
from lineofsight.web.access.identity import notices
from lineofsight.web.access.known import looks_back
from lineofsight.web.access.models import Person
from lineofsight.web.access.need import nights, report
from lineofsight.web.access.need.queries import waiting_answers
from lineofsight.web.access.pace import TooFast
from lineofsight.web.access.permissions import Capability, may
from lineofsight.web.access.viewer import Viewer, viewer_of
from lineofsight.web.commitments import queries as commitments
from lineofsight.web.data.queries import loads
from lineofsight.web.improvement.queries.today import today_block
from lineofsight.web.practice import queries as practice
from lineofsight.web.practice.monthly import leads
from lineofsight.web.practice.monthly import queries as monthly
from lineofsight.web.practice.monthly.permissions import may_name_leads, may_see_lines
from lineofsight.web.practice.queries import homes
from lineofsight.web.practice.queries.standing import NothingLoaded
from lineofsight.web.practice.ten import queries as ten
from lineofsight.web.practice.ten.found import NotWorkedOut
from lineofsight.web.practice.ten.permissions import may_see_ten
from lineofsight.web.reports import queries as reports
from lineofsight.web.reports.permissions import has_packs

MOST_CHANGES = 5


@require_GET
@looks_back
def page(request: HttpRequest) -> HttpResponse:
    """The first page of whoever is signed in. In the past it is what the data showed: duties and packs are of now."""
    viewer = viewer_of(request)
    context: dict[str, Any] = {"sees_measures": may(viewer, Capability.SEE_MEASURES)}
    kind = homes.kind_of(viewer)
    if context["sees_measures"]:
        context |= _home(viewer, kind) if kind else _practice(viewer)
    if viewer.known is None:
        context |= _now(request, viewer)
    return render(request, "today/page.html", context)


def _now(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    """What is this viewer's to do and to know today, beside what the data shows."""
    context: dict[str, Any] = {}
    if may(viewer, Capability.KEEP_COMMITMENTS):
        context["month"] = commitments.month_of(viewer)
    if may(viewer, Capability.LOAD_DATA):
        context["loads"] = loads.today(viewer)
    if may(viewer, Capability.MANAGE_ACCESS):
        context["access"] = appointing.offices_page(viewer)
    if isinstance(request.user, Person):
        context["notices"] = notices.unread(request.user)
    context |= _packs(viewer)
    context |= _ten(viewer)
    context |= _lines(viewer)
    context |= _needs(viewer)
    context |= today_block(viewer)
    if may(viewer, Capability.SEE_LOG):
        context["desk"] = desk.front(viewer)
    context["has_side"] = any(context.get(name) for name in ("month", "pack", "loads", "asked", "night"))
    return context


def _practice(viewer: Viewer) -> dict[str, Any]:
    """What the data shows: the urgent thing, the real changes, and how much there is beside them."""
    try:
        listed = practice.measures_list(viewer)
        changes = practice.real_changes(viewer, limit=MOST_CHANGES)
        urgent = practice.urgent(viewer)
    except NothingLoaded as nothing:
        return {"nothing": str(nothing)}
    measured = [line for line in listed.lines if line.measured]
    owed = [line for line in listed.lines if line.owed and line.id != practice.UNALLOCATED]
    changed = sum(line.tone in ("better", "worse", "changed") for line in measured)
    return {
        "urgent": urgent,
        "systemic": practice.systemic_for(viewer),
        "changes": changes,
        "steady": len(measured) - max(changed, len(changes)),
        "more_changes": max(changed - len(changes), 0),
        "not_measured": [line for line in listed.lines if not line.measured],
        "owed": owed,
        "owed_in_all": sum(line.owed or 0 for line in listed.lines),
        "owed_above": sum(line.owed or 0 for line in listed.lines if line.id == practice.UNALLOCATED),
        "owed_again": listed.again,
    }


def _home(viewer: Viewer, kind: homes.Kind) -> dict[str, Any]:
    """The first page of those who do the work and lead it: what is owed and when, and who waits, before all else."""
    try:
        home = homes.home_of(viewer, kind)
    except NothingLoaded as nothing:
        return {"nothing": str(nothing)}
    except TooFast as too_fast:
        return {"too_fast": str(too_fast), "urgent": practice.urgent(viewer)}
    context: dict[str, Any] = {
        "home": home,
        "home_template": f"today/homes/{kind}.html",
        "urgent": practice.urgent_beside(viewer, home.longest),
    }
    if kind == "service":
        context["changes"] = practice.real_changes(viewer, limit=MOST_CHANGES)
    return context


def _packs(viewer: Viewer) -> dict[str, Any]:
    """The month's pack to read and sign, and what has been released to this viewer."""
    context: dict[str, Any] = {}
    if has_packs(viewer):
        context["pack"] = reports.newest(viewer)
    if may(viewer, Capability.SEE_RELEASED_TEXT):
        context["released"] = reports.released(viewer)
    return context


def _ten(viewer: Viewer) -> dict[str, Any]:
    """The children to talk about this month: counts to who sees the list; to the Lead Member what was released."""
    context: dict[str, Any] = {}
    if may(viewer, Capability.SEE_RELEASED_TEXT):
        context["ten_released"] = ten.released(viewer)
    if may_see_ten(viewer):
        with suppress(NothingLoaded, NotWorkedOut):
            context["ten"] = ten.home(viewer)
    return context


def _lines(viewer: Viewer) -> dict[str, Any]:
    """The month's three lines a measure: those that are the viewer's to write, and to who names the leads, all."""
    if not may_see_lines(viewer) or not (may_name_leads(viewer) or leads.could_lead(viewer)):
        return {}
    with suppress(NothingLoaded):
        found = monthly.home(viewer)
        if may_name_leads(viewer) or found.mine:
            return {"lines": found}
    return {}


def _needs(viewer: Viewer) -> dict[str, Any]:
    """Children opened outside somebody's scope that wait for this viewer, and their own night of file reading."""
    return {
        "told": waiting_answers(viewer),
        "needs_overdue": report.overdue(viewer),
        "needs_unexpected": report.unexpected_waiting(viewer),
        "night": nights.tonight(viewer) if may(viewer, Capability.READ_FILES) else None,
    }
