"""The page that asks who gets listed. Numbers alone, at the identified level only: some are small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404

from lineofsight.cases.ten import fairness
from lineofsight.measures.fairness import NOT_A_CAUSE, words
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice.models import TenPlace
from lineofsight.web.practice.queries.standing import standing
from lineofsight.web.practice.ten import found
from lineofsight.web.practice.ten.permissions import check_see_ten


@dataclass(frozen=True)
class Compared:
    """One group as the page shows it; `compared` says how often its children are listed, against all others."""

    group: fairness.Group
    compared: str


@dataclass(frozen=True)
class Fairness:
    """The groups of one way of dividing, and what to read with them."""

    by: str
    title: str
    ways: Sequence[tuple[str, str]]
    groups: Sequence[Compared]
    children: int
    listed: int
    month: date
    as_at: date
    frozen: bool

    note = NOT_A_CAUSE

    @property
    def sentence(self) -> str:
        """What the intervals leave room for, in one sentence."""
        real = [one.group.label for one in self.groups if one.group.ratio and one.group.ratio.differs]
        if not self.listed:
            return "No child is listed, so there is nothing to compare."
        if not real:
            return f"By {self.title.lower()}, who is listed does not differ by more than chance allows."
        return f"By {self.title.lower()}, listed more or less often than chance allows: {', '.join(real)}."


def who_is_listed(viewer: Viewer, by: str) -> Fairness:
    """One way of dividing the children who could be listed. Raises Refused, Http404, NotWorkedOut."""
    check_see_ten(viewer)
    if by not in fairness.WAYS:
        raise Http404
    stand = standing()
    month = found.month_of(stand)
    places = TenPlace.objects.filter(ten__month=month, removed_at=None).values_list("child_key", flat=True)
    frozen = TenPlace.objects.filter(ten__month=month).exists()
    listed = set(places) if frozen else {one.child_key for one in found.proposed(stand)}
    persons = stand.lake.persons(stand.snapshot, columns=list(fairness.PERSONS))
    meets = found.children(stand)["child_key"].to_pylist()
    groups = fairness.compare(persons, meets, listed, stand.as_at)[by]
    return Fairness(
        by=by,
        title=fairness.WAYS[by][0],
        ways=[(key, title) for key, (title, _) in fairness.WAYS.items()],
        groups=[Compared(one, _compared(one)) for one in groups],
        children=sum(one.children for one in groups),
        listed=len(listed),
        month=month,
        as_at=stand.as_at,
        frozen=frozen,
    )


def _compared(one: fairness.Group) -> str:
    """How often the group's children are listed, against all others, with the range."""
    if one.ratio is None:
        return "nothing to compare"
    if not one.listed:
        return f"none listed; by chance up to {one.ratio.high:.1f} times"
    return words(one.ratio)
