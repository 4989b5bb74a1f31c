"""One wait for a social worker: the safeguards owed meanwhile, what was done of each, and how the wait ended.

A wait is an exception of CP10. When an extract shows allocation it is cleared, and stays with all that was recorded.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.http import Http404

from lineofsight import clock, policy
from lineofsight.cases.safeguards import UNALLOCATED, Safeguard, Stands, how_it_stands, safeguards
from lineofsight.web import home_in_use
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.pace import LISTING, check_pace
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import permissions, wording
from lineofsight.web.practice.models import SafeguardDone
from lineofsight.web.practice.queries import one_exception, people, telling
from lineofsight.web.practice.queries.days import working_days_between
from lineofsight.web.practice.queries.standing import KEPT, Standing, is_fresh, team_name, theirs, without_withheld

# The chronology's title of a visit on which the child was seen.
SEEN = "Child protection visit: seen"
ENDED_SHOWN = 20
_WAITS = [
    "exception_id",
    "child_key",
    "anchor",
    "state",
    "owed_since",
    "cleared_on",
    "team_id",
    "service_id",
    "worker_id",
]


@dataclass(frozen=True)
class Done:
    """One time a safeguard was done: who, when, to whom and what proves it. `key` is None for the extract's own."""

    on: date
    by: str
    to_whom: str = ""
    reference: str = ""
    words: str = ""
    said_by: str = ""
    said_on: date | None = None
    taken_back: str = ""
    key: int | None = None


@dataclass(frozen=True)
class Owing:
    """One safeguard of one child: how it stands, in words, and each time it was done."""

    safeguard: Safeguard
    stands: Stands
    times: Sequence[Done]
    within: str
    every: str
    fresh: bool
    closed: bool = False
    told: bool = True  # whether the extract could tell of it, where it may

    @property
    def word(self) -> str:
        """Done, due or overdue; of a list that is no work to do, whether it was done (rule 7.1)."""
        if not self.told and not self.stands.done:
            return "not measured"
        if self.fresh and not self.closed:
            return self.stands.state
        return "done" if self.stands.done else "none recorded"

    @property
    def tone(self) -> str:
        """The class that colours the word."""
        return {"done": "los-held", "due": "los-due", "overdue": "los-missed"}.get(self.word, "los-quiet")

    @property
    def when(self) -> str:
        """'3 Nov, again by 10 Nov', 'by 5 Nov', 'since 2 Nov'."""
        done, due = self.stands.done, self.stands.due
        if self.word == "done" and done:
            again = f", again by {_short(due)}" if due and self.fresh and not self.closed else ""
            return f"{_short(done)}{again}"
        if self.word == "due" and due:
            return f"by {_short(due)}"
        if self.word == "overdue" and due:
            return f"since {_short(due)}" + (f", last done {_short(done)}" if done else "")
        return ""


@dataclass(frozen=True)
class Wait:
    """The page of one child who waits, or waited. `ended_on` is the date of the extract that showed it over."""

    key: str
    child: people.Card
    since: date
    waited: int
    team: str
    owner: str
    reason: str
    ended_on: date | None
    measured: bool
    owing: Sequence[Owing]
    as_at: date
    fresh: bool
    past: bool
    may_record: bool

    @property
    def sentence(self) -> str:
        """How long the child has waited, and how much of what is owed is done."""
        days = wording.counted(self.waited, "working day")
        done = sum(one.stands.done is not None for one in self.owing)
        safe = f"{done} of {len(self.owing)} safeguards are recorded as done."
        if self.ended_on:
            return (
                f"This child waited {days} for a social worker. The wait ended by {wording.day(self.ended_on)}. {safe}"
            )
        if not self.measured:
            return f"This child had waited {days} when it was last measured. Whether that is over is not known. {safe}"
        if not self.fresh:
            return f"On {wording.day(self.as_at)} this child had waited {days} for a social worker. {safe}"
        overdue = sum(one.word == "overdue" for one in self.owing)
        owed = f" {wording.spelled(overdue).capitalize()} {'is' if overdue == 1 else 'are'} overdue." if overdue else ""
        return f"This child has waited {days} for a social worker. {safe}{owed}"


@dataclass(frozen=True)
class Ended:
    """A wait that is over, as the list shows it."""

    key: str
    child: people.Card
    since: date | None
    ended_on: date
    done: int
    of: int


def wait(viewer: Viewer, key: str) -> Wait:
    """One child's wait with its safeguards. The read is in the log before this returns.

    Raises Refused, LogUnavailable, and Http404 for what is no wait, or not theirs to see.
    """
    stand, row = found(viewer, key)
    check_pace(viewer, LISTING)
    record_read(viewer=viewer, action="wait.opened", **about(row))
    card = people.cards(stand, viewer, [row["child_key"]]).get(row["child_key"], people.ELSEWHERE)
    until = row["cleared_on"] or stand.as_at
    return Wait(
        key=key,
        child=card,
        since=row["owed_since"],
        waited=working_days_between(row["owed_since"], until),
        team=team_name(stand, row["team_id"]),
        owner=row["owner"] or "",
        reason=(row["reason"] or "").rsplit(", ", 1)[0] if card.ref else "",
        ended_on=row["cleared_on"],
        measured=row["state"] != "not re-measured",
        owing=owing_of(stand, row, visits(stand, [row["child_key"]]), recorded([key]), is_open=row["state"] == "open"),
        as_at=stand.as_at,
        fresh=is_fresh(stand),
        past=stand.past,
        may_record=not stand.past and permissions.may_record_safeguard(viewer),
    )


def found(viewer: Viewer, key: str) -> tuple[Standing, one_exception.Row]:
    """A wait where the viewer may see it, for its page and its writers; nothing is logged. Raises Refused, Http404."""
    stand, row = one_exception.found(viewer, key)
    if row["measure"] != UNALLOCATED or row["owed_since"] is None:
        raise Http404
    return stand, row


def about(row: one_exception.Row) -> dict[str, Any]:
    """What the log says of a read or a letter that is of one wait."""
    subject, detail = f"measure {UNALLOCATED}", {"exception": row["exception_id"]}
    return {"subject": subject, "child_keys": [row["child_key"]], "detail": detail}


def owing_of(
    stand: Standing,
    row: Mapping[str, Any],
    seen: Mapping[str, Sequence[date]],
    done: Mapping[str, Sequence[SafeguardDone]],
    *,
    is_open: bool,
) -> list[Owing]:
    """Every safeguard of one wait (`exception_id`, `child_key`, `owed_since`, and `cleared_on` where it is over)."""
    rules, on = policy.load(home_in_use()), row.get("cleared_on") or clock.today()
    by_key: dict[str, list[Done]] = defaultdict(list)
    for kept in done.get(row["exception_id"], ()):
        by_key[kept.safeguard].append(_done(kept))
    told = []
    for one in safeguards().values():
        days = seen.get(row["child_key"], ()) if one.seen_in_data else ()
        extract = [Done(day, "Seen on a visit, by the extract") for day in days if row["owed_since"] <= day <= on]
        times = sorted([*by_key[one.key], *extract], key=lambda time: time.on)
        counted = [time.on for time in times if not time.taken_back]
        stands = how_it_stands(one, since=row["owed_since"], done=counted, on=on, policy=rules)
        within = rules.rule(one.within, on).words()
        every = rules.rule(one.every, on).words() if one.every else ""
        known = not one.seen_in_data or telling.tells_of_visits(stand)
        told.append(Owing(one, stands, times, within, every, is_fresh(stand), closed=not is_open, told=known))
    return told


def recorded(keys: Collection[str]) -> Mapping[str, Sequence[SafeguardDone]]:
    """What was recorded of these waits, by the wait's key, with what was taken back."""
    kept: dict[str, list[SafeguardDone]] = defaultdict(list)
    for one in SafeguardDone.objects.filter(exception_id__in=list(keys)):
        kept[one.exception_id].append(one)
    return kept


def visits(stand: Standing, keys: Sequence[str]) -> Mapping[str, Sequence[date]]:
    """The days each of these children was seen on a child protection visit in the year to the extract's date."""
    if not keys:
        return {}
    chosen = pc.field("child_key").isin(pa.array(keys, pa.string()))
    seen = (pc.field("kind") == "child_protection_visit") & pc.starts_with(pc.field("title"), SEEN)
    lately = (pc.field("on") <= stand.as_at) & (pc.field("on") > stand.as_at - timedelta(days=366))
    events = stand.lake.sealed_file(stand.snapshot, "models/events.parquet")
    rows = events.read(columns=["child_key", "on"], where=chosen & seen & lately)
    days = rows.group_by("child_key").aggregate([("on", "list")])
    return dict(zip(days["child_key"].to_pylist(), days["on_list"].to_pylist(), strict=True))


def waits(stand: Standing, viewer: Viewer) -> pa.Table:
    """The ledger's rows of CP10 in this viewer's scope, those withheld left out. Nothing is shown by reading it."""
    mine, every = theirs(stand, viewer), every_wait(stand)
    return without_withheld(stand, viewer, every if mine is None else every.filter(mine))[0]


@lru_cache(maxsize=KEPT)
def every_wait(stand: Standing) -> pa.Table:
    """Every row of CP10 in the ledger of this computation: keyed hashes, ids and days, so it may be kept."""
    where = pc.field("measure") == UNALLOCATED
    return stand.lake.read(stand.computation, "exceptions", columns=_WAITS, where=where)


def ended(rows: pa.Table) -> list[dict[str, Any]]:
    """The waits that ended last, of `waits`."""
    over = rows.filter(pc.equal(rows["state"], "cleared"))
    ordered = over.sort_by([("cleared_on", "descending"), ("exception_id", "ascending")])
    shown: list[dict[str, Any]] = ordered.slice(0, ENDED_SHOWN).to_pylist()
    return shown


def _done(one: SafeguardDone) -> Done:
    return Done(
        on=one.done_on,
        by=one.done_by,
        to_whom=one.to_whom,
        reference=one.reference,
        words=one.words,
        said_by=one.said_by_name,
        said_on=one.said_at.astimezone(clock.LONDON).date(),
        taken_back=one.taken_back_by_name if one.taken_back_at else "",
        key=one.pk,
    )


def _short(on: date | None) -> str:
    return f"{on.day} {on:%b}" if on else ""
