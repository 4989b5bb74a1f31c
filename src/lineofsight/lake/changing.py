"""Changing the master key: every data key is wrapped again, and no data is touched (DESIGN 5 I).

Killed between any two steps, the old key or the new one opens everything, and the next run goes on from there:

1. the next key stands beside the one in force (in a file of the home, or in the environment);
2. the keyring is wrapped by the next key and holds the one before it: from here the next key opens it;
3. the next key takes the place of the one before (where the key is a file of the home);
4. each snapshot's data key is wrapped again, a manifest at a time, and each sending's that is not read yet;
5. the keyring no longer holds the key before: it opens nothing any more.

The secrets themselves stay, K above all. A process that opened the keys before step 2 cannot open what step 4 wrote:
nothing else runs meanwhile.
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from lineofsight import clock, keys
from lineofsight.errors import PlainError
from lineofsight.home import Home, write_whole
from lineofsight.keys import Keyring
from lineofsight.lake import folders, manifest, publishing, staging

UNFINISHED = ".changing"
Progress = Callable[[str, int, int], None]


def change_master_key(home: Home, progress: Progress = lambda step, done, total: None) -> int:
    """Put a new master key in the place of the one in force, or finish a change that was cut short.

    Returns how many snapshots' keys were wrapped again. Raises PlainError where the environment gives the key and
    not the next one, or the same one twice.
    """
    with folders.locked(home.lake, folders.LOADING), folders.locked(home.lake):
        _, ring = keys.opened(home)
        if not ring.being_changed:
            _begin(home)
        _take_its_place(home)
        return _finish(home, progress)


def _begin(home: Home) -> None:
    former, _ = keys.opened(home)
    if keys.ENVIRONMENT in os.environ:
        given = os.environ.get(keys.NEXT_ENVIRONMENT)
        if not given:
            raise PlainError(
                f"The master key comes from {keys.ENVIRONMENT}: give the one that takes its place in "
                f"{keys.NEXT_ENVIRONMENT}, 32 bytes in base64."
            )
        following = keys.key_of(given)
        if following == former:
            raise PlainError(f"{keys.NEXT_ENVIRONMENT} is the master key that is in force: give another.")
    else:
        following = secrets.token_bytes(keys.KEY_BYTES)
        write_whole(keys.next_file(home), base64.b64encode(following))
        folders.flush_folder(home.keys)
    ring = keys.secrets_of(home)
    keys.write_ring(home, following, ring, since=clock.today(), former=former)
    folders.flush_folder(home.keys)


def _take_its_place(home: Home) -> None:
    """The next key is the master key, once it is the one that opens the keyring."""
    if keys.ENVIRONMENT in os.environ or not keys.next_file(home).exists():
        return
    master, _ = keys.opened(home)
    if keys.key_of(keys.next_file(home).read_text()) == master:
        keys.next_file(home).replace(keys.master_file(home))
        folders.flush_folder(home.keys)


def _finish(home: Home, progress: Progress) -> int:
    master, ring = keys.opened(home)
    known = _snapshots(home)
    for number, folder in enumerate(known, 1):
        path = folder / manifest.NAME
        told = manifest.unseal(ring, path)
        context = publishing.key_context(told["id"])
        told["wrapped_key"] = ring.wrap(ring.unwrap(told["wrapped_key"], context), context)
        _put(home, path, manifest.seal(ring, told))
        progress("Wrapping keys again", number, len(known))
    for name in staging.names(home):
        context, path = staging.key_context(name), home.lake / staging.FOLDER / name / staging.KEY
        if path.exists():  # of one that is being taken away, the key goes first
            _put(home, path, ring.wrap(ring.unwrap(path.read_text(), context), context).encode())
    (home.lake / UNFINISHED).unlink(missing_ok=True)
    _only_the_new_one_opens(home, master)
    keys.write_ring(home, master, keys.secrets_of(home), since=ring.since or clock.today())
    folders.flush_folder(home.keys)
    return len(known)


def _snapshots(home: Home) -> list[Path]:
    """Every folder whose manifest holds a wrapped key: the snapshots, and those that wait for a yes."""
    return [folder for place in ("snapshots", "waiting") for folder in folders.finished(home.lake / place)]


def _put(home: Home, path: Path, content: bytes) -> None:
    """Put a manifest in the place of the one before, by one rename; nothing half made stands in the snapshot."""
    beside = home.lake / UNFINISHED
    beside.unlink(missing_ok=True)
    folders.write_flushed(beside, content)
    beside.replace(path)
    folders.flush_folder(path.parent)


def _only_the_new_one_opens(home: Home, master: bytes) -> None:
    """Raise PlainError where a data key is wrapped by any other key: then the one before must stay."""
    alone, ring = Keyring(master, {}), keys.opened(home)[1]
    for folder in _snapshots(home):
        told = manifest.unseal(ring, folder / manifest.NAME)
        alone.unwrap(told["wrapped_key"], publishing.key_context(told["id"]))
    for name in staging.names(home):
        if (path := home.lake / staging.FOLDER / name / staging.KEY).exists():
            alone.unwrap(path.read_text(), staging.key_context(name))
