"""What first pages list of a snapshot's own date, apart from the thirty months of rows: what is in time and falls due,
by its day; and every row by team, so that a team's own are read without the others'."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.measures import definitions

DUE = "coming"  # the file of what is in time, not done and due on the snapshot's date or after, by the day
BY_TEAM = "rows_by_team"  # the file of the rows of the snapshot's date, by service and team


def derive(newest: pa.Table) -> Mapping[str, pa.Table]:
    """Both files, out of the rows of the snapshot's own date (contract.ROWS_SCHEMA)."""
    return {
        DUE: newest.filter(falls_due()).sort_by([("due_on", "ascending"), ("measure", "ascending")]),
        BY_TEAM: newest.sort_by([("service_id", "ascending"), ("team_id", "ascending"), ("measure", "ascending")]),
    }


def measures() -> list[str]:
    """The measures that tell of something owed to a child."""
    return [key for key, one in definitions.load().items() if one.exception and not one.of_workers]


def falls_due() -> pc.Expression:
    """That something is owed to a child whom we know, is not done, and is in time still."""
    of_children = pc.field("measure").isin(pa.array(measures(), pa.string()))
    open_still = pc.field("met") & pc.field("done_on").is_null() & (pc.field("due_on") >= pc.field("as_at"))
    return of_children & open_still & pc.field("child_key").is_valid()
