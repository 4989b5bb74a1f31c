"""What a change wants, read from what was kept of it: which file, which edit, and the sentence that says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lineofsight.policy import changing
from lineofsight.web.data.models import Change

# What the kinds of role are, as a person says them; the keys are policy.KINDS.
ROLE_WORDS = {
    "allocated_worker": "allocated social worker",
    "family_help_lead": "family help lead",
    "reviewing_officer": "reviewing officer or conference chair",
    "personal_adviser": "personal adviser",
    "duty": "duty",
    "manager": "manager",
    "other": "somebody else around the child",
}
WORD, RULE, NAME, SAME, MERGE = "word", "rule", "name", "same", "merge"

Told = Mapping[str, Any]

# What each kind of change is called, above what it says.
TITLES = {
    WORD: "What a role word means",
    RULE: "A number of this authority’s own",
    NAME: "A new name",
    SAME: "Two ids that are one",
    MERGE: "A team merged into another",
}
# Limits that protect children and staff from whoever uses this system: not for a page, whatever the office.
GUARDS = ("disclosure.", "looking.", "need.", "reading.")
GUARDED = (
    "This limit protects children from those who use this system, so it is not changed here: whoever runs the system "
    "sets it, in policy.toml in its home."
)


SHORTEST_SOURCE = 10
SOURCE_TOO_SHORT = f"Name the procedure or decision in words, with at least {SHORTEST_SOURCE} letters."


@dataclass(frozen=True)
class Wanted:
    """One change: the file of the home it is made in, the edit that makes it, and what it says. `back` is its page."""

    file: str
    edit: changing.Edit
    words: str
    back: str


def of(change: Change) -> Wanted:
    """What a change wants."""
    return wanted(change.what, change.told)


def wanted(what: str, told: Told) -> Wanted:
    """What is wanted, by its kind and what was said."""
    return _KINDS[what](told)


def is_guarded(key: str) -> bool:
    """Whether a rule is a limit on those who use this system."""
    return key.startswith(GUARDS)


def is_source(text: str) -> bool:
    """Whether a text can be where a number is laid down: more than one word, and letters enough to find it by."""
    return len(text.split()) > 1 and sum(one.isalpha() for one in text) >= SHORTEST_SOURCE


def _word(told: Told) -> Wanted:
    words = f"The role word “{told['word']}” means {ROLE_WORDS[told['kind']]}."
    return Wanted(changing.ROLES, changing.map_word(told["word"], told["kind"]), words, "data:roles")


def _rule(told: Told) -> Wanted:
    since = date.fromisoformat(told["since"])
    edit = changing.set_rule(told["key"], told["number"], told["source"], since)
    words = f"{told['number']} {told['unit']} from {_day(since)} ({told['key']}): {told['source']}"
    return Wanted(changing.POLICY, edit, words, "data:policy")


def _name(told: Told) -> Wanted:
    since = date.fromisoformat(told["since"])
    edit = changing.rename(told["of"], told["id"], told["name"], since, told.get("before", ""))
    words = f"{_a(told)} is called “{told['name']}” from {_day(since)}."
    return Wanted(changing.REGISTRY, edit, words, "data:teams")


def _same(told: Told) -> Wanted:
    edit = changing.same_as(told["of"], told["id"], told["other"])
    words = f"{_a(told)} and {told['other']} are the same {told['of']}."
    return Wanted(changing.REGISTRY, edit, words, "data:teams")


def _merge(told: Told) -> Wanted:
    on = date.fromisoformat(told["on"])
    words = f"{_a(told)} is merged into {told.get('into_called') or told['into']} from {_day(on)}."
    return Wanted(changing.REGISTRY, changing.merge(told["id"], told["into"], on), words, "data:teams")


_KINDS: dict[str, Callable[[Told], Wanted]] = {WORD: _word, RULE: _rule, NAME: _name, SAME: _same, MERGE: _merge}


def _a(told: Told) -> str:
    """The team or worker a change is about: a team by its name, a worker by their id alone."""
    return f"{told['called']} ({told['id']})" if told.get("called") else f"{told['of'].capitalize()} {told['id']}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
