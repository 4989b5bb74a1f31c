"""The safeguards of a child who waits: due, done, overdue; who records them; letters that are kept nowhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from django.apps import apps
from django.http import Http404
from django.test import Client

from lineofsight import clock, policy
from lineofsight.cases import safeguards
from lineofsight.cases.intervals import due_on
from lineofsight.errors import PlainError
from lineofsight.lake import Lake
from lineofsight.web.access.chain import told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.access.viewer import Scope, Viewer
from lineofsight.web.practice import queries
from lineofsight.web.practice.actions import safeguards as actions
from lineofsight.web.practice.models import SafeguardDone
from lineofsight.web.practice.queries import episodes, letter_draft, people, standing

FRESH = datetime(2026, 11, 2, 12, tzinfo=UTC)
TODAY = date(2026, 11, 2)


@pytest.fixture
def fresh(home: Any) -> Any:
    """Two days after the extract: lists are work to do."""
    with clock.frozen_at(FRESH):
        yield


@pytest.fixture
def by(viewer_as: Callable[[str], Viewer], wait: dict[str, Any]) -> Viewer:
    """The head of the service whose child waits."""
    return viewer_as("head-of-service")


@pytest.fixture
def client(client_as: Callable[[str], Client], wait: dict[str, Any]) -> Client:
    """Their browser."""
    return client_as("head-of-service")


def told_of(**more: Any) -> actions.Told:
    given = {"done_on": TODAY, "done_by": "Joss Tarrant", "reference": "Letter 88", "to_whom": "School, health visitor"}
    return actions.Told(**{**given, **more})


def record(by: Viewer, wait: dict[str, Any], safeguard: str = "professionals-told", **more: Any) -> SafeguardDone:
    return actions.record_safeguard(by=by, key=wait["exception_id"], safeguard=safeguard, told=told_of(**more))


def owing(by: Viewer, wait: dict[str, Any], key: str) -> episodes.Owing:
    return next(one for one in episodes.wait(by, wait["exception_id"]).owing if one.safeguard.key == key)


# --- the definitions ---------------------------------------------------------------------------------------


def test_the_safeguards_are_those_of_the_procedures_one_by_one():
    found = safeguards.safeguards()
    assert list(found) == [
        "professionals-told",
        "family-told",
        "duty-visit",
        "immediate-issues",
        "family-updated",
        "allocation-meeting",
        "protection-manager-told",
        "manager-aware",
        "management-monitoring",
        "statutory-duties",
    ]
    assert {one.duty for one in found.values()} == {"5.3.2", "5.3.3", "5.3.4"}
    rules = policy.load()
    for one in found.values():
        for key in filter(None, (one.within, one.every)):
            assert rules.rule(key, TODAY).local
        assert not one.letter or one.letter in safeguards.letters()


@pytest.mark.parametrize(
    ("done", "on", "stands"),
    [
        ([], date(2026, 10, 26), ("due", None, date(2026, 10, 26))),
        ([], date(2026, 10, 27), ("overdue", None, date(2026, 10, 26))),
        ([date(2026, 10, 16)], date(2026, 10, 27), ("overdue", None, date(2026, 10, 26))),  # before the wait began
        ([date(2026, 10, 19)], date(2026, 10, 26), ("done", date(2026, 10, 19), date(2026, 10, 26))),
        ([date(2026, 10, 19)], date(2026, 10, 27), ("overdue", date(2026, 10, 19), date(2026, 10, 26))),
        ([date(2026, 10, 28)], date(2026, 10, 27), ("overdue", None, date(2026, 10, 26))),  # a day to come
        (
            [date(2026, 10, 19), date(2026, 10, 23)],
            date(2026, 10, 30),
            ("done", date(2026, 10, 23), date(2026, 10, 30)),
        ),
    ],
)
def test_a_safeguard_that_is_owed_again_is_done_until_it_falls_due_anew(done, on, stands):
    one = safeguards.safeguards()["allocation-meeting"]  # within five working days, and every five again
    found = safeguards.how_it_stands(one, since=date(2026, 10, 19), done=done, on=on, policy=policy.load())
    assert (found.state, found.done, found.due) == stands


def test_a_letter_is_owed_once():
    one = safeguards.safeguards()["family-told"]
    since = date(2026, 10, 19)
    found = safeguards.how_it_stands(one, since=since, done=[since], on=date(2027, 10, 19), policy=policy.load())
    assert (found.state, found.due) == ("done", None)


@pytest.mark.parametrize(
    ("number", "unit", "day"),
    [
        (0, "working days", date(2026, 12, 24)),
        (1, "working days", date(2026, 12, 29)),  # over Christmas, the substitute bank holiday and a weekend
        (5, "days", date(2026, 12, 29)),
        (2, "weeks", date(2027, 1, 7)),
        (2, "months", date(2027, 2, 24)),
    ],
)
def test_a_time_is_counted_in_its_own_unit(number, unit, day):
    rule = replace(policy.load().rule("cp.visit", TODAY), number=number, unit=unit)
    assert due_on(rule, date(2026, 12, 24)) == day


def test_a_threshold_is_no_length_of_time():
    with pytest.raises(ValueError, match="no length of time"):
        due_on(policy.load().rule("caseload.limit", TODAY), TODAY)


# --- recording ---------------------------------------------------------------------------------------------


def test_a_safeguard_is_recorded_with_who_when_to_whom_and_the_reference(fresh, by, wait):
    assert owing(by, wait, "professionals-told").word == "overdue"
    made = record(by, wait, words="Five letters.")
    assert (made.child_key, made.said_by_name, made.office) == (wait["child_key"], by.person_name, "head-of-service")
    one = owing(by, wait, "professionals-told")
    assert (one.word, one.when) == ("done", "2 Nov")
    (time,) = one.times
    assert (time.by, time.to_whom, time.reference, time.words) == (
        "Joss Tarrant",
        "School, health visitor",
        "Letter 88",
        "Five letters.",
    )
    assert (time.said_by, time.said_on) == (by.person_name, TODAY)


def test_recording_and_taking_back_are_in_the_chain_with_the_child(fresh, by, wait):
    made = record(by, wait)
    event = ChainEvent.objects.order_by("-sequence").first()
    assert (event.action, event.subject) == ("safeguard.recorded", "safeguard professionals-told")
    assert told(event).children == (wait["child_key"],)
    actions.take_back(by=by, key=wait["exception_id"], done=made.pk)
    event = ChainEvent.objects.order_by("-sequence").first()
    assert event.action == "safeguard.taken back" and told(event).children == (wait["child_key"],)


def test_nothing_is_kept_where_the_chain_cannot_be_written(fresh, by, wait, monkeypatch):
    made = record(by, wait)

    def broken(**told: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions, "record", broken)
    for act in (
        lambda: record(by, wait),
        lambda: actions.take_back(by=by, key=wait["exception_id"], done=made.pk),
    ):
        with pytest.raises(RuntimeError):
            act()
    assert SafeguardDone.objects.standing().count() == SafeguardDone.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"done_on": TODAY + timedelta(days=1)}, "today or before"),
        ({"done_on": date(2020, 1, 1)}, "The wait began on"),
        ({"done_by": " "}, "who did it"),
        ({"to_whom": " "}, "who was told"),
        ({"reference": " "}, "reference"),
    ],
)
def test_what_lacks_its_day_its_doer_or_its_proof_is_not_recorded(fresh, by, wait, more, said):
    with pytest.raises(PlainError, match=said):
        record(by, wait, **more)
    assert not SafeguardDone.objects.exists()


def test_who_was_told_is_asked_only_where_somebody_is_told(fresh, by, wait):
    assert record(by, wait, "allocation-meeting", to_whom="").to_whom == ""


def test_what_is_taken_back_stays_and_counts_no_more(fresh, by, wait):
    made = record(by, wait)
    actions.take_back(by=by, key=wait["exception_id"], done=made.pk)
    one = owing(by, wait, "professionals-told")
    assert one.word == "overdue"
    assert [time.taken_back for time in one.times] == [by.person_name]
    for key in (made.pk, 10**9):
        with pytest.raises(Http404):
            actions.take_back(by=by, key=wait["exception_id"], done=key)


def test_it_needs_the_permission_and_a_child_of_theirs_that_waits(fresh, by, wait, owed, viewer_as):
    made = record(by, wait)
    key = wait["exception_id"]
    without = replace(by, capabilities=by.capabilities - {Capability.RECORD_SAFEGUARD})
    for act in (
        lambda: record(without, wait),
        lambda: actions.take_back(by=without, key=key, done=made.pk),
        lambda: letter_draft.draft(without, key, "family", None),
    ):
        with pytest.raises(Refused, match="record the safeguards"):
            act()
    elsewhere = replace(by, scope=Scope("team", frozenset({"nowhere"})))
    for act in (
        lambda: record(elsewhere, wait),
        lambda: actions.take_back(by=elsewhere, key=key, done=made.pk),
        lambda: episodes.wait(elsewhere, key),
        lambda: letter_draft.draft(elsewhere, key, "family", None),
        lambda: episodes.wait(viewer_as("dcs"), owed["exception_id"]),  # a visit that is owed is no wait
        lambda: record(by, wait, "no-such-safeguard"),
    ):
        with pytest.raises(Http404):
            act()
    assert SafeguardDone.objects.standing().count() == 1


def test_a_stale_extract_draws_nothing_as_due_but_what_was_done_may_be_recorded(by, wait, client):
    assert owing(by, wait, "family-told").word == "none recorded"
    record(by, wait, "family-told")
    assert owing(by, wait, "family-told").word == "done"
    for page in (
        client.get("/exceptions/unallocated/"),
        client.get(f"/exceptions/unallocated/{wait['exception_id']}/"),
    ):
        text = page.content.decode()
        assert "Overdue" not in text and "overdue" not in text
        assert "This was true on 31 October 2026." in text


@pytest.fixture
def over(wait: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The same wait, as if the extract had shown it over on its date."""
    real, as_at = Lake.read, date(2026, 10, 31)

    def read(self: Lake, computation: Any, name: str, columns: Any = None, where: Any = None) -> pa.Table:
        if name != "exceptions":
            return real(self, computation, name, columns=columns, where=where)
        table = real(self, computation, name)
        theirs = pc.equal(table["exception_id"], wait["exception_id"])
        for column, value in (("state", "cleared"), ("cleared_on", as_at)):
            at = table.schema.get_field_index(column)
            given = pa.scalar(value, table.schema.field(at).type)
            table = table.set_column(at, column, pc.if_else(theirs, given, table[column]))
        table = table if where is None else table.filter(where)
        return table if columns is None else table.select(columns)

    monkeypatch.setattr(Lake, "read", read)
    episodes.every_wait.cache_clear()
    yield {**wait, "state": "cleared", "cleared_on": as_at}
    episodes.every_wait.cache_clear()


def test_a_wait_that_is_over_stays_on_record_and_takes_no_safeguard_after_its_end(fresh, by, over):
    page = episodes.wait(by, over["exception_id"])
    assert page.ended_on == date(2026, 10, 31) and "The wait ended by 31 October 2026." in page.sentence
    assert {one.word for one in page.owing} <= {"done", "none recorded", "not measured"}
    with pytest.raises(PlainError, match="nothing was owed after that"):
        record(by, over, "family-told", done_on=date(2026, 11, 1))
    with pytest.raises(PlainError, match="today or before"):
        record(by, over, "family-told", done_on=TODAY + timedelta(days=1))
    record(by, over, "family-told", done_on=over["owed_since"])
    (listed,) = [one for one in queries.unallocated(by).ended if one.key == over["exception_id"]]
    assert listed.done >= 1 and listed.of == 10 and listed.ended_on == date(2026, 10, 31)


def test_those_whose_wait_is_over_are_in_the_log_of_the_page_that_lists_them(fresh, by, over):
    queries.unallocated(by)
    event = ChainEvent.objects.order_by("-sequence").first()
    assert event.action == "children.listed" and over["child_key"] in told(event).children


# --- pages -------------------------------------------------------------------------------------------------


def test_the_page_of_the_unallocated_has_every_safeguard_of_every_child(fresh, by, wait, client):
    record(by, wait)
    page = queries.unallocated(by)
    assert all(len(one.owing) == 10 for one in page.children)
    mine = next(one for one in page.children if one.key == wait["exception_id"])
    assert {one.word for one in mine.owing} >= {"done", "overdue"}
    assert mine.overdue == sum(one.word == "overdue" for one in mine.owing)
    assert "overdue for" in page.owed_words
    text = client.get("/exceptions/unallocated/").content.decode()
    for one in safeguards.safeguards().values():
        assert one.column in text
    assert f"/exceptions/unallocated/{wait['exception_id']}/" in text


def test_told_in_writing_needs_both_letters(fresh, by, wait, viewer_as):
    record(by, wait)
    page = queries.unallocated(by)
    assert not any(one.in_writing for one in page.children)
    record(by, wait, "family-told")
    page = queries.unallocated(by)
    assert [one.key for one in page.children if one.in_writing] == [wait["exception_id"]]
    assert page.told_in_writing


def test_recording_through_the_page_ends_at_the_safeguard_and_a_fault_keeps_the_form_open(fresh, client, wait):
    at = f"/exceptions/unallocated/{wait['exception_id']}/"
    sent = {
        "family-told-done_on": "2 November 2026",
        "family-told-done_by": "Joss Tarrant",
        "family-told-to_whom": "Mother",
        "family-told-reference": "",
    }
    wrong = client.post(f"{at}family-told/", sent)
    assert wrong.status_code == 200 and "Give the case system’s reference." in wrong.content.decode()
    assert "<details" in wrong.content.decode() and " open>" in wrong.content.decode()
    sent["family-told-reference"] = "Letter 9"
    answer = client.post(f"{at}family-told/", sent)
    assert answer.status_code == 302 and answer.headers["Location"].endswith("#family-told")
    text = client.get(at).content.decode()
    assert "Letter 9" in text and "to Mother" in text
    assert client.post(f"{at}nothing/", sent).status_code == 404
    made = SafeguardDone.objects.get()
    assert client.post(f"{at}take-back/", {"done": made.pk}).status_code == 302
    assert "taken back by" in client.get(at).content.decode()


def test_who_may_not_record_reads_the_page_and_has_no_form(fresh, dcs, wait):
    at = f"/exceptions/unallocated/{wait['exception_id']}/"
    text = dcs.get(at).content.decode()
    assert "Record that it was done" not in text and "recorded by the team’s manager" in text
    assert dcs.post(f"{at}family-told/", {}).status_code == 403
    assert dcs.get(f"{at}letter/family/").status_code == 403


def test_a_letter_is_drafted_with_the_childs_name_and_kept_nowhere(fresh, client, wait, persons):
    at = f"/exceptions/unallocated/{wait['exception_id']}/letter/professionals/"
    assert "Draft the letter" in client.get(at).content.decode()
    child = next(one for one in persons if one["child_key"] == wait["child_key"])
    before = {model: model._base_manager.count() for model in apps.get_models() if model is not ChainEvent}
    wrong = client.post(at, {"when": "By Friday."})
    assert "Give the emergency contact." in wrong.content.decode()
    sent = {"when": "By Friday.", "routine": "The duty desk.", "emergency": "The {out}-of-hours team."}
    text = client.post(at, sent).content.decode()
    assert people.name(child) in text and "By Friday." in text and "The {out}-of-hours team." in text
    assert people.name(child) not in text.split("</title>")[0]
    event = ChainEvent.objects.order_by("-sequence").first()
    assert event.action == "letter.drafted" and told(event).children == (wait["child_key"],)
    kept = {"access.ChainChild", "access.ChainShown", "access.ChainHead"}
    after = {model: model._base_manager.count() for model in before}
    assert {model._meta.label for model in after if after[model] != before[model]} <= kept
    assert client.get(at.replace("professionals", "nobody")).status_code == 404


def test_a_child_whose_page_is_not_theirs_is_named_in_no_letter(fresh, by, wait, monkeypatch):
    monkeypatch.setattr(people, "cards", lambda *told: {wait["child_key"]: people.ELSEWHERE})
    with pytest.raises(Http404):
        letter_draft.draft(by, wait["exception_id"], "family", None)


def test_the_waits_listed_are_of_the_viewers_children(by, wait, director):
    stand = standing.standing()
    assert 0 < episodes.waits(stand, by).num_rows <= episodes.waits(stand, director).num_rows
    nobody = replace(by, scope=Scope("team", frozenset({"nowhere"})))
    assert episodes.waits(stand, nobody).num_rows == 0


@pytest.mark.parametrize("module", [episodes, letter_draft])
def test_nobody_reads_of_those_who_wait_faster_than_work_needs(by, wait, monkeypatch, module):
    monkeypatch.setattr(module, "check_pace", lambda viewer, kind: (_ for _ in ()).throw(Refused("Too fast.")))
    with pytest.raises(Refused, match="Too fast"):
        if module is episodes:
            episodes.wait(by, wait["exception_id"])
        else:
            letter_draft.draft(by, wait["exception_id"], "family", None)


def test_the_read_of_one_wait_is_in_the_chain_with_the_child(by, wait):
    episodes.wait(by, wait["exception_id"])
    event = ChainEvent.objects.order_by("-sequence").first()
    assert event.action == "wait.opened" and told(event).children == (wait["child_key"],)
