"""Re-compute what a snapshot says of itself: its seal, its files' hashes, and that every page opens."""

from dataclasses import dataclass
from pathlib import Path

from lineofsight.errors import PlainError
from lineofsight.home import MARKER
from lineofsight.lake import folders, manifest, marks, sealed
from lineofsight.lake.manifest import Computation, FileEntry, Snapshot
from lineofsight.lake.store import Lake


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a snapshot: which file, and what in one plain sentence."""

    file: Path
    what: str


def verify_snapshot(lake: Lake, snapshot: Snapshot) -> list[Problem]:
    """What is wrong with `snapshot` and its computations on disk; an empty list when nothing is.

    Checks each manifest's seal, each file's hash, that each file opens under its own name and holds the
    rows its manifest gives, and that no file is there which no manifest knows.
    """
    path = snapshot.directory / manifest.NAME
    try:
        told = manifest.snapshot_of(manifest.unseal(lake.keys, path), snapshot.directory)
    except PlainError as error:
        return [Problem(path, str(error))]
    problems = []
    if told.id != snapshot.directory.name or told != snapshot:
        problems.append(Problem(path, f"The manifest {path} is not the one that was read before."))
    problems += [*_of_another_authority(lake, told), *_check_marks(lake, told), *_check(lake, told)]
    for folder in folders.finished(snapshot.directory / "computations"):
        try:
            computation = lake.computation(told, folder.name)
        except PlainError as error:
            problems.append(Problem(folder / manifest.NAME, str(error)))
            continue
        if computation is not None:
            problems += _check(lake, computation)
    return problems


def _of_another_authority(lake: Lake, snapshot: Snapshot) -> list[Problem]:
    """The home's own file carries no seal, but a snapshot remembers whose home it was."""
    if snapshot.authority == lake.home.authority:
        return []
    path, ours = lake.home.path / MARKER, lake.home.authority
    return [Problem(path, f"The file {path} says authority {ours}, but {snapshot.id} is of {snapshot.authority}.")]


def _check_marks(lake: Lake, snapshot: Snapshot) -> list[Problem]:
    problems = []
    for name in marks.NAMES:
        try:
            marks.read(lake.keys, snapshot.directory, name)
        except PlainError as error:
            problems.append(Problem(snapshot.directory / name, str(error)))
    return problems


def _check(lake: Lake, holder: Snapshot | Computation) -> list[Problem]:
    problems = [problem for name, entry in holder.files.items() if (problem := _check_file(lake, holder, name, entry))]
    known = {holder.directory / name for name in [*holder.files, manifest.NAME]}
    if isinstance(holder, Snapshot):
        known |= {holder.directory / name for name in marks.NAMES}
    below = holder.directory / "computations"
    for path in sorted(holder.directory.rglob("*")):
        if path.is_file() and path not in known and below not in path.parents:
            problems.append(Problem(path, f"The file {path} is in no manifest."))
    return problems


def _check_file(lake: Lake, holder: Snapshot | Computation, name: str, entry: FileEntry) -> Problem | None:
    path = holder.directory / name
    try:
        if sealed.hash_file(path) != entry.sha256:
            raise sealed.altered(path)
        rows = lake.sealed_file(holder, name).count()
    except PlainError as error:
        return Problem(path, str(error))
    return None if rows == entry.rows else Problem(path, f"The file {path} has {rows} rows, not {entry.rows}.")
