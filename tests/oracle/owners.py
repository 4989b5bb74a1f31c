"""Whose the rows of a data set are: a child's, a worker's, or both; and which of their columns hold ids."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from lineofsight import schema

Rows = list[dict[str, Any]]
# whose rows have no person: the column that links them to rows of children
LINKED = {
    "ssd_assessment_factors": ("cinf_assessment_id", "ssd_cin_assessments", "cina_assessment_id"),
    "ssd_cla_reviews": ("clar_cla_id", "ssd_cla_episodes", "clae_cla_id"),
    "side_placement_approval": ("plap_placement_id", "ssd_cla_placement", "clap_cla_placement_id"),
}
STAFF = {
    "ssd_professionals": "prof_professional_id",
    "side_supervision": "supv_worker_id",
    "side_absence": "abse_worker_id",
    "side_post": "post_worker_id",
    "side_registration": "regi_worker_id",
}
# columns that end as ids do and hold a word
WORDS = {"invo_professional_role_id"}


def is_id(table: str, name: str) -> bool:
    """Whether a column holds an id of something, and not a word."""
    shape = schema.tables()[table]
    column = shape.column(name)
    told = name in shape.key or name == shape.person_column or column.refers is not None or name.endswith("_id")
    return told and name not in WORDS


def dates_of(table: str) -> tuple[str, ...]:
    return tuple(one.name for one in schema.tables()[table].columns if one.kind == "date")


def ends(name: str) -> bool:
    """Whether a column holds the day on which something is over."""
    return "end" in name or "close" in name or "cease" in name


def whose(table: str, row: Mapping[str, Any]) -> str | None:
    """Whose row it is: a child's, a period's or a worker's."""
    column = schema.tables()[table].person_column
    if column and row[column]:
        return str(row[column])
    column = LINKED[table][0] if table in LINKED else STAFF.get(table)
    return row[column] if column else None


def lives(own: Mapping[str, Rows]) -> Mapping[str, list[date]]:
    """Every date told of each child, period, placement, assessment and worker."""
    found: dict[str, list[date]] = {}
    keys = {other: key for _, other, key in LINKED.values()}
    for table, rows in own.items():
        for row in rows:
            days = [one for one in row.values() if isinstance(one, date)]
            for one in {whose(table, row), row[keys[table]] if table in keys else None} - {None}:
                found.setdefault(one, []).extend(days)
    return found


class Owned:
    """The rows of one data set by whose they are: by ("child", id) or ("worker", id), the rows of each table."""

    def __init__(self, own: Mapping[str, Rows]) -> None:
        self.own = own
        self._children = {
            table: {row[key]: row[schema.tables()[other].person_column or ""] for row in own.get(other, [])}
            for table, (_, other, key) in LINKED.items()
        }
        self.of: dict[tuple[str, str], dict[str, Rows]] = defaultdict(lambda: defaultdict(list))
        for table, rows in own.items():
            for row in rows:
                for one in self.owners(table, row):
                    self.of[one][table].append(row)

    def owner(self, table: str, row: Mapping[str, Any]) -> tuple[str, str] | None:
        """Whose life the row is a part of: its worker's where it is about staff, else its child's, or nobody's."""
        kind = "worker" if table in STAFF else "child"
        return next((one for one in self.owners(table, row) if one[0] == kind), None)

    def owners(self, table: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        shape = schema.tables()[table]
        if table in LINKED:
            child = self._children[table].get(row[LINKED[table][0]])
        else:
            child = row[shape.person_column] if shape.person_column else None
        if child:
            yield "child", child
        columns = [STAFF[table]] if table in STAFF else [one.name for one in shape.columns if one.refers == "worker"]
        yield from (("worker", one) for one in dict.fromkeys(row[name] for name in columns) if one)
