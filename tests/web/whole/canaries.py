"""An authority whose every child is a canary: names, ids, birthdays, postcodes that stand nowhere else in the world."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.sources import Extract, SourceTable

CHILD, WORKER, TYPED = "Qxanary", "Qworka", "Qtypary"
POSTCODE = "QX9 9QX"
BIRTHDAY = date(2012, 2, 29)
BIRTHDAYS = ("2012-02-29", "29 February 2012", "29 Feb 2012", "29/02/2012", "29/2/2012", "29.02.2012")

# What a page for an office that sees no child by name may never hold, in capitals or not.
OF_CHILDREN = re.compile("|".join(map(re.escape, (CHILD, POSTCODE, *BIRTHDAYS))), re.IGNORECASE)
OF_ANYBODY = re.compile("|".join(map(re.escape, (CHILD, WORKER, POSTCODE, *BIRTHDAYS))), re.IGNORECASE)
ANY = re.compile(f"{OF_ANYBODY.pattern}|{TYPED}", re.IGNORECASE)

_NAMES = {
    "pers_forename": CHILD,
    "pers_surname": CHILD,
    "prof_professional_name": WORKER,
    "link_identifier_value": CHILD,
}
_WHOLE = {
    "postcode": POSTCODE,
    "address_json": f'{{"line": "9 {CHILD} Lane"}}',
    "upn": f"{CHILD}UPN",
    "uln": f"{CHILD}ULN",
}


def planted(extract: Extract) -> Extract:
    """The same extract, every child and worker of it a canary. Who belongs to whom stays as it was."""
    return replace(extract, tables={name: _planted(one) for name, one in extract.tables.items()})


def found_in(texts: Iterable[str], which: re.Pattern[str] = OF_CHILDREN) -> list[str]:
    """The canaries in some texts."""
    return sorted({one for text in texts for one in which.findall(text)})


def _planted(source: SourceTable) -> SourceTable:
    table = source.table
    for place, column in enumerate(table.column_names):
        changed = _changed(column, table[column])
        if changed is not None:
            table = table.set_column(place, column, changed)
    return replace(source, table=table)


def _changed(column: str, values: Any) -> Any:
    if column.endswith("_person_id"):
        return _marked(values, CHILD)
    if column in _NAMES:
        return _marked(values, _NAMES[column])
    if column == "pers_dob":
        even = pa.array([number % 2 == 0 for number in range(len(values))])
        born = pc.and_(pc.is_valid(values), pc.and_(even, pc.less(values, pa.scalar(date(2015, 1, 1)))))
        return pc.if_else(born, pa.scalar(BIRTHDAY), values)
    for ending, text in _WHOLE.items():
        if column.endswith(ending):
            return pc.if_else(pc.is_valid(values), pa.scalar(text), values)
    return None


def _marked(values: Any, mark: str) -> Any:
    return pc.binary_join_element_wise(pa.scalar(mark), values, "")
