"""What a pack and a frozen figure say of themselves in the thread, and to whom."""

from dataclasses import replace
from datetime import date

import pytest
from tests.web.reports.northmere import october

from lineofsight.web.access.permissions import Capability
from lineofsight.web.evidence import resolvers
from lineofsight.web.reports import packs
from lineofsight.web.reports.standings import FigureKey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("diary")]


@pytest.fixture
def pack():
    return packs.make("dcs", date(2026, 10, 1))


def test_a_pack_is_told_with_its_page_and_what_changed_since_to_its_readers_alone(pack, load, viewer_as):
    load(october({"4", "8", "12", "2"}))
    told = resolvers.resolve(viewer_as("dcs"), "pack", str(pack.pk))
    assert told and told.url.endswith(f"?pack={pack.pk}") and told.since
    executive = viewer_as("chief-executive")
    known = resolvers.resolve(executive, "pack", str(pack.pk))
    assert known and (known.label, known.url, known.since) == (told.label, "", ())
    without = replace(executive, capabilities=executive.capabilities - {Capability.SEE_RECORDS})
    assert resolvers.resolve(without, "pack", str(pack.pk)) is None


def test_a_figure_is_told_to_those_who_see_measures_alone(pack, viewer_as):
    key = str(FigureKey("CP10", pack.snapshot_id, pack.computation_id))
    director = viewer_as("dcs")
    told = resolvers.resolve(director, "figure", key)
    assert told and "as at 31 October 2026" in told.note
    without = replace(director, capabilities=director.capabilities - {Capability.SEE_MEASURES})
    assert resolvers.resolve(without, "figure", key) is None
