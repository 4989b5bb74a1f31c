"""Checks of the lake: whole snapshots, nothing half-made left behind, figures for the newest, and its age."""

from collections.abc import Iterator
from pathlib import Path

from lineofsight import clock, policy
from lineofsight.cli.doctor.findings import Finding, Installation, look, ok, wrong
from lineofsight.errors import PlainError
from lineofsight.keys import open_keys
from lineofsight.lake import Computation, Lake, Snapshot, folders, redacted, redacting
from lineofsight.lake.verify import verify_snapshot

UNFINISHED = ".unfinished-*"


def snapshots(at: Installation) -> Iterator[Finding]:
    """Each manifest is sealed, its files are there and as long as it says; deep: every byte is as written."""
    lake = _lake(at)
    try:
        found = [*lake.snapshots(withdrawn=True), *lake.waiting()]
    except PlainError as error:
        yield wrong("snapshots", str(error), "Put the snapshot back from a backup, or take it out and load it again.")
        return
    problems = [problem for one in found for problem in _problems(lake, one, deep=at.deep)]
    if problems:
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        yield wrong("snapshots", f"{problems[0]}{more}", "Put it back from a backup, or load that extract again.")
    else:
        how = "every byte is as written" if at.deep else "their manifests and files are there; --deep reads every byte"
        yield ok("snapshots", f"{len(found)} {'snapshot' if len(found) == 1 else 'snapshots'}: {how}.")


def leftovers(at: Installation) -> Iterator[Finding]:
    """Nothing that a killed load left behind. The next load sweeps it."""
    root = at.home.lake / "snapshots"
    left = [
        *root.glob(UNFINISHED),
        *(at.home.lake / "waiting").glob(UNFINISHED),
        *root.glob(f"*/computations/{UNFINISHED}"),
    ]
    with folders.locked_if_free(at.home.lake, folders.LOADING) as nobody_loads:
        pass
    if left and nobody_loads:
        says = f"{len(left)} unfinished {'folder' if len(left) == 1 else 'folders'} of a load that was stopped."
        yield look("leftovers", says, "Nothing: the worker, or the next load, clears them away. See that it runs.")
    elif left:
        yield ok("leftovers", "A load is running.")
    else:
        yield ok("leftovers", "No load left anything unfinished.")


def newest_extract(at: Installation) -> Iterator[Finding]:
    """The newest extract is as young as the policy asks, and its figures were computed."""
    lake = _lake(at)
    newest = lake.latest()
    if newest is None:
        yield look("newest extract", "No extract has been loaded.", "Load one: lineofsight load PATH.")
        return
    allowed = policy.load(at.home).number("extract.fresh", clock.today())
    days = (clock.today() - newest.as_at).days
    says = f"The newest extract is as at {newest.as_at:%-d %B %Y}, {days} {'day' if days == 1 else 'days'} ago"
    if lake.computation(newest) is None:
        yield wrong("newest extract", f"{says}, and nothing was computed from it.", "Load the same files again.")
    elif days > allowed:
        yield look("newest extract", f"{says}; the policy asks for {allowed:g} at most.", "Load a newer extract.")
    else:
        yield ok("newest extract", f"{says}.")


def redacted_children(at: Installation) -> Iterator[Finding]:
    """Nobody who was taken out stands in the lake again, as after a restore from an older backup."""
    lake = _lake(at)
    try:
        known = [*lake.snapshots(withdrawn=True), *lake.waiting()] if redacted.listed(at.home, lake.keys) else []
        ids = {one for snapshot in known for one in redacting.ids_in(lake, snapshot)}
        back = redacted.among(at.home, lake.keys, ids)
    except PlainError as error:
        yield wrong("redacted children", str(error), "Put the file back from a backup.")
        return
    if back:
        says = "Somebody who was taken out stands in the lake again."
        yield wrong("redacted children", says, "Take them out again: lineofsight redact --again --as YOU.")
    else:
        yield ok("redacted children", "Nobody who was taken out stands in the lake.")


def _lake(at: Installation) -> Lake:
    return Lake(at.home, open_keys(at.home))


def _problems(lake: Lake, snapshot: Snapshot, *, deep: bool) -> Iterator[str]:
    if deep:
        yield from (problem.what for problem in verify_snapshot(lake, snapshot))
        return
    holders: list[Snapshot | Computation] = [snapshot]
    for folder in folders.finished(snapshot.directory / "computations"):
        if computation := lake.computation(snapshot, folder.name):
            holders.append(computation)
    for holder in holders:
        for name, entry in holder.files.items():
            if _length(holder.directory / name) != entry.bytes:
                yield f"The file {holder.directory / name} is not there, or not as long as its manifest says."


def _length(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
