"""A page asks before it shows a form, and offers only what its reader may do."""

from dataclasses import replace

import pytest
from django.urls import reverse

from lineofsight.web.access.permissions import Capability
from lineofsight.web.commitments import protocol, views
from lineofsight.web.commitments.actions import Subject, prepare_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people", "mid_november")]

SEEN = Subject("Children seen in time", "measure", "CP08")


@pytest.fixture
def asked_without(client_as, viewer_as, monkeypatch):
    """`asked_without("dcs", address, Capability.X)`: the page's answer to that office, had it not X."""

    def ask(office, address, *lacking):
        viewer = viewer_as(office)
        less = replace(viewer, capabilities=viewer.capabilities - set(lacking))
        client = client_as(office)
        monkeypatch.setattr(views, "viewer_of", lambda request: less)
        return client.get(address)

    return ask


def test_a_draft_opens_for_signing_only_to_who_signs_or_prepares(asked_without, viewer_as, told):
    draft = prepare_record(SEEN, told(), by=viewer_as("dcs"))
    address = reverse("commitments:sign", args=[draft.pk])
    assert asked_without("dcs", address).status_code == 200
    assert asked_without("dcs", address, Capability.SIGN_RECORD).status_code == 403
    assert asked_without("dcs-delegate", address).status_code == 200
    assert asked_without("dcs-delegate", address, Capability.KEEP_COMMITMENTS).status_code == 403


def test_a_question_is_asked_by_who_may_ask_though_they_sign_records(asked_without):
    address = f"{reverse('commitments:ask')}?kind=measure&key=CP08"
    assert asked_without("dcs", address, Capability.ASK).status_code == 403


def test_a_date_is_planned_on_the_page_by_who_prepares(asked_without):
    kept = next(one.slug for one in protocol.in_force().commitments if "dcs" in one.offices)
    address = reverse("commitments:commitment", args=[kept])
    assert asked_without("dcs", address).context["prepares"]
    assert not asked_without("dcs", address, Capability.KEEP_COMMITMENTS).context["prepares"]
