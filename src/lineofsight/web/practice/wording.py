"""How numbers, days and lists are written, so that a councillor can read them aloud."""

import re
from collections.abc import Sequence
from datetime import date

NOT_MEASURED = "not measured"


def amount(value: float | None, kind: str, unit: str = "") -> str:
    """A measure's value in words: '78%', '0.7%', '40.6', '23', '31 working days'."""
    if value is None:
        return NOT_MEASURED
    if kind == "percent" or unit == "percent":
        return f"{short(value)}%"
    if kind == "rate":
        return f"{value:,.1f}"
    if kind == "count":
        return f"{value:,.0f}"
    return f"{value:,.1f}".removesuffix(".0") + (f" {unit}" if unit else "")


def short(value: float) -> str:
    """A percentage in whole numbers; near either end with a decimal, so that 99.6 is never read as all."""
    if 0 < value < 1 or 99 < value < 100:
        return f"{min(max(round(value, 1), 0.1), 99.9)}"
    return f"{value:.0f}"


def day(on: date | None) -> str:
    """'31 October 2026', or nothing for no date."""
    return f"{on.day} {on:%B %Y}" if on else ""


def month(on: date) -> str:
    """'October 2026'."""
    return f"{on:%B %Y}"


def since(on: date, as_at: date) -> str:
    """The month a change began as said in the year of `as_at`: 'June', or 'June 2025' a year earlier."""
    return f"{on:%B}" if (as_at - on).days < 330 else month(on)


def listed(words: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """'1 child', '3 children', 'no children'."""
    if number == 0:
        return f"no {many or one + 's'}"
    return f"{number:,} {one if number == 1 else many or one + 's'}"


_VERBS = {"have": "has", "were": "was", "are": "is"}


def agreeing(sentence: str, count: int | None) -> str:
    """A measure's sentence whose verb is one child's where it is of one: '1 of 6 children on a plan has no ...'."""
    if count != 1:
        return sentence
    said = re.sub(r"^1 (child)ren\b|^1 (referral)s\b", lambda found: f"1 {found[1] or found[2]}", sentence)
    said = said.replace("1 section 47 enquiries", "1 section 47 enquiry")
    said = said.replace("hold children hold", "hold children holds")
    return re.sub(r"\b(have|were|are)\b", lambda found: _VERBS[found[1]], said, count=1)


SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def spelled(number: int) -> str:
    """Numbers below ten as words, as in running text."""
    return SMALL[number] if 0 <= number < len(SMALL) else f"{number:,}"


def age(born: date | None, on: date, expected: date | None = None) -> str:
    """Age in whole years on a day; 'unborn' before birth, months in the first two years, '' when unknown."""
    if born is None:
        return "unborn" if expected is not None and expected >= on else ""
    if born > on:
        return "unborn"
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    return f"{months} months" if months < 24 and months != 1 else "1 month" if months == 1 else f"{months // 12}"
