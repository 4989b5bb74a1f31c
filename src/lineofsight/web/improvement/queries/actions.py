"""The list of actions: the sentence, the counts, the filters, and one page of it with its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement.models import ActionOwner, Finding, Plan
from lineofsight.web.improvement.permissions import check_see, may_keep, may_own
from lineofsight.web.improvement.queries.closeness import Close, closeness
from lineofsight.web.improvement.queries.exceptions import Kind, kinds
from lineofsight.web.improvement.queries.lines import Line, counts, counts_said, lines, owned_by, words_of
from lineofsight.web.improvement.rag import COLOURS

PAGE = 30


@dataclass(frozen=True)
class Asked:
    """What of the list is asked for; blank for all. `owner` is a name as plans write it, `kind` a kind of exception."""

    plan: UUID | None = None
    colour: str = ""
    owner: str = ""
    source: str = ""
    kind: str = ""
    on: date | None = None
    page: int = 1


@dataclass(frozen=True)
class Row:
    """One action of the page. `words` are None where this viewer may not read them; `yours` is one they answer for."""

    line: Line
    words: str | None
    closeness: Close | None
    yours: bool = False


@dataclass(frozen=True)
class ActionsList:
    """One page of the list, what it was asked for, and what else can be asked. `plan` is the one that was chosen."""

    rows: Sequence[Row]
    total: int
    counts: Mapping[str, int]
    sentence: str
    asked: Asked
    on: date | None
    page: int
    pages: int
    plan: Plan | None
    plans: Sequence[tuple[UUID, str]]
    owners: Sequence[str]
    kinds: Sequence[tuple[Kind, int]]
    keeps: bool

    @property
    def sources(self) -> list[tuple[str, str]]:
        """Every source a finding may have, with its words."""
        return [(str(value), str(label)) for value, label in Finding.Source.choices]


def actions_list(viewer: Viewer, asked: Asked) -> ActionsList:
    """One page of the actions that were asked for, the viewer's own first. What is asked for and is nothing gives an
    empty list.

    Raises Refused, and PlainError for a day to come.
    """
    check_see(viewer)
    found = lines(_where(asked), asked.on)
    by_kind = [(kind, sum(map(kind.meets, found))) for kind in kinds()]
    own = owned_by(viewer) if may_own(viewer) else set()
    found = sorted(_chosen(found, asked), key=lambda one: one.pk not in own)
    pages = max(-(-len(found) // PAGE), 1)
    page = min(max(asked.page, 1), pages)
    shown = found[(page - 1) * PAGE : page * PAGE]
    words, close = words_of(viewer, [one.pk for one in shown]), closeness(viewer, shown)
    plans = list(Plan.objects.order_by("-published_on", "title"))
    return ActionsList(
        rows=[Row(one, words.get(one.pk), close.get(str(one.pk)), one.pk in own) for one in shown],
        total=len(found),
        counts=counts(found),
        sentence=counts_said(found),
        asked=asked,
        on=asked.on,
        page=page,
        pages=pages,
        plan=next((one for one in plans if one.pk == asked.plan), None),
        plans=[(one.pk, one.title) for one in plans],
        owners=sorted(_owner_names(), key=str.casefold),
        kinds=by_kind,
        keeps=may_keep(viewer),
    )


def _where(asked: Asked) -> Q:
    where = Q(plan=asked.plan) if asked.plan else Q(plan__closed_on=None)
    if asked.owner:
        where &= Q(pk__in=ActionOwner.objects.filter(left_on=None, name=asked.owner).values("action"))
    return where & Q(finding__source=asked.source) if asked.source else where


def _chosen(found: list[Line], asked: Asked) -> list[Line]:
    if asked.colour:
        wanted = asked.colour if asked.colour in COLOURS else ""
        found = [one for one in found if one.colour == wanted]
    if asked.kind:
        kind = next((one for one in kinds() if one.slug == asked.kind), None)
        found = [one for one in found if kind is not None and kind.meets(one)]
    return found


def _owner_names() -> list[str]:
    """Everybody who answers for an action now, by the name that a plan gives them."""
    return list(ActionOwner.objects.filter(left_on=None).order_by("name").values_list("name", flat=True).distinct())
