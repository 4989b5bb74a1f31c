"""What each month's value was when it was first known: beside what it is now, late recording shows (DESIGN 5 D).

A month is first known from the first extract that covers it whole. Its values, with their masks, are kept as that
computation gave them and carried on, so that one read tells of all of them.
"""

import hashlib
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.measures import values

BREAKDOWNS = (values.AUTHORITY, "team", "service")

# `snapshot` is the extract the month was first known from; `rules` what it was counted by (policy and definitions).
SCHEMA = values.SCHEMA.append(pa.field("snapshot", pa.string())).append(pa.field("rules", pa.string()))


def carry_on(found: pa.Table, as_at: date, snapshot_id: str, rules: str, previous: pa.Table | None) -> pa.Table:
    """The values first known (SCHEMA) after an extract of `as_at` gave the values `found` (values.SCHEMA)."""
    earlier = previous.cast(SCHEMA) if previous is not None else SCHEMA.empty_table()
    month = last_whole_month(as_at)
    if month in pc.unique(earlier["as_at"]).to_pylist():
        return earlier
    chosen = (
        (pc.field("as_at") == month)
        & (pc.field("window") == "month")
        & pc.field("breakdown").isin(pa.array(BREAKDOWNS, pa.string()))
    )
    new = found.filter(chosen)
    for name, said in (("snapshot", snapshot_id), ("rules", rules)):
        new = new.append_column(name, pa.array([said] * new.num_rows, pa.string()))
    return pa.concat_tables([earlier, new.cast(SCHEMA)])


def rules(policy_hash: str, definitions_hash: str, roles_hash: str = "", registry_hash: str = "") -> str:
    """What values were counted by, in short: with another policy, definition, role map or registry a difference is not
    lateness."""
    told = (policy_hash, definitions_hash, *filter(None, (roles_hash, registry_hash)))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def last_whole_month(as_at: date) -> date:
    """The end of the last month that is over on a day."""
    return as_at if (as_at + timedelta(days=1)).day == 1 else as_at.replace(day=1) - timedelta(days=1)
