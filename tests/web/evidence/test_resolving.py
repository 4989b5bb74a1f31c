"""What evidence says of itself in the thread: its numbers are for those who see as plainly as who froze it."""

from dataclasses import replace

import pytest

from lineofsight.web.evidence.actions import freeze
from lineofsight.web.evidence.resolving import may_read_numbers

pytestmark = pytest.mark.django_db
CONTENT = {"sentence": "3 of 402 children.", "snapshot": "s1", "computation": "c1", "numerator": 3}
LEVELS = ("identified", "pseudonymised", "published", "none")


def read_by(viewer_as, evidence):
    """The levels at which the Director's office would read the numbers."""
    return [one for one in LEVELS if may_read_numbers(replace(viewer_as("dcs"), level=one), evidence)]


def test_numbers_of_the_whole_authority_are_read_at_the_two_levels_that_see_counts_exactly(viewer_as):
    for office in ("dcs", "lead-member"):
        frozen = freeze(viewer_as(office), "measure", "CP10", "Unallocated children", CONTENT)
        assert read_by(viewer_as, frozen) == ["identified", "pseudonymised"]


def test_numbers_of_one_service_are_read_by_the_office_that_saw_them_alone(viewer_as):
    frozen = freeze(viewer_as("head-of-service"), "measure", "CP10", "Unallocated children", CONTENT)
    assert may_read_numbers(viewer_as("head-of-service"), frozen)
    assert read_by(viewer_as, frozen) == []


def test_what_is_no_measure_is_not_read_below_the_level_it_was_frozen_at(viewer_as):
    frozen = freeze(viewer_as("dcs"), "exceptions", "open", "What is owed", CONTENT)
    assert read_by(viewer_as, frozen) == ["identified"]
