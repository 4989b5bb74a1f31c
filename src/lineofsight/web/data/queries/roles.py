"""The role words of the newest extract, what each means here, and how many children stand on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lineofsight import policy
from lineofsight.lake import Computation
from lineofsight.policy.roles import normal
from lineofsight.web.access.house import home_in_use, lake_in_use
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.data.wanted import ROLE_WORDS

FILE = "role_words"  # of a computation: lake.role_words


@dataclass(frozen=True)
class Word:
    """One word: how many involvements have it now, for how many children, what it means (`kind` blank: not said)."""

    word: str
    open: int
    children: int
    kind: str

    @property
    def means(self) -> str:
        return ROLE_WORDS.get(self.kind, "")


@dataclass(frozen=True)
class Roles:
    """The words of the newest extract, those nobody has said the meaning of first; `counted` false before it was."""

    words: Sequence[Word]
    as_at: date | None
    counted: bool

    @property
    def unmapped(self) -> list[Word]:
        return [one for one in self.words if not one.kind]

    @property
    def mapped(self) -> list[Word]:
        return [one for one in self.words if one.kind]

    @property
    def unmapped_open(self) -> int:
        """How many open involvements have a word that nobody has said the meaning of."""
        return sum(one.open for one in self.unmapped)

    @property
    def all_open(self) -> int:
        return sum(one.open for one in self.words)


def listed(viewer: Viewer) -> Roles:
    """Every role word of the newest extract. No child is in it. Raises Refused."""
    check(viewer, Capability.SEE_DATA)
    lake = lake_in_use()
    found = lake.newest()
    if found is None:
        return Roles([], None, counted=False)
    snapshot, computation = found
    if not _counted(computation):
        return Roles([], snapshot.as_at, counted=False)
    means = policy.roles(home_in_use())
    rows = lake.read(computation, FILE).to_pylist()
    words = [
        Word(row["role_word"], row["open_involvements"], row["children"], means.kind(row["role_word"]) or "")
        for row in rows
    ]
    return Roles(words, snapshot.as_at, counted=True)


def word(viewer: Viewer, given: str) -> Word:
    """One word, as the extract has it; one that it has not is a word without involvements. Raises Refused."""
    known = {normal(one.word): one for one in listed(viewer).words}
    kind = policy.roles(home_in_use()).kind(given) or ""
    return known.get(normal(given), Word(given.strip(), 0, 0, kind))


def _counted(computation: Computation) -> bool:
    return computation.keeps(FILE)
