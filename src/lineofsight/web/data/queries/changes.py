"""One change of the rules: what it says, what it would do, how far that is; and those that were kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404

from lineofsight import policy
from lineofsight.policy import Rule
from lineofsight.web.access.permissions import Capability, check, may
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.data import wanted
from lineofsight.web.data.models import Change
from lineofsight.web.data.permissions import may_change
from lineofsight.web.data.queries.sent import Progress, progress_of

LAW = ("regulation", "statutory guidance")


@dataclass(frozen=True)
class Figure:
    """One measure before and after."""

    measure: str
    title: str
    before: Sequence[int | None]
    after: Sequence[int | None]
    opened: int
    cleared: int

    @property
    def same_figure(self) -> bool:
        return list(self.before) == list(self.after)


@dataclass(frozen=True)
class Team:
    """One team's children before and after."""

    name: str
    before: int
    after: int


@dataclass(frozen=True)
class Shown:
    """A change as its page shows it."""

    change: Change
    title: str
    words: str
    back: str
    progress: Progress | None
    known: bool
    figures: Sequence[Figure]
    teams: Sequence[Team]
    warning: str
    may_decide: bool

    @property
    def opened(self) -> int:
        return sum(one.opened for one in self.figures)

    @property
    def cleared(self) -> int:
        return sum(one.cleared for one in self.figures)

    @property
    def waits(self) -> bool:
        """Whether the worker is at it."""
        return self.progress is not None and not self.progress.over


@dataclass(frozen=True)
class Kept:
    """One change that was kept: what, by whom, when."""

    key: UUID
    words: str
    by: str
    at: datetime


def shown(viewer: Viewer, key: UUID) -> Shown:
    """One change. Raises Refused, Http404 where there is none."""
    check(viewer, Capability.SEE_DATA)
    change = Change.objects.select_related("preview", "saving").filter(key=key).first()
    if change is None:
        raise Http404
    asked, job = wanted.of(change), change.saving or change.preview
    effect: dict[str, Any] = change.effect or {}
    return Shown(
        change=change,
        title=wanted.TITLES[change.what],
        words=_words(viewer, change),
        back=asked.back,
        progress=progress_of(job) if job else None,
        known=bool(effect),
        figures=[Figure(**one) for one in effect.get("measures", [])],
        teams=_teams(effect.get("teams", [])),
        warning=_warning(change),
        may_decide=may_change(viewer) and not (change.saved_at or change.dropped_at),
    )


def kept(viewer: Viewer, *what: str) -> list[Kept]:
    """The changes of these kinds that were kept, the newest first. Raises Refused."""
    check(viewer, Capability.SEE_DATA)
    found = Change.objects.filter(what__in=what, saved_at__isnull=False).order_by("-saved_at")
    return [Kept(one.key, _words(viewer, one), one.saved_by_name, _at(one)) for one in found]


def _teams(told: Sequence[Any]) -> list[Team]:
    """Each team by its name, with its id where another has the same name."""
    names = Counter(name for _, name, _, _ in told)
    return [Team(f"{name} ({team})" if names[name] > 1 else name, before, after) for team, name, before, after in told]


def back_of(change: Change) -> str:
    """The name of the page that a change was asked for on."""
    return wanted.of(change).back


def laxer(key: str, number: float, on: date) -> str:
    """The warning where a local number allows more than the law does on a day; nothing where it does not."""
    law = law_of(key, on)
    if law is None or number <= law.number:
        return ""
    return f"{number:g} {law.unit} is more than the {law.kind} allows: {law.words()} ({law.source})."


def law_of(key: str, on: date) -> Rule | None:
    """What the law says of a timescale on a day, whatever is set here; None where it says nothing."""
    for rule in policy.load().rules:
        if rule.key == key and rule.kind in LAW and rule.timescale and rule.valid_from <= on <= rule.valid_until:
            return rule
    return None


def _words(viewer: Viewer, change: Change) -> str:
    """What a change says. A worker's name is in it only for those who see figures by worker (DESIGN 7.7)."""
    told: Any = change.told
    if change.what == wanted.NAME and told["of"] == "worker" and not may(viewer, Capability.SEE_WORKERS):
        return f"Worker {told['id']} has a new name."
    return wanted.of(change).words


def _warning(change: Change) -> str:
    if change.what != wanted.RULE:
        return ""
    told: Any = change.told
    return laxer(told["key"], told["number"], date.fromisoformat(told["since"]))


def _at(change: Change) -> datetime:
    assert change.saved_at is not None  # noqa: S101  asked for in the query
    return change.saved_at
