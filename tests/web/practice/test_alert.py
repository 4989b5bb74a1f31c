"""The alert to the partnership: when the rule is met, drafted in counts, written by the Director, sent by a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.access.viewer import Known, Scope
from lineofsight.web.practice import permissions, queries
from lineofsight.web.practice.actions import alerts as actions
from lineofsight.web.practice.models import Alert, SafeguardDone
from lineofsight.web.practice.queries import alerts, episodes, people, standing

FRESH = datetime(2026, 11, 2, 12, tzinfo=UTC)
TODAY = date(2026, 11, 2)
SENT = {"sent_on": TODAY, "recipients": "The safeguarding partners", "reference": "Letter 2026/31"}


@pytest.fixture
def fresh(home: Any) -> Any:
    with clock.frozen_at(FRESH):
        yield


@pytest.fixture
def rule(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`rule(children=1, days=3, share=90)`: the authority's own numbers."""
    real = alerts.policy.load

    def set_to(**numbers: int) -> None:
        rules = real()
        for key, number in numbers.items():
            unit = rules.rule(f"alert.unallocated_{key}", TODAY).unit
            rules = rules.with_rule(f"alert.unallocated_{key}", number, unit)
        monkeypatch.setattr(alerts.policy, "load", lambda home=None: rules)

    return set_to


def test_the_counts_are_those_of_the_measure_and_the_list(fresh, director):
    found, page = alerts.systemic(director), queries.unallocated(director)
    waited = [one.waited for one in page.children]
    assert (found.waiting, found.of) == (page.urgent.count, page.urgent.denominator)
    assert found.longest == max(waited)
    assert found.long == sum(one > found.days for one in waited) or page.withheld


def test_the_rule_is_met_by_so_many_who_wait_too_long_or_by_a_share(fresh, director, rule):
    waiting = alerts.systemic(director)
    rule(children=waiting.long, share=100)
    assert alerts.systemic(director).met is True
    rule(children=waiting.long + 1, share=100)
    assert alerts.systemic(director).met is False
    share = 100 * waiting.waiting // waiting.of
    rule(children=1000, share=share)
    assert alerts.systemic(director).met is True
    rule(children=1000, share=share + 1)
    assert alerts.systemic(director).met is False
    rule(children=1000, days=10_000 - 1, share=100)
    assert alerts.systemic(director).long == 0


def test_where_allocation_is_not_measured_the_rule_cannot_be_told(fresh, director, monkeypatch):
    monkeypatch.setattr(alerts.figures, "own", lambda stand, viewer: {})
    found = alerts.systemic(director)
    assert found.met is None and "not measured" in found.sentence


def test_a_letter_counts_as_told_in_writing_only_with_the_other(fresh, director):
    stand = standing.standing()
    keys = alerts._open(stand)
    for safeguard in ("professionals-told", "family-told"):
        SafeguardDone.objects.create(
            exception_id=keys[0], safeguard=safeguard, done_on=TODAY, done_by="x", said_at=FRESH, office="dcs"
        )
        assert alerts.systemic(director).told == (safeguard == "family-told")
    taken = SafeguardDone.objects.latest("pk")
    taken.taken_back_at = FRESH
    taken.save()
    assert alerts.systemic(director).told == 0
    assert episodes.every_wait(stand).num_rows >= len(keys)


def test_of_two_who_keep_the_first_text_at_once_the_second_is_told(fresh, director, monkeypatch):
    kept = actions.save_draft(by=director, text="Theirs.")
    monkeypatch.setattr(Alert.objects, "select_for_update", Alert.objects.none)
    events = ChainEvent.objects.count()
    with pytest.raises(PlainError, match="Somebody else has just kept the first text"):
        actions.save_draft(by=director, text="Mine.")
    assert [one.text for one in Alert.objects.all()] == [kept.text]
    assert ChainEvent.objects.count() == events


def test_the_draft_holds_counts_and_no_child(fresh, director, persons, rule):
    rule(children=1, days=0, share=1)
    text = alerts.alert_page(director).text
    found = alerts.systemic(director)
    assert f"{found.waiting} of {found.of} children" in text and "Westharbour" in text and "{" not in text
    assert not any(people.name(one) in text for one in persons if one["surname"])


def test_the_text_is_kept_changed_and_sent_once_by_a_person(fresh, director, rule):
    rule(children=1, days=0, share=1)
    with pytest.raises(PlainError, match="Keep the text first"):
        actions.mark_sent(by=director, **SENT)
    actions.save_draft(by=director, text="First.")
    draft = actions.save_draft(by=director, text="Second.")
    assert Alert.objects.count() == 1 and alerts.alert_page(director).text == "Second."
    assert draft.counts["waiting"] == alerts.systemic(director).waiting
    assert draft.computation == standing.standing().computation.id
    sent = actions.mark_sent(by=director, **SENT)
    assert (sent.sent_by_name, sent.recipients, sent.reference) == (
        director.person_name,
        "The safeguarding partners",
        "Letter 2026/31",
    )
    page = alerts.alert_page(director)
    assert page.draft is None and list(page.sent) == [sent]
    assert page.systemic.unsent is False
    with pytest.raises(PlainError, match="Keep the text first"):
        actions.mark_sent(by=director, **SENT)
    events = ChainEvent.objects.order_by("-sequence").values_list("action", flat=True)[:3]
    assert list(events) == ["alert.sent", "alert.saved", "alert.saved"]
    assert told(ChainEvent.objects.order_by("-sequence").first()).children == ()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"sent_on": date(2026, 11, 3)}, "today or before"),
        ({"sent_on": date(2026, 11, 1)}, "before this text was begun"),
        ({"recipients": " "}, "to whom"),
        ({"reference": " "}, "reference"),
    ],
)
def test_it_is_not_said_to_be_sent_without_a_day_recipients_and_a_reference(fresh, director, more, said):
    actions.save_draft(by=director, text="Counts.")
    with pytest.raises(PlainError, match=said):
        actions.mark_sent(by=director, **{**SENT, **more})
    assert not Alert.objects.filter(sent_on__isnull=False).exists()


def test_a_text_that_names_a_child_or_says_nothing_is_not_kept(fresh, director, persons):
    child = next(one for one in persons if one["forename"] and one["surname"])
    for text in (" ", f"It is about {people.name(child)}."):
        with pytest.raises(PlainError):
            actions.save_draft(by=director, text=text)
    assert not Alert.objects.exists()


def test_nothing_is_kept_where_the_chain_cannot_be_written(fresh, director, monkeypatch):
    actions.save_draft(by=director, text="Counts.")

    def broken(**told: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions, "record", broken)
    for act in (
        lambda: actions.save_draft(by=director, text="Other."),
        lambda: actions.mark_sent(by=director, **SENT),
    ):
        with pytest.raises(RuntimeError):
            act()
    assert [(one.text, one.sent_on) for one in Alert.objects.all()] == [("Counts.", None)]


def test_only_who_writes_the_alert_and_sees_the_whole_authority_reads_or_writes_it(fresh, director, viewer_as):
    actions.save_draft(by=director, text="Counts.")
    fails = [
        replace(director, capabilities=director.capabilities - {Capability.ALERT_PARTNERSHIP}),
        replace(director, capabilities=director.capabilities - {Capability.SEE_AUTHORITY_VALUES}),
        replace(director, scope=Scope("team", frozenset({"T1"}))),
        replace(director, level="pseudonymised"),
        viewer_as("team-manager"),
    ]
    for viewer in fails:
        assert not permissions.may_alert(viewer) and queries.systemic_for(viewer) is None
        for act in (
            lambda viewer=viewer: alerts.systemic(viewer),
            lambda viewer=viewer: alerts.alert_page(viewer),
            lambda viewer=viewer: actions.save_draft(by=viewer, text="x"),
            lambda viewer=viewer: actions.mark_sent(by=viewer, **SENT),
        ):
            with pytest.raises(Refused):
                act()
    assert permissions.may_alert(director) and permissions.may_alert(viewer_as("dcs-delegate"))


def test_the_director_finds_it_on_the_first_page_writes_it_and_says_that_it_was_sent(fresh, dcs, rule):
    rule(children=1, days=0, share=1)
    assert "The rule for alerting the partnership is met." in dcs.get("/").content.decode()
    assert "/exceptions/unallocated/alert/" in dcs.get("/exceptions/unallocated/").content.decode()
    at = "/exceptions/unallocated/alert/"
    assert "A draft, made from the counts" in dcs.get(at).content.decode()
    assert "Write the alert’s text." in dcs.post(at, {"text": ""}).content.decode()
    assert dcs.post(at, {"text": "Counts, and what we do."}).status_code == 302
    assert "as Person dcs left it" in dcs.get(at).content.decode()
    assert "There is a problem" in dcs.post(f"{at}sent/", {"sent_on": "tomorrow"}).content.decode()
    sent = {"sent_on": "2 November 2026", "recipients": "The partners", "reference": "L 31"}
    assert dcs.post(f"{at}sent/", sent).status_code == 302
    text = dcs.get(at).content.decode()
    assert "Sent on 2 November 2026 by Person dcs" in text and "L 31" in text
    assert "The rule for alerting" not in dcs.get("/").content.decode()


def test_the_past_that_is_looked_at_has_no_alert(fresh, director):
    snapshot = standing.standing().snapshot
    assert queries.systemic_for(director) is not None
    assert queries.systemic_for(replace(director, known=Known(snapshot.id, snapshot.as_at, snapshot.loaded_at))) is None


def test_while_the_rule_is_not_met_there_is_nothing_to_draft(fresh, dcs, rule):
    rule(children=1000, share=100)
    text = dcs.get("/exceptions/unallocated/alert/").content.decode()
    assert "There is nothing to draft while the rule is not met." in text
    assert "The rule for alerting" not in dcs.get("/").content.decode()


def test_nobody_else_is_told_of_the_rule(fresh, manager, rule):
    rule(children=1, days=0, share=1)
    assert "alerting the partnership" not in manager.get("/").content.decode()
    assert "alerting the partnership" not in manager.get("/exceptions/unallocated/").content.decode()
    assert manager.get("/exceptions/unallocated/alert/").status_code == 403
    assert manager.post("/exceptions/unallocated/alert/sent/", {}).status_code == 403
