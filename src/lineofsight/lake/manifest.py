"""What a snapshot and a computation are, and their manifests: sealed plain JSON with no child's data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lineofsight.errors import PlainError
from lineofsight.keys import Keyring
from lineofsight.lake.account import Account, account_of

NAME = "manifest.json"

# The layout of a snapshot's folder and manifest. A reader refuses what is newer than it knows (DESIGN 5 R).
FORMAT = 1


@dataclass(frozen=True)
class TableEntry:
    """One table of a snapshot: its rows, the columns the extract gave, and the file they came from.

    `file` and `sha256` are those of the source; `as_at` is older than the snapshot's where the table was
    copied forward from an earlier load.
    """

    rows: int
    columns_present: tuple[str, ...]
    file: str
    sha256: str
    as_at: date


@dataclass(frozen=True)
class FileEntry:
    """One encrypted file of a snapshot or computation: the SHA-256 of its bytes, its size, its rows."""

    sha256: str
    bytes: int
    rows: int


@dataclass(frozen=True)
class Redaction:
    """That one child was taken out of a snapshot (DESIGN 5 G): when, under which retention class, and from what.

    `predecessor` is the SHA-256 of the manifest that stood before, whose key is destroyed. `taken` counts the rows
    taken out of each file, `emptied` the cells of other rows that named the child; a computation's file has its path.
    """

    at: datetime
    under: str
    predecessor: str
    taken: Mapping[str, int]
    emptied: Mapping[str, int]

    def told(self) -> dict[str, Any]:
        """As the manifest tells it."""
        return {**vars(self), "at": self.at.isoformat(), "taken": dict(self.taken), "emptied": dict(self.emptied)}


@dataclass(frozen=True)
class Snapshot:
    """One loaded extract, as at a date: immutable, hashed, encrypted.

    `id` is the date and the first characters of the extract's hash. `files` maps each path within
    `directory` to its hash. `predecessor` is the snapshot that was the newest when this one was loaded.
    `roles_hash` is that of the role map that told who the lead worker is, `registry_hash` that of the
    registry that told who its teams are (blank for the empty one). `account` says what became of every row.
    """

    id: str
    as_at: date
    loaded_at: datetime
    authority: str
    authority_name: str
    population: int | None
    synthetic: bool
    kind: str
    tables: Mapping[str, TableEntry]
    directory: Path
    predecessor: str | None
    extract_sha256: str = ""
    roles_hash: str = ""
    registry_hash: str = ""
    issues: int = 0
    account: Account = field(default_factory=Account, repr=False)
    redactions: tuple[Redaction, ...] = ()
    wrapped_key: str = field(default="", repr=False)
    files: Mapping[str, FileEntry] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Computation:
    """One run of the measures over a snapshot (DESIGN 5 K); `about` is all that its manifest says.

    `carries_on` names the snapshot and computation whose ledger of exceptions this one carried on: empty where it
    was the first, None where it was made before that was kept.
    """

    id: str
    snapshot_id: str
    policy_hash: str
    definitions_hash: str
    roles_hash: str
    made_at: datetime
    directory: Path
    carries_on: str | None = None
    registry_hash: str = ""
    about: Mapping[str, Any] = field(default_factory=dict, repr=False)
    files: Mapping[str, FileEntry] = field(default_factory=dict, repr=False)

    def keeps(self, name: str) -> bool:
        """Whether it has the table `name`: one that an earlier version made may have been made without."""
        return f"{name}.parquet" in self.files


def canonical(told: Mapping[str, Any]) -> bytes:
    """The one spelling of `told` in JSON: what is sealed is exactly what is stored."""
    return json.dumps(told, sort_keys=True, ensure_ascii=True, indent=1).encode()


def seal(keys: Keyring, told: Mapping[str, Any]) -> bytes:
    """The bytes of a manifest file: `told` with its HMAC."""
    return canonical({**told, "hmac": keys.digest("manifest", canonical(told))})


def unseal(keys: Keyring, path: Path) -> dict[str, Any]:
    """What the manifest at `path` says. Raises PlainError, naming the file, when a bit of it was changed."""
    try:
        raw = path.read_bytes()
        told = json.loads(raw)
        stored = told.pop("hmac")
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        raise PlainError(f"The manifest {path} is missing or damaged.") from None
    if raw != canonical({**told, "hmac": stored}) or stored != keys.digest("manifest", canonical(told)):
        raise PlainError(f"The manifest {path} was altered, or belongs to other keys.")
    if told.get("format") != FORMAT:
        raise PlainError(f"The manifest {path} was written by another version of Line of Sight.")
    return dict(told)


def snapshot_told(snapshot: Snapshot) -> dict[str, Any]:
    """A snapshot as its manifest tells it; `snapshot_of` reads it back."""
    return {
        "format": FORMAT,
        "id": snapshot.id,
        "as_at": snapshot.as_at.isoformat(),
        "loaded_at": snapshot.loaded_at.isoformat(),
        "authority": snapshot.authority,
        "authority_name": snapshot.authority_name,
        "population": snapshot.population,
        "synthetic": snapshot.synthetic,
        "kind": snapshot.kind,
        "predecessor": snapshot.predecessor,
        "extract_sha256": snapshot.extract_sha256,
        "roles_hash": snapshot.roles_hash,
        "registry_hash": snapshot.registry_hash,
        "issues": snapshot.issues,
        "account": snapshot.account.told(),
        "redactions": [one.told() for one in snapshot.redactions],
        "wrapped_key": snapshot.wrapped_key,
        "tables": {
            name: {
                "rows": entry.rows,
                "columns_present": list(entry.columns_present),
                "file": entry.file,
                "sha256": entry.sha256,
                "as_at": entry.as_at.isoformat(),
            }
            for name, entry in snapshot.tables.items()
        },
        "files": files_told(snapshot.files),
    }


def snapshot_of(told: Mapping[str, Any], directory: Path) -> Snapshot:
    """The snapshot that a manifest tells of."""
    return Snapshot(
        id=told["id"],
        as_at=date.fromisoformat(told["as_at"]),
        loaded_at=datetime.fromisoformat(told["loaded_at"]),
        authority=told["authority"],
        authority_name=told["authority_name"],
        population=told["population"],
        synthetic=told["synthetic"],
        kind=told["kind"],
        tables={
            name: TableEntry(
                rows=entry["rows"],
                columns_present=tuple(entry["columns_present"]),
                file=entry["file"],
                sha256=entry["sha256"],
                as_at=date.fromisoformat(entry["as_at"]),
            )
            for name, entry in told["tables"].items()
        },
        directory=directory,
        predecessor=told["predecessor"],
        extract_sha256=told["extract_sha256"],
        roles_hash=told["roles_hash"],
        registry_hash=told.get("registry_hash", ""),
        issues=told["issues"],
        account=account_of(told.get("account")),
        redactions=tuple(map(_redaction_of, told.get("redactions", ()))),
        wrapped_key=told["wrapped_key"],
        files=files_of(told["files"]),
    )


def _redaction_of(told: Mapping[str, Any]) -> Redaction:
    return Redaction(
        at=datetime.fromisoformat(told["at"]),
        under=told["under"],
        predecessor=told["predecessor"],
        taken=told["taken"],
        emptied=told["emptied"],
    )


def computation_of(told: Mapping[str, Any], directory: Path) -> Computation:
    """The computation that a manifest tells of."""
    return Computation(
        id=told["id"],
        snapshot_id=told["snapshot_id"],
        policy_hash=told["about"].get("policy_hash", ""),
        definitions_hash=told["about"].get("definitions_hash", ""),
        roles_hash=told["about"].get("roles_hash", ""),
        made_at=datetime.fromisoformat(told["made_at"]),
        directory=directory,
        carries_on=told["about"].get("carries_on"),
        registry_hash=told["about"].get("registry_hash", ""),
        about=told["about"],
        files=files_of(told["files"]),
    )


def files_told(files: Mapping[str, FileEntry]) -> dict[str, Any]:
    """The files' hashes as a manifest tells them."""
    return {name: {"sha256": f.sha256, "bytes": f.bytes, "rows": f.rows} for name, f in files.items()}


def files_of(told: Mapping[str, Any]) -> dict[str, FileEntry]:
    """The files' hashes that a manifest tells of."""
    return {name: FileEntry(f["sha256"], f["bytes"], f["rows"]) for name, f in told.items()}
