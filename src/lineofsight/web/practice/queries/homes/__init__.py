"""The first pages of those who do the work and lead it: a service, a team, one's own children, children one reviews.

Which home somebody has follows from whose children their office reaches, never from the office's name.
"""

from collections.abc import Callable, Mapping

from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice.queries.homes.by_team import ServiceHome, service_home
from lineofsight.web.practice.queries.homes.by_worker import TeamHome, team_home
from lineofsight.web.practice.queries.homes.mine import MyHome, my_home
from lineofsight.web.practice.queries.homes.reading import Kind, may_home
from lineofsight.web.practice.queries.homes.reviewing import ReviewsHome, reviews_home

Home = ServiceHome | TeamHome | MyHome | ReviewsHome

__all__ = ["HOMES", "Home", "Kind", "home_of", "kind_of"]

HOMES: Mapping[Kind, Callable[[Viewer], Home]] = {
    "service": service_home,
    "team": team_home,
    "own": my_home,
    "assigned": reviews_home,
}


def kind_of(viewer: Viewer) -> Kind | None:
    """Which of the homes `viewer` has; None for whoever has another first page."""
    return next((kind for kind in HOMES if may_home(viewer, kind)), None)


def home_of(viewer: Viewer, kind: Kind) -> Home:
    """The home itself. The read is in the log before a name is fetched. Raises Refused, TooFast, LogUnavailable."""
    return HOMES[kind](viewer)
