"""Snapshots: each loaded extract, encrypted, sealed and published whole, with the models that pages read."""

from lineofsight.lake.kinds import event_kinds
from lineofsight.lake.manifest import Computation, FileEntry, Snapshot, TableEntry
from lineofsight.lake.store import Lake

__all__ = ["Computation", "FileEntry", "Lake", "Snapshot", "TableEntry", "event_kinds"]
