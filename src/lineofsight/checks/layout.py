"""What a return looks like to its rules: tables and their columns, code lists, and the years it is known for.

`layout.toml` of a return holds them. A table has `text`, `dates` and `lists` (several values in one cell); `keys` are
columns that no file gives and the reader makes, so that the rows of one episode or one plan find each other. `made`
and `either` are columns of the SQL alone: several keys in one, or the first of several that is given. `rare` are
columns that a good return may well be without.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from lineofsight.checks.years import Year, year_of

FOLDER = Path(__file__).parent
RETURNS = ("cin",)
_FIRST_DAY = date(2000, 1, 1)  # what names an earlier one is no date of a return


@dataclass(frozen=True)
class Table:
    """One table of a return: its columns in order, each `key`, `text`, `date` or `list`."""

    name: str
    kinds: Mapping[str, str]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column, those the reader makes first."""
        return tuple(self.kinds)

    @property
    def given(self) -> tuple[str, ...]:
        """The columns that a file gives."""
        return tuple(name for name, kind in self.kinds.items() if kind != "key")


@dataclass(frozen=True)
class Codes:
    """The values of one code list in the years from `first` to `last`."""

    name: str
    first: str
    last: str
    values: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Layout:
    """A return as `layout.toml` gives it. `person` is the column that names whom a row is about."""

    code: str
    title: str
    person: str
    people: str
    period: tuple[str, str]
    tables: Mapping[str, Table]
    made: Mapping[str, tuple[str, ...]]
    either: Mapping[str, tuple[str, ...]]
    rare: frozenset[str]
    codes: tuple[Codes, ...]
    years: tuple[str, ...]
    views: str

    def nearest(self, year: Year) -> str:
        """The year whose rules are used: the year itself, or the first or last that is held here."""
        return min(max(year.label, self.years[0]), self.years[-1])

    def code_lists(self, label: str) -> dict[str, tuple[str, ...]]:
        """Each code list as it stands in one year."""
        return {one.name: one.values for one in self.codes if one.first <= label <= one.last}


@lru_cache(maxsize=4)
def load(code: str) -> Layout:
    """The layout of a return, such as `cin`."""
    folder = FOLDER / code
    facts = tomllib.loads((folder / "layout.toml").read_text("utf-8"))
    years = tuple(year_of(label).label for label in facts["years"])
    return Layout(
        code=code,
        title=facts["title"],
        person=facts["person"],
        people=facts["people"],
        period=(facts["period"][0], facts["period"][1]),
        tables={name: _table(name, columns) for name, columns in facts["tables"].items()},
        made={name: tuple(parts) for name, parts in facts["made"].items()},
        either={name: tuple(parts) for name, parts in facts["either"].items()},
        rare=frozenset(facts["rare"]),
        codes=tuple(
            Codes(one["list"], one.get("first", years[0]), one.get("last", years[-1]), _spread(one["values"]))
            for one in facts["codes"]
        ),
        years=years,
        views=(folder / "views.sql").read_text("utf-8"),
    )


def _table(name: str, columns: Mapping[str, Any]) -> Table:
    kinds: dict[str, str] = {}
    for many, kind in (("keys", "key"), ("text", "text"), ("dates", "date"), ("lists", "list")):
        kinds.update(dict.fromkeys(columns.get(many, ()), kind))
    return Table(name, kinds)


def _spread(values: list[str]) -> tuple[str, ...]:
    """Codes with ranges of numbers written out: '001..003' is 001, 002 and 003."""
    every: list[str] = []
    for value in values:
        low, dots, high = value.partition("..")
        every += [f"{number:0{len(low)}}" for number in range(int(low), int(high) + 1)] if dots else [low]
    return tuple(every)


def said_year(reference_date: date | None, year: str) -> Year | None:
    """The year a header names: by its year, or else by its reference date; None where it names neither."""
    if re.fullmatch(r"20\d\d", year):
        return Year(int(year))
    return Year.holding(reference_date) if reference_date and reference_date >= _FIRST_DAY else None
