"""Deadlines as inspectors and officers write them, worked out from the day the plan's findings were published.

"Immediate" is that day, "within 3 months" three months from it, "end of October 2012" a day of its own. What leaves
the day open ("ongoing", "autumn", a date that does not exist) is asked of the owner and never guessed.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from dateutil.relativedelta import relativedelta

from lineofsight.calendar import is_working_day
from lineofsight.plans.cell_text import one_line
from lineofsight.plans.days import named_day

Kind = Literal["immediate", "months", "date", "unclear", "none"]

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "eighteen": 18, "twenty-four": 24, "twenty four": 24,
}  # fmt: skip
_NUMBER = rf"(?P<number>\d{{1,4}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_MOST = {"month": 60, "year": 5, "week": 260, "working day": 260, "day": 1_000}
_FROM = (
    r"(?:\s+(?:of|from|after)\s+(?:the\s+)?(?:date\s+of\s+)?(?:the\s+)?"
    r"(?:publication|report|publishing|report’s publication))?"
)
_SPAN = re.compile(
    rf"(?:with)?(?:in\s+)?(?:the\s+)?(?:next\s+)?{_NUMBER}"
    rf"[\s-]*(?P<unit>month|year|week|working day|day)s?{_FROM}"
)
_IMMEDIATE = re.compile(rf"(?:with\s+)?immediate(?:ly)?(?:\s+(?:effect|action|priority))?{_FROM}")
_LEADING = re.compile(
    r"(?:(?:to\s+be\s+)?(?:completed?|completion|delivered|done|due|achieved|in\s+place)(?:\s+date)?"
    r"|deadline|target(?:\s+date)?|by|before|no\s+later\s+than|not\s+later\s+than|on|until|date)\b[\s:]*(?:the\s+(?!end|start|beginning|week))?"
)
_BRACKETED = re.compile(r"(?P<words>[^()]+?)\s*\((?P<beside>[^()]*)\)")
_NOTHING = re.compile(r"[-–—.?\s]*")
_SOON = re.compile(r"\b(?:asap|a\.s\.a\.p|as soon as (?:possible|practicable)|soon|urgent(?:ly)?)\b")
_ALWAYS = re.compile(
    r"\b(?:ongoing|on-going|on going|continuous(?:ly)?|continuing|rolling|business as usual|bau|permanent)\b"
)
_LATER = re.compile(r"\b(?:tbc|tba|tbd|to be (?:confirmed|agreed|announced|decided|determined|set))\b")
_AGAIN = re.compile(
    r"\b(?:daily|weekly|fortnightly|monthly|bi-?monthly|quarterly|termly|annual(?:ly)?|yearly|each|every)\b"
)
_OVER = re.compile(r"\b(?:completed?|done|closed|achieved|delivered|n/?a|not applicable)\b")
_NUMERIC = re.compile(r"\d{1,4}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?\d{1,4})?")


_LONGEST = 200  # beyond it, a deadline is a story


@dataclass(frozen=True)
class Deadline:
    """A deadline read: `words` as written, the day it falls on, and "" or what to ask the owner about it."""

    kind: Kind
    words: str
    on: date | None
    question: str


def read_deadline(words: str, published: date) -> Deadline:
    """The deadline that these words set for a plan whose findings were published on a day."""
    said = one_line(words)
    if _NOTHING.fullmatch(said):
        return Deadline("none", said, None, "No deadline is written. By what day will this be done?")
    text = said.lower().replace("'", "’").strip(" .;:,")[:_LONGEST]
    found = _read(text, published) if len(text) < _LONGEST else None
    if found is None and (bracketed := _BRACKETED.fullmatch(text)):
        found = _with_brackets(bracketed["words"], bracketed["beside"], published)
    if found is None:
        return Deadline("unclear", said, None, _question(said, text))
    kind, on = found
    return Deadline(kind, said, on, "")


def _read(text: str, published: date) -> tuple[Kind, date] | None:
    """The day these words are, once what may stand before a day is taken off."""
    bare = text
    while (leading := _LEADING.match(bare)) and leading.end() < len(bare):
        bare = bare[leading.end() :]
    if _IMMEDIATE.fullmatch(bare):
        return "immediate", published
    if span := _SPAN.fullmatch(bare):
        return _after(span["number"], span["unit"], published)
    named = named_day(bare, published)
    return ("date", named.on) if named else None


def _with_brackets(words: str, beside: str, published: date) -> tuple[Kind, date] | None:
    """What stands in brackets must say the same day, or nothing of days."""
    first, second = _read(words.strip(), published), _read(beside.strip(), published)
    if first is None:
        return None
    if second is not None:
        return first if first[1] == second[1] else None
    open_words = any(pattern.search(beside) for pattern in (_SOON, _ALWAYS, _LATER, _AGAIN))
    return None if open_words or any(letter.isdigit() for letter in beside) else first


def _after(number: str, unit: str, published: date) -> tuple[Kind, date] | None:
    count = int(number) if number.isdecimal() else _NUMBERS[number]
    if not 1 <= count <= _MOST[unit] or published.year > 9000:
        return None
    if unit in ("month", "year"):
        day: date = published + relativedelta(months=count * (12 if unit == "year" else 1))
        return "months", day
    if unit == "working day":
        return "date", _working_days(published, count)
    return "date", published + timedelta(days=count * (7 if unit == "week" else 1))


def _working_days(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def _question(said: str, text: str) -> str:
    """What to ask the owner where the day is open."""
    shown = said if len(said) <= 80 else f"{said[:79]}…"
    if _SOON.search(text):
        return f"“{shown}” names no day. By what day will this be done?"
    if _ALWAYS.search(text) or _AGAIN.search(text):
        return f"“{shown}” has no end. By what day will it be in place, and when will somebody look again?"
    if _LATER.search(text):
        return f"“{shown}” leaves the deadline open. Has a day been agreed since?"
    if _OVER.search(text):
        return f"“{shown}” says how it stands and not when it was due. What was the deadline?"
    if _NUMERIC.fullmatch(text):
        return f"“{shown}” is not a day in the calendar, written day first. Which day is meant?"
    return f"“{shown}” could not be read as one day. Which day is meant?"
