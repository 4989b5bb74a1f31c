"""What was loaded and computed is in the chain once, whoever did it and however it ended."""

import pytest
from tests.web.access.desk.conftest import lake_home, loaded_home  # noqa: F401  a home with a loaded lake

from lineofsight.keys import open_keys
from lineofsight.lake import Lake
from lineofsight.web.access import chain
from lineofsight.web.access.loads import tell_of_loads
from lineofsight.web.access.models import ChainEvent, ChainHead
from lineofsight.web.site import work


def test_each_snapshot_and_each_computation_is_told_once(db, lake_home):  # noqa: F811
    assert tell_of_loads(by="console:ada") == 2
    assert tell_of_loads(by="worker") == 0
    loaded, computed = ChainEvent.objects.order_by("sequence")
    snapshot, computation = Lake(lake_home, open_keys(lake_home)).newest()
    assert (loaded.actor, loaded.action, loaded.subject) == ("console:ada", "data.loaded", f"snapshot {snapshot.id}")
    assert computed.subject == f"computation {computation.id} of {snapshot.id}"
    told = chain.told(loaded).detail
    assert (told["as_at"], told["extract"]) == ("2026-10-31", snapshot.extract_sha256)
    assert told["rows"] == sum(entry.rows for entry in snapshot.tables.values()) > 0
    assert chain.told(computed).detail["policy"] == computation.policy_hash


def test_the_worker_tells_of_what_no_command_told(db, lake_home):  # noqa: F811
    work.tell_of_loads()
    assert set(ChainEvent.objects.values_list("actor", flat=True)) == {"worker"}
    assert work.tell_of_loads in work.STEPS and work.index_the_log in work.STEPS


def test_where_the_chain_cannot_be_written_nothing_is_told_and_the_next_round_tells_it(db, lake_home):  # noqa: F811
    chain.record(actor="a", action="looked")
    ChainHead.objects.all().delete()
    with pytest.raises(chain.LogUnavailable):
        tell_of_loads(by="worker")
    assert ChainEvent.objects.count() == 1


def test_a_home_with_nothing_loaded_has_nothing_to_tell(db, home):
    assert tell_of_loads(by="worker") == 0
