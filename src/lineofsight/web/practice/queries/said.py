"""What people said of exceptions, beside what the extract says: said done, not borne out, explained (DESIGN 7.2, 7.8).

What was said never takes an exception out of a number. An extract that was true on a later day than the one it was
said of, and on or after the day it is said to have been done, bears it out or does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import clock
from lineofsight.web.practice.models import Mark
from lineofsight.web.practice.queries.standing import Standing, team_name

_SAID = pa.schema(
    [
        ("exception_id", pa.string()),
        ("kind", pa.string()),
        ("said_as_at", pa.date32()),
        ("done_on", pa.date32()),
        ("until", pa.date32()),
    ]
)
OLDEST = date(1900, 1, 1)


@dataclass(frozen=True)
class Rate:
    """What was said of one team's exceptions: how many are owed, and of how many of them somebody said what."""

    team: str
    owed: int
    explained: int
    said_done: int
    came_back: int

    @property
    def share(self) -> float:
        """Explained, in per cent of what is owed."""
        return 100 * self.explained / self.owed if self.owed else 0.0


def beside(stand: Standing, ledger: pa.Table) -> pa.Table:
    """The ledger's rows with `standing` (a key of owing.STATES) and `until`, the day to which one is explained.

    In the past only the ledger speaks: what was said is of now.
    """
    marks = _latest(ledger) if not stand.past and ledger.num_rows else _SAID.empty_table()
    at = pc.index_in(ledger["exception_id"], value_set=marks["exception_id"].combine_chunks())
    kind, until = pc.take(marks["kind"], at), pc.take(marks["until"], at)
    as_at, done_on = pc.take(marks["said_as_at"], at), pc.take(marks["done_on"], at)
    seen = pc.fill_null(ledger["last_seen"], OLDEST)
    later = pc.and_(
        pc.greater(seen, pc.fill_null(as_at, OLDEST)), pc.greater_equal(seen, pc.fill_null(done_on, OLDEST))
    )
    is_open = pc.equal(ledger["state"], "open")
    done = pc.and_(is_open, pc.fill_null(pc.equal(kind, "done"), False))
    holds = pc.greater_equal(pc.fill_null(until, OLDEST), clock.today())
    explained = pc.and_(pc.and_(is_open, pc.fill_null(pc.equal(kind, "explained"), False)), holds)
    said = pc.case_when(
        pc.make_struct(pc.and_(done, later), done, explained),
        "came-back",
        "said-done",
        "explained",
        ledger["state"],
    )
    told = ledger.append_column("standing", said)
    return told.append_column("until", pc.if_else(explained, until, pa.scalar(None, pa.date32())))


def rates(stand: Standing, ledger: pa.Table) -> Sequence[Rate]:
    """How much of what each team owes is explained, by the teams' names; none where nobody said anything."""
    owed = ledger.filter(pc.equal(ledger["state"], "open"))
    counted = owed.group_by(["team_id", "standing"]).aggregate([([], "count_all")]).to_pylist()
    by_team: dict[str, dict[str, int]] = {}
    for one in counted:
        by_team.setdefault(one["team_id"] or "", {})[one["standing"]] = one["count_all"]
    found = [
        Rate(
            team_name(stand, team, "No team recorded"),
            sum(of.values()),
            of.get("explained", 0),
            of.get("said-done", 0),
            of.get("came-back", 0),
        )
        for team, of in by_team.items()
    ]
    said = any(one.explained or one.said_done or one.came_back for one in found)
    return sorted(found, key=lambda one: one.team) if said else []


def marks_of(exception_id: str) -> list[Mark]:
    """Everything said of one exception, the first first, with what was taken back."""
    return list(Mark.objects.filter(exception_id=exception_id).order_by("said_at", "pk"))


def _latest(ledger: pa.Table) -> pa.Table:
    """The last thing said of each exception, without what was taken back; none older than the ledger's open rows."""
    since = pc.min(ledger["first_seen"]).as_py() or OLDEST
    marks = Mark.objects.standing().filter(said_as_at__gte=since).order_by("said_at", "pk")
    rows = {row[0]: row for row in marks.values_list(*_SAID.names)}
    columns = list(zip(*rows.values(), strict=True)) or [()] * len(_SAID.names)
    return pa.table([pa.array(one, field.type) for one, field in zip(columns, _SAID, strict=True)], schema=_SAID)
