"""What an office is shown of packs: those to make only to who prepares them, texts only to who may read them."""

from dataclasses import replace
from datetime import date

import pytest
from django.http import Http404

from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.access.viewer import Scope
from lineofsight.web.reports import packs, queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("diary")]

OCTOBER = date(2026, 10, 1)


def test_the_packs_that_could_be_made_are_for_who_prepares_packs(viewer_as):
    director = replace(viewer_as("dcs"), capabilities=frozenset({Capability.SIGN_PACK, Capability.PREPARE_PACK}))
    assert queries.missing(director)
    assert queries.missing(replace(director, capabilities=frozenset({Capability.SIGN_PACK}))) == []


def test_every_months_packs_are_listed_of_those_offices_alone_whose_packs_one_reads(viewer_as):
    packs.make_current()
    assert {one.office for one in queries.listed(viewer_as("dcs"))} == {"dcs", "lead-member"}
    assert {one.office for one in queries.listed(viewer_as("lead-member"))} == {"lead-member"}
    assert OCTOBER in {one.month for one in queries.listed(viewer_as("dcs"))}


def test_the_newest_pack_is_for_those_who_have_to_do_with_packs(viewer_as):
    packs.make_current()
    assert queries.newest(viewer_as("dcs"))
    with pytest.raises(Refused):
        queries.newest(viewer_as("team-manager"))


def test_a_pack_one_may_not_read_is_not_among_those_that_could_be_made(viewer_as):
    preparer = replace(viewer_as("analyst"), capabilities=frozenset({Capability.PREPARE_PACK}))
    assert {office for office, _, _ in queries.missing(preparer)} == {"dcs", "lead-member"}
    assert queries.missing(replace(preparer, level="pseudonymised")) == []


@pytest.mark.parametrize("chosen", ["", "8f1d1d0e-6a53-4a6c-9df7-2b7d1f6d8a11", "not an id"])
def test_a_pack_that_was_never_made_is_no_pack(chosen):
    with pytest.raises(Http404):
        queries.pack_of("dcs", OCTOBER, chosen)


def test_released_texts_stand_beside_a_pack_only_for_who_may_read_them(viewer_as):
    packs.release("lead-member", OCTOBER, "Cover is arranged.", by=viewer_as("dcs"))
    packs.make_current()
    member = viewer_as("lead-member")
    without = replace(member, capabilities=member.capabilities - {Capability.SEE_RELEASED_TEXT})
    assert [one.words for one in queries.read(member, "lead-member", OCTOBER).texts] == ["Cover is arranged."]
    assert queries.read(without, "lead-member", OCTOBER).texts == []


def test_the_unallocated_stand_by_name_only_for_who_sees_every_child_of_the_authority(viewer_as):
    packs.make_current()
    director = viewer_as("dcs")
    appendix = queries.read(director, "dcs", OCTOBER).appendix
    assert appendix and appendix.children
    for less in (
        replace(director, scope=Scope("team", frozenset({"T1"}))),
        replace(director, capabilities=director.capabilities - {Capability.SEE_CHILDREN}),
        replace(director, level="pseudonymised"),
    ):
        assert queries.read(less, "dcs", OCTOBER).appendix is None
