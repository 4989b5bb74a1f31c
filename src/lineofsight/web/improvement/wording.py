"""How days, numbers and lists are written in this room, so that a councillor can read them aloud."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def day(on: date | None) -> str:
    """'31 October 2026', or nothing for no date."""
    return f"{on.day} {on:%B %Y}" if on else ""


def spelled(number: int) -> str:
    """Numbers below ten as words, as in running text."""
    return _SMALL[number] if 0 <= number < len(_SMALL) else f"{number:,}"


def begun(words: str) -> str:
    """The words with a capital, as at the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def listed(words: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def counted(number: int, one: str, many: str = "") -> str:
    """'1 action', '3 actions', 'no actions'."""
    many = many or f"{one}s"
    return f"no {many}" if number == 0 else f"{number:,} {one if number == 1 else many}"


def verb(number: int, one: str, many: str) -> str:
    """'one is', 'seven are': the verb that goes with a number."""
    return one if number == 1 else many
