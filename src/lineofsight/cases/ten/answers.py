"""What the command line answers about the ten: a record a child, with the reasons in two lists, and no number on it."""

from collections.abc import Collection
from datetime import date
from typing import Any

import pyarrow.compute as pc

from lineofsight.cases.ten.finding import listed
from lineofsight.cases.ten.rules import HARM
from lineofsight.errors import PlainError
from lineofsight.lake import Computation, Lake, Snapshot

COLUMNS = ["as_at", "child_key", "person_id", "team_id", "harm", "service_failure", "siblings", "rules"]
FILES = ("ten", "ten_reasons", "ten_rules")


def ten_of(lake: Lake, snapshot: Snapshot, computation: Computation, hidden: Collection[str]) -> list[dict[str, Any]]:
    """The children listed, in their order. `hidden` are keys of records that are not to be told, siblings too."""
    first = listed(lake.read(computation, "ten")).to_pylist()
    keys = [row["child_key"] for row in first]
    told = lake.read(computation, "ten_reasons", where=pc.field("child_key").isin(keys)).to_pylist()
    return [
        {
            "as_at": snapshot.as_at,
            "child_key": row["child_key"],
            "person_id": row["person_id"],
            "team_id": row["team_id"],
            "harm": _reasons(told, row["child_key"], harm=True),
            "service_failure": _reasons(told, row["child_key"], harm=False),
            "siblings": len([one for one in row["siblings"] if one not in hidden]),
            "rules": [one["rule"] for one in told if one["child_key"] == row["child_key"]],
        }
        for row in first
    ]


def standing_of(lake: Lake, month: str | None) -> tuple[Snapshot, Computation]:
    """The newest computed snapshot, or that of a month written as 2026-10. Raises PlainError where there is none."""
    first = None if month is None else month_asked(month)
    known = sorted(lake.snapshots(), key=lambda one: (one.as_at, one.loaded_at, one.id), reverse=True)
    for snapshot in known:
        computation = lake.computation(snapshot)
        inside = first is None or snapshot.as_at.replace(day=1) == first
        if computation is None or not inside:
            continue
        if not is_kept(computation):
            raise PlainError(f"The ten was not worked out for the extract of {snapshot.as_at:%-d %B %Y}.")
        return snapshot, computation
    when = f" that is as at a day in {first:%B %Y}" if first else ""
    raise PlainError(f"No extract{when} has been loaded: 'lineofsight load PATH' loads one.")


def is_kept(computation: Computation) -> bool:
    """Whether a computation has the ten: one made by an earlier version has not."""
    return all(map(computation.keeps, FILES))


def month_asked(text: str) -> date:
    """The first day of a month written as 2026-10. Raises PlainError."""
    year, _, number = text.partition("-")
    try:
        return date(int(year), int(number), 1)
    except ValueError:
        raise PlainError(f"'{text}' is not a month. Write it as 2026-10.") from None


def _reasons(told: list[dict[str, Any]], key: str, *, harm: bool) -> list[str]:
    return [one["reason"] for one in told if one["child_key"] == key and (one["theme"] == HARM) == harm]
