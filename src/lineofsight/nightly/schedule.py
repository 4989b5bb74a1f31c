"""When a night's load falls due: each day has one moment of it, also where the clocks change."""

from datetime import UTC, date, datetime, time, timedelta

from lineofsight.clock import LONDON

# A load that falls due late in the evening may still be made up after midnight.
AT_LEAST = timedelta(hours=6)
# The worker looks each minute; a round before it may take a while.
GRACE = timedelta(hours=1)


def moment(day: date, at: time) -> datetime:
    """The moment at which the clocks of London first show `at` on `day`, in UTC.

    In October, when they show it twice, it is the first time; in March, when an hour is left out, it is as long after
    midnight as on any other day.
    """
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)


def passed(now: datetime, at: time) -> date:
    """The newest night whose moment has come."""
    today = now.astimezone(LONDON).date()
    return today if moment(today, at) <= now else today - timedelta(days=1)


def due(now: datetime, at: time, since: datetime | None) -> date | None:
    """The night whose load may be done at `now`: from its moment until its day ends, and for six hours at least.

    None before the first moment after `since`, when the schedule was set.
    """
    night = passed(now, at)
    began = moment(night, at)
    if since is not None and began <= since:
        return None
    ends = max(moment(night + timedelta(days=1), time(0)), began + AT_LEAST)
    return night if now < ends else None


def following(now: datetime, at: time) -> datetime:
    """The next moment at which a load falls due."""
    return moment(passed(now, at) + timedelta(days=1), at)
