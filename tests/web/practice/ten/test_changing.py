"""The ten is frozen once, and changed only with a reason, by the Director in person; each change is in the log."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access import chain
from lineofsight.web.access.chain import LogUnavailable, told
from lineofsight.web.access.models import ChainEvent, Restriction
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.practice.models import TenMonth, TenNote, TenPlace, TenRelease
from lineofsight.web.practice.ten import actions, queries

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 12, 1, 12, tzinfo=UTC)


def newest():
    return ChainEvent.objects.order_by("-sequence").first()


def test_it_is_frozen_with_who_from_what_and_its_hash(client_as, proposed):
    assert client_as("dcs").post("/ten/freeze/").status_code == 302
    frozen = TenMonth.objects.get()
    assert frozen.frozen_by_key == "p-dcs" and frozen.digest == frozen.seal()
    event = newest()
    assert (event.action, event.subject, event.actor) == ("ten.frozen", "the ten 2026-10", "p-dcs")
    assert list(told(event).children) == [one.child_key for one in proposed]
    assert told(event).detail["digest"] == frozen.digest


def test_it_is_frozen_once_a_month(client_as, viewer_as, frozen):
    with pytest.raises(PlainError, match="frozen already"):
        actions.freeze(by=viewer_as("dcs"))
    page = client_as("dcs").post("/ten/freeze/", follow=True).content.decode()
    assert "frozen already" in page
    assert TenMonth.objects.count() == 1


def test_a_month_that_is_over_is_not_frozen(viewer_as):
    with clock.frozen_at(LATER), pytest.raises(PlainError, match="is over"):
        actions.freeze(by=viewer_as("dcs"))


def test_a_child_is_added_with_a_reason_and_stands_last_with_what_rules_say_of_it(client_as, frozen, other, ref_of):
    key = other["child_key"]
    address = f"/ten/children/{ref_of(key)}/"
    assert "Put on the list" in client_as("dcs").get(address).content.decode()
    answer = client_as("dcs").post(f"{address}add/", {"why": "The school telephoned twice."})
    assert answer.status_code == 302
    place = TenPlace.objects.get(child_key=key)
    assert (place.origin, place.added_why, place.added_by_key) == ("added", "The school telephoned twice.", "p-dcs")
    assert place.position == frozen.places.count()
    event = newest()
    assert (event.action, list(told(event).children)) == ("ten.child added", [key])
    assert "The school telephoned twice." in client_as("dcs").get("/ten/").content.decode()
    assert frozen.is_as_frozen(), "what was added is beside what was frozen"


def test_a_child_is_not_added_twice(viewer_as, frozen, proposed):
    with pytest.raises(PlainError, match="on the list already"):
        actions.add(by=viewer_as("dcs"), child_key=proposed[0].child_key, why="Again.")


def test_a_child_is_taken_off_with_a_reason_and_stays_on_the_record(client_as, frozen, proposed, ref_of):
    key = proposed[0].child_key
    answer = client_as("dcs").post(f"/ten/children/{ref_of(key)}/remove/", {"off_why": "Seen on Tuesday."})
    assert answer.status_code == 302
    place = TenPlace.objects.get(child_key=key)
    assert (place.removed_why, place.removed_by_key) == ("Seen on Tuesday.", "p-dcs")
    assert (newest().action, list(told(newest()).children)) == ("ten.child taken off", [key])
    page = client_as("dcs").get("/ten/").content.decode()
    assert "Taken off by Person dcs, 12 November 2026: Seen on Tuesday." in page
    assert "Taken off by Person dcs" in client_as("dcs").get(f"/ten/children/{ref_of(key)}/").content.decode()


def test_who_was_taken_off_can_be_put_on_again(viewer_as, frozen, proposed):
    key, by = proposed[0].child_key, viewer_as("dcs")
    actions.remove(by=by, child_key=key, why="Seen.")
    actions.add(by=by, child_key=key, why="Not so.")
    listed = queries.the_ten(by)
    assert listed.lines[-1].place.added_why == "Not so." and not listed.left
    assert [reason["reason"] for reason in proposed[0].reasons] == [*listed.lines[-1].harm, *listed.lines[-1].failures]


def test_a_note_is_kept_and_the_newest_stands_on_the_list(client_as, frozen, proposed, ref_of):
    key = proposed[0].child_key
    for words in ("Ask the manager.", "The manager answered."):
        assert client_as("dcs").post(f"/ten/children/{ref_of(key)}/note/", {"note": words}).status_code == 302
    page = client_as("dcs").get("/ten/").content.decode()
    assert "The manager answered." in page and "Ask the manager." not in page
    own = client_as("dcs").get(f"/ten/children/{ref_of(key)}/").content.decode()
    assert "Ask the manager." in own and "The manager answered." in own
    assert (newest().action, list(told(ChainEvent.objects.filter(action="ten.note written").first()).children)) == (
        "ten.child opened",
        [key],
    )


def change(what, key, by):
    """One of the changes."""
    acts = {
        "freeze": lambda: actions.freeze(by=by),
        "add": lambda: actions.add(by=by, child_key=key, why="x"),
        "remove": lambda: actions.remove(by=by, child_key=key, why="x"),
        "note": lambda: actions.write_note(by=by, child_key=key, words="x"),
        "release": lambda: actions.release(by=by, child_key=key, text="Nobody came.", read_again=True),
        "take back": lambda: actions.take_back(by=by, child_key=key, key=TenRelease.objects.get().pk),
    }
    return acts[what]()


@pytest.mark.parametrize("what", ["freeze", "add", "remove", "note", "release", "take back"])
@pytest.mark.parametrize("lost", ["own", Capability.SEE_TEN])
def test_nothing_is_changed_without_the_permission(viewer_as, proposed, other, what, lost):
    by = viewer_as("dcs")
    if what != "freeze":
        actions.freeze(by=by)
    key = other["child_key"] if what == "add" else proposed[0].child_key
    if what == "take back":
        change("release", key, by)
    own = Capability.RELEASE_TEXT if what in ("release", "take back") else Capability.CHANGE_TEN
    events = ChainEvent.objects.count()
    with pytest.raises(Refused):
        change(what, key, replace(by, capabilities=by.capabilities - {own if lost == "own" else lost}))
    assert ChainEvent.objects.count() == events


@pytest.mark.parametrize("what", ["freeze", "add", "remove", "note", "release", "take back"])
def test_what_cannot_be_logged_is_not_done(viewer_as, proposed, other, what, monkeypatch):
    by = viewer_as("dcs")
    if what != "freeze":
        actions.freeze(by=by)
    key = other["child_key"] if what == "add" else proposed[0].child_key
    if what == "take back":
        change("release", key, by)

    def held():
        return [
            TenMonth.objects.count(),
            TenNote.objects.count(),
            TenPlace.objects.filter(removed_at=None).count(),
            TenRelease.objects.filter(taken_back_at=None).count(),
        ]

    before = held()
    monkeypatch.setattr(chain, "_append", lambda *_: (_ for _ in ()).throw(DatabaseError))
    with pytest.raises(LogUnavailable):
        change(what, key, by)
    assert held() == before


@pytest.mark.parametrize("what", ["add", "remove", "note", "release"])
def test_nothing_is_changed_without_words(viewer_as, frozen, proposed, other, what):
    key = other["child_key"] if what == "add" else proposed[0].child_key
    by = viewer_as("dcs")
    acts = {
        "add": lambda: actions.add(by=by, child_key=key, why="  "),
        "remove": lambda: actions.remove(by=by, child_key=key, why="  "),
        "note": lambda: actions.write_note(by=by, child_key=key, words="  "),
        "release": lambda: actions.release(by=by, child_key=key, text="  ", read_again=True),
    }
    with pytest.raises(PlainError):
        acts[what]()


@pytest.mark.parametrize("what", ["add", "remove", "note", "release"])
def test_a_form_without_words_comes_back_with_what_is_missing(client_as, frozen, proposed, other, ref_of, what):
    key = other["child_key"] if what == "add" else proposed[0].child_key
    answer = client_as("dcs").post(f"/ten/children/{ref_of(key)}/{what}/", {})
    assert answer.status_code == 200 and "There is a problem" in answer.content.decode()


@pytest.mark.parametrize("what", ["add", "remove", "note", "release"])
def test_a_delegate_is_refused_whatever_the_form_holds(client_as, frozen, proposed, ref_of, what):
    answer = client_as("dcs-delegate").post(f"/ten/children/{ref_of(proposed[0].child_key)}/{what}/", {})
    assert answer.status_code == 403


@pytest.mark.parametrize("what", ["freeze/", "children/{ref}/take-back/"])
def test_a_delegate_neither_freezes_nor_takes_back(client_as, proposed, ref_of, what):
    address = f"/ten/{what.format(ref=ref_of(proposed[0].child_key))}"
    assert client_as("dcs-delegate").post(address).status_code == 403


def test_before_it_is_frozen_nothing_is_changed(viewer_as, proposed, other):
    for what, key in (("add", other["child_key"]), ("note", proposed[0].child_key)):
        with pytest.raises(PlainError, match="Freeze the ten of October 2026 first"):
            change(what, key, viewer_as("dcs"))


def test_after_its_month_nothing_is_changed(viewer_as, frozen, proposed):
    with clock.frozen_at(LATER), pytest.raises(PlainError, match="has expired"):
        change("note", proposed[0].child_key, viewer_as("dcs"))


@pytest.mark.parametrize("what", ["remove", "note", "release"])
def test_of_a_child_who_is_not_on_the_list_nothing_is_said(client_as, frozen, other, ref_of, what):
    sent = {"off_why": "x", "note": "x", "text": "Nobody came."}
    page = client_as("dcs").post(f"/ten/children/{ref_of(other['child_key'])}/{what}/", sent).content.decode()
    assert "This child is not on the list." in page


def test_the_ref_of_nobody_is_no_page(client_as):
    assert client_as("dcs").get(f"/ten/children/{'A' * 43}/").status_code == 404


def test_a_restricted_child_is_no_page_and_the_attempt_is_in_the_log(client_as, frozen, proposed, ref_of):
    key = proposed[0].child_key
    Restriction.objects.create(
        child_key=key, kind="protected-address", reason="x", from_date=clock.today(), placed_by_key="p-dcs"
    )
    assert client_as("dcs").get(f"/ten/children/{ref_of(key)}/").status_code == 404
    assert (newest().action, list(told(newest()).children)) == ("child.refused", [key])
    assert client_as("dcs").post(f"/ten/children/{ref_of(key)}/note/", {"note": "x"}).status_code == 404
    assert not TenNote.objects.exists()


def test_a_childs_page_there_logs_exactly_that_child(client_as, other, ref_of):
    client_as("dcs").get(f"/ten/children/{ref_of(other['child_key'])}/")
    assert (newest().action, list(told(newest()).children)) == ("ten.child opened", [other["child_key"]])


def test_no_word_that_was_typed_and_no_name_stands_in_the_database_in_the_clear(
    viewer_as, frozen, proposed, other, persons
):
    by, words = viewer_as("dcs"), "Sentinel quince"
    actions.add(by=by, child_key=other["child_key"], why=words)
    actions.write_note(by=by, child_key=proposed[0].child_key, words=words)
    actions.release(by=by, child_key=proposed[0].child_key, text=words, read_again=True)
    actions.remove(by=by, child_key=proposed[0].child_key, why=words)
    with connection.cursor() as cursor:
        for table in ("practice_tenmonth", "practice_tenplace", "practice_tennote", "practice_tenrelease"):
            cursor.execute(f"select * from {table}")  # noqa: S608  our own tables
            held = str(cursor.fetchall())
            assert "quince" not in held and "working days" not in held
