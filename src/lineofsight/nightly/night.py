"""One night: load what is due, once, and keep what became of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from lineofsight import clock, sources
from lineofsight.errors import PlainError
from lineofsight.home import Home
from lineofsight.lake import folders
from lineofsight.nightly import kept as keeping
from lineofsight.nightly import schedule
from lineofsight.nightly.kept import Ended, Kept
from lineofsight.nightly.settings import Nightly, settings_of
from lineofsight.nightly.watching import Look, look_at
from lineofsight.sources.content import printable

AT_WORK = ".nightly"  # the lock, beside the lake's own, of whoever loads the night's extract
MOST_TRIES = 5
# Two looks at a folder stand so far apart at least: what is still being written has grown by then.
BETWEEN_LOOKS = timedelta(seconds=5)


def load_if_due(home: Home) -> Kept | None:
    """Load the night's extract where it is due and not done: what became of it, or None where nothing was to do.

    Once a night. A failure is kept as one sentence and tried again at the next call, five times in all; a folder that
    is still being written is looked at again at the next call. Raises only what nobody foresaw, when it is kept.
    """
    with folders.locked(home.lake, AT_WORK):
        try:
            nightly = settings_of(home)
        except PlainError as error:
            return keeping.write(home, replace(keeping.read(home), how="failed", says=str(error)))
        night = schedule.due(clock.now(), nightly.at, nightly.since) if nightly else None
        if nightly is None or night is None:
            return None
        kept = keeping.read(home).begun(night)
        return None if kept.over else _tried(home, nightly, kept)


def load_now(home: Home, wait: Callable[[float], None]) -> Kept:
    """The same at a person's word, whatever the hour; it counts for no night. `wait` lets seconds go by.

    Raises PlainError where no nightly load is set.
    """
    with folders.locked(home.lake, AT_WORK):
        nightly = settings_of(home)
        if nightly is None:
            raise PlainError("No nightly load is set: set one with lineofsight nightly --set 02:30 --folder PATH.")
        before = keeping.read(home)
        try:
            now = replace(before, tries=0, over=False, seen="", taken="")
            if nightly.folder:
                now = _tried(home, nightly, now)  # the first look; the second one is after a while
                wait(BETWEEN_LOOKS.total_seconds())
            if now.how != "failed" or nightly.folder is None:
                _tried(home, nightly, now)
        finally:  # the night is where it was, however this ended
            done = replace(keeping.read(home), night=before.night, tries=before.tries, over=before.over)
            keeping.write(home, done)
        return done


def _tried(home: Home, nightly: Nightly, kept: Kept) -> Kept:
    """One try, with its end kept. Raises what nobody foresaw, when that is kept too."""
    kept = replace(kept, last_tried=clock.now())
    try:
        look = look_at(nightly.folder) if nightly.folder else None
    except PlainError as error:
        return keeping.write(home, replace(_counted(kept), how="failed", says=str(error)))
    if look is not None and nightly.folder is not None:
        held = _not_yet(nightly.folder, look, kept)
        if held is not None:
            return keeping.write(home, held)
    # Counted before it begins: a load that takes the worker with it is not tried for ever.
    kept = keeping.write(home, replace(_counted(kept), how="failed", says="The load was cut short."))
    try:
        return keeping.write(home, _loaded(home, kept, look))
    except Exception as error:
        failed = keeping.write(home, replace(kept, how="failed", says=_sentence(error)))
        if not isinstance(error, PlainError | OSError):
            raise
        return failed


def _counted(kept: Kept) -> Kept:
    return replace(kept, tries=kept.tries + 1, over=kept.tries + 1 >= MOST_TRIES)


def _not_yet(folder: Path, look: Look, kept: Kept) -> Kept | None:
    """Why the folder is not loaded at this look; None where it is whole, unchanged since the last one, and new."""
    told = printable(str(folder))
    if look.seen == kept.taken and look.unfinished is None:
        if kept.how == "waiting":  # it is still a person's turn
            return kept
        since = f" since {_day(kept.last_done)}" if kept.last_done else ""
        return replace(kept, how="nothing new", says=f"Nothing new has come into the folder {told}{since}.")
    if look.unfinished:
        says = f"The folder {told} is still being written ({look.unfinished}): it is looked at again each minute."
        return replace(kept, how="coming", says=says, seen="", seen_at=None)
    now = clock.now()
    if look.seen != kept.seen or kept.seen_at is None:
        says = f"The folder {told} is loaded when a second look, a minute later, finds it unchanged."
        return replace(kept, how="coming", says=says, seen=look.seen, seen_at=now)
    return kept if now - kept.seen_at < BETWEEN_LOOKS else None


def _loaded(home: Home, kept: Kept, look: Look | None) -> Kept:
    """Read, load, and say what came of it."""
    from lineofsight import loading  # these are large, and wanted once a night
    from lineofsight.nightly.fetching import from_database

    extract = sources.read([look.extract]) if look else from_database(home)
    loaded = loading.load(home, extract)
    day = f"{loaded.snapshot.as_at:%-d %B %Y}"
    how: Ended
    if loaded.waiting:
        fell = " ".join(filter(None, (loaded.unlike, *(one.sentence() for one in loaded.falls))))
        says = f"The extract as at {day} waits for a person to look at it: {fell} {_where(loaded.snapshot.id)}"
        how = "waiting"
    elif loaded.new:
        how, says = "loaded", f"The extract as at {day} was loaded."
    else:
        how, says = "nothing new", f"It holds what was loaded before, as at {day}."
    return replace(
        kept,
        over=True,
        how=how,
        says=says,
        last_done=clock.now(),
        snapshot=loaded.snapshot.id,
        taken=look.seen if look else "",
    )


def _where(load: str) -> str:
    """Where a load that waits is looked at and answered."""
    return (
        f"Its id is {load}: look at it at /data/loads/{load}/, or answer with 'lineofsight accept {load}' or 'refuse'."
    )


def _sentence(error: Exception) -> str:
    """What went wrong, for a person. The words of what nobody foresaw are not shown: they could hold anything."""
    if isinstance(error, PlainError):
        return str(error)
    if isinstance(error, OSError):
        return f"The machine refused it: {(error.strerror or 'it does not say why').lower()}."
    return f"Something went wrong inside Line of Sight ({type(error).__name__}). Nothing was published in part."


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone(clock.LONDON):%-d %B %Y}" if moment else ""
