"""The rows behind a figure, counted again, and who was among them as digests that give no child back."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.measures import values as stored
from lineofsight.measures.definitions import Definition
from lineofsight.web.evidence.frozen import row_digest
from lineofsight.web.practice.queries import figures, periods
from lineofsight.web.practice.queries.figures import Figure
from lineofsight.web.practice.queries.standing import Standing, values

COLUMNS = ["as_at", "child_key", "met", "value", "weight", "team_id", "reason"]
MOST_DIGESTS = 4_000  # a figure of everybody is not a list of anybody


@dataclass(frozen=True)
class Behind:
    """The rows behind one figure: the dates they are of, and the rows themselves."""

    days: tuple[date, ...]
    rows: pa.Table

    def listed(self, definition: Definition) -> pa.Table:
        """The rows a reader opens: those not met, or every row of a measure that only counts."""
        if definition.counts == "all":
            return self.rows
        return self.rows.filter(pc.equal(self.rows["met"], False))


def behind(
    stand: Standing, definition: Definition, as_at: date | None = None, within: pc.Expression | None = None
) -> Behind:
    """The rows of one measure behind its headline on `as_at` (the snapshot's own date), straight from the lake.

    `within` is a viewer's scope (practice `theirs`); without it, every row of the authority.
    """
    on = as_at or stand.as_at
    days = tuple(periods.behind(definition, periods.months(stand), on))
    where = (pc.field("measure") == definition.id) & pc.field("as_at").isin(pa.array(days, pa.date32()))
    where = where if within is None else where & within
    return Behind(days, stand.lake.read(stand.computation, "rows", columns=COLUMNS, where=where))


def recount(stand: Standing, definition: Definition, found: Behind) -> Figure | None:
    """The figure counted from the rows, not read from what was stored; None where there are no dates to count.

    A rate's denominator is the number of children, which no row holds: it is the computation's own.
    """
    if not found.days:
        return None
    population = None
    if definition.denominator == "population":
        headline = stored.headline(values(stand), definition, as_at=found.days[-1])
        known = headline["denominator"] if headline else None
        population = known if isinstance(known, int) else None
    return figures.counted(definition, found.rows, list(found.days), population)


def digests(definition: Definition, found: Behind, salt: str | None = None) -> dict[str, object]:
    """`salt`, `in` (a digest of each child among the rows a reader would open) and `whole` (whether all are in it).

    Workers are not children, and a figure of very many children lists nobody.
    """
    chosen = salt or secrets.token_hex(16)
    keys = [key for key in pc.unique(found.listed(definition)["child_key"]).to_pylist() if key]
    whole = len(keys) <= MOST_DIGESTS
    told = sorted(row_digest(chosen, key) for key in keys) if whole else []
    return {"salt": chosen, "in": told, "whole": whole}


def listed_now(stand: Standing, asked: Sequence[tuple[Definition, date]]) -> dict[str, frozenset[str]]:
    """The children a reader would open behind each figure of a date, by measure, in one read of the lake.

    Left out: a measure whose dates are not all there, and one of so many children that it lists nobody.
    """
    days = {one.id: set(periods.behind(one, periods.months(stand), on)) for one, on in asked}
    wanted = pa.array(sorted({day for some in days.values() for day in some}), pa.date32())
    where = pc.field("measure").isin(pa.array(sorted(days), pa.string())) & pc.field("as_at").isin(wanted)
    columns = ["measure", "as_at", "child_key", "met"]
    rows = stand.lake.read(stand.computation, "rows", columns=columns, where=where)
    found = {}
    for one, _ in asked:
        if not days[one.id]:
            continue
        inside = rows.filter(
            pc.and_(
                pc.equal(rows["measure"], one.id),
                pc.is_in(rows["as_at"], value_set=pa.array(sorted(days[one.id]), pa.date32())),
            )
        )
        keys = pc.unique(Behind((), inside).listed(one)["child_key"]).to_pylist()
        if len(keys) <= MOST_DIGESTS:
            found[one.id] = frozenset(key for key in keys if key)
    return found


def was_counted(rows: Mapping[str, object], child_key: str) -> bool:
    """Whether a child is among frozen digests."""
    told = rows.get("in")
    return isinstance(told, list) and row_digest(str(rows.get("salt", "")), child_key) in told


def grouped_reasons(reasons: Iterable[str | None]) -> dict[str, int]:
    """Reasons without their days, counted: 'held by duty or a team only' and not 'since 3 October'."""
    counted: dict[str, int] = {}
    for reason in reasons:
        words = (reason or "no reason recorded").rsplit(", ", 1)[0]
        counted[words] = counted.get(words, 0) + 1
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))
