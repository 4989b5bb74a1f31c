"""Actions in exception: red, late, silent, or green on nothing. Each kind counted and listed, and one sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from lineofsight import clock
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement import rag, wording
from lineofsight.web.improvement.permissions import check_see
from lineofsight.web.improvement.queries.lines import Line, lines, told

SHOWN = 5  # of each kind, with its words; the list of actions has the others


@dataclass(frozen=True)
class Kind:
    """One kind of exception: its slug in addresses, its title, and how many do it in running text."""

    slug: str
    title: str
    one: str
    many: str
    meets: Callable[[Line], bool]


def _silent(line: Line) -> bool:
    return line.standing.is_silent(line.on, rag.weeks_of("no-word"))


def _green(line: Line) -> bool:
    return line.colour == "green" and line.closed_on is None


def kinds() -> tuple[Kind, ...]:
    """Every kind, the gravest first."""
    weeks = wording.spelled(rag.weeks_of("no-word"))
    return (
        Kind("red", "Red", "is red", "are red", lambda one: one.colour == "red"),
        Kind(
            "late",
            "Past its deadline and not green",
            "is past its deadline and not green",
            "are past their deadline and not green",
            lambda one: one.late and one.colour != "green",
        ),
        Kind(
            "silent",
            f"No word for {weeks} weeks",
            f"has had no word for {weeks} weeks",
            f"have had no word for {weeks} weeks",
            _silent,
        ),
        Kind(
            "unproved",
            "Green without proof",
            "is green without proof",
            "are green without proof",
            lambda one: _green(one) and one.proofs.asked == 0,
        ),
        Kind(
            "proof-to-come",
            "Green, resting on proof still to come",
            "is green on proof still to come",
            "are green on proof still to come",
            lambda one: _green(one) and one.proofs.asked > one.proofs.held,
        ),
        Kind(
            "unclear",
            "Deadline unclear",
            "has no clear deadline",
            "have no clear deadline",
            lambda one: one.deadline_on is None and one.closed_on is None,
        ),
    )


def kinds_of(line: Line) -> tuple[str, ...]:
    """The slugs of every kind that an action meets."""
    return tuple(one.slug for one in kinds() if one.meets(line))


@dataclass(frozen=True)
class Of:
    """The actions of one kind, the first few of them told."""

    kind: Kind
    lines: Sequence[Line]

    @property
    def count(self) -> int:
        return len(self.lines)

    @property
    def first(self) -> list[tuple[Line, str]]:
        """The first few, each with its words or what it is called."""
        return [(one, one.called) for one in self.lines[:SHOWN]]

    @property
    def more(self) -> int:
        """How many there are beside those."""
        return max(self.count - SHOWN, 0)


@dataclass(frozen=True)
class Exceptions:
    """Every kind with its actions, of all plans or one."""

    kinds: Sequence[Of]
    on: date
    total: int
    any: int  # actions in at least one exception

    @property
    def sentence(self) -> str:
        """'Of 22 actions, three are red, seven are past their deadline and not green, and ...'"""
        if not self.total:
            return "There are no actions yet."
        told = [
            f"{wording.spelled(one.count)} {one.kind.one if one.count == 1 else one.kind.many}"
            for one in self.kinds
            if one.count
        ]
        of = f"Of {wording.counted(self.total, 'action')}, "
        return f"{of}{wording.listed(told)}." if told else f"{of}none is in exception."


def exceptions(viewer: Viewer, plan: UUID | None = None, on: date | None = None) -> Exceptions:
    """The actions in exception, of every open plan or of one, today or as they stood on a day. Raises Refused."""
    check_see(viewer)
    found = lines(Q(plan=plan) if plan else Q(plan__closed_on=None), on)
    by_kind = [(kind, [one for one in found if kind.meets(one)]) for kind in kinds()]
    shown = {one.pk: one for _, some in by_kind for one in some[:SHOWN]}
    read = {one.pk: one for one in told(viewer, list(shown.values()))}
    return Exceptions(
        kinds=[Of(kind, [read.get(one.pk, one) for one in some]) for kind, some in by_kind],
        on=on or clock.today(),
        total=len(found),
        any=len({one.pk for _, some in by_kind for one in some}),
    )
