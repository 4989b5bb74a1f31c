"""Computing what was loaded: every measure of a snapshot, with the ledger of exceptions carried on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from lineofsight import policy
from lineofsight.home import Home
from lineofsight.keys import open_keys
from lineofsight.lake import Computation, Lake, Snapshot, folders, role_words
from lineofsight.loading import carrying
from lineofsight.measures import computing
from lineofsight.measures.engine import Measured

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Before:
    """The computation whose ledger is carried on, and the snapshot it is of."""

    snapshot: Snapshot
    computation: Computation


def finish(home: Home) -> list[Computation]:
    """Compute what loads that were cut short only published; sweep what they left half made.

    For the worker: does nothing while somebody loads, who does the same first.
    """
    lake = Lake(home, open_keys(home))
    with folders.locked_if_free(home.lake, folders.LOADING) as free:
        return finish_in(home, lake) if free else []


def finish_in(home: Home, lake: Lake) -> list[Computation]:
    """Oldest first, because each ledger of exceptions carries the one before it on. Call it under the load's lock."""
    lake.sweep()
    done = [compute(home, lake, snapshot) for snapshot in lake.uncomputed()]
    return [*done, *compute_again(home, lake), *compute_under_new_rules(home, lake)]


def compute_again(home: Home, lake: Lake, progress: Progress | None = None) -> list[Computation]:
    """Compute anew each snapshot whose ledger carries on another one than it should: that load was withdrawn, or
    an extract of a date between came late.

    What was computed before stays as it is. Call it under the load's lock.
    """
    chain, done = _computed(lake), []
    for place, one in enumerate(chain):
        carries_on = one.computation.carries_on
        if carries_on is not None and carries_on != _named(_before(chain, one.snapshot)):
            computation = compute(home, lake, one.snapshot, progress=progress)
            chain[place] = Before(one.snapshot, computation)
            done.append(computation)
    return done


def compute_under_new_rules(home: Home, lake: Lake, progress: Progress | None = None) -> list[Computation]:
    """Compute the newest snapshot anew where policy, role map or registry changed since; what stood before stands.

    Call it under the load's lock.
    """
    found = lake.newest()
    if found is None or _rules_of(found[1]) == _rules(home):
        return []
    return [compute(home, lake, found[0], progress=progress)]


def compute(home: Home, lake: Lake, snapshot: Snapshot, *, progress: Progress | None = None) -> Computation:
    """Every measure of `snapshot` under the policy now in force, with the ledger of exceptions carried on."""
    chain = _computed(lake)
    found, rules = _before(chain, snapshot), policy.load(home)
    roles, registry = policy.roles(home), policy.registry(home)

    def carry_on(measured: Measured, beside: Measured) -> Mapping[str, pa.Table]:
        then, people = _earlier(chain, snapshot), lake.people_under(snapshot, roles, registry)
        made = carrying.files(
            lake,
            snapshot,
            measured,
            beside,
            rules,
            before=found.computation if found else None,
            earlier=(then.snapshot, then.computation) if then else None,
            roles=roles,
            registry=registry,
            people=people,
        )
        kept = people if lake.tells_otherwise(snapshot, roles, registry) else {}
        return {**made, **kept, role_words.NAME: _role_words(lake, snapshot)}

    return computing.compute(
        lake,
        snapshot,
        rules,
        roles,
        registry,
        carries_on=_named(found),
        beside=carrying.beside_the_measures(),
        also=carry_on,
        progress=progress,
    )


def _role_words(lake: Lake, snapshot: Snapshot) -> pa.Table:
    involvements = lake.tables(snapshot).get(role_words.TABLE)
    return role_words.counted(involvements.to_table() if involvements else None, snapshot.as_at)


def before(lake: Lake, snapshot: Snapshot) -> Before | None:
    """What `snapshot` carries on: of those computed, the one before it by date, whenever it was loaded; or None."""
    return _before(_computed(lake), snapshot)


def ledger_before(lake: Lake, snapshot: Snapshot) -> pa.Table | None:
    """The ledger that `snapshot` carries on, None for the first."""
    found = before(lake, snapshot)
    return lake.read(found.computation, "exceptions") if found else None


def _computed(lake: Lake) -> list[Before]:
    """Every snapshot that stands and is computed, with its newest computation, in the order of their dates."""
    known = sorted(lake.snapshots(), key=_place)
    found = [(snapshot, lake.computation(snapshot)) for snapshot in known]
    return [Before(snapshot, computation) for snapshot, computation in found if computation is not None]


def _before(chain: list[Before], snapshot: Snapshot) -> Before | None:
    """The last of `chain` that comes before `snapshot` by its date, a correction after what it corrects."""
    earlier = [one for one in chain if _place(one.snapshot) < _place(snapshot)]
    return earlier[-1] if earlier else None


def _earlier(chain: list[Before], snapshot: Snapshot) -> Before | None:
    """The newest of `chain` that is of an earlier date than `snapshot`, or None."""
    return _before([one for one in chain if one.snapshot.as_at < snapshot.as_at], snapshot)


def _place(snapshot: Snapshot) -> tuple[date, datetime, str]:
    return snapshot.as_at, snapshot.loaded_at, snapshot.id


def _rules(home: Home) -> tuple[str, str, str]:
    return policy.load(home).hash, policy.roles(home).hash, policy.registry(home).hash


def _rules_of(computation: Computation) -> tuple[str, str, str]:
    return computation.policy_hash, computation.roles_hash, computation.registry_hash


def _named(found: Before | None) -> str:
    return f"{found.snapshot.id}/{found.computation.id}" if found else ""
