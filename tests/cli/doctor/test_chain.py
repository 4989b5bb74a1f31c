"""The audit chain, its anchors, and the worker that looks after them."""

import json
from datetime import timedelta

import pytest

from lineofsight import clock
from lineofsight.cli.doctor import chain as checks
from lineofsight.web.access import chain
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.site import work

pytestmark = pytest.mark.django_db


def _event(days_ago=0):
    with clock.frozen_at(clock.now() - timedelta(days=days_ago)):
        return chain.record(actor="nobody", action="looked")


def test_a_chain_as_it_was_written_is_well(found, home):
    _event()
    told = found(checks.audit_chain)
    assert told.state == "ok" and "each where and as it was written" in told.says


def test_a_changed_entry_is_wrong_and_located(found, home):
    for _ in range(3):
        _event()
    ChainEvent.objects.filter(sequence=2).update(actor="somebody")
    told = found(checks.audit_chain)
    assert told.state == "wrong" and "Entry 2 was changed." in told.says


def test_a_changed_content_is_wrong_at_a_deep_look(found, home):
    first, second = _event(), _event()
    ChainEvent.objects.filter(pk=second.pk).update(payload=first.payload)
    assert found(checks.audit_chain).state == "ok"
    assert found(checks.audit_chain, deep=True).state == "wrong"


def test_a_chain_that_began_today_needs_no_anchor_yet(found, home):
    assert found(checks.anchor).state == "ok"
    _event()
    assert found(checks.anchor).state == "ok"


def test_no_anchor_of_yesterday_is_wrong(found, home):
    _event(days_ago=3)
    assert "none at all" in found(checks.anchor).says
    with clock.frozen_at(clock.now() - timedelta(days=2)):
        chain.anchor_head(home)
    told = found(checks.anchor)
    assert told.state == "wrong" and "no anchor of yesterday" in told.says
    with clock.frozen_at(clock.now() - timedelta(days=1)):
        chain.anchor_head(home)
    assert found(checks.anchor).state == "ok"


def test_a_worker_never_heard_of_is_to_be_looked_at(found, home):
    assert found(checks.worker).state == "look"
    (home.path / work.LAST_ROUND).write_text("not what it writes")
    assert found(checks.worker).state == "look"


def test_a_worker_silent_for_long_is_wrong(found, home):
    with clock.frozen_at(clock.now() - timedelta(hours=1)):
        work.leave_word([])
    assert found(checks.worker).state == "wrong"


def test_a_worker_whose_step_failed_is_wrong_and_names_the_step(found, home):
    work.leave_word(["make_packs"])
    told = found(checks.worker)
    assert told.state == "wrong" and "failed to make packs" in told.says


def test_the_worker_leaves_word_of_each_round_and_of_what_failed(found, home, monkeypatch):
    def broken_step():
        raise ValueError("a cell of somebody")

    monkeypatch.setattr(work, "STEPS", (broken_step,))
    work.work()
    assert json.loads((home.path / work.LAST_ROUND).read_text())["failed"] == ["broken_step"]
    monkeypatch.setattr(work, "STEPS", ())
    work.work()
    assert found(checks.worker).state == "ok"
