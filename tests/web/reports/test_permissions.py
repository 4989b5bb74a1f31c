"""Whose pack it is: its office's, the Director's to read, and theirs who prepare every pack and see every name."""

from dataclasses import replace

import pytest

from lineofsight.web.access.permissions import Capability
from lineofsight.web.access.viewer import Scope
from lineofsight.web.reports import permissions as rules


@pytest.fixture
def preparer(viewer_as):
    """Somebody of an office with no pack of its own, who prepares packs over the whole authority, by name."""
    viewer = viewer_as("analyst")
    return replace(viewer, capabilities=viewer.capabilities | {Capability.PREPARE_PACK}, level="identified")


def test_who_prepares_packs_by_name_over_the_whole_authority_reads_each(preparer):
    whole = replace(preparer, scope=Scope("authority"))
    assert rules.may_read_pack(whole, "dcs") and rules.may_read_pack(whole, "lead-member")
    for less in (
        replace(whole, scope=Scope("team", frozenset({"T1"}))),
        replace(whole, level="pseudonymised"),
        replace(whole, capabilities=whole.capabilities - {Capability.PREPARE_PACK}),
        replace(whole, capabilities=frozenset({Capability.SIGN_PACK})),
    ):
        assert not rules.may_read_pack(less, "dcs") and not rules.may_read_pack(less, "lead-member")


def test_without_a_permission_of_packs_nobody_reads_one_but_a_delegate(viewer_as):
    director = viewer_as("dcs")
    assert rules.may_read_pack(director, "lead-member") and rules.has_packs(director)
    bare = replace(director, capabilities=frozenset())
    assert not rules.may_read_pack(bare, "dcs") and not rules.has_packs(bare)
    assert rules.may_read_pack(viewer_as("dcs-delegate"), "dcs")


def test_who_acts_for_an_office_that_has_no_packs_has_none(viewer_as):
    acting = replace(viewer_as("head-of-service"), delegate=True, capabilities=frozenset())
    assert not rules.has_packs(acting)
    assert rules.has_packs(replace(viewer_as("dcs-delegate"), capabilities=frozenset()))
