"""The issues of a load: what was wrong, in which file and row. They quote cells of children.

So reading them needs the permission to load and to see children by name, is written in the log before a value is
fetched, with the children whose cells are shown, and shows no value of a restricted record to who is not named for it
(rule 7.3). Where records are restricted and whose row an issue stands on is not known, its value is not shown either.
An unknown code that stands in many rows is told once, on the first of them, and goes by that row's child.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import schema
from lineofsight.lake import Lake, Snapshot, issues, whose
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.restricted.queries import withheld_in
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.data.permissions import check_read_issues, may_read_issues

PAGE = 50
_FILTERS = ("file", "table")
_WITHOUT_VALUES = [name for name in issues.SCHEMA.names if name != "value"]


@dataclass(frozen=True)
class Asked:
    """Which issues: of one file, of one table, only the new ones; and which page of them."""

    file: str = ""
    table: str = ""
    new: bool = False
    number: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Asked:
        """What an address asks for."""
        number = query.get("page", "1")
        return cls(
            query.get("file", ""),
            query.get("table", ""),
            query.get("new") == "1",
            max(int(number), 1) if number.isdigit() and len(number) < 7 else 1,
        )


@dataclass(frozen=True)
class IssueCount:
    """How many issues one table, or what stands in no table, has; how many of them are new."""

    key: str
    title: str
    total: int
    new: int


@dataclass(frozen=True)
class IssueLine:
    """One issue as the page shows it. `hidden` says why its value is not for this viewer; blank where it is."""

    new: bool
    file: str
    sheet: str | None
    table: str
    row: int | None
    column: str | None
    value: str | None
    why: str
    hidden: str


@dataclass(frozen=True)
class IssuePage:
    """A page of the issues asked for, the new ones first, and what can be asked for."""

    asked: Asked
    lines: Sequence[IssueLine]
    files: Sequence[IssueCount]
    tables: Sequence[IssueCount]
    total: int
    new: int
    matching: int
    first: int
    last: int
    pages: int

    @property
    def previous(self) -> int | None:
        return self.asked.number - 1 if self.asked.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.asked.number + 1 if self.asked.number < self.pages else None


def counted(lake: Lake, snapshot: Snapshot, by: str = "table") -> Sequence[IssueCount]:
    """How many issues each table, or each file, has. No cell is read for it."""
    return _counts(_kept(lake, snapshot), by)


def read_issues(viewer: Viewer, lake: Lake, snapshot: Snapshot, query: Mapping[str, str]) -> IssuePage | None:
    """The issues that an address asks for; None for who may not read them. Logged before any value is fetched."""
    if not may_read_issues(viewer):
        return None
    asked, kept = Asked.read(query), _kept(lake, snapshot)
    chosen = _chosen(kept, asked)
    pages = max(-(-chosen.num_rows // PAGE), 1)
    asked = replace(asked, number=min(asked.number, pages))
    part = chosen.slice((asked.number - 1) * PAGE, PAGE)
    shown = _opened(viewer, lake, snapshot, part, asked, taken="")
    return IssuePage(
        asked=asked,
        lines=_lines(shown),
        files=_counts(kept, "file"),
        tables=_counts(kept, "table"),
        total=kept.num_rows,
        new=issues.how_many_new(kept),
        matching=chosen.num_rows,
        first=(asked.number - 1) * PAGE + 1 if chosen.num_rows else 0,
        last=min(asked.number * PAGE, chosen.num_rows),
        pages=pages,
    )


def take_issues(viewer: Viewer, lake: Lake, snapshot: Snapshot, query: Mapping[str, str], form: str) -> pa.Table:
    """Every issue that an address asks for, as lake.issues.SCHEMA, for a file of kind `form`. Logged first.

    Raises Refused, LogUnavailable.
    """
    check_read_issues(viewer)
    asked = replace(Asked.read(query), number=1)
    shown = _opened(viewer, lake, snapshot, _chosen(_kept(lake, snapshot), asked), asked, taken=form)
    value = pc.if_else(pc.equal(shown["hidden"], ""), shown["value"], shown["hidden"])
    return shown.set_column(shown.schema.get_field_index("value"), "value", value).select(issues.SCHEMA.names)


def _kept(lake: Lake, snapshot: Snapshot) -> pa.Table:
    """The issues of a snapshot without what stands in the cells."""
    return lake.issues(snapshot, columns=_WITHOUT_VALUES)


def _chosen(kept: pa.Table, asked: Asked) -> pa.Table:
    """Those asked for, the new ones first, else in the order of the files."""
    for name in _FILTERS:
        if wanted := getattr(asked, name):
            kept = kept.filter(pc.fill_null(pc.equal(kept[name], wanted), False))
    if asked.new:
        kept = kept.filter(kept["new"])
    return kept.sort_by([("new", "descending"), ("number", "ascending")])


def _opened(viewer: Viewer, lake: Lake, snapshot: Snapshot, chosen: pa.Table, asked: Asked, *, taken: str) -> pa.Table:
    """The chosen issues with their values where this viewer may read them, `hidden` where not. Logged first."""
    hidden = _hidden(viewer, lake, snapshot, chosen)
    open_to_them = chosen.filter(pc.equal(hidden, ""))
    keys = sorted(set(open_to_them["child_key"].drop_null().to_pylist()))
    detail = {"file": asked.file, "table": asked.table, "new": asked.new, "rows": chosen.num_rows}
    if taken:
        record_read(
            viewer=viewer,
            action="load.issues-taken",
            subject=f"snapshot {snapshot.id}",
            child_keys=keys,
            detail={**detail, "format": taken},
        )
    else:
        record_read(
            viewer=viewer,
            action="load.issues-read",
            subject=f"snapshot {snapshot.id}",
            child_keys=keys,
            detail={**detail, "page": asked.number},
        )
    numbers = open_to_them["number"].combine_chunks()
    values = lake.issues(snapshot, columns=["number", "value"], where=pc.field("number").isin(numbers))
    at = pc.index_in(chosen["number"], value_set=values["number"].combine_chunks())
    value = values["value"].combine_chunks().take(at.combine_chunks())
    place = issues.SCHEMA.get_field_index("value")
    return chosen.append_column("hidden", hidden).add_column(place, "value", value)


def _hidden(viewer: Viewer, lake: Lake, snapshot: Snapshot, chosen: pa.Table) -> pa.Array:
    """Why each of the issues is not shown to this viewer; blank where it is shown."""
    return whose.hidden(chosen, withheld_in(viewer, lake, snapshot))


def _counts(kept: pa.Table, name: str) -> Sequence[IssueCount]:
    counts = kept.append_column("fresh", pc.cast(kept["new"], pa.int64()))
    grouped = counts.group_by(name).aggregate([("number", "count"), ("number", "min"), ("fresh", "sum")])
    rows = grouped.sort_by("number_min").to_pylist()
    return [IssueCount(row[name] or "", _title(row[name], name), row["number_count"], row["fresh_sum"]) for row in rows]


def _title(key: str | None, name: str) -> str:
    if not key:
        return "No table"
    known = schema.tables().get(key) if name == "table" else None
    return known.title if known else key


def _lines(shown: pa.Table) -> list[IssueLine]:
    return [
        IssueLine(
            new=row["new"],
            file=row["file"],
            sheet=row["sheet"],
            table=_title(row["table"], "table") if row["table"] else "",
            row=row["row"],
            column=row["column"],
            value=row["value"],
            why=row["why"],
            hidden=row["hidden"],
        )
        for row in shown.to_pylist()
    ]
