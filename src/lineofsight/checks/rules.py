"""The rules of a return: one file a rule, `<return>/<code>.sql`, its facts as comment lines above its SQL.

The lines that begin with `-- ` before the select are TOML:

    severity     "error" or "query" (a query may be explained; an error is put right)
    message      what is wrong, in our own words, for the person who puts it right
    condition    what must hold, in short
    fields       {table = [columns]}: the columns at fault, which the rule cannot do without
    also         {table = [columns]}: columns it reads besides, and cannot do without either (optional)
    sometimes    {table = [columns]}: columns at fault that a good return may be without: the rule runs all the same,
                 and is "not applicable" where it then finds nothing (optional)
    rows_in      tables that must hold rows, or the rule has nothing to say (optional; those of `fields`)
    other        a table of which two rows are at fault together: the SQL gives `<table>_other` too (optional)
    first, last  the years it is in force (optional; every year)
    whole_return true where it fails or holds for the return as a whole (optional)
    derived      true where no published condition was at hand and it was worked out from message and fields (optional)
    note         why it reads the condition as it does, where that could be doubted (optional)

The SQL gives a row for each thing found wrong: a column named after each table of `fields` holds the number of the row
at fault in that table, or null. With a column `"group"` several rows are one thing. A rule of the whole return names no
rows: its SQL gives any row at all when it is broken.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lineofsight.checks.layout import FOLDER, Layout
from lineofsight.errors import PlainError

_REQUIRED = {"severity": str, "message": str, "condition": str, "fields": dict}
_OPTIONAL = {
    "also": dict,
    "sometimes": dict,
    "rows_in": list,
    "other": str,
    "first": str,
    "last": str,
    "derived": bool,
    "note": str,
    "whole_return": bool,
}
_PERIOD = re.compile(r"\b(?:reference_date|year_start|in_the_year|working_days_before_\w+)\(")


@dataclass(frozen=True)
class Rule:
    """One rule; field by field as the head of this module says. `whole_return`: it fails or holds as one."""

    code: str
    severity: str
    message: str
    condition: str
    fields: Mapping[str, tuple[str, ...]]
    also: Mapping[str, tuple[str, ...]]
    sometimes: Mapping[str, tuple[str, ...]]
    rows_in: tuple[str, ...]
    other: str
    first: str
    last: str
    derived: bool
    note: str
    whole_return: bool
    sql: str

    @property
    def at_fault(self) -> dict[str, tuple[str, ...]]:
        """The columns at fault, table by table."""
        tables = dict.fromkeys([*self.fields, *self.sometimes])
        return {one: (*self.fields.get(one, ()), *self.sometimes.get(one, ())) for one in tables}

    def may_lack(self) -> list[tuple[str, str]]:
        """The columns it reads that a good return may be without."""
        return [(table, name) for table, names in self.sometimes.items() for name in names]

    def needs(self, layout: Layout) -> list[tuple[str, str]]:
        """The columns without which it cannot run, table by table; those of the period and the person too."""
        asked = [(table, name) for part in (self.fields, self.also) for table, names in part.items() for name in names]
        if _PERIOD.search(self.sql):
            asked.append(layout.period)
        if re.search(rf"\b{layout.person}\b", self.sql):
            asked.append((layout.people, layout.person))
        return list(dict.fromkeys(asked))

    def in_force(self, label: str) -> bool:
        """Whether it is a rule of that year."""
        return self.first <= label <= self.last


@lru_cache(maxsize=4)
def load(layout: Layout, folder: Path | None = None) -> tuple[Rule, ...]:
    """Every rule of a return, by code. Raises PlainError naming the file that is wrong."""
    where = folder or FOLDER / layout.code
    return tuple(read(path, layout) for path in sorted(where.glob("[0-9]*.sql")))


def read(path: Path, layout: Layout) -> Rule:
    """One rule's file. Raises PlainError naming what is wrong in it."""
    head, sql = _split(path.read_text("utf-8"))
    try:
        facts = tomllib.loads(head)
    except tomllib.TOMLDecodeError as error:
        raise PlainError(f"The head of {path.name} is not TOML: {error}.") from None
    if wrong := _wrong(facts, layout) or ("" if sql.strip() else "it has no SQL"):
        raise PlainError(f"{path.name}: {wrong}.")
    fields, also, sometimes = (
        {table: tuple(columns) for table, columns in facts.get(part, {}).items()}
        for part in ("fields", "also", "sometimes")
    )
    return Rule(
        code=path.stem,
        severity=facts["severity"],
        message=facts["message"],
        condition=facts["condition"],
        fields=fields,
        also=also,
        sometimes=sometimes,
        rows_in=tuple(facts.get("rows_in", fields)),
        other=facts.get("other", ""),
        first=facts.get("first", layout.years[0]),
        last=facts.get("last", layout.years[-1]),
        derived=facts.get("derived", False),
        note=facts.get("note", ""),
        whole_return=facts.get("whole_return", False),
        sql=sql.strip().rstrip(";"),
    )


def _split(text: str) -> tuple[str, str]:
    lines = text.splitlines()
    end = next((number for number, line in enumerate(lines) if not line.startswith("--")), len(lines))
    return "\n".join(line[2:].strip() for line in lines[:end]), "\n".join(lines[end:])


def _wrong(facts: Mapping[str, Any], layout: Layout) -> str:
    for name, kind in _REQUIRED.items():
        if not isinstance(facts.get(name), kind):
            return f"'{name}' is missing or not of its kind"
    for name, value in facts.items():
        if name not in _REQUIRED and not isinstance(value, _OPTIONAL.get(name, ())):
            return f"'{name}' is not a key a rule has, or not of its kind"
    if facts["severity"] not in ("error", "query"):
        return "'severity' is error or query"
    for part in ("fields", "also", "sometimes"):
        for table, columns in facts.get(part, {}).items():
            strange = [name for name in columns if table not in layout.tables or name not in layout.tables[table].kinds]
            if strange or table not in layout.tables:
                return f"'{part}' names {table} {', '.join(strange)}, which the return does not have"
    for name in ("first", "last"):
        if facts.get(name, layout.years[0]) not in layout.years:
            return f"'{name}' is not a year the return is known for"
    return ""
