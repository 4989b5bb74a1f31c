"""Tables copied forward from an older load: how old they are, and what stands on them (DESIGN 5 N, 7.1, 7.6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lineofsight import policy, schema
from lineofsight.lake.publishing import ALWAYS_CARRIED
from lineofsight.web import home_in_use
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries.standing import Standing


@dataclass(frozen=True)
class Older:
    """One table that is older than the extract it stands in. `beyond`: by more days than policy allows."""

    title: str
    as_at: date
    days: int
    beyond: bool


def older(stand: Standing, tables: Iterable[str]) -> list[Older]:
    """Those of `tables` that are older than the rest of the extract, the oldest first.

    A restriction ends by its own date, so that its table is copied forward is no fault and is not told.
    """
    allowed = policy.load(home_in_use()).number("extract.fresh", stand.on)
    found = []
    for name in set(tables) - ALWAYS_CARRIED:
        entry = stand.snapshot.tables.get(name)
        if entry is not None and entry.as_at < stand.as_at:
            days = (stand.as_at - entry.as_at).days
            known = schema.tables().get(name)
            found.append(Older(known.title if known else name, entry.as_at, days, days > allowed))
    return sorted(found, key=lambda one: (one.as_at, one.title))


def sentence(found: Iterable[Older]) -> str:
    """'Child protection visits are as at 30 September 2026, 31 days older than the rest.' Nothing for none."""
    by_day: dict[date, list[Older]] = {}
    for one in found:
        by_day.setdefault(one.as_at, []).append(one)
    said = []
    for day, held in by_day.items():
        words = wording.listed([one.title if place == 0 else one.title.lower() for place, one in enumerate(held)])
        days = wording.counted(held[0].days, "day")
        is_ = "are" if len(held) > 1 or words.endswith("s") else "is"
        said.append(f"{words} {is_} as at {wording.day(day)}, {days} older than the rest.")
    return " ".join(said)


def too_old(stand: Standing, tables: Iterable[str]) -> bool:
    """Whether any of these tables is older than policy allows: then nothing that stands on it is drawn as better."""
    return any(one.beyond for one in older(stand, tables))
