"""Taking a load back: nothing stands on it any more, and what it had fed is marked."""

from dataclasses import dataclass

from lineofsight.errors import PlainError
from lineofsight.home import Home
from lineofsight.keys import open_keys
from lineofsight.lake import Computation, Lake, Snapshot, folders
from lineofsight.loading import computing
from lineofsight.loading.computing import Progress


@dataclass(frozen=True)
class Fed:
    """What a load fed in the lake: later snapshots that hold tables copied forward from it, by their names, and
    the snapshots whose ledger of exceptions carries its own on."""

    tables: dict[str, tuple[str, ...]]
    ledgers: tuple[str, ...]


def withdraw(home: Home, snapshot_id: str, *, by: str, why: str, progress: Progress | None = None) -> list[Computation]:
    """Withdraw a load: the snapshot stays, whole and verifiable, and is passed over from now on.

    What was computed on its ledger is computed anew beside the old; the new computations are returned, oldest
    first. Raises PlainError where there is no such snapshot, it was withdrawn before, or no reason is given.
    """
    if not why.strip():
        raise PlainError("Say why the load is withdrawn.")
    lake = Lake(home, open_keys(home))
    with folders.locked(home.lake, folders.LOADING):
        computing.finish_in(home, lake)
        lake.withdraw(lake.snapshot(snapshot_id), by=by, why=why.strip())
        return computing.compute_again(home, lake, progress)


def fed_by(lake: Lake, snapshot: Snapshot) -> Fed:
    """What `snapshot` fed, in the lake. What was frozen of it elsewhere (packs, evidence, records) names its id."""
    own = {(name, entry.sha256) for name, entry in snapshot.tables.items() if _brought_by(snapshot, name)}
    later = [one for one in lake.snapshots(withdrawn=True) if one.loaded_at > snapshot.loaded_at]
    tables = {
        one.id: tuple(
            name for name, entry in one.tables.items() if (name, entry.sha256) in own and not _brought_by(one, name)
        )
        for one in later
    }
    ledgers = [
        one.id
        for one in later
        if (computation := lake.computation(one)) and (computation.carries_on or "").startswith(f"{snapshot.id}/")
    ]
    return Fed({name: held for name, held in tables.items() if held}, tuple(ledgers))


def _brought_by(snapshot: Snapshot, table: str) -> bool:
    """Whether the table came with this very load, and was not copied forward."""
    rows = snapshot.account.tables.get(table)
    return rows is None or not rows.carried
