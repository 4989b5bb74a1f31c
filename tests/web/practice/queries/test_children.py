"""One child: who is responsible, what is owed, and one chronology."""

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest
from django.http import Http404

from lineofsight.cases import refs
from lineofsight.cases.exceptions import SCHEMA
from lineofsight.lake import event_kinds
from lineofsight.web import keys_in_use
from lineofsight.web.practice import queries
from lineofsight.web.practice.queries import children, people, telling
from lineofsight.web.practice.queries.standing import standing


def child_like(director, persons, wanted):
    """The first child for whom `wanted` holds, as the Director sees them."""
    person = next(one for one in persons if not one["restricted"] and wanted(one))
    return queries.get_child(director, refs.ref(keys_in_use(), "identified", person["child_key"]))


def invented(number, kind="contact"):
    """A child with `number` events of one kind, one a day from the newest back."""
    days = [date.fromordinal(date(2026, 10, 31).toordinal() - n) for n in range(number)]
    events = [children.Event(day, kind, f"Event {n}", "", None, "", "", "t") for n, day in enumerate(days)]
    return children.Child(
        "", "", "", "", {}, "", "", "", events, [], 0, [], 0, date(2026, 10, 31), False
    )  # fmt: skip


def test_the_chronology_holds_every_event_of_the_lake_newest_first(director, persons):
    child = child_like(director, persons, lambda one: one["on_plan"])
    stand = standing()
    in_lake = stand.lake.events(stand.snapshot, child.key)
    assert len(child.events) == in_lake.num_rows > 10
    days = [event.on for event in child.events]
    assert days == sorted(days, reverse=True)


def test_pages_of_a_chronology_together_hold_each_event_once():
    child = invented(250)
    pages = [queries.chronology(child, page=number) for number in (1, 2, 3)]
    shown = [event.title for page in pages for month in page.months for event in month.events]
    assert shown == [event.title for event in child.events]
    assert [page.pages for page in pages] == [3, 3, 3]
    assert (pages[2].first, pages[2].last, pages[2].previous, pages[2].next) == (201, 250, 2, None)


@pytest.mark.parametrize(("kind", "page"), [("", 4), ("", 0), ("referral", 1)])
def test_a_page_or_kind_that_there_is_not_is_no_page(kind, page):
    with pytest.raises(Http404):
        queries.chronology(invented(250), kind, page)


def test_a_chronology_without_events_has_one_empty_page():
    page = queries.chronology(invented(0))
    assert (page.total, page.pages, page.first, page.last) == (0, 1, 0, 0)


def test_a_chronology_narrows_to_one_kind_with_its_count(director, persons):
    child = child_like(director, persons, lambda one: one["on_plan"])
    for kind, words, count in queries.chronology(child).kinds:
        page = queries.chronology(child, kind)
        assert page.total == count
        assert words == event_kinds()[kind]
        assert {event.kind for month in page.months for event in month.events} == {kind}


def test_a_child_with_no_named_worker_says_so_without_a_name(director, persons):
    child = child_like(director, persons, lambda one: one["on_plan"] and one["worker_id"] is None)
    assert "No named worker was responsible." in child.sentence
    assert child.responsible == ""
    assert child.person["surname"] not in child.sentence


def test_what_is_owed_to_the_child_is_what_the_ledger_holds_open(director, persons):
    listed = queries.exceptions(director, queries.ledger.Asked(whole=True))
    ref = next(row.child.ref for row in listed.rows if row.child and row.child.ref)
    child = queries.get_child(director, ref)
    owed = sorted((row.measure, row.reason) for row in listed.rows if row.child and row.child.ref == ref)
    assert sorted((one.measure, one.reason) for one in child.owed if one.state == "open") == owed


def test_brothers_and_sisters_are_named_only_where_their_page_may_be_opened(viewer_as, director, persons, place):
    by_key = {one["child_key"]: one for one in persons}
    viewer = viewer_as("team-manager")

    def beyond(one):
        return place.team in one["scope_teams"] and any(
            key in by_key and place.team not in by_key[key]["scope_teams"] for key in one["siblings"]
        )

    family = next((one for one in persons if not one["restricted"] and beyond(one)), None)
    if family is None:
        pytest.skip("no family of this authority stands across two teams")
    child = queries.get_child(viewer, refs.ref(keys_in_use(), "identified", family["child_key"]))
    assert child.siblings_withheld > 0
    assert len(child.siblings) + child.siblings_withheld == len(family["siblings"])


def test_what_stands_now_is_open_and_not_in_the_future(director, persons):
    child = child_like(director, persons, lambda one: one["looked_after"])
    assert {event.kind for event in child.plans} & {"care_episode", "placement", "legal_status"}
    assert all(event.ended_on is None and event.on <= child.as_at for event in child.plans)


def test_the_purpose_given_stands_in_the_log(director, persons):
    from lineofsight.web.access.chain import told
    from lineofsight.web.access.models import ChainEvent

    key = next(one["child_key"] for one in persons if not one["restricted"])
    queries.get_child(director, refs.ref(keys_in_use(), "identified", key), purpose="a complaint")
    assert told(ChainEvent.objects.latest("sequence")).purpose == "a complaint"


def test_of_a_role_word_nobody_has_mapped_it_is_not_said_that_nobody_is_responsible(
    director, client_as, persons, monkeypatch
):
    wanted = lambda one: one["on_plan"] and one["worker_id"] is None  # noqa: E731
    child = replace(child_like(director, persons, wanted), role_untold=True)
    assert "No named worker" not in child.sentence
    assert "Whether a named worker was responsible cannot be told: a role word has no meaning" in child.sentence
    monkeypatch.setattr(telling, "has_unmapped", lambda stand, titles: True)
    text = client_as("dcs").get(f"/children/{child.ref}/").content.decode()
    assert "No named worker" not in text and "<strong>Cannot be told</strong>" in text


def test_only_an_open_involvement_with_an_unmapped_word_keeps_it_from_being_told(director, monkeypatch):
    stand = standing()
    monkeypatch.setattr(telling, "_open_words", lambda stand: ("LPCP", "CW", None))
    assert telling.has_unmapped(stand, ["lpcp: Carol Walshford"])
    assert not telling.has_unmapped(stand, ["Allocated worker: Carol Walshford", "Worker"])
    ended = children.Event(date(2026, 1, 1), "involvement", "LPCP: C", "", date(2026, 2, 1), "", "", "t")
    assert not ended.works_now and replace(ended, ended_on=None).works_now


def test_where_the_role_map_has_changed_since_the_load_the_page_says_what_its_roles_are_named_by(
    client_as, director, persons, monkeypatch
):
    child = child_like(director, persons, lambda one: one["on_plan"] and one["worker_id"])
    said = "These roles are named as the role map was when the extract was loaded."
    assert child.workers and not child.roles_since
    assert said not in client_as("dcs").get(f"/children/{child.ref}/").content.decode()
    stand = standing()
    changed = replace(stand, computation=replace(stand.computation, roles_hash="another"))
    monkeypatch.setattr(children, "standing", lambda viewer=None: changed)
    assert said in client_as("dcs").get(f"/children/{child.ref}/").content.decode()


def test_two_debts_of_one_name_say_what_each_is_for(director, persons, monkeypatch):
    child = child_like(director, persons, lambda one: one["on_plan"])
    rows = [dict.fromkeys(SCHEMA.names) | {"measure": one, "state": "open"} for one in ("LA37", "CN05")]
    stand = standing()
    read = lambda *given, **asked: pa.Table.from_pylist(rows, SCHEMA)  # noqa: E731
    monkeypatch.setattr(type(stand.lake), "read", read)
    titles = [one.title for one in children._owed(stand, child.key, people.ELSEWHERE)]
    assert len(set(titles)) == 2 and all("An allocated worker (" in one for one in titles)
