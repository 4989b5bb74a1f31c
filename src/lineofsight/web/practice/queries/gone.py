"""Rows that a redaction took out since: where a list is shorter than the number it stands behind, that is said.

No figure changes when a child is taken out (DESIGN 5 G), so a number stored before counts rows that are held no more.
"""

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import clock
from lineofsight.lake import Snapshot
from lineofsight.measures import values as stored
from lineofsight.measures.definitions import Definition
from lineofsight.web.access.retention.classes import title_of
from lineofsight.web.access.scope import row_filter
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice.queries import figures, periods
from lineofsight.web.practice.queries.standing import Standing, sees_authority, values

GROUPS = ("authority", "service", "team")  # scopes whose counts the computation keeps


def since(snapshot: Snapshot) -> str:
    """'since 27 November 2026, under “Loaded extracts”', for the newest redaction of each class."""
    newest = {one.under: one.at.astimezone(clock.LONDON) for one in snapshot.redactions}
    return "; ".join(f"since {at.day} {at:%B %Y}, under “{title_of(under)}”" for under, at in newest.items())


def behind_number(stand: Standing, viewer: Viewer, definition: Definition, as_at: date, rows: pa.Table) -> str:
    """One sentence where `rows`, all that are held behind a stored number, are fewer than it counts; '' otherwise.

    Whoever sees less than the authority has figures that are counted from the rows themselves.
    """
    if not stand.snapshot.redactions or not sees_authority(viewer):
        return ""
    days = periods.behind(definition, periods.months(stand), as_at)
    headline = stored.headline(values(stand), definition, as_at=days[-1]) if days else None
    if headline is None or headline["status"] != stored.MEASURED:
        return ""
    counted = figures.counted(definition, rows, list(days))
    parts = ["numerator", "unknown", *(["denominator"] if definition.denominator != "population" else [])]
    fewer = any((getattr(counted, part) or 0) < _whole(headline[part]) for part in parts)
    return _said(stand, "The number") if fewer else ""


def from_ledger(stand: Standing, viewer: Viewer, state: str, rows: pa.Table) -> str:
    """One sentence where `rows`, the ledger's in a viewer's scope, have fewer of a state than were counted with them.

    What was cleared is counted on the day alone, and in a scope that is no group of teams nothing is: then nothing is
    said.
    """
    file = "exception_counts"
    kept = stand.computation.keeps(file)
    if not stand.snapshot.redactions or not kept or viewer.scope.kind not in GROUPS:
        return ""
    where = (pc.field("snapshot") == stand.snapshot.id) & (pc.field("what") == state)
    mine = row_filter(viewer)
    where = where if mine is None else where & mine
    counts = stand.lake.read(stand.computation, file, columns=["count"], where=where)
    held = pc.sum(pc.equal(rows["state"], state)).as_py() or 0
    fewer = state != "cleared" and held < (pc.sum(counts["count"]).as_py() or 0)
    return _said(stand, "What was counted on that day") if fewer else ""


def _said(stand: Standing, what: str) -> str:
    return f"{what} has more in it than this list: some of its rows are no longer held, {since(stand.snapshot)}."


def _whole(part: object) -> int:
    return part if isinstance(part, int) else 0
