"""What in a text could point to a child, before it is released to an office that sees none (rule 7.4).

A warning is not a refusal: "May" is a month, a name and a word. A person reads the text again and decides. The forename
and the surname of a child together are refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pyarrow.compute as pc

from lineofsight.web.practice.queries import people
from lineofsight.web.practice.queries.standing import Standing, belonging, teams, workers

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_SHORT = "jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_DATE = re.compile(
    rf"\b\d{{1,2}}(st|nd|rd|th)?\s+(of\s+)?({_MONTHS}|{_SHORT})\b"
    rf"|\b({_MONTHS}|{_SHORT})\s+\d{{1,4}}\b"
    r"|\b\d{1,4}[/.\-]\d{1,2}([/.\-]\d{1,4})?\b"
    r"|\b(19|20)\d\d\b"
    rf"|\b({_DAYS})\b"
    rf"|\b(in|since|until|by|from|last|this|next)\s+({_MONTHS})\b",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\baged?\s+\w+|\b[\w\-]+[\s\-](year|month|week)s?[\s\-]old\b|\b(twins?|triplets?|unborn|newborn)\b", re.IGNORECASE
)
_POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b", re.IGNORECASE)
_SHORTEST_NAME = 2


def of(stand: Standing, child_key: str, text: str) -> list[str]:
    """What somebody should look at again in `text`, a sentence each; none where nothing was found."""
    found = []
    if _DATE.search(text):
        found.append("It holds a date, a month or a day of the week.")
    if _AGE.search(text):
        found.append("It says how old the child is, or that the child is a twin or not born yet.")
    if _POSTCODE.search(text):
        found.append("It holds a postcode.")
    if _holds_any(text, _names(stand, child_key)):
        found.append("It holds a name of the child, or of a brother or sister.")
    if _holds_any(text, {team.name for team in teams(stand).values() if team.name}):
        found.append("It names a team.")
    if _holds_any(text, {part for worker in workers(stand).values() for part in _parts(worker.name)}):
        found.append("It may name a worker.")
    if _holds_any(text, _places(stand, child_key)):
        found.append("It names a place where the child lives or lived.")
    return found


def _holds_any(text: str, names: set[str]) -> bool:
    """Whether one of `names` stands in the text as whole words."""
    said = f" {_words(text)} "
    return any(f" {name} " in said for name in map(_words, names) if len(name) >= _SHORTEST_NAME)


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _names(stand: Standing, child_key: str) -> set[str]:
    """Forenames and surnames, and their parts, of the child and those known as its brothers and sisters."""
    held = belonging(stand, [child_key]).get(child_key)
    known = people.named(stand, [child_key, *(held["siblings"] if held else ())])
    return {part for person in known.values() for part in _person_parts(person)}


def _person_parts(person: Mapping[str, Any]) -> set[str]:
    return {part for name in ("forename", "surname") for part in _parts(person[name])}


def _parts(name: str | None) -> set[str]:
    return {part for part in re.findall(r"[^\W\d_]+", name or "") if len(part) >= _SHORTEST_NAME}


def _places(stand: Standing, child_key: str) -> set[str]:
    """The lines of the child's addresses that are words, as the chronology tells them."""
    events = stand.lake.events(stand.snapshot, child_key)
    told = events.filter(pc.equal(events["kind"], "address")).select(["title", "detail"]).to_pylist()
    lines = {part.strip() for row in told for text in row.values() for part in re.split(r"[,;:]", text or "")}
    return {line for line in lines if re.search(r"[^\W\d_]{3}", line)}
