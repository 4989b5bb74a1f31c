"""What every template may use: the house, who is looking and what they may do, and how fresh the data is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.demo import is_demo
from lineofsight.web.access.house import home_in_use, lake_in_use
from lineofsight.web.access.known import may_look_back
from lineofsight.web.access.permissions import Capability, Refused, may, may_any
from lineofsight.web.access.viewer import Viewer, other_offices, viewer_of
from lineofsight.web.site.templatetags.los import day, day_in_year


@dataclass(frozen=True)
class Place:
    """One entry of the menu. `parts` are the beginnings of the addresses that belong to it."""

    words: str
    address: str
    parts: tuple[str, ...]
    needs: tuple[Capability, ...] = ()


# The order is the product's argument (PAGES.md). "How we know" comes with its pages.
MENU = (
    Place("Today", "/", ("/",)),
    Place(
        "What we know",
        "/measures/",
        ("/measures/", "/exceptions/", "/ten/", "/children/", "/reading/", "/thread/"),
        (Capability.SEE_MEASURES,),
    ),
    Place(
        "What we are doing",
        "/actions/",
        ("/actions/", "/findings/", "/plans/"),
        (Capability.SEE_IMPROVEMENT, Capability.UPDATE_ACTIONS),
    ),
    Place("Records", "/records/", ("/records/", "/commitments/", "/packs/"), (Capability.SEE_RECORDS,)),
    Place("Data", "/data/", ("/data/",), (Capability.SEE_DATA,)),
    Place(
        "People and offices",
        "/access/offices/",
        ("/access/offices/", "/access/invitations/", "/access/people/"),
        (Capability.MANAGE_ACCESS,),
    ),
    Place(
        "Who looked at what",
        "/access/desk/",
        tuple(f"/access/{part}/" for part in ("desk", "log", "needs", "restricted", "retention", "subject-access")),
        (Capability.SEE_LOG, Capability.EXPORT_SUBJECT),
    ),
)


class May:
    """`{% if may.see_children %}`: every capability of the viewer by its name in small letters."""

    def __init__(self, viewer: Viewer | None) -> None:
        self._viewer = viewer

    def __getitem__(self, name: str) -> bool:
        capability = Capability[name.upper()]
        return self._viewer is not None and may(self._viewer, capability)


@dataclass(frozen=True)
class Freshness:
    """When the newest extract was true and when it was loaded. `stale` past the days that policy allows."""

    as_at: date | None
    loaded_on: date | None
    sentence: str
    stale: bool
    stale_sentence: str = ""


def house(request: HttpRequest) -> dict[str, Any]:
    """`authority_name`, and whether this is a demonstration."""
    try:
        home = home_in_use()
    except PlainError:
        return {"authority_name": "", "demo_home": False}
    return {"authority_name": home.authority_name, "demo_home": home.demo}


def who(request: HttpRequest) -> dict[str, Any]:
    """`viewer` (None for who is not signed in or holds no office), `may`, `menu`, `other_offices`, `clear_after`.

    `may_look_back` is whether they may look at what was known at an earlier time; `viewer.known` is when they do.
    """
    viewer = _viewer(request)
    return {
        "viewer": viewer,
        "may_look_back": viewer is not None and may_look_back(viewer),
        "may": May(viewer),
        "menu": list(_menu(viewer, request.path)) if viewer else [],
        "other_offices": other_offices(request) if viewer else [],
        "clear_after": settings.SESSION_IDLE_MINUTES,
        "demo_sign_in": SimpleLazyObject(lambda: is_demo(request)),
    }


def freshness(request: HttpRequest) -> dict[str, Any]:
    """`freshness`: a Freshness, worked out only by a page that shows it; None where nothing is to be said."""
    return {"freshness": SimpleLazyObject(lambda: _freshness(_viewer(request)))}


def freshness_of(as_at: date, loaded_on: date, allowed_days: float, today: date, *, works: bool = True) -> Freshness:
    """The freshness of a snapshot seen on a day (rule 7.1); `works` for those who have the case system to turn to."""
    loaded = day_in_year(loaded_on, as_at.year)
    sentence = f"As at {day(as_at)}, loaded {loaded}."
    stale = (today - as_at).days > allowed_days
    instead = "; use the case system for today’s work" if works else ""
    said = f"This was true on {day(as_at)}{instead}." if stale else ""
    return Freshness(as_at, loaded_on, sentence, stale, said)


def _freshness(viewer: Viewer | None) -> Freshness | None:
    if viewer is None or viewer.level == "none":
        return None
    if viewer.known is not None:  # nothing of the past is work to do, however young it is (rule 7.1)
        loaded = day_in_year(viewer.known.loaded_at, viewer.known.as_at.year)
        return Freshness(viewer.known.as_at, None, f"As at {day(viewer.known.as_at)}, loaded {loaded}.", stale=True)
    from lineofsight import policy

    try:
        found = lake_in_use().newest()
        if found is None:
            return Freshness(None, None, "No extract has been loaded yet.", stale=True)
        newest, _ = found
        allowed = policy.load(home_in_use()).number("extract.fresh", clock.today())
    except PlainError as wrong:
        return Freshness(None, None, str(wrong), stale=True)
    return freshness_of(
        newest.as_at,
        newest.loaded_at.astimezone(clock.LONDON).date(),
        allowed,
        clock.today(),
        works=viewer.level == "identified",
    )


def _viewer(request: HttpRequest) -> Viewer | None:
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return None
    try:
        return viewer_of(request)
    except Refused:
        return None


def _menu(viewer: Viewer, path: str) -> Iterator[dict[str, Any]]:
    for place in MENU:
        if place.needs and not may_any(viewer, *place.needs):
            continue
        here = path == "/" if place.address == "/" else path.startswith(place.parts)
        yield {"words": place.words, "address": place.address, "here": here, "exactly": path == place.address}
