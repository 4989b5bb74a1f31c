"""Checks of the home itself: whose it is, who else could read it, its keys, the room left, and the clock."""

import os
import pwd
import shutil
import stat
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from lineofsight import clock
from lineofsight.cli.doctor.findings import Finding, Installation, look, ok, wrong
from lineofsight.home import MARKER
from lineofsight.keys import ENVIRONMENT, SECRETS, Keyring, open_keys

GIB = 1024**3
# Under this nothing can be loaded safely; a load writes its snapshot whole beside the others before it is put in place.
LEAST_FREE = 1 * GIB
ROOM_FOR = 3
# A clock this far behind what is already written is set wrong, not merely unsynchronised.
CLOCK_SLACK = timedelta(minutes=5)
OTHERS = 0o077
# A key that wraps keys is changed at least every two years (NIST SP 800-57 part 1, 5.3.6).
OLDEST_KEY = timedelta(days=730)


def owner(at: Installation) -> Iterator[Finding]:
    """The home belongs to the account this runs as, and nobody else can read it."""
    about = at.home.path.stat()
    if about.st_uid != os.getuid():
        yield wrong(
            "owner",
            f"The home belongs to {_account(about.st_uid)}, and this runs as {_account(os.getuid())}.",
            f"Run it as {_account(about.st_uid)}, the account that serves this home.",
        )
        return
    open_to_others = [path for path in _folders(at) if stat.S_IMODE(path.stat().st_mode) & OTHERS]
    if open_to_others:
        names = ", ".join(path.name for path in open_to_others)
        yield wrong("owner", f"Other accounts can read {names}.", f"chmod 700 {' '.join(map(str, open_to_others))}")
        return
    yield ok("owner", f"The home is {at.home.path}; only {_account(about.st_uid)} can read it.")


def folders(at: Installation) -> Iterator[Finding]:
    """The folders a home has are there."""
    wanted = (at.home.lake, at.home.keys, at.home.exports, at.home.anchors)
    missing = [path.name for path in wanted if not path.is_dir()]
    if missing:
        yield wrong("folders", f"The home has no {', '.join(missing)}.", "Put them back from the last backup.")
    else:
        yield ok("folders", "The lake, the keys, the anchors and the exports are there.")


def master_key(at: Installation) -> Iterator[Finding]:
    """The master key is there, only its owner can read it, and it opens every secret of the home."""
    path = at.home.keys / "master.key"
    given = ENVIRONMENT in os.environ
    ring = open_keys(at.home)
    missing = [name for name in SECRETS if not _has(ring, name)]
    if missing:
        yield wrong(
            "master key", f"The keyring lacks {', '.join(missing)}.", "Put keys/keyring.json back from a backup."
        )
    elif given and path.exists():
        yield look(
            "master key",
            f"The key comes from {ENVIRONMENT}, and a key file stands in the home as well.",
            "Delete keys/master.key once a copy is kept elsewhere: the data and its key should not lie together.",
        )
    elif given:
        yield ok("master key", f"The key comes from {ENVIRONMENT} and opens the home’s secrets.")
    else:
        yield ok(
            "master key", "The key is in keys/master.key, readable by its owner only, and opens the home’s secrets."
        )


def key_age(at: Installation) -> Iterator[Finding]:
    """The master key is not older than two years, and no change of it was cut short."""
    ring = open_keys(at.home)
    if ring.being_changed:
        yield wrong(
            "key age", "A change of the master key was cut short.", "Stop the services, run lineofsight keys rotate."
        )
    elif ring.since is None:
        says = "The day the master key was made is not known: it is from before that was kept."
        yield look("key age", says, "Run lineofsight keys rotate once, with the services stopped.")
    elif (age := clock.today() - ring.since) > OLDEST_KEY:
        says = f"The master key is {age.days:,} days old, of {ring.since:%-d %B %Y}."
        yield look("key age", says, "Run lineofsight keys rotate, with the services stopped.")
    else:
        yield ok("key age", f"The master key is of {ring.since:%-d %B %Y}.")


def demonstration(at: Installation) -> Iterator[Finding]:
    """A demonstration must not be taken for the real thing."""
    if at.home.demo:
        yield look(
            "demonstration",
            "This home is a demonstration: anybody on this machine can sign in, and it takes made-up extracts only.",
            "Nothing, if that is what it is for. For an authority, load an extract into a new home.",
        )
    else:
        yield ok("demonstration", f"This is the home of {at.home.authority_name}, not a demonstration.")


def disk_space(at: Installation) -> Iterator[Finding]:
    """There is room for the next loads."""
    free = shutil.disk_usage(at.home.path).free
    newest = max(map(_size, _snapshots(at)), default=0)
    says = f"{free / GIB:,.1f} GiB are free"
    if free < LEAST_FREE:
        yield wrong("disk space", f"{says}: too little to load into.", "Free some space, or move the home.")
    elif free < ROOM_FOR * newest:
        yield look(
            "disk space", f"{says}, less than {ROOM_FOR} more snapshots need.", "Make room before the next load."
        )
    else:
        yield ok("disk space", f"{says}.")


def time(at: Installation) -> Iterator[Finding]:
    """The clock is not behind what this home has already written."""
    now = clock.now()
    newest = max(_times_written(at), default=now)
    if now + CLOCK_SLACK < newest:
        behind = newest - now
        yield wrong(
            "time",
            f"The clock is {behind.days} days and {behind.seconds // 60} minutes behind what was last written here.",
            "Set the clock by a time server. Due dates, time-outs and the audit chain all go by it.",
        )
    else:
        yield ok("time", f"The clock says {now.astimezone(clock.LONDON):%-d %B %Y, %H:%M} in London.")


def _times_written(at: Installation) -> Iterator[datetime]:
    """The times that files of this home tell of themselves; the file system's own could be anybody's."""
    told = tomllib.loads((at.home.path / MARKER).read_text())
    if "created_at" in told:
        yield datetime.fromisoformat(str(told["created_at"]))
    for path in at.home.anchors.glob("????-??-??.json"):
        yield datetime.fromisoformat(path.stem).replace(tzinfo=clock.LONDON)


def _folders(at: Installation) -> list[Path]:
    home = at.home
    return [path for path in (home.path, home.lake, home.keys, home.exports, home.anchors) if path.is_dir()]


def _snapshots(at: Installation) -> list[Path]:
    return [path for path in (at.home.lake / "snapshots").glob("[!.]*") if path.is_dir()]


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _account(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"account {number}"


def _has(ring: Keyring, name: str) -> bool:
    try:
        return bool(ring.secret(name))
    except KeyError:
        return False
