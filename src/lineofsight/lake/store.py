"""The lake of one home: its snapshots, what is read from them, and the computations made over them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from lineofsight import policy
from lineofsight.errors import PlainError
from lineofsight.home import Home
from lineofsight.keys import Keyring
from lineofsight.lake import folders, identities, issues, manifest, marks, publishing, whose
from lineofsight.lake.manifest import Computation, FileEntry, Snapshot
from lineofsight.lake.marks import Mark
from lineofsight.lake.opened import Opened, open_checked
from lineofsight.lake.sealed import ROW_GROUP, SealedFile, Sealing
from lineofsight.policy import Registry, RoleMap
from lineofsight.sources import Extract

# A web process reads four files of a snapshot and three of a computation; more would hold old footers.
_FILES_KEPT = 64
_MANIFESTS_KEPT = 512


class Lake:
    """Reads and writes one home's lake. Keep one a process; threads may share it."""

    def __init__(self, home: Home, keys: Keyring) -> None:
        self.home = home
        self._keys = keys
        self._files: Opened[SealedFile] = Opened(_FILES_KEPT)
        self._snapshots_read: Opened[Snapshot] = Opened(_MANIFESTS_KEPT)
        self._computations_read: Opened[Computation] = Opened(_MANIFESTS_KEPT)

    def snapshots(self, *, withdrawn: bool = False) -> list[Snapshot]:
        """Every snapshot that stands, in the order they were published; with `withdrawn`, those taken back too.

        Raises PlainError when a manifest or a mark was altered.
        """
        found = [self._snapshot_in(folder) for folder in folders.finished(self._root)]
        kept = [one for one in found if withdrawn or self.withdrawn(one) is None]
        return sorted(kept, key=lambda snapshot: (snapshot.loaded_at, snapshot.id))

    def latest(self) -> Snapshot | None:
        """The newest by `as_at`, then by when it was loaded (so a correction wins); None in an empty lake."""
        return max(self.snapshots(), key=lambda found: (found.as_at, found.loaded_at, found.id), default=None)

    def snapshot(self, snapshot_id: str) -> Snapshot:
        """The snapshot of that id, withdrawn or not. Raises PlainError if there is none, or it was altered."""
        for folder in folders.finished(self._root):
            if folder.name == snapshot_id:
                return self._snapshot_in(folder)
        raise PlainError("There is no such snapshot in this home.")

    def publish(self, extract: Extract, *, waiting: bool | Callable[[Snapshot], bool] = False) -> Snapshot:
        """Make a snapshot of `extract`: encrypted, sealed, there whole or not at all.

        The same bytes for the same date (read with the same role map) give the snapshot already there. An
        extract without `ssd_person` is a part: it is laid over the newest snapshot, whose date the new one
        keeps; each table keeps its own. With `waiting`, or where it says so of what was written and counted, the
        snapshot stands apart, seen by nothing, until `release`.
        Raises PlainError for a part that nothing stands under.
        """
        roles, registry = policy.roles(self.home), policy.registry(self.home)

        def asks(made: Snapshot) -> bool:
            return waiting(made) if callable(waiting) else waiting

        with folders.locked(self.home.lake):
            known, newest = self.snapshots(), self.latest()
            draft = publishing.drafted(extract, newest, roles, registry, home=self.home)
            standing = publishing.standing(draft, extract, known, newest)
            if standing is not None:
                return standing
            if (waits := publishing.waits_already(draft, self.waiting())) and asks(waits):
                return waits
            forward = publishing.carried(extract, newest)
            kept = {name: self._sealed(newest, f"tables/{name}.parquet").read() for name in forward} if newest else {}
            tables, entries = publishing.composed(extract, newest, kept)
            taken = [*self.snapshots(withdrawn=True), *self.waiting()]
            merged = self._merged(draft, tables, newest)
            extract = replace(extract, issues=(*extract.issues, *identities.issues(merged, entries)))
            account = publishing.accounted(extract, entries)
            child_keys = whose.child_keys(extract, self._keys, draft.authority)
            found = issues.table_of(extract.issues, self._issues_before(newest), child_keys)
            account = replace(account, new_issues=issues.how_many_new(found))
            draft = replace(draft, id=publishing.free_id(draft, taken), tables=entries, account=account)
            content = publishing.Content(tables, merged, found)
            draft = replace(draft, issues=len(extract.issues), directory=self._root)
            return publishing.write_snapshot(
                lambda made: self._waiting if asks(made) else self._root,
                draft,
                content,
                keys=self._keys,
                roles=roles,
                registry=registry,
            )

    def waiting(self) -> list[Snapshot]:
        """The snapshots that wait for a person's yes, in the order they were read."""
        found = [self._snapshot_in(folder) for folder in folders.finished(self._waiting)]
        return sorted(found, key=lambda snapshot: (snapshot.loaded_at, snapshot.id))

    def release(self, snapshot_id: str, *, by: str, why: str) -> Snapshot:
        """Put a snapshot that waits in its place. Raises PlainError where none waits under that id, or another
        was loaded since, which it was not compared with."""
        with folders.locked(self.home.lake):
            held = self._held(snapshot_id)
            newest = self.latest()
            if held.predecessor != (newest.id if newest else None):
                raise PlainError("Another extract was loaded since this one was compared with the last: load it again.")
            if marks.read(self._keys, held.directory, marks.ACCEPTED) is None:  # killed before the move: it is there
                marks.put(self._keys, held.directory, marks.ACCEPTED, snapshot_id=held.id, by=by, why=why)
            place = self._root / held.id
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            held.directory.rename(place)
            folders.flush_folder(place.parent)
            folders.flush_folder(self._waiting)
            return self._snapshot_in(place)

    def refuse(self, snapshot_id: str) -> Snapshot:
        """Remove a snapshot that waits; returns what it was. Raises PlainError where none waits under that id."""
        with folders.locked(self.home.lake):
            held = self._held(snapshot_id)
            folders.remove(held.directory)
            return held

    def withdraw(self, snapshot: Snapshot, *, by: str, why: str) -> Mark:
        """Take a snapshot back: it stays, whole and verifiable, and nothing stands on it any more.

        Raises PlainError where it was withdrawn before.
        """
        with folders.locked(self.home.lake):
            if before := self.withdrawn(snapshot):
                raise PlainError(f"That load was withdrawn before, on {before.at:%-d %B %Y} by {before.by}.")
            return marks.put(self._keys, snapshot.directory, marks.WITHDRAWN, snapshot_id=snapshot.id, by=by, why=why)

    def withdrawn(self, snapshot: Snapshot) -> Mark | None:
        """By whom, when and why a snapshot was withdrawn; None while it stands."""
        return marks.read(self._keys, snapshot.directory, marks.WITHDRAWN)

    def accepted(self, snapshot: Snapshot) -> Mark | None:
        """Who said yes to a snapshot that had waited; None where nobody had to."""
        return marks.read(self._keys, snapshot.directory, marks.ACCEPTED)

    def issues(
        self, snapshot: Snapshot, *, columns: Sequence[str] | None = None, where: pc.Expression | None = None
    ) -> pa.Table:
        """What was wrong in the files, as `lake.issues.SCHEMA`; empty for a snapshot made before they were kept."""
        wanted = list(columns or issues.SCHEMA.names)
        if issues.FILE not in snapshot.files:
            return issues.SCHEMA.empty_table().select(wanted)
        file = self._sealed(snapshot, issues.FILE)
        there = set(file.dataset.schema.names)
        held = file.read(columns=[name for name in wanted if name in there], where=where)
        for name in wanted:
            if name not in there:  # a snapshot made before it was kept
                field = issues.SCHEMA.field(name)
                held = held.append_column(field, pa.nulls(held.num_rows, field.type))
        return held.select(wanted)

    def tables(self, snapshot: Snapshot) -> Mapping[str, ds.Dataset]:
        """The tables of the extract as datasets, decrypted as they are read. For the worker only."""
        return {name: self._sealed(snapshot, f"tables/{name}.parquet").dataset for name in snapshot.tables}

    def persons(
        self, snapshot: Snapshot, *, columns: Sequence[str] | None = None, where: pc.Expression | None = None
    ) -> pa.Table:
        """The people of the snapshot, by child_key (columns: `models/persons.sql`)."""
        return self._people(snapshot, "persons").read(columns=columns, where=where)

    def merges(self, snapshot: Snapshot) -> pa.Table:
        """The records merged in the snapshot, as `identities.MERGES`; refused ones among them."""
        if identities.FILE not in snapshot.files:
            return identities.MERGES.empty_table()
        return self._sealed(snapshot, identities.FILE).read()

    def people_under(self, snapshot: Snapshot, roles: RoleMap, registry: Registry) -> Mapping[str, pa.Table]:
        """`persons`, `teams` and `workers` as a role map and a registry tell them, whatever the snapshot's own were.

        For the worker. A computation made under others than the snapshot's (`tells_otherwise`) keeps these, and they
        are read in place of the snapshot's.
        """
        if not self.tells_otherwise(snapshot, roles, registry):
            names = ("persons", "teams", "workers")
            return {name: self._sealed(snapshot, f"models/{name}.parquet").read() for name in names}
        tables = {name: one.to_table() for name, one in self.tables(snapshot).items()}
        merged = self.merges(snapshot)
        building = publishing.builder(snapshot, tables, merged, keys=self._keys, roles=roles, registry=registry)
        try:
            return publishing.people(building)
        finally:
            building.close()

    @staticmethod
    def tells_otherwise(snapshot: Snapshot, roles: RoleMap, registry: Registry) -> bool:
        """Whether the snapshot's own read models of people were made under another role map or registry."""
        return (roles.hash, registry.hash) != (snapshot.roles_hash, snapshot.registry_hash)

    def events(self, snapshot: Snapshot, child_key: str) -> pa.Table:
        """One child's chronology, oldest first (columns: `models/events.sql`)."""
        return self._sealed(snapshot, "models/events.parquet").lookup("child_key", child_key)

    def teams(self, snapshot: Snapshot) -> pa.Table:
        """team_id, team_name, service_id, service_name."""
        return self._people(snapshot, "teams").read()

    def workers(self, snapshot: Snapshot) -> pa.Table:
        """worker_id, worker_name, job_title, registration, team_id, fte."""
        return self._people(snapshot, "workers").read()

    def sealing(
        self,
        snapshot: Snapshot,
        computation_id: str,
        name: str,
        schema: pa.Schema,
        *,
        row_group: int = ROW_GROUP,
        statistics: Sequence[str] | bool = True,
    ) -> Sealing:
        """The file `name` of a computation that is still being made: its rows are encrypted as they come."""
        told = f"{publishing.computation_name(snapshot.id, computation_id)}/{publishing.computation_file(name)}"
        return Sealing(schema, key=self._key(snapshot), name=told, row_group=row_group, statistics=statistics)

    def write_computation(
        self,
        snapshot: Snapshot,
        computation_id: str,
        manifest: Mapping[str, Any],
        files: Mapping[str, pa.Table | Sealing],
    ) -> Computation:
        """Keep what measures computed over `snapshot`: `files` by name, `manifest` as plain JSON.

        `manifest` gives policy_hash, definitions_hash and roles_hash, and holds no child's data. A
        computation is never written twice: the same id returns what stands.
        """
        if not all(part.isalnum() and part.isascii() for part in computation_id.split("-")):
            raise ValueError("a computation's id is letters, digits and hyphens")
        place = self._computations(snapshot) / computation_id
        with folders.locked(self.home.lake):
            if not place.exists():
                key = self._key(snapshot)
                publishing.write_computation(place, snapshot, manifest, files, keys=self._keys, key=key)
        return self._computation_in(place, snapshot)

    def computation(self, snapshot: Snapshot, computation_id: str | None = None) -> Computation | None:
        """The computation of that id, or the newest over `snapshot`; None where there is none."""
        found = [
            self._computation_in(folder, snapshot)
            for folder in folders.finished(self._computations(snapshot))
            if computation_id in (None, folder.name)
        ]
        return max(found, key=lambda computation: (computation.made_at, computation.id), default=None)

    def newest(self) -> tuple[Snapshot, Computation] | None:
        """The newest snapshot that is computed, with its newest computation: what everything shown stands on.

        A snapshot published and not yet computed is passed over, so a load never empties a page. None before
        the first.
        """
        known = sorted(self.snapshots(), key=lambda found: (found.as_at, found.loaded_at, found.id), reverse=True)
        for snapshot in known:
            computation = self.computation(snapshot)
            if computation is not None:
                return snapshot, computation
        return None

    def uncomputed(self) -> list[Snapshot]:
        """The snapshots that no measure was computed over yet, in the order they were published."""
        return [snapshot for snapshot in self.snapshots() if self.computation(snapshot) is None]

    def sweep(self) -> int:
        """Remove what writers that died left half made, unless a writer is at work. Returns how many folders."""
        with folders.locked_if_free(self.home.lake, folders.WRITING) as free:
            if not free:
                return 0
            below = [folder / "computations" for folder in folders.finished(self._root)]
            return sum(folders.sweep(parent) for parent in (self._root, self._waiting, *below))

    def read(
        self,
        computation: Computation,
        name: str,
        *,
        columns: Sequence[str] | None = None,
        where: pc.Expression | None = None,
    ) -> pa.Table:
        """The rows of one file of a computation, in its order. Raises PlainError where there is none."""
        opened = self._computed(computation, f"{name}.parquet")
        return opened.read(columns=columns, where=where)

    def sealed_file(self, holder: Snapshot | Computation, name: str) -> SealedFile:
        """One file of a snapshot or computation, opened and checked against its manifest."""
        if isinstance(holder, Snapshot):
            return self._sealed(holder, name)
        return self._computed(holder, name)

    @property
    def keys(self) -> Keyring:
        """The keys that seal this lake's manifests."""
        return self._keys

    @property
    def _root(self) -> Path:
        return self.home.lake / "snapshots"

    @property
    def _waiting(self) -> Path:
        return self.home.lake / "waiting"

    def _held(self, snapshot_id: str) -> Snapshot:
        for held in self.waiting():
            if held.id == snapshot_id:
                return held
        raise PlainError(f"No load waits under the id {snapshot_id}.")

    def _issues_before(self, newest: Snapshot | None) -> pa.Table | None:
        return self.issues(newest) if newest else None

    def _merged(self, draft: Snapshot, tables: Mapping[str, pa.Table], newest: Snapshot | None) -> pa.Table:
        """The merged records of what is being published; whom the newest knew as adopted stays apart."""
        if identities.MERGED not in tables:
            return identities.MERGES.empty_table()
        apart = self._adopted_before(newest) if newest else None
        return identities.merges(tables, keys=self._keys, authority=draft.authority, as_at=draft.as_at, apart=apart)

    def _adopted_before(self, newest: Snapshot) -> pa.Array:
        """The ids of those whom the newest snapshot knows as adopted, so that they stay apart in the next."""
        told = self._people(newest, "persons").dataset.schema.names
        if "restriction" in told:
            persons = self.persons(newest, columns=["person_id"], where=pc.field("restriction") == "adoption")
        else:  # snapshots of older versions know no kind of restriction: adoption was the only one there was
            persons = self.persons(newest, columns=["person_id"], where=pc.field("restricted"))
        return identities.apart(persons, self.merges(newest))

    def _people(self, snapshot: Snapshot, name: str) -> SealedFile:
        """One of the small read models: the newest computation's own, where it was made under other words."""
        computation = self.computation(snapshot)
        if computation is not None and computation.keeps(name):
            return self._computed(computation, f"{name}.parquet")
        return self._sealed(snapshot, f"models/{name}.parquet")

    def _computations(self, snapshot: Snapshot) -> Path:
        return self._root / snapshot.id / "computations"

    def _key(self, snapshot: Snapshot) -> bytes:
        return self._keys.unwrap(snapshot.wrapped_key, publishing.key_context(snapshot.id))

    def _snapshot_in(self, folder: Path) -> Snapshot:
        path = folder / manifest.NAME

        def read() -> Snapshot:
            found = manifest.snapshot_of(manifest.unseal(self._keys, path), folder)
            if found.id != folder.name:
                raise PlainError(f"The manifest {path} belongs to another snapshot.")
            return found

        return self._snapshots_read.get(path, read)

    def _computation_in(self, folder: Path, snapshot: Snapshot) -> Computation:
        path = folder / manifest.NAME

        def read() -> Computation:
            found = manifest.computation_of(manifest.unseal(self._keys, path), folder)
            if (found.id, found.snapshot_id) != (folder.name, snapshot.id):
                raise PlainError(f"The manifest {path} belongs to another computation.")
            return found

        return self._computations_read.get(path, read)

    def _sealed(self, snapshot: Snapshot, name: str) -> SealedFile:
        path = snapshot.directory / name
        return self._opened(path, snapshot.files.get(name), snapshot, f"{snapshot.id}/{name}")

    def _computed(self, computation: Computation, name: str) -> SealedFile:
        snapshot = self.snapshot(computation.snapshot_id)
        tied = f"{publishing.computation_name(snapshot.id, computation.id)}/{name}"
        return self._opened(computation.directory / name, computation.files.get(name), snapshot, tied)

    def _opened(self, path: Path, entry: FileEntry | None, snapshot: Snapshot, name: str) -> SealedFile:
        return self._files.get(path, lambda: open_checked(path, entry, key=self._key(snapshot), name=name))
