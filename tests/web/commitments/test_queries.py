"""What an office is shown of a commitment: each part as it is, and a way to record only what is its own to record."""

import pytest

from lineofsight.web.commitments import permissions as rules
from lineofsight.web.commitments import protocol, queries
from lineofsight.web.commitments.actions import extend

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people", "mid_november")]


@pytest.mark.parametrize("office", ["dcs", "lead-member"])
def test_a_part_can_be_recorded_by_who_prepares_for_its_office_alone(viewer_as, office):
    extend()
    viewer = viewer_as(office)
    parts = [part for one in protocol.in_force().commitments for part in queries.history(viewer, one)]
    assert {part.office for part in parts} >= {"dcs", "lead-member"}
    for part in parts:
        assert part.may_record is (part.office == office)
        assert part.may_record is rules.may_prepare(viewer, part.office)
