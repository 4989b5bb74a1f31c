"""A pack of a load that was withdrawn: not offered, not signed, still read; the pack of what stands takes its place."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
from tests.web.reports.northmere import october

from lineofsight import clock, loading
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.permissions import Refused
from lineofsight.web.commitments import actions as commitments
from lineofsight.web.commitments import queries as records
from lineofsight.web.commitments.models import Occurrence, Record
from lineofsight.web.commitments.permissions import OF_A_WITHDRAWN_LOAD, stands
from lineofsight.web.reports import packs, queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("diary")]
PACK = "/packs/dcs/2026-11/"
ANSWER = {"judgement": "satisfied", "words": "Cover is arranged.", "difference": "All were seen.", "then": "sign"}
WHY = "It was cut short."


@pytest.fixture
def two(home, load):
    """October's pack, and November's of a load that is then withdrawn by `take_back`."""
    (first, _) = packs.make_current()
    load(october(as_at=date(2026, 11, 10)))
    (second, _) = packs.make_current()
    return first, second


def take_back(home, pack):
    loading.withdraw(home, pack.snapshot_id, by="p-analyst", why=WHY)


def sign(pack, viewer, draft=None):
    told = commitments.Told(held_on=clock.today(), judgement="satisfied", words="Cover.", difference="All were seen.")
    about = commitments.Subject(f"{pack.month:%B %Y} pack", "pack", str(pack.pk))
    frozen = [commitments.Frozen("pack", str(pack.pk), pack.digest)]
    if draft is None:
        return commitments.sign_now(about, told, by=viewer, rests_on=frozen)
    return commitments.sign_record(draft, by=viewer)


def test_today_offers_the_pack_of_what_stands_and_not_that_of_a_withdrawn_load(home, two, viewer_as, client_as):
    first, second = two
    assert queries.newest(viewer_as("dcs")).pack == second
    take_back(home, second)
    assert packs.make_current()[0] == first
    assert queries.newest(viewer_as("dcs")).pack == first
    today = client_as("dcs").get("/").content.decode()
    assert "October 2026 pack" in today
    assert "November 2026 pack" not in today
    assert "Load withdrawn" in client_as("dcs").get("/packs/").content.decode()


def test_a_withdrawn_correction_gives_the_month_back_its_first_pack_and_the_other_stays_readable(
    home, load, viewer_as, client_as
):
    (first, _) = packs.make_current()
    load(october({"P1"}))
    (second, _) = packs.make_current()
    take_back(home, second)
    assert packs.make_current()[0] == first
    assert queries.newest(viewer_as("dcs")).pack == first
    page = client_as("dcs").get(f"/packs/dcs/2026-10/?pack={second.pk}").content.decode()
    assert f"was withdrawn on 12 November 2026 because: {WHY}" in page
    assert "It does not change, and it cannot be signed." in page
    assert f"?pack={first.pk}" in page
    assert 'name="judgement"' not in page
    assert 'name="judgement"' in client_as("dcs").get("/packs/dcs/2026-10/").content.decode()


def test_signing_a_pack_of_a_withdrawn_load_is_refused_in_one_sentence_and_holds_no_commitment(
    home, two, viewer_as, client_as
):
    _, second = two
    draft = commitments.prepare_record(
        commitments.Subject("November 2026 pack", "pack", str(second.pk)),
        commitments.Told(held_on=clock.today(), judgement="satisfied", words="Cover.", difference="All were seen."),
        by=viewer_as("dcs-delegate"),
        office="dcs",
    )
    assert stands("pack", str(second.pk))
    assert records.record(viewer_as("dcs"), draft.pk).may_sign
    take_back(home, second)
    assert not stands("pack", str(second.pk))
    assert not records.record(viewer_as("dcs"), draft.pk).may_sign
    for made in (None, draft):
        with pytest.raises(Refused, match="withdrawn") as refused:
            sign(second, viewer_as("dcs"), made)
        assert refused.value.reason == OF_A_WITHDRAWN_LOAD
    answer = client_as("dcs").post(f"{PACK}?pack={second.pk}", ANSWER)
    assert answer.status_code == 403
    assert OF_A_WITHDRAWN_LOAD in unescape(answer.content.decode())
    assert not Record.objects.signed().exists()
    assert not Occurrence.objects.filter(commitment="performance-review", state="held").exists()


def test_what_was_signed_before_the_withdrawal_holds_and_can_be_put_right_and_the_new_pack_is_signed_too(
    home, load, viewer_as
):
    load(october({"P1"}))
    (second, _) = packs.make_current()
    signed = sign(second, viewer_as("dcs"))
    held = Occurrence.objects.filter(commitment="performance-review", state="held")
    assert held.count() == 1
    take_back(home, second)
    assert held.count() == 1
    told = commitments.Told(held_on=clock.today(), judgement="satisfied", words="Other.", difference="All were seen.")
    assert commitments.correct_record(signed, told, by=viewer_as("dcs")).version == 2
    (anew, _) = packs.make_current()
    assert anew != second
    assert lake_in_use().newest()[0].id == anew.snapshot_id
    assert queries.newest(viewer_as("dcs")).pack == anew
    assert queries.newest(viewer_as("dcs")).signed_at is None
    assert sign(anew, viewer_as("dcs")).signed


def test_a_month_whose_only_pack_is_of_a_withdrawn_load_is_offered_to_who_prepares(home, load, viewer_as):
    (first, _) = packs.make_current()
    load(october({"P1"}))
    take_back(home, first)
    assert ("dcs", date(2026, 10, 1)) in {(office, month) for office, _, month in queries.missing(viewer_as("dcs"))}
