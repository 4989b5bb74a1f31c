"""A person's own actions, for their first page and for the box in which they say how it goes. Nobody else's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement import rag, wording
from lineofsight.web.improvement.permissions import check_own
from lineofsight.web.improvement.queries.lines import Line, lines, owned_by, told

FAR = date.max


@dataclass(frozen=True)
class Own:
    """One action of the viewer's: its words, and why they are asked for word of it; nothing where they are not."""

    line: Line
    words: str
    due: str


@dataclass(frozen=True)
class Mine:
    """Everything the viewer answers for: what is late first, then by deadline. Closed ones are left out."""

    rows: Sequence[Own]
    closed: int

    @property
    def due(self) -> list[Own]:
        """Those of which word is due."""
        return [one for one in self.rows if one.due]

    @property
    def sentence(self) -> str:
        """'You answer for four actions. Word is due of two.'"""
        if not self.rows:
            many, verb = wording.counted(self.closed, "action"), wording.verb(self.closed, "is", "are")
            closed = f" {many} of yours {verb} closed on proof." if self.closed else ""
            return f"You answer for no open action.{closed}"
        said = f"You answer for {wording.spelled(len(self.rows))} {wording.verb(len(self.rows), 'action', 'actions')}."
        due = len(self.due)
        return f"{said} Word is due of {wording.spelled(due)}." if due else f"{said} No word is due now."


def mine(viewer: Viewer) -> Mine:
    """The actions that somebody said are the viewer's. Raises Refused."""
    check_own(viewer)
    own = owned_by(viewer)
    found = lines(Q(pk__in=own)) if own else []
    still = sorted(
        (one for one in found if one.closed_on is None), key=lambda one: (one.deadline_on or FAR, one.number)
    )
    rows = [Own(one, one.called, why_asked(one)) for one in told(viewer, still)]
    return Mine(rows, len(found) - len(still))


def why_asked(line: Line) -> str:
    """Why an owner is asked for word of an action now; nothing where they are not. It quotes nothing that was typed."""
    if line.closed_on is not None:
        return ""
    weeks, near = rag.weeks_of("no-word"), timedelta(weeks=rag.weeks_of("deadline-near"))
    if line.late and (line.heard_on is None or line.heard_on < line.on - near):
        return f"Its deadline passed on {wording.day(line.deadline_on)}."
    if line.standing.is_silent(line.on, weeks):
        return f"Nobody has said for {wording.spelled(weeks)} weeks how it is going."
    if line.deadline_on is None:
        return "It is not clear by when it is to be done."
    if line.deadline_on - near <= line.on <= line.deadline_on:
        unheard = line.heard_on is None or line.heard_on < line.deadline_on - near
        return f"Its deadline is {wording.day(line.deadline_on)}." if unheard else ""
    return ""
