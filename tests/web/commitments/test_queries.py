"""What an office is shown of a commitment: each part as it is, and a way to record only what is its own to record."""

from dataclasses import replace
from datetime import date

import pytest
from django.db.models import Q

from lineofsight.web.access.permissions import Capability
from lineofsight.web.commitments import permissions as rules
from lineofsight.web.commitments import protocol, queries
from lineofsight.web.commitments.actions import Subject, extend, prepare_record, sign_now, sign_record
from lineofsight.web.commitments.models import Occurrence
from lineofsight.web.evidence import resolvers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people", "mid_november")]

SEEN = Subject("Children seen in time", "measure", "CP08")


@pytest.mark.parametrize("office", ["dcs", "lead-member"])
def test_a_part_can_be_recorded_by_who_prepares_for_its_office_alone(viewer_as, office):
    extend()
    viewer = viewer_as(office)
    parts = [part for one in protocol.in_force().commitments for part in queries.history(viewer, one)]
    assert {part.office for part in parts} >= {"dcs", "lead-member"}
    for part in parts:
        assert part.may_record is (part.office == office)
        assert part.may_record is rules.may_prepare(viewer, part.office)


def test_a_record_is_signed_changed_and_corrected_by_its_own_office_alone(viewer_as, told):
    director, member = viewer_as("dcs"), viewer_as("lead-member")
    draft = prepare_record(SEEN, told(), by=director)
    mine, theirs = queries._told(director, draft), queries._told(member, draft)
    assert (mine.may_sign, mine.may_change) == (True, True)
    assert (theirs.may_sign, theirs.may_change) == (False, False)
    signed = sign_record(draft, by=director)
    assert queries.record(director, signed.pk).may_correct and not queries.record(member, signed.pk).may_correct


def test_a_record_and_a_commitment_are_named_in_the_thread_to_who_may_know_of_them(viewer_as, told):
    director = viewer_as("dcs")
    signed = sign_now(SEEN, told(), by=director)
    blind = replace(director, capabilities=director.capabilities - {Capability.SEE_RECORDS}, person_key="p-x")
    for kind, key in (("record", str(signed.pk)), ("commitment", "team-visits")):
        assert resolvers.resolve(director, kind, key) is not None
        assert resolvers.resolve(blind, kind, key) is None


def test_a_part_leads_to_its_record_for_those_alone_who_may_know_of_it(viewer_as, told):
    extend()
    director = viewer_as("dcs")
    audit = Occurrence.objects.get(commitment="case-audit", due_on=date(2026, 11, 30))
    signed = sign_now(Subject("Audit", "commitment", "case-audit"), told(), by=director, occurrence=audit)
    blind = replace(director, capabilities=director.capabilities - {Capability.SEE_RECORDS}, person_key="p-x")

    def record_of(viewer):
        found = queries._parts(viewer, Q(occurrence=audit))
        return [part.record for part in found if part.office == "dcs"]

    assert record_of(director) == [signed]
    assert record_of(blind) == [None]
