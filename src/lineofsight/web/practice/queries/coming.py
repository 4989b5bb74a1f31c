"""What falls due for one child: every day that a measure knows of, soon or later, and what its timescale stands on.

The days of all children are kept in the process by keyed hash (no name, no reason), as who belongs together is: a
child's page looks its own up and reads nothing more of the lake.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import policy
from lineofsight.web import home_in_use
from lineofsight.web.practice.queries import due_soon, owing
from lineofsight.web.practice.queries.standing import KEPT, Standing, catalogue, coming_rows

FEW = 2  # a measure with more timescales than this is told by its source alone


@dataclass(frozen=True)
class Timescale:
    """What a time stands on: 'within 10 working days, local', and the source of each rule, or of the measure."""

    words: str
    source: str


@dataclass(frozen=True)
class Coming:
    """One thing that is in time and falls due. `soon` as policy says; `passed` since the extract was true."""

    measure: str
    title: str
    due_on: date
    soon: bool
    passed: bool
    rule: Timescale


def falling_due(stand: Standing, child_key: str) -> Sequence[Coming]:
    """What falls due for the child, the first first. The child is in scope, and the read is in the log."""
    days = _days(stand)
    column, count = days["child_key"], days.num_rows
    first = bisect_left(range(count), child_key, key=lambda row: column[row].as_py())
    last = bisect_right(range(count), child_key, key=lambda row: column[row].as_py())
    soon = due_soon.until(stand)
    # two measures may know of one day by one name: it is told once
    rows = {
        (owing.owed_title(row["measure"]), row["due_on"]): row["measure"]
        for row in reversed(days.slice(first, last - first).to_pylist())
    }
    found = [
        Coming(
            measure=measure,
            title=title,
            due_on=due_on,
            soon=due_on <= soon,
            passed=due_on < stand.on,
            rule=timescale(stand, measure),
        )
        for (title, due_on), measure in rows.items()
    ]
    return sorted(found, key=lambda one: (one.due_on, one.title))


def timescale(stand: Standing, measure: str) -> Timescale:
    """What a measure's time stands on; where it has more than a few rules, its source alone."""
    known = catalogue().get(measure)
    if known is None or not 1 <= len(known.timescales) <= FEW:
        return Timescale("", known.source if known else "")
    rules = policy.load(home_in_use())
    told = [rules.rule(key, stand.on) for key in known.timescales]
    lengths = [f"{rule.words() if rule.number else 'at once'}, {'local' if rule.own else rule.kind}" for rule in told]
    return Timescale("; ".join(lengths), "; ".join(rule.source for rule in told))


@lru_cache(maxsize=KEPT)
def _days(stand: Standing) -> pa.Table:
    """Every day on which something that is in time falls due, by child: keyed hashes, measures and days."""
    found = coming_rows(stand, ["child_key", "measure", "due_on"], pc.field("due_on") >= stand.as_at)
    return found.sort_by([("child_key", "ascending"), ("due_on", "ascending")]).combine_chunks()
