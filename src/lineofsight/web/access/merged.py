"""Records that were merged: what was said of the one that went holds for the one that stays (rule 7.3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

import pyarrow.compute as pc

from lineofsight.lake import Lake
from lineofsight.web.access.house import lake_in_use


def kept_for(child_key: str) -> str:
    """The key of the record that stays, for one that went; any other key is itself."""
    return _newest().get(child_key, child_key)


def records_of(child_key: str) -> frozenset[str]:
    """The key of a record and those of the records that were merged into it."""
    return frozenset({child_key, *(gone for gone, kept in _newest().items() if kept == child_key)})


def following(child_keys: Collection[str]) -> frozenset[str]:
    """These keys, and those of the records that they were merged into."""
    return frozenset(child_keys) | {kept for gone, kept in _newest().items() if gone in child_keys}


def named_through(named: Collection[str], placed: Collection[str]) -> frozenset[str]:
    """The records somebody is named for, where records were merged.

    `named` are those they were named for one by one, `placed` those restricted here. Named for one of two that were
    merged is named for the one that stays, unless the other was restricted here for itself: both restrictions hold.
    """
    found = set(named)
    for kept in set(_newest().values()):
        every = records_of(kept)
        if every & found:
            found.discard(kept)
            if every & set(placed) <= set(named):
                found.add(kept)
    return frozenset(found)


def _newest() -> Mapping[str, str]:
    """Which record that went leads to which that stays, in the newest snapshot."""
    lake = lake_in_use()
    found = lake.newest()
    return _of(lake, found[0].id) if found else {}


@lru_cache(maxsize=8)
def _of(lake: Lake, snapshot_id: str) -> Mapping[str, str]:
    merges = lake.merges(lake.snapshot(snapshot_id))
    held = merges.filter(pc.invert(merges["refused"]))
    return dict(zip(held["gone_key"].to_pylist(), held["kept_key"].to_pylist(), strict=True))
