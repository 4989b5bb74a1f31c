"""What is late in a plan as at a day, and what was said to be done about it meanwhile: for the committee's report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery

from lineofsight import clock
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement.models import Action, Update
from lineofsight.web.improvement.permissions import NOT_CLEARED, check_see, may_read_words
from lineofsight.web.improvement.queries.lines import Line, told


@dataclass(frozen=True)
class Late:
    """One action past its deadline and not green: its words or what it is called, and the newest mitigation.

    `meanwhile` is "" where nobody said what is done about it.
    """

    line: Line
    words: str
    meanwhile: str


def late_ones(viewer: Viewer, found: Sequence[Line], on: date | None = None) -> list[Late]:
    """Those of these lines that are late, the longest first. Words as the viewer may read them. Raises Refused."""
    check_see(viewer)
    some = sorted((one for one in found if one.late and one.colour != "green"), key=_longest)
    keys = [one.pk for one in some]
    said = Update.objects.filter(
        action=OuterRef("pk"), kind=Update.Kind.MITIGATION, as_at__lte=on or clock.today()
    ).order_by("-as_at", "-written_at", "-id")
    newest = Action.objects.filter(pk__in=keys).annotate(newest=Subquery(said.values("pk")[:1])).values("newest")
    updates = Update.objects.filter(pk__in=newest) if keys else ()
    meanwhile = {one.action_id: one.words if may_read_words(viewer, one) else NOT_CLEARED for one in updates}
    return [Late(one, one.called, meanwhile.get(one.pk, "")) for one in told(viewer, some)]


def _longest(line: Line) -> tuple[date, int]:
    return line.deadline_on or date.max, line.number
