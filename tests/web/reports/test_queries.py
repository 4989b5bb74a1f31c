"""What an office is shown of packs: those to make only to who prepares them, texts only to who may read them."""

from dataclasses import replace
from datetime import date

import pytest

from lineofsight.web.access.permissions import Capability
from lineofsight.web.reports import packs, queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("diary")]


def test_the_packs_that_could_be_made_are_for_who_prepares_packs(viewer_as):
    director = replace(viewer_as("dcs"), capabilities=frozenset({Capability.SIGN_PACK, Capability.PREPARE_PACK}))
    assert queries.missing(director)
    assert queries.missing(replace(director, capabilities=frozenset({Capability.SIGN_PACK}))) == []


def test_every_months_packs_are_listed_of_those_offices_alone_whose_packs_one_reads(viewer_as):
    packs.make_current()
    assert {one.office for one in queries.listed(viewer_as("dcs"))} == {"dcs", "lead-member"}
    assert {one.office for one in queries.listed(viewer_as("lead-member"))} == {"lead-member"}
    assert date(2026, 10, 1) in {one.month for one in queries.listed(viewer_as("dcs"))}
