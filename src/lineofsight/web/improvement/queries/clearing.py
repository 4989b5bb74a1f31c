"""Words that wait to be read again, each with its mark, and those cleared last: for those who may clear them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, Q, Window
from django.db.models.functions import Length

from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement.actions.clearing import KINDS, mark_of, said_of
from lineofsight.web.improvement.models import Action, Plan
from lineofsight.web.improvement.permissions import check_clear

PAGE = 30
TITLES = {
    "finding": "A finding",
    "recommendation": "A recommendation",
    "turn": "Why a finding was closed or opened again",
    "action": "What an action is to do",
    "update": "Progress, or what changed",
    "proof": "What would prove an action",
    "look": "What was found when somebody looked",
    "reason": "Why a colour was set",
    "asked": "Who agreed a plan or was told, and what they asked",
    "plan": "What a plan is called, and who published it",
}
AT = {"reason": "rated_at", "plan": "begun_at"}
NAMED = {"reason": "rated_by_name", "plan": "begun_by_name"}


@dataclass(frozen=True)
class Waiting:
    """One text that nobody cleared yet, of what it is, and the mark that goes back with it."""

    kind: str
    key: str
    title: str
    words: str
    by: str
    at: datetime
    mark: str


@dataclass(frozen=True)
class ToClear:
    """One page of what waits, and how many there are in all."""

    texts: Sequence[Waiting]
    total: int

    @property
    def sentence(self) -> str:
        """'12 texts wait to be read again.'"""
        if not self.total:
            return "Nothing waits to be read again."
        return f"{self.total:,} {'text waits' if self.total == 1 else 'texts wait'} to be read again."


@dataclass(frozen=True)
class Cleared:
    """One text that somebody cleared, who and when; `by` is empty where it was cleared as it was written."""

    kind: str
    key: str
    title: str
    words: str
    by: str
    at: datetime


def to_clear(viewer: Viewer, action: Action | None = None, plan: Plan | None = None) -> ToClear:
    """What waits, of one action, of one plan, or of all. Raises Refused."""
    check_clear(viewer)
    total, keys = 0, list[tuple[datetime, str, object]]()
    for kind in KINDS:
        where = _of(kind, action, plan)
        if where is None:
            continue
        at = AT.get(kind, "written_at")
        waiting = _typed(kind, cleared=False).filter(where).annotate(every=Window(Count("*"))).order_by(at, "pk")
        rows = list(waiting.values_list("pk", at, "every")[:PAGE])
        total += rows[0][2] if rows else 0
        keys += [(when, kind, key) for key, when, _ in rows]
    chosen = sorted(keys, key=lambda one: (one[0], one[1], str(one[2])))[:PAGE]
    texts = [_waiting(kind, row) for kind, row in _read(chosen)]
    return ToClear(sorted(texts, key=lambda one: (one.at, one.kind, one.key)), total)


def cleared_lately(viewer: Viewer, action: Action | None = None, plan: Plan | None = None) -> Sequence[Cleared]:
    """What was cleared last, the newest first, so that it can be taken back. Raises Refused."""
    check_clear(viewer)
    keys = list[tuple[datetime, str, object]]()
    for kind in KINDS:
        where, at = _of(kind, action, plan), KINDS[kind].cleared
        if where is not None:
            rows = _typed(kind, cleared=True).filter(where).order_by(f"-{at}", "-pk").values_list("pk", at)[:PAGE]
            keys += [(when, kind, key) for key, when in rows]
    chosen = sorted(keys, key=lambda one: (one[0], one[1], str(one[2])), reverse=True)[:PAGE]
    texts = [_cleared(kind, row) for kind, row in _read(chosen)]
    return sorted(texts, key=lambda one: (one.at, one.kind, one.key), reverse=True)


def _read(chosen: Sequence[tuple[datetime, str, object]]) -> Iterator[tuple[str, models.Model]]:
    """The rows of these, a query a kind."""
    for kind in KINDS:
        wanted = [key for _, of, key in chosen if of == kind]
        found = KINDS[kind].model._default_manager.filter(pk__in=wanted)
        if kind == "action":
            found = found.prefetch_related("owners")
        yield from ((kind, row) for row in found if wanted)


def _typed(kind: str, *, cleared: bool) -> models.QuerySet[Any]:
    """What of a kind somebody cleared or nobody did, of who sees children by name. Of encrypted text only the length
    can be asked."""
    known = KINDS[kind]
    sizes = {f"size_{name}": Length(name) for name in known.texts}
    said = Q()
    for size in sizes:
        said |= Q(**{f"{size}__gt": 0})
    found = known.model._default_manager.annotate(**sizes).filter(said, **{f"{known.cleared}__isnull": not cleared})
    return found.filter(level="identified") if known.cleared == "cleared_at" else found


def _of(kind: str, action: Action | None, plan: Plan | None) -> Q | None:
    """Which rows of a kind are of this action or plan; None where none can be."""
    if action is None and plan is None:
        return Q()
    to = {"action": "", "update": "action__", "proof": "action__", "look": "proof__action__", "reason": "action__"}
    if kind in ("asked", "plan"):
        of = {"asked": "plan", "plan": "pk"}[kind]
        return Q(**{of: plan.pk}) if plan is not None else None
    if kind not in to:
        return None
    if action is not None:
        return Q(**{f"{to[kind]}pk": action.pk})
    return Q(**{f"{to[kind]}plan": plan})


def _waiting(kind: str, row: models.Model) -> Waiting:
    by, at = getattr(row, NAMED.get(kind, "written_by_name")), getattr(row, AT.get(kind, "written_at"))
    return Waiting(kind, str(row.pk), TITLES[kind], _words(kind, row), by, at, mark_of(kind, row))


def _cleared(kind: str, row: models.Model) -> Cleared:
    at = getattr(row, KINDS[kind].cleared)
    return Cleared(kind, str(row.pk), TITLES[kind], _words(kind, row), getattr(row, "cleared_by_name", ""), at)


def _words(kind: str, row: models.Model) -> str:
    return "\n\n".join(said_of(kind, row))
