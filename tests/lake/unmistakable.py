"""An extract in which one child stands in every text of every table, and others in rows like it beside."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.lake.extracts import extract_of

from lineofsight import schema
from lineofsight.schema import belonging
from lineofsight.sources import Extract

CHILD, SISTER, OTHER = "7710042", "7710043", "7710044"
MARK = "Zq"  # every text of the child begins so, and no text of anybody else
NO_TEXTS = ("_id", "_urn", "_no", "_number", "_code")
WORKER, TEAM = "w1", "t1"


def unmistakable(*, as_at: date = date(2026, 10, 31), born: str = "") -> Extract:
    """Three children with a row in every table each. `born` makes another extract of it."""
    return extract_of({name: list(_rows(name, born)) for name in schema.tables()}, as_at=as_at)


def _rows(name: str, born: str) -> Iterator[dict[str, Any]]:
    if name in belonging.OF_NO_CHILD:
        yield _row(name, OTHER, "", born)
        return
    for person, mark in ((CHILD, MARK), (SISTER, "Sis"), (OTHER, "Oth")):
        yield _row(name, person, f"{mark.lower()}-of-the-worker" if name in belonging.OF_A_WORKER else mark, born)
    if name == "ssd_mother":
        yield {**_row(name, OTHER, "Mum", born), "moth_childs_person_id": CHILD}


def _row(name: str, person: str, mark: str, born: str) -> dict[str, Any]:
    layout = schema.tables()[name]
    row: dict[str, Any] = {}
    for column in layout.columns:
        row[column.name] = _cell(name, column, person, mark, born)
    if layout.person_column:
        row[layout.person_column] = person
    if name == "ssd_mother":
        row["moth_childs_person_id"] = f"{person}9"
    if name == "side_merged_record":
        row["merg_gone_person_id"] = f"{person}8"
    if name in belonging.LINKED:
        column, parent, of_parent = belonging.LINKED[name]
        row[column] = f"{mark}-{of_parent}-{person}"
    return row


def _cell(name: str, column: schema.Column, person: str, mark: str, born: str) -> Any:
    if column.kind == "date":
        return date(2026, 9, 1)
    if column.kind in ("integer", "real"):
        return 1
    if column.kind == "flag":
        return "Y"
    if column.refers in ("worker", "team"):
        return {"worker": WORKER, "team": TEAM}[column.refers]
    if column.name == "invo_professional_role_id":
        return "Social worker"  # the authority's words for roles are nobody's, and are counted word by word
    if column.name.endswith(NO_TEXTS) or column.codes or not mark:
        return f"{mark}-{column.name}-{born if not mark or name in belonging.OF_A_WORKER else person}"
    # a text of somebody else that names the child
    said = f"{mark} {column.name} {born}"
    if column.name.endswith("_json"):
        return f'{{"said": "{said}", "with": {CHILD}}}'
    return said if mark == MARK else f"{said}, seen with {CHILD}."
