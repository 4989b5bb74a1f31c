"""What is seen on a page is written down as a finding from there, joined to it in the thread, and told in an export."""

from __future__ import annotations

import re
from html import unescape

import pytest

from lineofsight.cases import refs
from lineofsight.web.access.desk import held
from lineofsight.web.access.house import keys_in_use
from lineofsight.web.evidence.models import Link
from lineofsight.web.improvement.models import Finding
from lineofsight.web.practice.queries.standing import standing

pytestmark = pytest.mark.django_db
FOUND = {"title": "A visit was late", "words": "Nobody had told the manager.", "found_on": "1 November 2026"}
ADDRESS = re.compile(r'href="(/findings/new/[^"]+)"')


def address_on(client, page):
    """Where the page's link to write down a finding leads; nothing where it has none."""
    found = ADDRESS.search(client.get(page).content.decode())
    return unescape(found[1]) if found else ""


def test_a_child_s_page_leads_to_a_finding_that_came_out_of_it(dcs, director, owed):
    key = owed["child_key"]
    ref = refs.ref(keys_in_use(), director.audience, key)
    address = address_on(dcs, f"/children/{ref}/")
    form = dcs.get(address).content.decode()
    assert "It came out of: A child’s page" in form and key not in form
    assert re.search(r'value="exception"[^>]*checked', form)
    made = dcs.post(address, {**FOUND, "source": "exception"}, follow=True)
    assert "The finding is written down." in made.content.decode() and key not in made.content.decode()
    finding = Finding.objects.get()
    assert (finding.from_kind, finding.from_key) == ("child", key)
    assert Link.objects.filter(from_kind="finding", from_key=str(finding.pk), to_kind="child", to_key=key).exists()


def test_a_finding_made_on_the_child_s_page_is_in_the_export_of_what_is_held_and_no_other(dcs, director, owed, persons):
    key = owed["child_key"]
    ref = refs.ref(keys_in_use(), director.audience, key)
    dcs.post(address_on(dcs, f"/children/{ref}/"), {**FOUND, "source": "exception"})
    dcs.post("/findings/new/", {**FOUND, "source": "audit", "title": "Of nobody"})
    stand, person = standing(), next(one["person_id"] for one in persons if one["child_key"] == key)
    (part,) = (one for one in held.everything(stand.lake, stand.snapshot, person, key) if one.name == "finding")
    said = str(part.rows)
    assert len(part.rows) == 1 and "Nobody had told the manager." in said
    assert key not in said and "Person dcs" not in said


@pytest.mark.parametrize(
    ("page", "kind"), [("/measures/CP08/", "measure"), ("/measures/CP08/children/?met=all", "measure"),
                       ("/exceptions/unallocated/", "exceptions")],
)  # fmt: skip
def test_measures_and_lists_lead_to_a_finding_for_who_keeps_findings_and_for_nobody_else(dcs, client_as, page, kind):
    assert f"kind={kind}&" in address_on(dcs, page)
    assert dcs.get(address_on(dcs, page)).status_code == 200
    assert address_on(client_as("lead-member"), "/measures/CP08/") == ""


def test_an_address_that_names_another_s_child_leads_nowhere_and_writes_nothing(dcs):
    page = dcs.post("/findings/new/?kind=child&key=nonsense&source=exception", {**FOUND, "source": "exception"})
    assert "cannot be found, or is not shown to your office" in page.content.decode()
    assert not Finding.objects.exists()
