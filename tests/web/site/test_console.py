"""What the command line reads stands in the chain as everything else does."""

import pytest

from lineofsight.web.access.chain import told
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
