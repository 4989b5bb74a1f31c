"""Taking a child out of the lake: the only thing that ever changes a snapshot (DESIGN 5 G).

Each snapshot that holds the child gets a successor in its own place: the same id, the same rows of everybody else, the
same figures, another data key, and a manifest that names the one before by its hash and says how many rows went. The
successor is made whole beside, then the two change places at once; what stood before loses the manifest that held its
wrapped key first, and then its files. Killed between any two steps, the old or the new stands whole, and the next run
goes on: a snapshot that holds nothing of the child is done.

What is promised is that nobody can read what was there, because its key is gone; not that a disk has overwritten it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.home import Home
from lineofsight.keys import KEY_BYTES, Keyring
from lineofsight.lake import folders, manifest, marks, publishing, sealed, succession
from lineofsight.lake.manifest import Computation, FileEntry, Redaction, Snapshot
from lineofsight.lake.store import Lake
from lineofsight.lake.taking import Child, Taker, hangs_by, linked_by, person_columns, with_merged
from lineofsight.schema import belonging

Progress = Callable[[str, int, int], None]
MERGES = "models/merges.parquet"
STEP = "Taking the child out of snapshots"


@dataclass(frozen=True)
class Held:
    """What one snapshot holds of a child: rows by file, and cells of other rows that name it."""

    snapshot: Snapshot
    taken: Mapping[str, int]
    emptied: Mapping[str, int]

    @property
    def rows(self) -> int:
        return sum(self.taken.values())


def every_snapshot(lake: Lake) -> list[Snapshot]:
    """Those that stand, those taken back, and those that wait for a person's yes."""
    return [*lake.snapshots(withdrawn=True), *lake.waiting()]


def child_called(lake: Lake, person_id: str) -> Child:
    """A child by its id in the case system, with every record that was merged with it in any snapshot.

    A merge across an adoption order is refused, and so it is here: the two identities stay apart (rule 7.3).
    """
    ids, before = frozenset({person_id}), frozenset[str]()
    while ids != before:
        before = ids
        for snapshot in every_snapshot(lake):
            ids = with_merged(ids, _merges(lake, snapshot))
    return Child(ids, frozenset(lake.keys.child_key(lake.home.authority, one) for one in ids))


def _merges(lake: Lake, snapshot: Snapshot) -> pa.Table:
    """The pairs of records that a snapshot holds for one: those it found in force, where it was asked."""
    if MERGES in snapshot.files:
        in_force = pc.invert(pc.field("refused"))
        return lake.sealed_file(snapshot, MERGES).read(columns=["kept_id", "gone_id"], where=in_force)
    table, *columns = belonging.MERGED
    if table in snapshot.tables:
        return lake.sealed_file(snapshot, f"tables/{table}.parquet").read(columns=columns)
    return pa.table({name: pa.array([], pa.string()) for name in columns})


def ids_in(lake: Lake, snapshot: Snapshot) -> frozenset[str]:
    """Every id of a person that a snapshot's tables have."""
    found: set[str] = set()
    for name in snapshot.tables:
        if columns := person_columns(name):
            table = lake.sealed_file(snapshot, f"tables/{name}.parquet").read(columns=columns)
            for column in columns:
                found.update(pc.unique(table[column]).drop_null().to_pylist())
    return frozenset(found)


def held(lake: Lake, child: Child, progress: Progress = lambda step, done, total: None) -> list[Held]:
    """What each snapshot holds of the child, those that hold nothing left out. Changes nothing."""
    known, found = every_snapshot(lake), []
    for number, snapshot in enumerate(known, 1):
        taker, taken, emptied = _taker(lake, snapshot, child), dict[str, int](), dict[str, int]()
        for holder, name in _files(lake, snapshot):
            path = _path(holder, name)
            for batch in lake.sealed_file(holder, name).batches():
                one = taker.out_of(name, batch)
                _add(taken, path, one.rows)
                _add(emptied, path, one.cells)
        if _of_the_child(taken, emptied):
            found.append(Held(snapshot, taken, emptied))
        progress("Looking for the child in snapshots", number, len(known))
    return found


def take_out(
    home: Home,
    keys: Keyring,
    child: Child,
    *,
    under: str,
    at: datetime,
    progress: Progress = lambda step, done, total: None,
) -> list[Held]:
    """Put a successor without the child in the place of each snapshot that holds it; what was taken out of each.

    Nobody loads and nobody writes to the lake meanwhile. Run again, it does what is left.
    """
    lake = Lake(home, keys)
    with folders.locked(home.lake, folders.LOADING), folders.locked(home.lake):
        for parent in (home.lake / "snapshots", home.lake / "waiting"):
            succession.settle(parent)
            folders.sweep(parent)
        holding = held(lake, child)
        for number, one in enumerate(holding, 1):
            _succeed(lake, one.snapshot, child, under, at)
            progress(STEP, number, len(holding))
    return holding


def _succeed(lake: Lake, snapshot: Snapshot, child: Child, under: str, at: datetime) -> None:
    place = snapshot.directory
    with succession.succeeding(place) as beside:
        maker = _Maker(lake, snapshot, beside, _taker(lake, snapshot, child), secrets.token_bytes(KEY_BYTES))
        maker.make(Redaction(at, under, sha256((place / manifest.NAME).read_bytes()).hexdigest(), {}, {}))


class _Maker:
    """Makes a snapshot's successor in a folder beside it."""

    def __init__(self, lake: Lake, snapshot: Snapshot, folder: Path, taker: Taker, key: bytes) -> None:
        self._lake, self._snapshot, self._folder = lake, snapshot, folder
        self._taker, self._key = taker, key
        self._taken: dict[str, int] = {}
        self._emptied: dict[str, int] = {}

    def make(self, redaction: Redaction) -> None:
        """Every file and every manifest, the snapshot's own last."""
        snapshot = self._snapshot
        files = self._rewritten(snapshot, self._folder, snapshot.id)
        for folder in folders.finished(snapshot.directory / "computations"):
            computation = self._lake.computation(snapshot, folder.name)
            if computation is not None:
                self._computation(computation)
        self._marks()
        tables = {
            name: replace(entry, rows=files[f"tables/{name}.parquet"].rows) for name, entry in snapshot.tables.items()
        }
        redaction = replace(redaction, taken=self._taken, emptied=self._emptied)
        keys = self._lake.keys
        successor = replace(
            snapshot,
            wrapped_key=keys.wrap(self._key, publishing.key_context(snapshot.id)),
            files=files,
            tables=tables,
            redactions=(*snapshot.redactions, redaction),
        )
        self._put(self._folder / manifest.NAME, manifest.snapshot_told(successor))

    def _computation(self, computation: Computation) -> None:
        folder = self._folder / "computations" / computation.id
        folder.mkdir(mode=0o700, parents=True)
        tied = publishing.computation_name(self._snapshot.id, computation.id)
        files = self._rewritten(computation, folder, tied)
        told = manifest.unseal(self._lake.keys, computation.directory / manifest.NAME)
        self._put(folder / manifest.NAME, {**told, "files": manifest.files_told(files)})

    def _rewritten(self, holder: Snapshot | Computation, folder: Path, tied: str) -> dict[str, FileEntry]:
        files = {}
        for name in holder.files:
            path = folder / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            opened = self._lake.sealed_file(holder, name)
            rows = sealed.write(
                path,
                self._without(opened, name, _path(holder, name)),
                opened.dataset.schema,
                key=self._key,
                name=f"{tied}/{name}",
                row_group=opened.row_group,
                statistics=opened.told,
            )
            files[name] = FileEntry(sealed.hash_file(path), path.stat().st_size, rows)
        return files

    def _without(self, opened: sealed.SealedFile, name: str, path: str) -> Iterator[pa.Table]:
        for batch in opened.batches():
            one = self._taker.out_of(name, batch)
            _add(self._taken, path, one.rows)
            _add(self._emptied, path, one.cells)
            yield one.table

    def _marks(self) -> None:
        """What a person decided about the snapshot stays, its words without the child's id."""
        for name in marks.NAMES:
            path = self._snapshot.directory / name
            if path.exists():
                told = manifest.unseal(self._lake.keys, path)
                words = pa.table({"why": pa.array([told["why"]], pa.string())})
                why = self._taker.out_of("marks", words).table["why"][0].as_py()
                self._put(self._folder / name, {**told, "why": why})

    def _put(self, path: Path, told: Mapping[str, Any]) -> None:
        folders.write_flushed(path, manifest.seal(self._lake.keys, told))


def _taker(lake: Lake, snapshot: Snapshot, child: Child) -> Taker:
    columns = {
        name: lake.sealed_file(snapshot, f"tables/{name}.parquet").read(columns=wanted)
        for name, wanted in hangs_by().items()
        if name in snapshot.tables
    }
    return Taker(child, linked_by(child, columns))


def _files(lake: Lake, snapshot: Snapshot) -> Iterable[tuple[Snapshot | Computation, str]]:
    """Every file of a snapshot and of its computations."""
    yield from ((snapshot, name) for name in snapshot.files)
    for folder in folders.finished(snapshot.directory / "computations"):
        computation = lake.computation(snapshot, folder.name)
        if computation is not None:
            yield from ((computation, name) for name in computation.files)


def _path(holder: Snapshot | Computation, name: str) -> str:
    return name if isinstance(holder, Snapshot) else str(PurePosixPath("computations", holder.id, name))


def _add(counts: dict[str, int], path: str, count: int) -> None:
    if count:
        counts[path] = counts.get(path, 0) + count


def _of_the_child(taken: Mapping[str, int], emptied: Mapping[str, int]) -> bool:
    """Whether anything of the child was found: that an issue has a value says nothing of it."""
    return bool(taken) or any(not path.startswith("load/") for path in emptied)
