"""What the command line reads stands in the chain as everything else does."""

from datetime import UTC, date, datetime

import pytest

from lineofsight import chain, clock
from lineofsight.web.access.chain import record, told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.site import console


@pytest.fixture
def started(monkeypatch):
    """Django runs already, on a database of its own."""
    monkeypatch.setattr(console, "start", lambda home: None)


def test_a_read_at_the_command_line_is_in_the_chain_with_its_children_purpose_and_form(db, home, started):
    console.record_console_read(
        home,
        account="robin",
        purpose="The inspection asked for it",
        action="children.listed",
        subject="measure CP01",
        child_keys=["a" * 32],
        format="csv",
        rows=1,
    )
    event = ChainEvent.objects.get()
    said = told(event)
    assert (event.actor, event.action, event.subject) == ("console:robin", "children.listed", "measure CP01")
    assert said.children == ("a" * 32,) and said.purpose == "The inspection asked for it"
    assert said.detail == {"format": "csv", "rows": 1}


def test_a_change_of_the_master_key_is_in_the_chain_with_who_changed_it_and_how_much(db, home, started):
    console.record_keys(home, "robin", action="keys.changed", snapshots=3)
    event = ChainEvent.objects.get()
    assert (event.actor, event.action) == ("console:robin", "keys.changed")
    assert told(event).detail == {"snapshots": 3}


def test_a_load_pins_the_day_that_was_missed_when_another_was_killed(db, home, started):
    with clock.frozen_at(datetime(2026, 10, 3, 9, tzinfo=UTC)):
        event = record(actor="worker", action="extract.loaded")
    with clock.frozen_at(datetime(2026, 10, 4, 9, tzinfo=UTC)):
        record(actor="worker", action="extract.loaded")
        assert chain.anchor_days(home) == []
        assert console.record_loads(home, account="robin")
    assert chain.anchor_days(home) == [date(2026, 10, 3)]
    assert chain.read_anchors(home) == {event.sequence: event.hash}
