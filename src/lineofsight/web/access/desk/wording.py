"""How the desk writes what the log holds: events, people, reasons and days, in words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources

from lineofsight import clock
from lineofsight.web.access.models import Person
from lineofsight.web.access.need import purposes

# What stands before the digest of a computer from which nobody signed in.
PEER = "peer:"
# A file that was taken, as a person says it.
FILES = {
    "csv": "a CSV file",
    "xlsx": "an Excel file",
    "pdf": "a PDF",
    "html": "a page to keep",
    "docx": "a Word file",
    "json": "a JSON file",
    "zip": "an archive of files",
    "ics": "a calendar",
}
SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class Kind:
    """One kind of event: what the code calls it, how a person reads it, what it is, and which module writes it."""

    action: str
    words: str
    kind: str
    where: str


@cache
def events() -> Mapping[str, Kind]:
    """Every kind of event by its action, from events.toml."""
    text = resources.files("lineofsight.web.access.desk").joinpath("events.toml").read_text(encoding="utf-8")
    return {entry["action"]: Kind(**entry) for entry in tomllib.loads(text)["event"]}


def action_words(action: str) -> str:
    """What a room calls its action ("child.opened"), as a person reads it ("Opened a child’s page")."""
    known = events().get(action)
    if known:
        return known.words
    words = action.replace(".", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def names() -> dict[str, str]:
    """Every person's name by their key."""
    return dict(Person.objects.values_list("key", "name"))


def called(actor: str, known: Mapping[str, str]) -> str:
    """An actor of the log by name: a person, the command line, the system, or nobody signed in."""
    if actor in known:
        return known[actor]
    if actor.startswith(PEER):
        return f"Nobody signed in (computer {actor.removeprefix(PEER)[:8]})"
    if actor.startswith("console:"):
        return f"{actor.removeprefix('console:')} (command line)"
    return {
        "nobody": "Nobody signed in",
        "system": "The system",
        "worker": "The background worker",
        "demonstration": "The demonstration",
    }.get(actor, actor)


def purpose_words(purpose: str) -> str:
    """A purpose as a person reads it: those people choose from by their words, those they typed as they typed them."""
    known = purposes.purposes().get(purpose)
    return known.words if known else purpose.replace("-", " ") if "-" in purpose and " " not in purpose else purpose


def count(number: int, one: str, many: str) -> str:
    """'one child', 'no children', '1,204 children'."""
    said = SMALL[number] if 0 <= number < len(SMALL) else f"{number:,}"
    return f"{said} {one if number == 1 else many}"


def children(number: int) -> str:
    """'one child', '36 children'."""
    return count(number, "child", "children")


def times(number: int) -> str:
    """'once', 'twice', '9 times'."""
    return {1: "once", 2: "twice"}.get(number) or count(number, "time", "times")


def day(on: date) -> str:
    """12 November 2026."""
    return f"{on.day} {on:%B %Y}"


def listed(words: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return "".join(words) if len(words) < 2 else f"{', '.join(words[:-1])} and {words[-1]}"


def local(stamp: str) -> datetime:
    """A time stamp of the chain as London's time."""
    return datetime.fromisoformat(stamp).astimezone(clock.LONDON)


def time_of_day(moment: datetime) -> str:
    """11:10pm."""
    return f"{moment.hour % 12 or 12}:{moment:%M}{'am' if moment.hour < 12 else 'pm'}"


def moment(at: datetime) -> str:
    """12 November 2026 at 11:10pm."""
    return f"{day(at.date())} at {time_of_day(at)}"
