"""How many exceptions were open, new and cleared at each extract, carried on so that one read tells of all of them.

The counts of an earlier extract stay what they were when it was computed: they are what was known then.
"""

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.cases.exceptions import CLEARED
from lineofsight.lake import Snapshot

BEGUN = "begun"  # first seen with this extract; `what` is else the state that the ledger gives

SCHEMA = pa.schema(
    [
        ("snapshot", pa.string()),
        ("as_at", pa.date32()),
        ("measure", pa.string()),
        ("what", pa.string()),
        ("team_id", pa.string()),
        ("service_id", pa.string()),
        ("count", pa.int64()),
    ]
)
_BY = ["measure", "what", "team_id", "service_id"]


def carry_on(snapshot: Snapshot, ledger: pa.Table, previous: pa.Table | None) -> pa.Table:
    """The counts (SCHEMA) after `snapshot`, whose ledger of exceptions is `ledger`; `previous` are those before it.

    A snapshot of the same date adds its own beside those of the one it corrects: that was what was known first.
    """
    parts = (
        _counted(snapshot, ledger.filter(pc.not_equal(ledger["state"], CLEARED)), "state"),
        _counted(snapshot, ledger.filter(pc.equal(ledger["cleared_on"], snapshot.as_at)), "state"),
        _counted(snapshot, ledger.filter(pc.equal(ledger["first_seen"], snapshot.as_at)), BEGUN),
    )
    earlier = previous.cast(SCHEMA) if previous is not None else SCHEMA.empty_table()
    before = pc.less_equal(earlier["as_at"], snapshot.as_at)
    kept = earlier.filter(pc.and_(before, pc.not_equal(earlier["snapshot"], snapshot.id)))
    return pa.concat_tables([kept, *parts])


def _counted(snapshot: Snapshot, ledger: pa.Table, what: str) -> pa.Table:
    """These exceptions by measure, team and service, and by their state or as `what` says."""
    told = ledger["state"] if what == "state" else pa.array([what] * ledger.num_rows, pa.string())
    grouped = ledger.append_column("what", told).group_by(_BY).aggregate([([], "count_all")])
    rows = grouped.sort_by([(one, "ascending") for one in _BY])
    stamp = {
        "snapshot": pa.array([snapshot.id] * rows.num_rows, pa.string()),
        "as_at": pa.array([snapshot.as_at] * rows.num_rows, pa.date32()),
        "count": rows["count_all"],
    }
    return pa.table({name: stamp[name] if name in stamp else rows[name] for name in SCHEMA.names}).cast(SCHEMA)
