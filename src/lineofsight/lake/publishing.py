"""Writing a snapshot and a computation: composed, encrypted, hashed, then put in place by one rename."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from lineofsight import clock, schema
from lineofsight.errors import PlainError
from lineofsight.home import Home
from lineofsight.keys import KEY_BYTES, Keyring
from lineofsight.lake import folders, identities, issues, manifest, sealed
from lineofsight.lake.account import Account, FileRead, TableRows
from lineofsight.lake.manifest import FileEntry, Snapshot, TableEntry
from lineofsight.lake.sealed import Sealing
from lineofsight.policy import Registry, RoleMap
from lineofsight.sources import Extract

if TYPE_CHECKING:
    from lineofsight.lake.read_models import Builder

# Without this table an extract is a part: the rest is copied forward from the newest snapshot (DESIGN 5 N).
WHOLE = "ssd_person"

# The worker scans whole tables: large groups compress and decrypt better than a chronology's.
TABLE_ROW_GROUP = 65_536

# One person is one wide row: smaller groups still.
PERSON_ROW_GROUP = 1_024

Tables = Mapping[str, pa.Table]


def is_whole(extract: Extract) -> bool:
    """Whether the extract stands by itself: it tells who the people are."""
    return WHOLE in extract.tables


# A restriction ends by its own date, never because a file was left out of a month's extract (rule 7.3); and a record
# that was merged into another stays merged.
ALWAYS_CARRIED = frozenset({"side_restriction", "side_merged_record"})


def carried(extract: Extract, newest: Snapshot | None) -> list[str]:
    """The tables of `newest` that are copied forward: what a part does not bring; what must stay under a whole one."""
    known = newest.tables if newest else ()
    return [name for name in known if name not in extract.tables and (not is_whole(extract) or name in ALWAYS_CARRIED)]


def composed(extract: Extract, base: Snapshot | None, base_tables: Tables) -> tuple[Tables, Mapping[str, TableEntry]]:
    """The full set of tables of the new snapshot and what its manifest says of each.

    `base_tables` are those tables of `base` that are copied forward (`carried`).
    """
    tables = dict(base_tables)
    entries = {name: entry for name, entry in base.tables.items() if name in tables} if base else {}
    for name, source in extract.tables.items():
        tables[name] = source.table
        entries[name] = TableEntry(
            rows=source.table.num_rows,
            columns_present=tuple(source.columns_present),
            file=source.file,
            sha256=source.sha256,
            as_at=extract.as_at,
        )
    return tables, entries


def drafted(extract: Extract, newest: Snapshot | None, roles: RoleMap, registry: Registry, *, home: Home) -> Snapshot:
    """The snapshot that `extract` would make, with neither id nor tables yet.

    A part keeps the date and the authority of the newest snapshot, which it is laid over. Raises PlainError
    for a part in an empty lake.
    """
    if not is_whole(extract) and newest is None:
        raise PlainError("This extract has no table of people (ssd_person), and nothing was loaded before it.")
    base = None if is_whole(extract) else newest
    return Snapshot(
        id="",
        as_at=base.as_at if base else extract.as_at,
        loaded_at=clock.now(),
        authority=base.authority if base else extract.authority or home.authority,
        authority_name=base.authority_name if base else extract.authority_name or home.authority_name,
        population=base.population if base and extract.population is None else extract.population,
        synthetic=extract.synthetic and (base is None or base.synthetic),
        kind=base.kind if base else extract.kind,
        tables={},
        directory=home.lake,
        predecessor=newest.id if newest else None,
        extract_sha256=extract.sha256,
        roles_hash=roles.hash,
        registry_hash=registry.hash,
        issues=len(extract.issues),
    )


def accounted(extract: Extract, entries: Mapping[str, TableEntry]) -> Account:
    """What became of every file of the extract and of every row, before the chronology is made."""
    read = [FileRead(one.file, one.sheet, one.name, one.rows_read, one.recognised) for one in extract.tables.values()]
    spare = [FileRead(one.file, one.sheet, one.table, one.rows, one.why) for one in extract.not_read]
    tables = {}
    for name, entry in entries.items():
        source = extract.tables.get(name)
        if source is None:
            tables[name] = TableRows(read=0, kept=0, carried=True)
        else:
            tables[name] = TableRows(
                read=source.rows_read,
                kept=entry.rows,
                passed_over=dict(source.passed_over),
                nobody=issues.about_nobody(extract.issues, name),
            )
    return Account((*read, *spare), tables)


def standing(draft: Snapshot, extract: Extract, known: Iterable[Snapshot], newest: Snapshot | None) -> Snapshot | None:
    """The snapshot that these bytes already made, None where they bring something new.

    A part is compared with the newest snapshot only: over a corrected one it makes another.
    """
    if not is_whole(extract):
        known = [newest] if newest else []
    for snapshot in known:
        if _made_of(snapshot) == _made_of(draft):
            return snapshot
    return None


def waits_already(draft: Snapshot, waiting: Iterable[Snapshot]) -> Snapshot | None:
    """The snapshot that waits, made of the same bytes and compared with the same one before it."""
    for held in waiting:
        if _made_of(held) == _made_of(draft) and held.predecessor == draft.predecessor:
            return held
    return None


def free_id(draft: Snapshot, known: Iterable[Snapshot]) -> str:
    """The date and the first 8 hex of the extract's hash; of a hash of more, where those are taken."""
    taken = {snapshot.id for snapshot in known}
    told = draft.extract_sha256
    while (name := f"{draft.as_at.isoformat()}-{told[:8]}") in taken:
        told = hashlib.sha256(f"{told} {draft.roles_hash} {draft.predecessor}".encode()).hexdigest()
    return name


def _made_of(snapshot: Snapshot) -> tuple[object, ...]:
    return snapshot.as_at, snapshot.authority, snapshot.extract_sha256, snapshot.roles_hash


@dataclass(frozen=True)
class Content:
    """What a snapshot holds: its tables, the records merged in it (identities.MERGES), the issues of the load."""

    tables: Tables
    merges: pa.Table
    issues: pa.Table


def write_snapshot(
    parent_of: Callable[[Snapshot], Path],
    draft: Snapshot,
    content: Content,
    *,
    keys: Keyring,
    roles: RoleMap,
    registry: Registry,
) -> Snapshot:
    """Write `draft` with its content and read models, under the lake's lock.

    `parent_of` is asked where it belongs when all is counted and before it is put there, by one rename.
    """
    key = secrets.token_bytes(KEY_BYTES)
    snapshot = draft
    with folders.published(draft.directory / draft.id, decided=lambda: snapshot.directory) as folder:
        writer = _Writer(folder, draft.id, key)
        for name in ("tables", "models", "load"):
            (folder / name).mkdir(mode=0o700)
        writer.write(issues.FILE, content.issues, TABLE_ROW_GROUP)
        if content.merges.num_rows:
            writer.write(identities.FILE, content.merges, PERSON_ROW_GROUP)
        # Tables are written while DuckDB builds the models: neither keeps two processors busy alone.
        with ThreadPoolExecutor(max_workers=1) as beside:
            written = beside.submit(_write_tables, writer, content.tables)
            dated = _with_models(writer, draft, content, keys, roles, registry)
            written.result()
        snapshot = replace(
            draft,
            wrapped_key=keys.wrap(key, key_context(draft.id)),
            files=writer.files,
            account=_with_dated(draft.account, dated),
        )
        sealed_manifest = manifest.seal(keys, manifest.snapshot_told(snapshot))
        folders.write_flushed(folder / manifest.NAME, sealed_manifest)
        snapshot = replace(snapshot, directory=parent_of(snapshot) / snapshot.id)
    return snapshot


def write_computation(
    place: Path,
    snapshot: Snapshot,
    about: Mapping[str, Any],
    files: Mapping[str, pa.Table | Sealing],
    *,
    keys: Keyring,
    key: bytes,
) -> None:
    """Write `files`, tables or sealed already, as the computation at `place`. Call it under the lake's lock."""
    with folders.published(place) as folder:
        writer = _Writer(folder, computation_name(snapshot.id, place.name), key)
        for name, table in files.items():
            if isinstance(table, Sealing):
                writer.keep(computation_file(name), table)
            else:
                writer.write(computation_file(name), table, sealed.ROW_GROUP)
        told = {
            "format": manifest.FORMAT,
            "id": place.name,
            "snapshot_id": snapshot.id,
            "made_at": clock.now().isoformat(),
            "about": dict(about),
            "files": manifest.files_told(writer.files),
        }
        folders.write_flushed(folder / manifest.NAME, manifest.seal(keys, told))


def key_context(snapshot_id: str) -> str:
    """What a snapshot's wrapped data key is tied to."""
    return f"snapshot/{snapshot_id}"


def computation_name(snapshot_id: str, computation_id: str) -> str:
    """What a computation's files are tied to."""
    return f"{snapshot_id}/computations/{computation_id}"


def computation_file(name: str) -> str:
    """The file in which a computation keeps the table `name`."""
    return f"{name}.parquet"


class _Writer:
    """Writes encrypted files into a folder and keeps what the manifest will say of them."""

    def __init__(self, folder: Path, name: str, key: bytes) -> None:
        self.files: dict[str, FileEntry] = {}
        self._folder, self._name, self._key = folder, name, key

    def write(self, name: str, table: pa.Table, row_group: int) -> None:
        self.write_batches(name, [table], table.schema, row_group=row_group)

    def write_batches(
        self,
        name: str,
        batches: Iterable[pa.Table],
        schema: pa.Schema,
        *,
        row_group: int,
        statistics: Sequence[str] | bool = True,
    ) -> None:
        path = self._folder / name
        tied = f"{self._name}/{name}"
        rows = sealed.write(path, batches, schema, key=self._key, name=tied, row_group=row_group, statistics=statistics)
        self.files[name] = FileEntry(sealed.hash_file(path), path.stat().st_size, rows)

    def keep(self, name: str, made: Sealing) -> None:
        path = self._folder / name
        made.write(path)
        self.files[name] = FileEntry(sealed.hash_file(path), path.stat().st_size, made.rows)


def _write_tables(writer: _Writer, tables: Tables) -> None:
    for name, table in tables.items():
        writer.write(f"tables/{name}.parquet", table, TABLE_ROW_GROUP)


def _with_dated(account: Account, dated: Mapping[str, int]) -> Account:
    tables = {
        name: rows if rows.carried else replace(rows, dated=dated.get(name, 0)) for name, rows in account.tables.items()
    }
    return replace(account, tables=tables)


def builder(
    draft: Snapshot, tables: Tables, merges: pa.Table, *, keys: Keyring, roles: RoleMap, registry: Registry
) -> Builder:
    """What builds the read models of `draft`, every id in its place. Close it."""
    # Imported where it is used: a web process, which never publishes, is spared DuckDB's memory.
    from lineofsight.lake.read_models import Builder, child_keys

    ids = identities.ids_of(registry, merges)
    placed = {name: identities.stood_in(name, schema.shaped(name, table), ids) for name, table in tables.items()}
    children = child_keys(keys, draft.authority, placed[WHOLE])
    return Builder(placed, children=children, roles=roles.table(), as_at=draft.as_at, registry=registry)


def people(building: Builder) -> Tables:
    """The three small read models, which tell who somebody is and whose, under one role map and registry."""
    return {"teams": building.teams(), "workers": building.workers(), "persons": building.persons()}


def _with_models(
    writer: _Writer, draft: Snapshot, content: Content, keys: Keyring, roles: RoleMap, registry: Registry
) -> Mapping[str, int]:
    """Build and write the read models; returns how many rows of each table stand in the chronology."""
    import duckdb

    building = builder(draft, content.tables, content.merges, keys=keys, roles=roles, registry=registry)
    try:
        return _write_models(writer, building)
    except duckdb.OutOfMemoryException as error:
        raise PlainError("This extract needs more memory than a load may take.") from error
    finally:
        building.close()


def _write_models(writer: _Writer, building: Builder) -> Mapping[str, int]:
    """Write the read models; returns how many rows of each table stand in the chronology."""
    for name, table in people(building).items():
        writer.write(f"models/{name}.parquet", table, PERSON_ROW_GROUP)
    events = building.events()
    first = next(events)
    writer.write_batches(
        "models/events.parquet",
        chain([first], events),
        first.schema,
        row_group=sealed.ROW_GROUP,
        statistics=["child_key"],
    )
    return building.dated()
