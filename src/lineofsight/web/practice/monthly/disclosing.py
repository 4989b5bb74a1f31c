"""What in a text could tell an office that sees no small number one of them."""

from __future__ import annotations

import re

from lineofsight import policy
from lineofsight.web.access.house import home_in_use
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries.standing import Standing, teams

_TIMES = r"(?:working\s+)?(?:hours?|days?|weeks?|months?|years?)"
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
# A day of a month, a length of time, the ordinal of a meeting: numbers of no children.
_OF_NO_CHILD = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)\b|\b\d{{1,2}}\s+(?:{_MONTHS})\b|\b(?:\d+|[a-z]+)[\s\-]+{_TIMES}\b", re.IGNORECASE
)
_NUMBER = re.compile(r"(?<![\d.,])\d+(?:[.,]\d+)*")
_ONE = re.compile(r"\bone\s+(?:child|baby|boy|girl|sibling|family|of|young|care|worker|case|teenager)\b", re.IGNORECASE)


def small_number(stand: Standing, text: str) -> str:
    """The first number in `text`, in figures or in words, that is too small to show; nothing where there is none."""
    below = int(policy.load(home_in_use()).number("disclosure.suppress_below", stand.as_at))
    said = _OF_NO_CHILD.sub(" ", text)
    for found in _NUMBER.findall(said):
        if 0 < float(found.replace(",", "")) < below:
            return str(found)
    words = "|".join(wording.SMALL[2:below])
    spelled = re.search(rf"\b(?:{words})\b", said, re.IGNORECASE) if words else None
    match = spelled or _ONE.search(said)
    return match[0] if match else ""


def named_team(stand: Standing, text: str) -> str:
    """The first team that `text` names; nothing where there is none."""
    said = " ".join(text.casefold().split())
    names = sorted({team.name for team in teams(stand).values() if team.name})
    return next((one for one in names if " ".join(one.casefold().split()) in said), "")
