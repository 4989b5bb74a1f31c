"""A children in need census as the tables its rules are about, with every cell as it stands and the line of each row.

The file is read in one streaming pass, as safely as any other: no entity, no document type, no network. An element
that is not known is passed over, and named. A child always has a row of identifiers and one of characteristics, so
that what is missing there is found missing.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import cast

from lxml import etree

from lineofsight.checks import layout as layouts
from lineofsight.checks.layout import Layout
from lineofsight.checks.rows import Rows, together
from lineofsight.checks.years import Year
from lineofsight.errors import PlainError
from lineofsight.sources.cin_root import broken, check_root, children, paced, refuse_document_type
from lineofsight.sources.content import Content, printable
from lineofsight.sources.finding import find
from lineofsight.sources.paced_xml import BROKEN, local_name

_STEP = 500
_MOST_NAMED = 20
# What elements are called in other years, and the groups whose element is not the name of their table.
_COLUMN_OF = {"GenderCurrent": "Sex"}
_TABLE_OF = {"CINPlanDates": "CINplanDates"}
Parts = list[tuple[str, etree._Element]]
Progress = Callable[[str, int, int], None]


@dataclass
class Return:
    """A return as read: its tables, the files it came in, the years its headers name, and what was passed over."""

    layout: Layout
    rows: dict[str, Rows]
    files: list[str] = field(default_factory=list)
    years: list[Year] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def year(self) -> Year:
        """The year of the return. Raises PlainError where its headers name none."""
        if not self.years:
            raise PlainError(f"{self.files[0]} names neither its year nor its reference date: add --year 2025-26.")
        return self.years[0]


def read(paths: Sequence[Path], progress: Progress = lambda step, done, total: None) -> Return:
    """Read the census at these paths: files, folders or zips.

    Raises PlainError where there is none, it is not whole, has no children, or its files are of several years.
    """
    layout = layouts.load("cin")
    reader = _Reader(layout)
    refused: list[PlainError] = []
    with ExitStack() as stack:
        for content in find(paths, stack).files:
            try:
                _check_kind(content)
            except PlainError as error:
                refused.append(error)
                continue
            _read_file(content, reader, progress)
    if not reader.done.files:
        raise refused[0] if refused else PlainError("There is no file there.")
    done = reader.done
    done.notes += [f"Not read: {error}" for error in refused]
    if len(set(done.years)) > 1:
        named = " and ".join(sorted(year.label for year in set(done.years)))
        raise PlainError(f"The files are of several years ({named}): check one year at a time.")
    if reader.strange:
        named = ", ".join(sorted(reader.strange)[:_MOST_NAMED])
        done.notes.append(f"Elements that no rule knows were passed over: {named}.")
    return done


def _check_kind(content: Content) -> None:
    what = content.what()
    if what == "empty":
        raise PlainError(f"{content.name} is empty.")
    if what != "xml":
        raise PlainError(f"{content.name} is not XML, which a children in need census is.")
    check_root(content)


def _read_file(content: Content, reader: "_Reader", progress: Progress) -> None:
    before = reader.rows["ChildIdentifiers"].count
    with paced(content) as watched:
        try:
            for done, element in enumerate(children(watched)):
                if done == 0:
                    refuse_document_type(content, element)
                reader.take(element, len(reader.done.files), content.name)
                watched.taken()
                if done % _STEP == 0:
                    progress(f"Reading {content.name}", watched.bytes_read, content.size)
        except BROKEN as error:
            raise broken(content, error) from error
    if reader.rows["ChildIdentifiers"].count == before:
        raise PlainError(f"{content.name} is a census without a single child.")
    reader.done.files.append(content.name)


class _Reader:
    """Children of one or more files, gathered into rows."""

    def __init__(self, layout: Layout) -> None:
        self.rows = {name: Rows(table) for name, table in layout.tables.items()}
        self.done = Return(layout, self.rows)
        self.strange: set[str] = set()
        self._columns = {name: {one: one for one in table.given} for name, table in layout.tables.items()}
        self._columns["ChildIdentifiers"] |= _COLUMN_OF
        self._numbers = dict.fromkeys(("ChildIdentifiers", "CINdetails", "Assessments", "ChildProtectionPlans"), 0)
        self._file = 0

    def take(self, element: etree._Element, file: int, name: str) -> None:
        """A header or a child. Raises PlainError for the header of another collection."""
        self._file = file
        if local_name(element) == "Header":
            self._header(element, name)
        else:
            self._child(element)

    def _header(self, element: etree._Element, name: str) -> None:
        cells: dict[str, str] = {}
        for leaf in element.iter():
            column = local_name(leaf)
            if column in self._columns["Header"]:
                self.rows["Header"].met.add(column)
                cells.setdefault(column, (leaf.text or "").strip())
        collection = cells.get("Collection", "")
        if collection and collection.upper() != "CIN":
            told = printable(collection[:20])
            raise PlainError(f"{name} is of the collection {told}, not a children in need census.")
        self.rows["Header"].add(cells, _line(element), self._file)
        year = layouts.said_year(_day(cells.get("ReferenceDate", "")), cells.get("Year", ""))
        if year:
            self.done.years.append(year)

    def _child(self, element: etree._Element) -> None:
        _, groups = self._split(element, "")
        identifiers = next((part for name, part in groups if name == "ChildIdentifiers"), None)
        whole = element if identifiers is None else identifiers
        cells, more = self._split(whole, "ChildIdentifiers") if identifiers is not None else ({}, [])
        self._pass_over(more)
        number = {"ChildNumber": self._number("ChildIdentifiers")}
        self._add("ChildIdentifiers", whole, cells, number)
        child = {**number, "LAchildID": cells.get("LAchildID", "")}
        characteristics = [part for name, part in groups if name == "ChildCharacteristics"]
        for part in characteristics or [element]:
            self._characteristics(part, child, given=bool(characteristics))
        for name, part in groups:
            if name == "CINdetails":
                self._episode(part, child)
            elif name not in ("ChildIdentifiers", "ChildCharacteristics"):
                self.strange.add(printable(name[:40]))

    def _characteristics(self, element: etree._Element, child: Mapping[str, str], *, given: bool) -> None:
        cells, groups = self._split(element, "ChildCharacteristics") if given else ({}, [])
        self._add("ChildCharacteristics", element, cells, child)
        for name, part in groups:
            if name == "Disabilities":
                self._each(part, "Disabilities", "Disability", child)
            else:
                self.strange.add(printable(name[:40]))

    def _episode(self, element: etree._Element, child: Mapping[str, str]) -> None:
        cells, groups = self._split(element, "CINdetails")
        keys = {**child, "CINdetailsID": self._number("CINdetails")}
        self._add("CINdetails", element, cells, keys)
        for name, part in groups:
            if name == "Assessments":
                self._assessment(part, keys)
            elif name == "ChildProtectionPlans":
                self._plan(part, keys)
            elif name in ("CINPlanDates", "CINplanDates", "Section47"):
                table = _TABLE_OF.get(name, name)
                dates, more = self._split(part, table)
                self._add(table, part, dates, keys)
                self._pass_over(more)
            else:
                self.strange.add(printable(name[:40]))

    def _assessment(self, element: etree._Element, keys: Mapping[str, str]) -> None:
        cells, groups = self._split(element, "Assessments")
        factors = [cells["AssessmentFactors"]] if cells.get("AssessmentFactors") else []
        for name, part in groups:
            if name != "FactorsIdentifiedAtAssessment":
                self.strange.add(printable(name[:40]))
                continue
            for leaf in part:
                if local_name(leaf) == "AssessmentFactors":
                    self.rows["Assessments"].met.add("AssessmentFactors")
                    factors.append((leaf.text or "").strip())
        cells["AssessmentFactors"] = together(one for one in factors if one)
        self._add("Assessments", element, cells, {**keys, "AssessmentID": self._number("Assessments")})

    def _plan(self, element: etree._Element, keys: Mapping[str, str]) -> None:
        cells, groups = self._split(element, "ChildProtectionPlans")
        keys = {**keys, "CPPID": self._number("ChildProtectionPlans")}
        self._add("ChildProtectionPlans", element, cells, keys)
        for name, part in groups:
            if name != "Reviews":
                self.strange.add(printable(name[:40]))
            elif not self._each(part, "Reviews", "CPPreviewDate", keys):
                self._add("Reviews", part, {}, keys)

    def _each(self, element: etree._Element, table: str, column: str, keys: Mapping[str, str]) -> int:
        """A row for each element of the one kind; how many there are."""
        rows, count = self.rows[table], 0
        for leaf in element:
            if local_name(leaf) == column:
                rows.met.add(column)
                rows.add({**keys, column: (leaf.text or "").strip()}, _line(leaf), self._file)
                count += 1
        return count

    def _split(self, element: etree._Element, table: str) -> tuple[dict[str, str], Parts]:
        """What the element's own leaves hold, the first of each, and everything else in it."""
        columns = self._columns.get(table, {})
        cells: dict[str, str] = {}
        groups: Parts = []
        for leaf in element:
            column = columns.get(leaf.tag)
            if column is None:  # a group, or an element in a namespace
                name = local_name(leaf)
                column = columns.get(name)
                if column is None:
                    groups.append((name, leaf))
                    continue
            if column not in cells:
                cells[column] = (leaf.text or "").strip()
        if cells:
            self.rows[table].met.update(cells)
        return cells, groups

    def _add(
        self, table: str, element: etree._Element, cells: Mapping[str, str], keys: Mapping[str, str] | None = None
    ) -> None:
        self.rows[table].add({**cells, **keys} if keys else cells, _line(element), self._file)

    def _number(self, table: str) -> str:
        self._numbers[table] += 1
        return str(self._numbers[table])

    def _pass_over(self, parts: Parts) -> None:
        self.strange.update(printable(name[:40]) for name, _ in parts)


def _line(element: etree._Element) -> int:
    return cast(int | None, element.sourceline) or 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
