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
from lineofsight.lake import folders, identities, manifest, marks, publishing, sealed, succession
from lineofsight.lake.manifest import Computation, FileEntry, Redaction, Snapshot
from lineofsight.lake.store import Lake
from lineofsight.lake.taking import Child, Taker, hangs_by, linked_by, person_columns, with_merged

Progress = Callable[[str, int, int], None]
STEP = "Taking the child out of snapshots"
_PAIR = ["kept_id", "gone_id"]
_MERGE = [*_PAIR, "refused"]


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

    A record whose merge some snapshot refused is joined to nothing, though others held it in force: once an adoption
    order is known to stand between two identities, they stay apart (rule 7.3).
    """
    found = [identities.MERGES.empty_table(), *(lake.merges(snapshot) for snapshot in every_snapshot(lake))]
    merges = pa.concat_tables([one.select(_MERGE) for one in found])
    refused = pc.unique(merges.filter(merges["refused"])["gone_id"].combine_chunks())
    joined = merges.filter(pc.invert(pc.is_in(merges["gone_id"], value_set=refused)))
    return _child(lake, with_merged({person_id}, joined.select(_PAIR)))


def standing_in(lake: Lake, snapshot: Snapshot, child: Child) -> Child:
    """The child with every record that one snapshot holds for the same person: what it knows of them is written as
    one, and cannot be told apart there, whatever later ones know."""
    merges = lake.merges(snapshot)
    return _child(lake, with_merged(child.ids, merges.filter(pc.invert(merges["refused"])).select(_PAIR)))


def _child(lake: Lake, ids: frozenset[str]) -> Child:
    return Child(ids, frozenset(lake.keys.child_key(lake.home.authority, one) for one in ids))


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
            mark = marks.read(self._lake.keys, self._snapshot.directory, name)
            if mark is not None:
                words = pa.table({"why": pa.array([mark.why], pa.string())})
                why = self._taker.out_of("marks", words).table["why"][0].as_py()
                told = marks.written(self._lake.keys, name, replace(mark, why=why))
                folders.write_flushed(self._folder / name, told)

    def _put(self, path: Path, told: Mapping[str, Any]) -> None:
        folders.write_flushed(path, manifest.seal(self._lake.keys, told))


def _taker(lake: Lake, snapshot: Snapshot, child: Child) -> Taker:
    child = standing_in(lake, snapshot, child)
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
