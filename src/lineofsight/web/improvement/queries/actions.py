"""The list of actions: the sentence, the counts, the filters, and one page of it with its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from lineofsight.web.access.paging import pages
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement.models import ActionOwner, Finding, Plan
from lineofsight.web.improvement.permissions import check_see, may_keep, may_own, readable
from lineofsight.web.improvement.queries.called import plan_called
from lineofsight.web.improvement.queries.closeness import Close, closeness
from lineofsight.web.improvement.queries.exceptions import Kind, kinds
from lineofsight.web.improvement.queries.lines import Line, counts, counts_said, lines, own_words, owned_by, told
from lineofsight.web.improvement.rag import COLOURS

PAGE = 30


@dataclass(frozen=True)
class Asked:
    """What of the list is asked for; blank for all. `owner` is the number of an owner's row, which stands for
    everybody of that name: no name is in an address. `kind` is a kind of exception."""

    plan: UUID | None = None
    colour: str = ""
    owner: int | None = None
    source: str = ""
    kind: str = ""
    on: date | None = None
    page: int = 1


@dataclass(frozen=True)
class _Owner:
    """A row of somebody who answers for an action."""

    pk: int
    name: str


@dataclass(frozen=True)
class Row:
    """One action of the page, told; `yours` is one that the viewer answers for."""

    line: Line
    closeness: Close | None
    yours: bool = False


@dataclass(frozen=True)
class ActionsList:
    """One page of the list, what it was asked for, and what else can be asked. `plan` is what the chosen one is
    called."""

    rows: Sequence[Row]
    total: int
    counts: Mapping[str, int]
    sentence: str
    asked: Asked
    on: date | None
    page: int
    pages: int
    plan: str
    plans: Sequence[tuple[UUID, str]]
    owners: Sequence[tuple[int, str]]
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
    owners = _owners(viewer)
    found = lines(_where(asked, owners), asked.on)
    by_kind = [(kind, sum(map(kind.meets, found))) for kind in kinds()]
    own = owned_by(viewer) if may_own(viewer) else set()
    found = sorted(_chosen(found, asked), key=lambda one: one.pk not in own)
    most = pages(len(found), PAGE)
    page = min(max(asked.page, 1), most)
    shown = told(viewer, found[(page - 1) * PAGE : page * PAGE])
    close = closeness(viewer, shown)
    plans = [(one.pk, plan_called(viewer, one)) for one in Plan.objects.order_by("-published_on", "-begun_at")]
    return ActionsList(
        rows=[Row(one, close.get(str(one.pk)), one.pk in own) for one in shown],
        total=len(found),
        counts=counts(found),
        sentence=counts_said(found),
        asked=asked,
        on=asked.on,
        page=page,
        pages=most,
        plan=dict(plans).get(asked.plan, "") if asked.plan else "",
        plans=plans,
        owners=_choices(owners, asked.owner),
        kinds=by_kind,
        keeps=may_keep(viewer),
    )


def _where(asked: Asked, owners: Sequence[_Owner]) -> Q:
    where = Q(plan=asked.plan) if asked.plan else Q(plan__closed_on=None)
    if asked.owner is not None:
        name = next((one.name for one in owners if one.pk == asked.owner), None)
        rows = [one.pk for one in owners if one.name == name]
        where &= Q(pk__in=ActionOwner.objects.filter(pk__in=rows).values("action"))
    return where & Q(finding__source=asked.source) if asked.source else where


def _chosen(found: list[Line], asked: Asked) -> list[Line]:
    if asked.colour:
        wanted = asked.colour if asked.colour in COLOURS else ""
        found = [one for one in found if one.colour == wanted]
    if asked.kind:
        kind = next((one for one in kinds() if one.slug == asked.kind), None)
        found = [one for one in found if kind is not None and kind.meets(one)]
    return found


def _owners(viewer: Viewer) -> list[_Owner]:
    """Everybody who answers for an action now, as the plans name them, of those actions whose words may be read."""
    may = readable(viewer, "action__") | Q(action__in=own_words(viewer)) if viewer.level != "identified" else Q()
    standing = ActionOwner.objects.filter(may, left_on=None).order_by("pk")
    return [_Owner(*row) for row in standing.values_list("pk", "name")]


def _choices(owners: Sequence[_Owner], chosen: int | None) -> list[tuple[int, str]]:
    """Each name once, by the row that stands for it: the chosen one, or the first."""
    named: dict[str, int] = {}
    for one in owners:
        if one.pk == chosen or one.name not in named:
            named[one.name] = one.pk
    return sorted(((pk, name) for name, pk in named.items()), key=lambda one: one[1].casefold())
