"""From tables as they lie in a file to the actions of a plan: every row is an action, or part of one, or told."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lineofsight.plans.cell_text import joined, one_line, tidy
from lineofsight.plans.grid import MOST_CHARACTERS, MOST_ROWS, Cell, Grid, Line, Told, too_long, too_many
from lineofsight.plans.headings import CALLED, ROLES, Header, Role, header_of
from lineofsight.plans.owners import owners
from lineofsight.plans.rag import NONE, read_rag
from lineofsight.plans.table import NotUnderstood, Place, PlanRow, PlanTable

LONGEST_TITLE = 150

OTHER_COLUMN = "This column is none of the five of a plan, so it was not read."
SECOND_COLUMN = "Another column was read as the {}, so this one was not."
NO_COLUMN = "The table has no column for the {}."
NO_HEADING = "This stands under no heading, so it was not read."
NO_TABLE = "This table has no action column with a deadline, progress or RAG beside it, so it was not read."
MONTH_ONLY = "The heading names a month and no day, so the day of the update is not known."
TOTAL = "This row is a total, not an action."
TITLE = "This text runs over the whole width of the table, so it was not read as an action."
ALONE = "This line has one cell only, so it is no row of the table."
NO_ACTION = "This row names no action and does not carry on the row above, so it was not read."
ONLY_ACTION = "Only the action is filled in this row: it may be the title of a section."

_TOTAL_WORDS = re.compile(
    r"(?:sub[- ]?|grand )?totals?(?: (?:number )?(?:of )?(?:actions?|rags?|red|amber|green))?\W*\d*\W*"
)
_COUNTS = re.compile(r"(?:[\W\d_]|\b(?:red|amber|green|blue|total|and|actions?|rag|rated|summary|of|are|out)\b)+")
_COLOUR_OR_TOTAL = re.compile(r"\b(?:red|amber|green|total)\b")


@dataclass
class _Action:
    """An action while its rows are gathered; `rag` is the cell of its RAG and `beside` the fill of the row."""

    place: Place
    header: Header
    texts: dict[Role, list[str]]
    rag: Cell
    beside: str

    def add(self, role: Role, text: str) -> None:
        """What another row carries on."""
        if text:
            self.texts[role].append(text)

    def text(self, role: Role) -> str:
        """The whole text under a heading. Raises PlainError where it is longer than a cell's is."""
        parts = self.texts[role]
        text = parts[0] if len(parts) == 1 else joined(parts)
        if len(text) > MOST_CHARACTERS:
            raise too_long(self.place.file, self.place.row)
        return text

    def row(self) -> tuple[PlanRow, NotUnderstood | None]:
        """The action, and what there is to tell of it."""
        read = read_rag(self.rag.text, self.rag.fill, self.beside)
        texts = {role: self.text(role) for role in ROLES if role != "rag"}
        row = PlanRow(
            action=texts["action"],
            responsible=texts["responsible"],
            owners=owners(texts["responsible"]),
            deadline=texts["deadline"],
            progress=texts["progress"],
            rag=read.rag,
            rag_written=read.written,
            place=self.place,
        )
        bare = not (row.responsible or row.deadline or row.progress) and read.why == NONE
        if bare:
            value = one_line(row.action)
            return row, NotUnderstood(self.place, self.header.written("action"), value, ONLY_ACTION)
        if not read.why or "rag" not in self.header.by_role:
            return row, None
        return row, NotUnderstood(self.place, self.header.written("rag"), read.written, read.why)


@dataclass
class _Section:
    """The rows of a grid under one heading row; `again` are the rows above which the heading stands once more."""

    header: Header
    lines: list[Line] = field(default_factory=list)
    again: set[int] = field(default_factory=set)


def plan_of(grids: Sequence[Grid]) -> PlanTable | None:
    """The plan in the tables of a file, or None where none is one. Raises PlainError where it is past all bounds."""
    found = _Gathered()
    for grid in grids:
        found.take(grid)
    return found.table()


class _Gathered:
    """The actions and what was told, gathered over the tables of a file."""

    def __init__(self) -> None:
        self._entries: list[_Action | NotUnderstood] = []
        self._headers: list[Header] = []
        self._last: _Action | None = None
        self._rows = 0

    def table(self) -> PlanTable | None:
        """All of it, in the order of the file."""
        if not self._headers:
            return None
        rows: list[PlanRow] = []
        told: list[NotUnderstood] = []
        for entry in self._entries:
            if isinstance(entry, NotUnderstood):
                told.append(entry)
                continue
            row, note = entry.row()
            rows.append(row)
            told.extend([note] if note else [])
        first = self._headers[0]
        days = [day for header in self._headers if (day := header.progress_as_at()[0])]
        headings = (
            first.written("action"),
            first.written("responsible"),
            first.written("deadline"),
            first.written("progress"),
            first.written("rag"),
        )
        return PlanTable(tuple(rows), tuple(told), headings, days[0] if days else None)

    def take(self, grid: Grid) -> bool:
        """Take in one table; where it is no plan, the tables inside its cells. Gives whether a plan was found."""
        self._entries.extend(_told(grid, told) for told in grid.told)
        sections = _sections(grid)
        for number, section in enumerate(sections, start=1):
            named = grid.name or (f"table {number}" if len(sections) > 1 else "")
            _SectionReader(self, grid.file, named, section).read()
        if sections:
            return True
        for number, inner in enumerate(grid.inside, start=1):
            within = f"table {number}" if len(grid.inside) > 1 else ""
            inner.name = ", ".join(name for name in (grid.name, within) if name)
        inside = [self.take(inner) for inner in grid.inside]
        if any(inside):
            return True
        first = next((line for line in grid.lines if _texts(line)), None)
        if first is not None and not grid.inside:
            self._entries.append(_told(grid, Told(first.number, _all_of(first), NO_TABLE)))
        return False

    def counted(self, file: str) -> None:
        """One more row. Raises PlainError where there are more than a plan has."""
        self._rows += 1
        if self._rows > MOST_ROWS:
            raise too_many(file)

    def begin(self, header: Header) -> bool:
        """A table begins. Gives whether it may carry on the one before: it has the same headings."""
        goes_on = bool(self._headers) and self._headers[-1].is_repeated_by(header)
        if not goes_on:
            self._last = None
        self._headers.append(header)
        return goes_on

    def tell(self, place: Place, column: str, value: str, why: str) -> None:
        """Something that was not understood."""
        self._entries.append(NotUnderstood(place, column, value, why))

    def add(self, action: _Action) -> None:
        """A new action."""
        self._entries.append(action)
        self._last = action

    @property
    def last(self) -> _Action | None:
        """The action that the next row may carry on."""
        return self._last


def _told(grid: Grid, told: Told) -> NotUnderstood:
    return NotUnderstood(Place(grid.file, grid.name, told.row), "", told.value, told.why)


def _sections(grid: Grid) -> list[_Section]:
    """A grid by its heading rows. What stands before the first is a title or a preamble."""
    out: list[_Section] = []
    before: Line | None = None
    for line in grid.lines:
        if out and out[-1].header.by_role["action"] in line.cells.values():
            continue  # the heading row is two rows high
        header = header_of(line)
        if header and out and out[-1].header.is_repeated_by(header):
            out[-1].again.add(len(out[-1].lines))
        elif header and (not out or _begins_anew(out[-1].header, line, before)):
            out.append(_Section(header))
        elif out:
            out[-1].lines.append(line)
        before = line
    return out


def _begins_anew(header: Header, line: Line, before: Line | None) -> bool:
    """Whether a row with other headings begins another table: below a gap or a title, and with no RAG in it.

    An action may be called "Review recommendations" and its update "Progress made"; it stays an action.
    """
    apart = before is None or line.number - before.number > 1 or len(_texts(before)) == 1
    return apart and not any(read_rag(cell.text).rag for cell in header.values(line).get("rag", []))


class _SectionReader:
    """Reads the rows under one heading row."""

    def __init__(self, found: _Gathered, file: str, table: str, section: _Section) -> None:
        self._found, self._file, self._table, self._section = found, file, table, section
        self._header = section.header

    def read(self) -> None:
        """Read them all into what is found."""
        goes_on = self._found.begin(self._header)
        if not goes_on:
            self._tell_columns()
        for place, line in enumerate(self._section.lines):
            if not any(cell.row == line.number for cell in _filled(line)):
                continue
            self._found.counted(self._file)
            for cell in line.cells.values():
                if len(cell.text) > MOST_CHARACTERS:
                    raise too_long(self._file, line.number)
            if not self._is_no_row(line):
                self._row(line, top=place in self._section.again or (goes_on and place == 0))

    def _place(self, line: Line) -> Place:
        return Place(self._file, self._table, line.number)

    def _tell_columns(self) -> None:
        place = self._place(self._header.line)
        own = [self._header.written(role) for role in ROLES]
        for cell in self._header.others():
            text = one_line(cell.text)
            role = next((role for role, name in zip(ROLES, own, strict=True) if name.lower() == text.lower()), None)
            self._found.tell(place, text, "", SECOND_COLUMN.format(CALLED[role]) if role else OTHER_COLUMN)
        for role in ROLES:
            if role not in self._header.by_role:
                self._found.tell(place, "", "", NO_COLUMN.format(CALLED[role]))
        if self._header.progress_as_at()[1]:
            self._found.tell(place, self._header.written("progress"), "", MONTH_ONLY)

    def _tell_strangers(self, line: Line) -> None:
        """What a row holds in columns that no heading stands over."""
        below = self._header.headed(line)
        texts = [one_line(cell.text) for cell in line.distinct() if cell.text and cell not in below]
        if texts:
            self._found.tell(self._place(line), "", " | ".join(texts), NO_HEADING)

    def _is_no_row(self, line: Line) -> bool:
        """Whether a row is a section's title, a total, or a line beside the table. What is not silent is told."""
        text = _all_of(line)
        cells = line.distinct()
        over_all = {line.cells.get(column) for column in self._header.line.cells}
        why = ""
        if len(self._header.cells) > 1 and len(over_all) == 1 and None not in over_all:
            if len(text) <= LONGEST_TITLE and not _is_total(text, text):
                return True
            why = TOTAL if _is_total(text, text) else TITLE
        elif line.alone and len(cells) == 1:
            why = TOTAL if _is_total(text, text) else ALONE
        else:
            rag = self._header.values(line).get("rag", [])
            rest = " ".join(one_line(cell.text) for cell in cells if cell.text and cell not in rag)
            first = next((one_line(cell.text) for cell in cells if cell.text), "")
            why = TOTAL if _is_total(first, rest) else ""
        if why:
            self._found.tell(self._place(line), "", text, why)
        return bool(why)

    def _row(self, line: Line, *, top: bool) -> None:
        """A row: a new action, or what carries on the one above. `top` says that it stands at the top of a page."""
        values = self._header.values(line)
        texts: dict[Role, str] = {role: _joined(values.get(role, [])) for role in ROLES}
        own = {role for role in ROLES if texts[role] and any(cell.row == line.number for cell in values[role])}
        rag = next((cell for cell in values.get("rag", []) if cell.text or cell.fill), Cell(""))
        if _says(rag) and rag.row == line.number:
            own.add("rag")
        last = self._found.last
        if last and self._carries_on(last, texts, own, rag, top):
            self._tell_strangers(line)
            for role in own - {"rag"}:
                last.add(role, texts[role])
            if not _says(last.rag):
                last.rag = rag
            return
        if not texts["action"]:
            self._found.tell(self._place(line), "", _all_of(line), NO_ACTION)
            return
        self._tell_strangers(line)
        beside = next((cell.fill for cell in values["action"]), "")
        parts = {role: [texts[role]] for role in ROLES}
        self._found.add(_Action(self._place(line), self._header, parts, rag, beside))

    def _carries_on(self, last: _Action, texts: dict[Role, str], own: set[Role], rag: Cell, top: bool) -> bool:
        """Whether a row carries on the action above: over a page, or beside a cell that is merged over both."""
        if texts["action"] and "action" not in own:
            return own == {"progress"}
        if "action" in own:
            return top and own <= {"action", "progress"} and texts["action"][:1].islower()
        if not own or not (own <= {"progress", "rag"} or (top and own <= {"progress", "responsible", "deadline"})):
            return False
        if not _says(rag) or not _says(last.rag):
            return True
        return read_rag(rag.text, rag.fill).rag == read_rag(last.rag.text, last.rag.fill).rag


def _says(rag: Cell) -> bool:
    """Whether a cell has a word in it, or a colour that is one of the three."""
    return bool(rag.text) or read_rag("", rag.fill).rag is not None


def _filled(line: Line) -> Iterator[Cell]:
    return (cell for cell in line.cells.values() if cell.text)


def _texts(line: Line) -> list[str]:
    return [one_line(cell.text) for cell in line.distinct() if cell.text]


def _all_of(line: Line) -> str:
    """All that a row holds, on one line."""
    return " | ".join(_texts(line))


def _joined(cells: Sequence[Cell]) -> str:
    texts = [cell.text for cell in cells if cell.text]
    return texts[0] if len(texts) == 1 else tidy("\n\n".join(texts))


def _is_total(first: str, rest: str) -> bool:
    """Whether a row adds up others: it begins with "Total", or holds nothing but counts of colours."""
    if _TOTAL_WORDS.fullmatch(first.lower()):
        return True
    counts = rest.lower()
    return (
        len(counts) <= LONGEST_TITLE
        and any(letter.isdigit() for letter in counts)
        and _COLOUR_OR_TOTAL.search(counts) is not None
        and _COUNTS.fullmatch(counts) is not None
    )
