"""Today: the first page, by office. It gathers what other rooms know; it reads no child itself.

The order is PAGES.md's: what cannot wait, what has really changed, then what is mine to do.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.permissions import Capability, may
from lineofsight.web.access.viewer import Viewer, viewer_of
from lineofsight.web.commitments import queries as commitments
from lineofsight.web.practice import queries as practice
from lineofsight.web.practice.queries.standing import NothingLoaded
from lineofsight.web.reports import queries as reports

MOST_CHANGES = 5


def page(request: HttpRequest) -> HttpResponse:
    """The first page of whoever is signed in."""
    viewer = viewer_of(request)
    context: dict[str, Any] = {"sees_measures": may(viewer, Capability.SEE_MEASURES)}
    if context["sees_measures"]:
        context |= _practice(viewer)
    if may(viewer, Capability.KEEP_COMMITMENTS):
        context["month"] = commitments.month_of(viewer)
    if may(viewer, Capability.LOAD_DATA):
        context["loads"] = _loads()
    context |= _packs(viewer)
    context["has_side"] = any(context.get(name) for name in ("month", "pack", "loads", "asked"))
    return render(request, "today/page.html", context)


def _practice(viewer: Viewer) -> dict[str, Any]:
    """What the data shows: the urgent thing, the real changes, and how much there is beside them."""
    try:
        listed = practice.measures_list(viewer)
        changes = practice.real_changes(viewer, limit=MOST_CHANGES)
        urgent = practice.urgent(viewer)
    except NothingLoaded as nothing:
        return {"nothing": str(nothing)}
    measured = [line for line in listed.lines if line.measured]
    changed = sum(line.tone in ("better", "worse", "changed") for line in measured)
    return {
        "urgent": urgent,
        "changes": changes,
        "steady": len(measured) - max(changed, len(changes)),
        "more_changes": max(changed - len(changes), 0),
        "not_measured": len(listed.lines) - len(measured),
        "owed": [line for line in listed.lines if line.owed and line.id != practice.UNALLOCATED],
        "shows_children": may(viewer, Capability.SEE_EXCEPTIONS),
    }


def _packs(viewer: Viewer) -> dict[str, Any]:
    """The month's pack to read and sign, and what has been released to this viewer."""
    context: dict[str, Any] = {}
    if may(viewer, Capability.SIGN_PACK) or may(viewer, Capability.PREPARE_PACK):
        context["pack"] = reports.newest(viewer)
    if may(viewer, Capability.SEE_RELEASED_TEXT):
        context["released"] = reports.released(viewer)
    return context


def _loads() -> list[Any]:
    """The last snapshots, newest first: what was loaded, and when."""
    return lake_in_use().snapshots()[::-1][:3]
