"""Publish in a process of its own, and die by `kill -9` before the step of one's choice."""

import os
import signal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from tests.lake.extracts import Rows, extract_of

from lineofsight.home import open_home
from lineofsight.keys import open_keys
from lineofsight.lake import Lake


def publish(home: Path, rows: Rows, die_before: int) -> None:
    """Publish `rows`; die before the step `die_before`, counted from 1. Ends well when there are fewer."""
    lake = _lake(home)
    _arm(die_before)
    lake.publish(extract_of(rows))


def compute(home: Path, name: str, die_before: int) -> None:
    """Write a computation over the newest snapshot; die before the step `die_before`."""
    lake = _lake(home)
    snapshot = lake.latest()
    assert snapshot is not None
    _arm(die_before)
    table = pa.table({"measure": ["CP01"] * 10})
    lake.write_computation(snapshot, name, {}, {"rows": table, "values": table})


def _lake(home: Path) -> Lake:
    found = open_home(home)
    return Lake(found, open_keys(found))


def _arm(die_before: int) -> None:
    """Every call that touches the disk is a step."""
    steps = [0]

    def counted(owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def step(*args: Any, **kwargs: Any) -> Any:
            steps[0] += 1
            if steps[0] == die_before:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        setattr(owner, name, step)

    for name in ("open", "mkdir", "fsync", "rename", "replace", "close"):
        counted(os, name)
    for name in ("write_table", "close"):
        counted(pq.ParquetWriter, name)
