"""When a commitment falls due: iCalendar rules counted from an anchor, never from the last time it was held."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args

from dateutil.rrule import rrule, rrulestr

from lineofsight.errors import PlainError

Kind = Literal["rule", "occasional", "as agreed", "as necessary", "not yet established", "as the board meets"]
NEVER_OVERDUE: frozenset[str] = frozenset(("as agreed", "as necessary", "not yet established", "as the board meets"))

_WORDS = {
    "FREQ=WEEKLY": "every week",
    "FREQ=MONTHLY": "every month",
    "FREQ=MONTHLY;INTERVAL=2": "every two months",
    "FREQ=MONTHLY;INTERVAL=3": "every three months",
    "FREQ=MONTHLY;INTERVAL=6": "twice a year",
    "FREQ=YEARLY": "once a year",
}


@dataclass(frozen=True)
class Period:
    """One period of a cadence: due by its last day, `end`, which is also `due_on`."""

    start: date
    end: date

    @property
    def due_on(self) -> date:
        return self.end


@dataclass(frozen=True)
class Cadence:
    """How often. `rule` and `anchor` are set for the kinds "rule" and "occasional", and for no other.

    `at_least` is how many records a period needs. `ambiguity` names the note that says how the source was read.
    """

    kind: Kind
    rule: str = ""
    anchor: date | None = None
    at_least: int = 1
    ambiguity: str = ""

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise PlainError(f"'{self.kind}' is not a cadence.")
        if self.kind in NEVER_OVERDUE:
            if self.rule or self.anchor:
                raise PlainError(f"A commitment that is '{self.kind}' has no rule: its dates are added by hand.")
            return
        if not self.rule or self.anchor is None:
            raise PlainError(f"A cadence of kind '{self.kind}' needs a rule and the day it counts from.")
        if self.at_least < 1:
            raise PlainError("A cadence needs at least one record in each period.")
        _check(self.rule, self.anchor)

    @property
    def dated(self) -> bool:
        """Whether due dates follow from a rule. Where not, nothing is due until a person adds a date."""
        return self.kind not in NEVER_OVERDUE

    @property
    def words(self) -> str:
        """The cadence as a person says it: 'every two months', 'as agreed: nothing is owed until ...'."""
        if not self.dated:
            return f"{self.kind}: nothing is owed until a date is added"
        parts = [part for part in self.rule.split(";") if part.split("=")[0] in ("FREQ", "INTERVAL")]
        often = _WORDS.get(";".join(parts), self.rule)
        return f"occasionally, at least {self.at_least} a year" if self.kind == "occasional" else often


def periods(cadence: Cadence, since: date, until: date) -> Iterator[Period]:
    """The periods whose last day lies in `since` to `until`, both included, in order; none for an undated cadence.

    Each due date is counted from the anchor, so a late meeting never moves the next one and February never
    pulls the 31st forward for good. A period begins the day after the due date before it; the first begins
    one step of the rule before the anchor's own.
    """
    if not cadence.dated or until < since:
        return
    rule = _rule(cadence.rule, cadence.anchor or since)
    before = rule.before(_moment(since))
    last = before.date() if before else None
    for moment in rule.between(_moment(since), _moment(until), inc=True):
        due = moment.date()
        yield Period(start=(last + timedelta(days=1)) if last else _first_start(rule, due), end=due)
        last = due


def _first_start(rule: rrule, due: date) -> date:
    """Where the first period of a rule begins: as long before the anchor as the second due date is after it."""
    following = rule.after(_moment(due))
    length = (following.date() - due) if following else timedelta(days=1)
    return due - length + timedelta(days=1)


def _rule(text: str, anchor: date) -> rrule:
    try:
        found = rrulestr(text, dtstart=_moment(anchor))
    except (ValueError, TypeError, KeyError):
        raise PlainError(f"'{text}' is not a rule of a calendar.") from None
    if not isinstance(found, rrule):
        raise PlainError(f"'{text}' is more than one rule of a calendar.")
    return found


def _check(text: str, anchor: date) -> None:
    """Refuse a rule that would skip short months, that ends, or whose anchor is not one of its own dates."""
    rule = _rule(text, anchor)
    named = {part.split("=")[0].upper() for part in text.split(";")}
    if named & {"COUNT", "UNTIL"}:
        raise PlainError("A commitment's rule does not end: it stands until the protocol changes.")
    if not named <= {"FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "BYDAY"}:
        raise PlainError(f"The rule '{text}' uses parts that a commitment does not need.")
    days = [int(part.split("=")[1]) for part in text.split(";") if part.startswith("BYMONTHDAY=") and "," not in part]
    monthly = "FREQ=MONTHLY" in text or "FREQ=YEARLY" in text
    if monthly and not named & {"BYDAY"} and (days[0] if days else anchor.day) > 28:
        raise PlainError(f"The rule '{text}' skips short months. Write BYMONTHDAY=-1 for the last day of the month.")
    first = rule.after(_moment(anchor), inc=True)
    if first is None or first.date() != anchor:
        raise PlainError(f"The rule '{text}' does not fall on the day it counts from, {anchor.isoformat()}.")


def _moment(day: date) -> datetime:
    return datetime.combine(day, time())
