"""From which day to which the desk looks: days are London's, time stamps of the chain are UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from lineofsight import clock

USUAL_DAYS = 30


@dataclass(frozen=True)
class Period:
    """Days, the first and the last included; None where there is no end to that side."""

    begins: date | None = None
    ends: date | None = None

    @classmethod
    def lately(cls, days: int = USUAL_DAYS) -> Period:
        """The last so many days, today included."""
        return cls(clock.today() - timedelta(days=days - 1), None)

    @property
    def since(self) -> str:
        """The chain's time stamp at which the first day begins; blank sorts before all of them."""
        return stamp(self.begins) if self.begins else ""

    @property
    def before(self) -> str:
        """The time stamp at which the day after the last begins; 9999 where there is none."""
        return stamp(self.ends + timedelta(days=1)) if self.ends else "9999-12-31"

    @property
    def words(self) -> str:
        """'from 1 November 2026 to 14 November 2026', 'since 1 November 2026'."""
        if self.begins and self.ends:
            return f"from {_day(self.begins)} to {_day(self.ends)}"
        if self.begins:
            return f"since {_day(self.begins)}"
        return f"up to {_day(self.ends)}" if self.ends else "since the log began"


def stamp(on: date) -> str:
    """The chain's time stamp of the moment a day begins in London."""
    return datetime.combine(on, time.min, clock.LONDON).astimezone(UTC).isoformat(timespec="microseconds")


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
