"""What an event of the log is about, in words: never a slug, a key or a number that only a computer reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from lineofsight.measures import definitions
from lineofsight.web.access.desk import wording
from lineofsight.web.access.desk.patterns import patterns
from lineofsight.web.access.house import home_in_use
from lineofsight.web.access.need.purposes import purposes
from lineofsight.web.access.need.reading import DRAWN_FROM
from lineofsight.web.access.need.report import ANSWERS, REVIEWS
from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import WORDS, Capability
from lineofsight.web.access.restricted.kinds import KINDS
from lineofsight.web.access.retention.classes import classes

FIXED = {"exceptions": "What is owed and not done"}
# What is longer than this is shortened: enough to tell two apart by eye, and to find one again in the file.
SHORT = 8
_MONTH, _DAY = re.compile(r"(.*?) ?(\d{4})-(0[1-9]|1[0-2])"), re.compile(r"(.*?) ?(\d{4}-\d\d-\d\d)")
_OF_AN_EXTRACT = re.compile(r"(?:snapshot|computation .* of) (\d{4}-\d\d-\d\d)\b.*")
_MEASURE = re.compile(r"(measure|thread of) (\w+)")
_KEY = re.compile(r"(.*?) ?([0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


def about(subject: str, people: Mapping[str, str]) -> str:
    """A subject of the log in words; `people` are names by key. What is known nowhere stands as it is."""
    if not subject:
        return ""
    said = _one_word(subject) or people.get(subject, "")
    return said or _dated(subject) or _measured(subject) or _shortened(subject)


def _one_word(slug: str) -> str:
    """An office, a pattern, a permission, a purpose, a kind of restriction, an answer, a kind of record, an event."""
    if slug in offices():
        return offices()[slug].title
    if slug in patterns():
        return patterns()[slug].title
    if slug in set(Capability):
        return WORDS[Capability(slug)]
    if slug in purposes():
        return purposes()[slug].words
    told = FIXED | DRAWN_FROM | KINDS | {key: said[:1].upper() + said[1:] for key, said in (ANSWERS | REVIEWS).items()}
    if slug in told:
        return told[slug]
    if slug in wording.events():
        return wording.action_words(slug)
    kept = classes(home_in_use()).get(slug)
    return kept.title if kept else ""


def _dated(subject: str) -> str:
    """'pack dcs 2026-10' as the office and the month, 'case-audit 2026-11-30' as the commitment and its day."""
    if found := _OF_AN_EXTRACT.fullmatch(subject):
        return f"The extract of {_day(found[1])}"
    if found := _DAY.fullmatch(subject):
        return _of(found[1], _day(found[2]))
    if found := _MONTH.fullmatch(subject):
        return _of(found[1].removeprefix("pack "), f"{date(int(found[2]), int(found[3]), 1):%B %Y}")
    return ""


def _of(what: str, when: str) -> str:
    if not what:
        return when
    words = offices()[what].title if what in offices() else what.replace("-", " ").capitalize()
    return f"{words}, {when}"


def _day(text: str) -> str:
    return wording.day(date.fromisoformat(text))


def _measured(subject: str) -> str:
    found = _MEASURE.fullmatch(subject)
    known = definitions.load().measures.get(found[2]) if found else None
    return known.title if known else ""


def _shortened(subject: str) -> str:
    """A record's number, or what stands for an address that was typed: the first few letters of it."""
    found = _KEY.fullmatch(subject)
    return f"{(found[1] or 'address').capitalize()} {found[2][:SHORT]}" if found else subject
