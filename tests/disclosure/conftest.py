"""For the attacker: people in every office, and a home into which a planted authority is loaded.

What people write stands in it too: a lead's three lines, and what the Director released of them and of the ten.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.disclosure.authorities import planted, planted_before
from tests.disclosure.constraints import BELOW
from tests.web.conftest import client_as, people, viewer_as

from lineofsight import clock, loading
from lineofsight.home import Home, create_home, open_home
from lineofsight.keys import create_keys
from lineofsight.web.access.models import Holding
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice.monthly import actions as lines
from lineofsight.web.practice.monthly import leads
from lineofsight.web.practice.queries import figures, first_known, standing
from lineofsight.web.practice.ten import actions as ten
from lineofsight.web.practice.ten import found
from lineofsight.web.reports import comparing

__all__ = ["client_as", "people", "viewer_as"]

LOADED_BEFORE, LOADED = datetime(2026, 10, 2, 9, tzinfo=UTC), datetime(2026, 11, 2, 9, tzinfo=UTC)
NOW = datetime(2026, 11, 12, 12, tzinfo=UTC)
# What is written for those who see every number, and what of it the Lead Member is told: a figure told anyway.
THREE = lines.Three("There were 4,321 visits too few.", "In one team 3 posts are vacant.", "We look again.")
OF_A_MEASURE = "It was so of {} children, and {} were counted."
OF_A_CHILD = "The plan has stood still; the next conference is asked to say why."


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """An empty home in use, on 12 November 2026."""
    made = create_home(tmp_path / "home", authority="999", authority_name="Westharbour")
    create_keys(made)
    monkeypatch.setenv("LINEOFSIGHT_HOME", str(made.path))
    with clock.frozen_at(NOW):
        yield open_home(made.path)
    for room in (standing, figures, first_known, comparing, found):
        room.forget()


@pytest.fixture
def plant(home: Home, viewer_as: Callable[[str], Viewer]) -> Callable[[int], None]:
    """`plant(seed)`: load the authority of that seed, a month ago and now, write of it, and make the month's packs."""

    def loaded(seed: int) -> None:
        with _at(LOADED_BEFORE):
            loading.load(home, planted_before(seed))
        with _at(LOADED):
            loading.load(home, planted(seed))
        _write(viewer_as)
        from lineofsight.web.reports import packs

        packs.make_current()

    return loaded


def _write(viewer_as: Callable[[str], Viewer]) -> None:
    """A lead's three lines and a text released of them, and a text released of a child of the ten."""
    director, stand = viewer_as("dcs"), standing.standing()
    held = figures.authority(stand, "pseudonymised")
    measure, told = next(
        (key, held[key].headline)
        for key, one in leads.headline().items()
        if one.kind == "percent" and key in held and (held[key].headline.numerator or 0) >= BELOW
    )
    lead = Holding.objects.get(office="head-of-service")
    lines.name_lead(by=director, measure=measure, holding=lead.pk)
    lines.write(by=viewer_as("head-of-service"), measure=measure, told=THREE)
    lines.release(by=director, measure=measure, text=OF_A_MEASURE.format(told.numerator, told.denominator))
    ten.freeze(by=director)
    chosen = found.proposed(stand)[0]
    ten.release(by=director, child_key=chosen.child_key, text=OF_A_CHILD, read_again=True)


@contextmanager
def _at(moment: datetime) -> Iterator[None]:
    with clock.frozen_at(moment):
        yield
