"""What each pattern finds: its counted rows read against its thresholds, each sighting with its plain reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db import connection

from lineofsight import clock
from lineofsight.calendar import is_working_day
from lineofsight.web.access.desk import belonging, subjects, wording
from lineofsight.web.access.desk.patterns import Pattern, Rows, Sighting, newest_first, patterns
from lineofsight.web.access.desk.period import USUAL_DAYS, stamp
from lineofsight.web.access.models import ChainEvent, ChainShown, Looked, ReadingNight

# So many values a statement: any SQLite takes 999, and others are named beside them.
_KEYS_AT_ONCE, _DAYS_AT_ONCE = 900, 300

# How many different children people were shown on days: {days} is replaced by rows of (actor, from, before).
_DIFFERENT = """
with wanted (actor, since, before) as (values {days})
select wanted.actor, wanted.since, count(distinct child.child_key)
from wanted
join access_chainshown as shown
    on shown.actor = wanted.actor and shown.hour >= wanted.since and shown.hour < wanted.before
join access_chainchild as child on child.sequence = shown.sequence
group by wanted.actor, wanted.since
"""


class NotMeasured(Exception):
    """A pattern could not be looked for; the sentence says what is lacking."""


@dataclass(frozen=True)
class Found:
    """One pattern and what it found that nobody has looked into yet, newest first; or why it could not look."""

    pattern: Pattern
    sightings: list[Sighting]
    not_measured: str = ""


@dataclass
class Look:
    """One look at the log on a day: rows counted once serve every pattern that asks the same."""

    today: date
    counted: dict[tuple[str, str], Rows] = field(default_factory=dict)

    def since(self, days: int = USUAL_DAYS) -> str:
        """The hour in which the last so many days begin."""
        return _hour_of(self.today - timedelta(days=days - 1))

    def rows(self, pattern: Pattern, days: int = USUAL_DAYS) -> Rows:
        """What the pattern's SQL counts over the last so many days."""
        known = (pattern.sql, since := self.since(days))
        if known not in self.counted:
            self.counted[known] = pattern.run(since=since)
        return self.counted[known]


def found() -> list[Found]:
    """Every pattern over the last weeks. The caller has checked and logged the look."""
    look = Look(clock.today())
    return [found_by(pattern, look) for pattern in patterns().values()]


def found_by(pattern: Pattern, look: Look | None = None) -> Found:
    """One pattern, without the sightings somebody looked into since their last event."""
    try:
        some = newest_first(RULES[pattern.slug](pattern, look or Look(clock.today())))
    except NotMeasured as lacking:
        return Found(pattern, [], str(lacking))
    looked: dict[str, int] = {}
    for about, up_to in Looked.objects.filter(pattern=pattern.slug).values_list("about", "up_to"):
        looked[about] = max(up_to, looked.get(about, 0))
    return Found(pattern, [one for one in some if one.last > looked.get(one.about, 0)])


def is_out_of_hours(hour: datetime, pattern: Pattern) -> bool:
    """Whether a moment in London is outside working hours, or on a day that is no working day."""
    within = pattern.numbers["opens"] <= hour.hour < pattern.numbers["closes"]
    return not (within and is_working_day(hour.date()))


def _bulk(pattern: Pattern, look: Look) -> Iterator[Sighting]:
    """Days on which a person was shown many more children than on their own median day, or hour."""
    numbers, shown_from = pattern.numbers, look.today - timedelta(days=USUAL_DAYS - 1)
    people: dict[str, dict[date, Rows]] = {}
    for row in look.rows(pattern, int(numbers["history_days"])):
        people.setdefault(row["actor"], {}).setdefault(_london(row).date(), []).append(row)
    unusual: dict[tuple[str, date], str] = {}
    shown: dict[str, dict[date, int]] = {}
    for actor, days in people.items():
        shown[actor] = {day: sum(int(row["children"]) for row in rows) for day, rows in days.items()}
        hours = {day: max(int(row["children"]) for row in rows) for day, rows in days.items()}
        by_day, by_hour = _unusual(shown[actor], numbers, "day"), _unusual(hours, numbers, "hour")
        found = dict.fromkeys(by_hour, "hour") | dict.fromkeys(by_day, "day")
        unusual |= {(actor, day): kind for day, kind in found.items() if day >= shown_from}
    different = _different(list(unusual))
    for (actor, day), kind in unusual.items():
        if (many := different.get((actor, day), 0)) < numbers[kind]:
            continue
        said = f"Shown {wording.children(many)} on {wording.day(day)}. {_usual(shown[actor], day, numbers)}"
        last = max(int(row["last"]) for row in people[actor][day])
        yield Sighting(pattern.slug, actor, day.isoformat(), said, last)


def _unusual(by_day: Mapping[date, int], numbers: Mapping[str, float], kind: str) -> list[date]:
    """The days that stand out: over the floor, and over so many times the median of the person's days."""
    usual = median(by_day.values()) if len(by_day) > numbers["fewest_days"] else 0
    least = max(numbers[kind], numbers["times_usual"] * usual)
    return [day for day, count in by_day.items() if count >= least]


def _usual(by_day: Mapping[date, int], day: date, numbers: Mapping[str, float]) -> str:
    if len(by_day) <= numbers["fewest_days"]:
        others = len(by_day) - 1
        few = "no other day" if not others else f"only {wording.count(others, 'other day', 'other days')}"
        return f"In three months this person looked at children on {few}, so no day is usual yet."
    return f"On a usual day this person is shown about {median(by_day.values()):,.0f}."


def _different(days: Sequence[tuple[str, date]]) -> dict[tuple[str, date], int]:
    """How many different children each person was shown on each day."""
    found: dict[tuple[str, date], int] = {}
    for begins in range(0, len(days), _DAYS_AT_ONCE):
        some = {(actor, _hour_of(day)): (actor, day) for actor, day in days[begins : begins + _DAYS_AT_ONCE]}
        values = [
            part for actor, day in some.values() for part in (actor, _hour_of(day), _hour_of(day + timedelta(days=1)))
        ]
        sql = _DIFFERENT.replace("{days}", ", ".join(["(%s, %s, %s)"] * len(some)))
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            found |= {some[actor, since]: int(count) for actor, since, count in cursor.fetchall()}
    return found


def _out_of_hours(pattern: Pattern, look: Look) -> Iterator[Sighting]:
    """People who looked at children outside working hours, one sighting a person."""
    theirs: dict[str, Rows] = {}
    since = look.since()
    for row in look.rows(pattern, int(pattern.numbers["history_days"])):
        if row["hour"] >= since and is_out_of_hours(_london(row), pattern):
            theirs.setdefault(row["actor"], []).append(row)
    nights = _nights()
    at = _moments(max(int(row["last"]) for row in rows) for rows in theirs.values())
    for actor, rows in theirs.items():
        last = max(int(row["last"]) for row in rows)
        days = len({_london(row).date() for row in rows})
        events = sum(int(row["events"]) for row in rows)
        said = (
            f"Looked at children {wording.times(events)} on {wording.count(days, 'day', 'days')} out of hours, "
            f"the last time on {at[last]:%A} {wording.day(at[last].date())} at {wording.time_of_day(at[last])}."
        )
        if any(begun <= at[last] <= until for begun, until in nights.get(actor, ())):
            said += " That was in a night of file reading."
        yield Sighting(pattern.slug, actor, "hours", said, last)


def _nights() -> dict[str, list[tuple[datetime, datetime]]]:
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    for key, begun, until in ReadingNight.objects.values_list("person__key", "begun_at", "until"):
        found.setdefault(key, []).append((begun, until))
    return found


def _own_surname(pattern: Pattern, look: Look) -> Iterator[Sighting]:
    """Children opened by somebody of the same surname."""
    since = look.since()
    opened = ChainShown.objects.exclude(opened="").filter(hour__gte=since).order_by()
    readers = belonging.names_of(set(opened.values_list("actor", flat=True).distinct()))
    pairs = belonging.same_surname(readers, int(pattern.numbers["shortest"]))
    if pairs is None:
        raise NotMeasured("No extract has been loaded yet, so no surnames can be compared.")
    wanted = set(pairs)
    keys = sorted({key for _, key in wanted})
    rows = [
        row
        for begins in range(0, len(keys), _KEYS_AT_ONCE)
        for row in pattern.run_over(keys[begins : begins + _KEYS_AT_ONCE], since=since)
        if (row["actor"], row["child_key"]) in wanted
    ]
    at = _moments(int(row["last"]) for row in rows)
    for row in rows:
        times, last = int(row["times"]), int(row["last"])
        when = f"on {wording.day(at[last].date())}" if times == 1 else f"the last on {wording.day(at[last].date())}"
        said = f"Opened the page of a child with the same surname as the reader {wording.times(times)}, {when}."
        yield Sighting(pattern.slug, row["actor"], row["child_key"], said, last, child=True)


def _again_and_again(pattern: Pattern, look: Look) -> Iterator[Sighting]:
    """One child opened on several days by somebody outside its team, service and workers."""
    rows = look.rows(pattern)
    children = belonging.teams_of({row["child_key"] for row in rows})
    if children is None:
        raise NotMeasured("No extract has been loaded yet, so nobody’s team is known.")
    readers = belonging.reaches(look.today)
    outside = [row for row in rows if not belonging.within(readers.get(row["actor"]), children.get(row["child_key"]))]
    at = _moments(int(row["last"]) for row in outside)
    for row in outside:
        said = (
            f"Opened the page of one child {wording.times(int(row['times']))} on "
            f"{wording.count(int(row['days']), 'day', 'days')}, the last on "
            f"{wording.day(at[int(row['last'])].date())}. "
            "The child is not with a team, service or worker that this person’s office is for."
        )
        yield Sighting(pattern.slug, row["actor"], row["child_key"], said, int(row["last"]), child=True)


def _first_file(pattern: Pattern, look: Look) -> Iterator[Sighting]:
    """The first file of each kind a person took."""
    rows = look.rows(pattern)
    sequences = [int(row["last"]) for row in rows]
    events = ChainEvent.objects.filter(sequence__in=sequences)
    about, known = dict(events.values_list("sequence", "subject")), wording.names()
    at = _moments(sequences)
    for row in rows:
        last = int(row["last"])
        what = f": {subjects.about(about[last], known)}" if about.get(last) else ""
        said = f"Took {wording.FILES[row['form']]} for the first time, on {wording.moment(at[last])}{what}."
        yield Sighting(pattern.slug, row["actor"], row["form"], said, last)


def _stopped(pattern: Pattern, look: Look) -> Iterator[Sighting]:
    """People who were stopped because they searched, or opened children's pages, as often as the policy allows."""
    rows = look.rows(pattern)
    at = _moments(int(row["last"]) for row in rows)
    for row in rows:
        times, last = int(row["times"]), int(row["last"])
        when = f"on {wording.moment(at[last])}" if times == 1 else f"the last time on {wording.moment(at[last])}"
        said = f"Searched for children, or opened their pages, as fast as is allowed {wording.times(times)}, {when}."
        yield Sighting(pattern.slug, row["actor"], "pace", said, last)


def _hour_of(day: date) -> str:
    """The hour of UTC in which a day begins in London."""
    return stamp(day)[:13]


def _london(row: Mapping[str, Any]) -> datetime:
    """The hour of a counted row in London's time: every hour of UTC is one hour there."""
    return wording.local(f"{row['hour']}:00:00+00:00")


def _moments(sequences: Collection[int] | Iterator[int]) -> dict[int, datetime]:
    """When events were, in London's time."""
    wanted = sorted(set(sequences))
    found: dict[int, datetime] = {}
    for begins in range(0, len(wanted), _KEYS_AT_ONCE):
        some = ChainEvent.objects.filter(sequence__in=wanted[begins : begins + _KEYS_AT_ONCE])
        found |= {one: wording.local(at) for one, at in some.order_by().values_list("sequence", "at")}
    return found


RULES: dict[str, Callable[[Pattern, Look], Iterator[Sighting]]] = {
    "bulk": _bulk,
    "own-surname": _own_surname,
    "out-of-hours": _out_of_hours,
    "again-and-again": _again_and_again,
    "first-file": _first_file,
    "stopped": _stopped,
}
