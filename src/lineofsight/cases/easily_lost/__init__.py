"""Children who are easily lost: groups of children whom something about their lives puts out of sight.

Each group is a folder here, in the form of a measure (`measures/definitions.py`): who they are (`sentence`), why they
are easily lost (`why_it_matters`), the source, what it needs, the SQL, and a spec. A row is a child who is in the group
at the extract's date: `value` the days since, `due_on` by when something is owed, `met` false where that day has passed
or nothing allows what is done, null where it cannot be told. They are worked out with the measures, in one pass, and
kept in a file of their own, because no number of theirs is anybody's performance.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.measures import definitions
from lineofsight.measures.definitions import Catalogue
from lineofsight.measures.engine import Measured

FILE = "easily_lost"

# A row a child and group; and one a group without a child, which says whether it was measured and what was `missing`.
SCHEMA = pa.schema(
    [
        ("group", pa.string()),
        ("child_key", pa.string()),
        ("team_id", pa.string()),
        ("service_id", pa.string()),
        ("worker_id", pa.string()),
        ("agency", pa.string()),
        ("anchor", pa.string()),
        ("days", pa.int32()),
        ("since", pa.date32()),
        ("due_on", pa.date32()),
        ("in_time", pa.bool_()),
        ("reason", pa.string()),
        ("missing", pa.list_(pa.string())),
    ]
)


def groups() -> Catalogue:
    """Every group by its id, in the order in which a page tells them. Raises PlainError naming the wrong file."""
    return definitions.load(Path(__file__).parent)


def listed(measured: Measured) -> pa.Table:
    """The file (SCHEMA) of what was measured of the groups, and of whatever else."""
    ours = pc.field("measure").isin(pa.array(list(groups()), pa.string()))
    rows = measured.rows.filter(ours)
    days = pc.cast(rows["value"], pa.int32())
    since = pc.cast(pc.subtract(pc.cast(rows["as_at"], pa.int32()), days), pa.date32())
    told = {"group": rows["measure"], "days": days, "since": since, "in_time": rows["met"]}
    children = pa.table(
        {
            one.name: told[one.name]
            if one.name in told
            else rows[one.name]
            if one.name in rows.column_names
            else pa.nulls(rows.num_rows, one.type)
            for one in SCHEMA
        },
        schema=SCHEMA,
    )
    return pa.concat_tables([_states(measured.values.filter(ours)), children])


def _states(values: pa.Table) -> pa.Table:
    """One row a group, with what it lacks."""
    authority = pc.and_(pc.equal(values["breakdown"], "authority"), pc.equal(values["window"], "month"))
    whole = values.filter(authority)
    newest = whole.filter(pc.equal(whole["as_at"], pc.max(whole["as_at"])))
    told = {"group": newest["measure"], "missing": newest["missing"]}
    return pa.table(
        {one.name: told[one.name] if one.name in told else pa.nulls(newest.num_rows, one.type) for one in SCHEMA},
        schema=SCHEMA,
    )
