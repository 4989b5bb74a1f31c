"""A plan as the committee's own table, as at any day: the five columns, to be written out in any of its forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import cast

from django.db.models import OuterRef, Q, QuerySet, Subquery

from lineofsight import clock
from lineofsight.plans.table import Owner, Place, PlanRow, PlanTable, Rag
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement import wording
from lineofsight.web.improvement.models import Action, ActionOwner, Plan, Update
from lineofsight.web.improvement.permissions import NOT_CLEARED, NOT_SHOWN, check_see, may_read_words
from lineofsight.web.improvement.queries.lines import FEW, Line, lines, told

READ = ("words", "level", "cleared_at", "written_by_key")  # what says whether words may be read


def table_of(viewer: Viewer, plan: Plan, on: date | None = None, found: Sequence[Line] | None = None) -> PlanTable:
    """The five columns of a plan, today or as at a day: the colour in force then, the progress as at then.

    What was typed is there where the viewer may read it; else the cell says that it is not shown. `found` are the lines
    of that day where they were read already, all of them or those of one page. Raises Refused, and PlainError for a
    day to come.
    """
    check_see(viewer)
    as_at = on or clock.today()
    some = told(viewer, lines(Q(plan=plan), on) if found is None else found)
    theirs = Action.objects.filter(plan=plan)
    if found is not None and len(found) <= FEW:
        theirs = theirs.filter(pk__in=[one.pk for one in found])
    progress = _progress(viewer, theirs, as_at)
    owners: dict[object, list[Owner]] = {}
    hidden = {one.pk for one in some if one.hidden}
    named = ActionOwner.objects.filter(action__in=theirs, left_on=None).exclude(action__in=hidden).order_by("place")
    for action, name, post in named.values_list("action_id", "name", "post"):
        owners.setdefault(action, []).append(Owner(name, post))
    rows = tuple(
        _row(one, progress.get(one.pk, ""), tuple(owners.get(one.pk, ())), place)
        for place, one in enumerate(some, start=2)
    )
    headings = (
        "Action",
        "Person responsible",
        "Deadline",
        f"Progress update as at {wording.day(as_at)}",
        "RAG",
    )
    return PlanTable(rows, (), headings, as_at)


def _row(line: Line, progress: str, owners: tuple[Owner, ...], place: int) -> PlanRow:
    return PlanRow(
        action=NOT_CLEARED if line.words is None else line.words,
        responsible=line.responsible,
        owners=owners,
        deadline=(wording.day(line.deadline_on) or NOT_SHOWN) if line.hidden else line.deadline_words,
        progress=progress,
        rag=cast(Rag, line.colour),
        rag_written=line.colour_words,
        place=Place("", "", place),
    )


def _progress(viewer: Viewer, some: QuerySet[Action], as_at: date) -> dict[object, str]:
    """The newest progress of each action as at a day."""
    heard = Update.objects.filter(action=OuterRef("pk"), kind=Update.Kind.PROGRESS, as_at__lte=as_at)
    newest = Subquery(heard.order_by("-as_at", "-written_at", "-id").values("pk")[:1])
    keys = some.annotate(newest=newest).values("newest")
    updates = Update.objects.filter(pk__in=keys).only("action_id", *READ)
    return {one.action_id: one.words if may_read_words(viewer, one) else NOT_CLEARED for one in updates}
