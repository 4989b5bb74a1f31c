"""The demonstration authority: made-up children, a person in every office, two years of commitments and records, and
two months of the log of who looked at whom.

Nothing here is a special case of the product: it writes extracts with `synth`, loads them as an analyst would, and
lets its people act through the same actions as anybody, with the clock held where they would have been.
"""

import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from lineofsight import clock, loading, sources, synth
from lineofsight.errors import PlainError
from lineofsight.home import MARKER, Home, open_home
from lineofsight.keys import make_home, open_keys
from lineofsight.lake import Lake
from lineofsight.synth.names import council_of

Progress = Callable[[str, int, int], None]

EXTRACTS = 3
LOADED_AFTER_DAYS = 3
STEP = "Two years of commitments and records, two months of reading"
BUILT = "demonstration-is-built"


def build(path: Path, *, children: int, seed: int, like: str, progress: Progress) -> Home:
    """The demonstration home at `path`, made or finished or simply opened. Raises PlainError over a real home."""
    home = _home(path, like, seed)
    if (home.path / BUILT).exists():
        return home
    lake = Lake(home, open_keys(home))
    if len(lake.snapshots()) < EXTRACTS:
        _load(home, children=children, seed=seed, like=like, progress=progress)
    from lineofsight.web.site import console

    console.start(home)
    from lineofsight.demonstration import acts, diary, improvement, lines, needs, people, tens, trail, work

    progress("Giving people their offices", 0, 1)
    people.appoint(lake)
    progress("Giving people their offices", 1, 1)
    told = [*diary.acts(lake, seed=seed), *needs.acts(lake, seed=seed), *trail.acts(lake, seed=seed)]
    acts.play([*told, *tens.acts(lake), *lines.acts(lake), *work.acts(lake), *improvement.acts()], STEP, progress)
    (home.path / BUILT).write_text(clock.now().isoformat())
    return home


def loaded_at(as_at: date) -> datetime:
    """When an extract of `as_at` came in: three days later in the morning, and never after now."""
    planned = datetime.combine(as_at + timedelta(days=LOADED_AFTER_DAYS), time(9, 12), UTC)
    return min(planned, clock.now())


def _home(path: Path, like: str, seed: int) -> Home:
    if (path / MARKER).exists() and not open_home(path).demo:
        raise PlainError(f"The home in {path} is a real one: give the demonstration a home of its own with --home.")
    return make_home(path, authority=like, authority_name=council_of(seed), demo=True)


def _load(home: Home, *, children: int, seed: int, like: str, progress: Progress) -> None:
    """Write the extracts into a private folder inside the home, load each on its day, and leave nothing behind."""
    for left in home.path.glob("extracts-*"):  # by one that was stopped before it could
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix="extracts-", dir=home.path))
    try:
        extracts = synth.write(folder, children=children, extracts=EXTRACTS, seed=seed, like=like, progress=progress)
        for number, extract in enumerate(extracts):
            progress("Loading three monthly extracts", number, len(extracts))
            read = sources.read([extract])
            with clock.frozen_at(loaded_at(read.as_at)):
                loading.load(home, read)
        progress("Loading three monthly extracts", len(extracts), len(extracts))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
