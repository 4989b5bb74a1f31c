"""One exception with its whole history: what the extracts told of it and what people said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.http import Http404

from lineofsight import clock, policy
from lineofsight.cases.intervals import due_on
from lineofsight.policy import Rule
from lineofsight.web import home_in_use
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.pace import LISTING, check_pace
from lineofsight.web.access.permissions import Capability, Refused, check, check_see_children
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import permissions, wording
from lineofsight.web.practice.models import Mark
from lineofsight.web.practice.queries import ages, owing, people, said
from lineofsight.web.practice.queries.rows import is_of_workers, may_see_workers
from lineofsight.web.practice.queries.standing import (
    Standing,
    catalogue,
    is_fresh,
    standing,
    theirs,
    without_withheld,
)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Event:
    """One line of the history: the day, what, and by whom and with which proof where a person said it."""

    on: date
    what: str
    by: str = ""
    reference: str = ""
    words: str = ""
    taken_back: str = ""
    mark: int | None = None
    may_take_back: bool = False


@dataclass(frozen=True)
class OneException:
    """The page of one exception. `refused` says why nothing may be said of it now; '' where it may be."""

    owed: owing.Owed
    events: Sequence[Event]
    as_at: date
    fresh: bool
    past: bool
    older: str
    refused: str
    explained_until: date
    interval: str
    may_mark_done: bool
    may_explain: bool

    @property
    def sentence(self) -> str:
        """What is owed since when, and how it stands, as one sentence."""
        one = self.owed
        since = f" since {wording.day(one.owed_since)}" if one.owed_since else ""
        if one.standing == "cleared":
            return (
                f"This was owed{since}. The extract of {wording.day(one.cleared_on)} showed it done or no longer owed."
            )
        if one.standing == "not re-measured":
            return f"This was owed{since}, and could not be measured again."
        days = "" if one.days_over is None else f", {wording.counted(one.days_over, 'working day')} over"
        told = f"This {'has been' if self.fresh else 'was'} owed{since}{days}."
        return told + _WORDS.get(one.standing, "").format(until=wording.day(one.until))


_WORDS = {
    "came-back": " It was said to be done, and a later extract still shows it owed.",
    "said-done": " It is said to be done. The next extract will show whether it was.",
    "explained": " It is explained until {until}, and still counts.",
}


def one_exception(viewer: Viewer, key: str) -> OneException:
    """One exception of the viewer's scope. The read is in the log before this returns.

    Raises Refused, LogUnavailable, and Http404 for one that is not theirs to see.
    """
    stand, row = found(viewer, key)
    child = row["child_key"]
    check_pace(viewer, LISTING)
    record_read(
        viewer=viewer,
        action="exception.opened",
        subject=f"measure {row['measure']}",
        child_keys=[child] if child else [],
        detail={"exception": key},
    )
    cards = people.cards(stand, viewer, [child]) if child else {}
    named = may_see_workers(viewer) or viewer.scope.kind == "own"
    owed = owing.told(stand, row, cards, named)
    refused = refused_now(stand, row)
    return OneException(
        owed=owed,
        events=_events(owed, [] if stand.past else said.marks_of(key), viewer),
        as_at=stand.as_at,
        fresh=is_fresh(stand),
        past=stand.past,
        older=ages.sentence(
            ages.older(stand, catalogue()[row["measure"]].needs if row["measure"] in catalogue() else ())
        ),
        refused=refused,
        explained_until=explained_until(row["measure"]),
        interval=interval(row["measure"]).words(),
        may_mark_done=not refused and permissions.may_mark_done(viewer),
        may_explain=not refused and permissions.may_explain(viewer),
    )


def found(viewer: Viewer, key: str) -> tuple[Standing, Row]:
    """One row of the ledger, with what was said of it, where the viewer may see it: for its page and for its writers.

    A worker's row is for their line of management (DESIGN 7.7); a restricted record's for who is named. Nothing is
    logged here: the caller logs the read, or writes. Raises Refused, Http404.
    """
    check(viewer, Capability.SEE_EXCEPTIONS)
    check_see_children(viewer)
    stand = standing(viewer)
    where = pc.field("exception_id") == pa.scalar(key, pa.string())
    mine = theirs(stand, viewer)
    rows = stand.lake.read(stand.computation, "exceptions", where=where if mine is None else where & mine)
    rows, _ = without_withheld(stand, viewer, rows)
    if not rows.num_rows:
        raise Http404
    row: Row = said.beside(stand, rows).to_pylist()[0]
    definition = catalogue().get(row["measure"])
    if definition and is_of_workers(definition) and not (may_see_workers(viewer) or viewer.scope.kind == "own"):
        raise Http404
    return stand, row


def refused_now(stand: Standing, row: Row) -> str:
    """Why nothing may be said of this exception now, in a sentence; '' where it may be."""
    try:
        permissions.check_fresh(stand)
    except Refused as refused:
        return refused.reason
    if row["state"] == "cleared":
        return f"The extract of {wording.day(row['cleared_on'])} cleared this: nothing is owed of it now."
    if row["state"] != "open":
        return "This could not be measured again, so whether it is still owed is not known."
    return ""


def interval(measure: str) -> Rule:
    """The rule that says how often what is owed falls due; the local one where its measure has no interval."""
    rules, today = policy.load(home_in_use()), clock.today()
    definition = catalogue().get(measure)
    own = [rules.rule(key, today) for key in definition.timescales] if definition else []
    lengths = [rule for rule in own if rule.timescale and rule.number > 0]
    return lengths[0] if lengths else rules.rule("exception.explained", today)


def explained_until(measure: str) -> date:
    """The last day to which an explanation given today can hold: one interval of its measure (DESIGN 7.8)."""
    return due_on(interval(measure), clock.today())


def _events(owed: owing.Owed, marks: Sequence[Mark], viewer: Viewer) -> Sequence[Event]:
    """The extracts' steps and what people said, in the order of their days."""
    steps = [Event(step.on, step.what) for step in owed.history] or [Event(owed.first_seen, "first seen")]
    return sorted([*steps, *(_event(one, viewer) for one in marks)], key=lambda one: one.on)


def _event(mark: Mark, viewer: Viewer) -> Event:
    day = mark.said_at.astimezone(clock.LONDON).date()
    if mark.kind == Mark.Kind.DONE:
        what = f"said to be done on {wording.day(mark.done_on)}"
    else:
        lapsed = mark.until is not None and mark.until < clock.today()
        what = f"explained until {wording.day(mark.until)}{', which has lapsed' if lapsed else ''}"
    back = f"taken back by {mark.taken_back_by_name}" if mark.taken_back_at else ""
    may = permissions.may_mark_done if mark.kind == Mark.Kind.DONE else permissions.may_explain
    return Event(day, what, mark.said_by_name, mark.reference, mark.words, back, mark.pk, not back and may(viewer))
