"""The month's ten as a page: who sees it, what stands on it, who is withheld, and that the read is in the log first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lineofsight import clock, policy
from lineofsight.web.access import chain, pace
from lineofsight.web.access.chain import LogUnavailable, told
from lineofsight.web.access.models import ChainEvent, Holding, Redaction, Restriction
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.practice.models import TenMonth, TenPlace
from lineofsight.web.practice.queries import people as cards
from lineofsight.web.practice.queries.standing import standing
from lineofsight.web.practice.ten import actions, fairness, found, queries
from lineofsight.web.practice.ten import permissions as rights

pytestmark = pytest.mark.django_db
TEN = "/ten/"
LATER = datetime(2026, 12, 1, 12, tzinfo=UTC)


def text(answer):
    return answer.content.decode()


def test_before_it_is_frozen_the_page_shows_what_the_rules_give(client_as, proposed):
    page = text(client_as("dcs").get(TEN))
    assert "Not frozen yet" in page and "Freeze this list" in page
    for one in proposed:
        for reason in one.reasons:
            assert reason["reason"].replace("’", "'")[:40] in page.replace("&#x27;", "'").replace("’", "'")


def test_the_page_says_that_it_is_no_prediction_and_shows_every_rule_with_its_weight(client_as):
    page = text(client_as("dcs").get(TEN))
    assert "This is not a prediction" in page
    for rule in found.rules(standing()):
        assert rule["words"].replace("’", "’") in page
    assert "5 of 5" in page


def test_harm_and_what_was_not_done_stand_apart(viewer_as, proposed):
    listed = queries.the_ten(viewer_as("dcs"))
    for line, one in zip(listed.lines, proposed, strict=True):
        assert [*line.harm, *line.failures] == [reason["reason"] for reason in one.reasons]
        assert len(line.harm) == sum(reason["theme"] == "harm" for reason in one.reasons)


def test_the_read_is_in_the_log_with_exactly_the_children_shown(client_as, proposed):
    client_as("dcs").get(TEN)
    event = ChainEvent.objects.filter(action="ten.listed").get()
    assert event.subject == "the ten 2026-10"
    assert sorted(told(event).children) == sorted(one.child_key for one in proposed)


def test_without_the_log_nobody_is_named(viewer_as, monkeypatch):
    monkeypatch.setattr(chain, "_append", lambda *_: (_ for _ in ()).throw(OSError))
    monkeypatch.setattr(cards, "cards", lambda *_: pytest.fail("names were read before the log was written"))
    with pytest.raises(LogUnavailable):
        queries.the_ten(viewer_as("dcs"))


def test_the_past_the_list_is_frozen_and_stays_as_it_was(viewer_as, frozen, proposed):
    listed = queries.the_ten(viewer_as("dcs"))
    assert listed.frozen == frozen and not listed.seal and not listed.newer
    assert [place.child_key for place in frozen.places.all()] == [one.child_key for one in proposed]
    assert frozen.more == found.more(standing(), proposed) == listed.more
    assert frozen.is_as_frozen()


def test_a_list_that_somebody_altered_says_so(viewer_as, frozen):
    TenPlace.objects.filter(ten=frozen, position=1).update(reasons=[])
    assert "altered" in queries.the_ten(viewer_as("dcs")).seal


def test_a_list_that_a_redaction_took_a_child_out_of_says_that_and_not_that_it_was_altered(viewer_as, frozen):
    TenPlace.objects.filter(ten=frozen, position=1).delete()
    Redaction.objects.create(at=clock.now(), under="snapshots", stand_in="x" * 32, marks=[], by_key="p")
    assert "no longer held" in queries.the_ten(viewer_as("dcs")).seal


def test_a_list_on_another_computation_says_that_it_stays_as_frozen(viewer_as, frozen):
    TenMonth.objects.update(computation_id="another")
    assert queries.the_ten(viewer_as("dcs")).newer


def test_a_restricted_record_is_not_named_and_is_counted(viewer_as, frozen, proposed):
    key = proposed[0].child_key
    Restriction.objects.create(
        child_key=key, kind="protected-address", reason="x", from_date=clock.today(), placed_by_key="p-dcs"
    )
    listed = queries.the_ten(viewer_as("dcs"))
    assert listed.withheld == 1 and len(listed.lines) == len(proposed) - 1
    event = ChainEvent.objects.filter(action="ten.listed").order_by("-sequence").first()
    assert key not in told(event).children


def test_a_restricted_child_who_left_is_not_named_either(viewer_as, frozen, proposed):
    key = proposed[0].child_key
    actions.remove(by=viewer_as("dcs"), child_key=key, why="Done.")
    assert len(queries.the_ten(viewer_as("dcs")).left) == 1
    Restriction.objects.create(
        child_key=key, kind="protected-address", reason="x", from_date=clock.today(), placed_by_key="p-dcs"
    )
    assert queries.the_ten(viewer_as("dcs")).left == []


def test_brothers_and_sisters_are_counted_without_those_who_are_restricted(viewer_as, frozen, persons):
    place = frozen.places.first()
    two = [one["child_key"] for one in persons if not one["restricted"]][:2]
    TenPlace.objects.filter(pk=place.pk).update(siblings=two)
    assert queries.the_ten(viewer_as("dcs")).lines[0].siblings_words == "and two brothers and sisters"
    Restriction.objects.create(
        child_key=two[0], kind="protected-address", reason="x", from_date=clock.today(), placed_by_key="p-dcs"
    )
    assert queries.the_ten(viewer_as("dcs")).lines[0].siblings_words == "and a brother or sister"


def test_of_a_child_whose_page_is_not_the_viewers_nothing_is_told(viewer_as, frozen, proposed):
    actions.write_note(by=viewer_as("dcs"), child_key=proposed[0].child_key, words="Ask.")
    narrow = replace(viewer_as("dcs"), scope=replace(viewer_as("dcs").scope, kind="team", ids=frozenset({"nowhere"})))
    listed = queries.the_ten(narrow)
    assert all(
        (line.child.ref, list(line.harm), list(line.failures), line.note) == ("", [], [], "") for line in listed.lines
    )


def test_after_its_month_the_list_is_out_of_sight(client_as, frozen, proposed, persons):
    names = {one["surname"] for one in persons if one["child_key"] in {place.child_key for place in proposed}}
    with clock.frozen_at(LATER):
        page = text(client_as("dcs").get(TEN))
    assert "expired on 30 November 2026" in page
    assert not any(f" {name}<" in page for name in names)
    assert "Freeze" not in page


def test_on_its_last_day_it_is_still_there(viewer_as, frozen):
    with clock.frozen_at(datetime(2026, 11, 30, 12, tzinfo=UTC)):
        assert not queries.the_ten(viewer_as("dcs")).expired


@pytest.mark.parametrize("address", [TEN, "/ten/fairness/"])
def test_an_extract_without_a_ten_says_so(client_as, monkeypatch, address):
    monkeypatch.setattr(found.answers, "is_kept", lambda _: False)
    assert "was not worked out for this extract" in text(client_as("dcs").get(address))
    assert client_as("dcs").get("/").status_code == 200


def test_who_is_listed_by_a_way_that_is_none_is_no_page(client_as):
    assert client_as("dcs").get("/ten/fairness/", {"by": "nonsense"}).status_code == 404


@pytest.mark.parametrize(
    ("lost", "changes", "releases"),
    [(None, True, True), (Capability.CHANGE_TEN, False, True), (Capability.RELEASE_TEXT, True, False)],
)
def test_a_childs_page_offers_what_its_reader_may_do(viewer_as, frozen, proposed, ref_of, lost, changes, releases):
    viewer = viewer_as("dcs")
    viewer = replace(viewer, capabilities=viewer.capabilities - {lost})
    shown = queries.of_child(viewer, ref_of(proposed[0].child_key))
    assert (shown.changes, shown.releases) == (changes, releases)


@pytest.mark.parametrize("lost", [Capability.SEE_TEN, Capability.SEE_CHILDREN])
@pytest.mark.parametrize(
    "look",
    [queries.the_ten, queries.home, lambda viewer: queries.of_child(viewer, "x" * 43),
     lambda viewer: fairness.who_is_listed(viewer, "age")],
)  # fmt: skip
def test_nobody_sees_any_of_it_without_both_permissions(viewer_as, lost, look):
    viewer = viewer_as("dcs")
    with pytest.raises(Refused):
        look(replace(viewer, capabilities=viewer.capabilities - {lost}))


@pytest.mark.parametrize(("twin", "lost"), [
    (rights.may_see_ten, Capability.SEE_TEN),
    (rights.may_see_ten, Capability.SEE_CHILDREN),
    (rights.may_change_ten, Capability.CHANGE_TEN),
    (rights.may_change_ten, Capability.SEE_TEN),
    (rights.may_release, Capability.RELEASE_TEXT),
    (rights.may_release, Capability.SEE_TEN),
])  # fmt: skip
def test_the_twins_agree_with_their_checks(viewer_as, twin, lost):
    viewer = viewer_as("dcs")
    assert twin(viewer)
    assert not twin(replace(viewer, capabilities=viewer.capabilities - {lost}))


def test_a_delegate_sees_the_list_and_changes_nothing(client_as, frozen):
    page = text(client_as("dcs-delegate").get(TEN))
    assert "Notes and texts" in page and "or take off" not in page and "find the child" not in page


def test_a_delegate_of_the_directors_own_office_may_not_change_it_either(viewer_as, people):
    Holding.objects.filter(person=people["dcs"]).update(as_delegate=True)
    assert not rights.may_change_ten(viewer_as("dcs")) and rights.may_see_ten(viewer_as("dcs"))


def test_a_person_who_looks_too_fast_is_stopped(client_as, viewer_as, ref_of, proposed):
    viewer = viewer_as("dcs")
    for number in range(int(policy.load().number(pace.LISTING.threshold, clock.today()))):
        chain.record(viewer=viewer, action="exceptions.listed", child_keys=[f"{number:032x}"])
    with pytest.raises(pace.TooFast):
        queries.the_ten(viewer)
    with pytest.raises(pace.TooFast):
        queries.of_child(viewer, ref_of(proposed[0].child_key))


def test_the_page_takes_few_reads_and_few_queries(client_as, frozen, lake_reads, django_assert_max_num_queries):
    client = client_as("dcs")
    client.get(TEN)
    lake_reads.clear()
    with django_assert_max_num_queries(20):
        client.get(TEN)
    assert len(lake_reads) <= 3


@pytest.mark.parametrize(("counts", "said"), [
    ((0, None, 0), "No child is on this month’s list."),
    ((0, None, 2), "No child is on this month’s list; two more meet the same rules."),
    ((1, None, 0), "One child. No other child meets the same rules."),
    ((1, 1, 1), "One child, new; one more meets the same rules."),
    ((1, 0, 0), "One child, not new. No other child meets the same rules."),
    ((10, 2, 14), "Ten children, two of them new; 14 more meet the same rules."),
    ((10, 0, 14), "Ten children, none of them new; 14 more meet the same rules."),
    ((3, 3, 0), "Three children, all of them new. No other child meets the same rules."),
])  # fmt: skip
def test_the_counts_are_said_as_one_would_say_them(counts, said):
    assert queries.counts_said(*counts) == said
