"""What became of the last night, kept in the home for `doctor` and the Data page. It holds no child and no secret."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time
from typing import Any, Literal

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.home import Home, write_whole
from lineofsight.keys import open_keys
from lineofsight.lake import Lake
from lineofsight.nightly import schedule
from lineofsight.nightly.settings import Nightly, settings_of

FILE = "nightly.json"
Ended = Literal["", "loaded", "nothing new", "coming", "failed", "waiting"]
State = Literal["off", "not yet", "missed", "loaded", "nothing new", "coming", "failed", "waiting"]


@dataclass(frozen=True)
class Kept:
    """The night a load was last due, how often it was tried, how it stands, and what was seen of the folder.

    `over`: nothing more is tried for that night. `how` is how the last try ended and `says` what of it, in one
    sentence. `seen` is what the folder looked like at the last look, `taken` when it was last loaded.
    """

    night: date | None = None
    tries: int = 0
    over: bool = False
    how: Ended = ""
    says: str = ""
    last_tried: datetime | None = None
    last_done: datetime | None = None
    snapshot: str = ""
    seen: str = ""
    seen_at: datetime | None = None
    taken: str = ""

    def begun(self, night: date) -> "Kept":
        """The same on another night, for which nothing was tried yet."""
        return self if self.night == night else replace(self, night=night, tries=0, over=False)


@dataclass(frozen=True)
class LastNight:
    """How the nightly load stands, for a page: `says` is one sentence.

    `state`: off; not yet (its first hour has not come); missed (the worker was not running); loaded; nothing new;
    coming (the folder is still being written); failed; waiting (for a person's yes to a fall in rows).
    """

    state: State
    says: str
    at: time | None = None
    where: str = ""
    last_tried: datetime | None = None
    last_done: datetime | None = None
    next_at: datetime | None = None
    snapshot: str = ""

    @property
    def well(self) -> bool:
        """Whether nobody needs to do anything about it."""
        return self.state in ("off", "not yet", "loaded")


def last_night(home: Home) -> LastNight:
    """How the nightly load of a home stands. A settings file that is not right is a failure, and told."""
    try:
        nightly = settings_of(home)
    except PlainError as error:
        return LastNight("failed", str(error))
    if nightly is None:
        return LastNight("off", "No nightly load is set.")
    kept = read(home)
    state, says = _stands(home, nightly, kept, clock.now())
    return LastNight(
        state,
        says,
        at=nightly.at,
        where=nightly.where,
        last_tried=kept.last_tried,
        last_done=kept.last_done,
        next_at=schedule.following(clock.now(), nightly.at),
        snapshot=kept.snapshot,
    )


def _stands(home: Home, nightly: Nightly, kept: Kept, now: datetime) -> tuple[State, str]:
    night = schedule.passed(now, nightly.at)
    began = schedule.moment(night, nightly.at)
    expected = nightly.since is None or began > nightly.since
    if expected and now - began > schedule.GRACE and (kept.night is None or kept.night < night):
        return "missed", f"Nothing was tried on the night of {night:%-d %B %Y}: the worker was not running."
    if not kept.how:
        return "not yet", f"The first load is due at {nightly.at:%H:%M}."
    if kept.how == "waiting" and not _waits(home, kept.snapshot):
        return "loaded", "A person looked at the load that waited, and it waits no more."
    return kept.how, kept.says


def _waits(home: Home, snapshot_id: str) -> bool:
    return snapshot_id in {one.id for one in Lake(home, open_keys(home)).waiting()}


def read(home: Home) -> Kept:
    """What is kept; nothing where there is nothing that can be read."""
    try:
        told = json.loads((home.path / FILE).read_text("utf-8"))
        return Kept(**{name: _value(name, value) for name, value in told.items()})
    except (OSError, ValueError, TypeError, AttributeError):
        return Kept()


def write(home: Home, kept: Kept) -> Kept:
    """Keep it, on the disk, and return it."""
    write_whole(home.path / FILE, json.dumps(asdict(kept), default=_told).encode())
    return kept


def _told(value: date | datetime) -> str:
    return value.isoformat()


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "night":
        return date.fromisoformat(value)
    if name in ("last_tried", "last_done", "seen_at"):
        return datetime.fromisoformat(value)
    return value
