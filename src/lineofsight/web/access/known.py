"""The time machine: a page looked at as it was known when a past snapshot was the newest (DESIGN 5 D).

The choice stands in the address as `known`, a snapshot's id or a date, never anything of a child's. A view that can be
looked at so is marked with `looks_back`. Its links, forms and files then carry the choice, all of them here and none by
hand. Who may open which child is asked of today, whatever the past.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import wraps
from html import escape, unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from lineofsight.lake import Lake, Snapshot
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.permissions import Capability, Refused, agrees, check
from lineofsight.web.access.viewer import Known, Viewer, viewer_of

PARAMETER = "known"
View = Callable[..., HttpResponse]

_TAG = re.compile(r"<(a|form)\b[^>]*>")
_PLACE = re.compile(r'\b(href|action)="([^"]*)"')


def check_looks_back(viewer: Viewer) -> None:
    """Raise Refused unless `viewer` may look at what was known at an earlier time.

    Not the published level: of two published figures of one month one can tell the few who came between them.
    """
    check(viewer, Capability.SEE_MEASURES)
    if viewer.level == "published":
        raise Refused(
            "Your office sees figures that are fit to publish. Two of them for one month, as known at two times, "
            "could point to a child, so only the newest are shown.",
            capability=Capability.SEE_MEASURES,
        )


def may_look_back(viewer: Viewer) -> bool:
    """The boolean twin of `check_looks_back`."""
    return agrees(check_looks_back, viewer)


def looks_back(view: View) -> View:
    """A view that can be looked at as it was known at a past snapshot: that it is looked at so goes into the log.

    A snapshot there is not (or that was withdrawn) is a plain page; the newest one is simply now.
    """

    @wraps(view)
    def looked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get(PARAMETER, "")
        if not asked:
            return view(request, *args, **kwargs)
        viewer = viewer_of(request)
        check_looks_back(viewer)
        lake = lake_in_use()
        found, newest = chosen(lake, asked), lake.newest()
        if found is None or newest is None:
            return render(request, "known/nothing.html", {"computed": newest is not None}, status=404)
        if found.id == newest[0].id:
            return view(request, *args, **kwargs)
        looking = replace(viewer, known=Known(found.id, found.as_at, found.loaded_at))
        request._viewer = looking  # type: ignore[attr-defined]
        where = request.resolver_match.view_name if request.resolver_match else ""
        record_read(viewer=looking, action="past.opened", subject=f"snapshot {found.id}", detail={"page": where})
        return carrying(view(request, *args, **kwargs), request.path, found.id)

    looked.looks_back = True  # type: ignore[attr-defined]
    return looked


def computed(lake: Lake) -> list[Snapshot]:
    """The snapshots that can be looked at, the newest first: those that were measured and not withdrawn."""
    known = sorted(lake.snapshots(), key=lambda one: (one.as_at, one.loaded_at, one.id), reverse=True)
    return [one for one in known if lake.computation(one) is not None]


def chosen(lake: Lake, asked: str) -> Snapshot | None:
    """The snapshot of that id, or the newest one of that date or before it; None where there is none."""
    known = computed(lake)
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return next((one for one in known if one.id == asked), None)
    return next((one for one in known if one.as_at <= day), None)


def carrying(response: HttpResponse, path: str, snapshot: str) -> HttpResponse:
    """The page at `path` with the choice in every link and form that leads to a page that can be looked at so."""
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return response
    told = response.content.decode(response.charset)
    response.content = _TAG.sub(lambda tag: _carried(tag, path, snapshot), told).encode(response.charset)
    return response


def _carried(tag: re.Match[str], path: str, snapshot: str) -> str:
    """One opening tag, with the choice where it leads to a page that travels. `data-now` leads back to now."""
    whole = tag.group(0)
    place = _PLACE.search(whole)
    address = unescape(place.group(2)) if place else ""
    if "data-now" in whole or (tag.group(1) == "a" and (place is None or address.startswith("#"))):
        return whole
    if not _travels(address, path):
        return whole
    if tag.group(1) == "form" and 'method="get"' in whole:
        return f'{whole}<input type="hidden" name="{PARAMETER}" value="{escape(snapshot)}">'
    if place is None:  # a form that is sent to its own address takes that address's choice along
        return whole
    return whole[: place.start(2)] + escape(_with_choice(address, snapshot)) + whole[place.end(2) :]


def _travels(address: str, path: str) -> bool:
    """Whether an address, as it stands on the page at `path`, is one of ours that can be looked at in the past."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return False
    try:
        return bool(getattr(resolve(parts.path or path).func, "looks_back", False))
    except Resolver404:
        return False


def _with_choice(address: str, snapshot: str) -> str:
    """The address with the choice in its query, once."""
    parts = urlsplit(address)
    if f"{PARAMETER}=" in parts.query:
        return address
    query = "&".join(filter(None, [parts.query, urlencode({PARAMETER: snapshot})]))
    return parts._replace(query=query).geturl()
