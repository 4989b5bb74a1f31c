"""The words of an extract for what a worker does for a child: what the role map must know the meaning of."""

from datetime import date
from importlib import resources

import pyarrow as pa

from lineofsight import schema
from lineofsight.lake.engine import connect, run

NAME = "role_words"
TABLE = "ssd_involvements"

# `role_word` as one of its spellings has it; those with an open involvement first.
SCHEMA = pa.schema(
    [
        ("role_word", pa.string()),
        ("involvements", pa.int64()),
        ("open_involvements", pa.int64()),
        ("children", pa.int64()),
    ]
)


def counted(involvements: pa.Table | None, as_at: date) -> pa.Table:
    """A row a word (SCHEMA), whatever its case; none where the extract has no involvements."""
    if involvements is None:
        return SCHEMA.empty_table()
    wanted = [field.name for field in schema.arrow_schema(TABLE) if field.name in involvements.column_names]
    con = connect(
        {
            TABLE: involvements.select(wanted),
            "snapshot": pa.table({"as_at": pa.array([as_at], pa.date32())}),
        }
    )
    try:
        sql = resources.files(__package__).joinpath("models", f"{NAME}.sql").read_text("utf-8")
        return run(con, sql).cast(SCHEMA)
    finally:
        con.close()
