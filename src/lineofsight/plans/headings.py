"""The heading row of a plan's table: which of its columns is which of the five, by the words people use for them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from lineofsight.plans.cell_text import one_line
from lineofsight.plans.days import MONTHS, day_within
from lineofsight.plans.grid import Cell, Line

Role = Literal["action", "responsible", "deadline", "progress", "rag"]

ROLES: tuple[Role, ...] = get_args(Role)
STANDARD: Mapping[Role, str] = {
    "action": "Action",
    "responsible": "Person responsible",
    "deadline": "Deadline",
    "progress": "Progress update",
    "rag": "RAG",
}
CALLED: Mapping[Role, str] = {
    "action": "action",
    "responsible": "person responsible",
    "deadline": "deadline",
    "progress": "progress",
    "rag": "RAG",
}
_LONGEST = 100
# Roles by the words of a heading, the surest first: a column takes the role of the lowest number that is still free.
_WORDS: tuple[tuple[int, Role, str], ...] = (
    (1, "rag", r"(?:\w+ ){0,3}b?rag(?: \w+){0,3}|r a g(?: \w+)?"),
    (1, "action", r"(?:(?:agreed|key|required|proposed|planned|specific|improvement|priority|detailed|council|our) )*"
                  r"actions?(?: (?:required|needed|points?|to be taken|agreed|planned|description|plan|steps?"
                  r"|we will take|to address \w+))?"),
    (1, "action", r"what (?:\w+ ){0,3}(?:will|must|need to|needs to|to|going to)(?: we| be| happen)?(?: do| done)?"
                  r"(?: \w+){0,3}"),
    (1, "responsible", r"(?:\w+ ){0,3}responsib\w+(?: \w+){0,3}"),
    (1, "responsible", r"(?:\w+ ){0,2}leads?(?: (?:officers?|persons?|agency|agencies|names?|manager|organisation"
                       r"|director|partner|responsible|and role))?"),
    (1, "responsible", r"(?:\w+ )?owners?(?: name)?|(?:by )?whom?(?: (?:will|is|by)(?: \w+){0,4})?"
                       r"|accountab\w+(?: \w+){0,2}|assigned to|led by|officers?"),
    (1, "deadline", r"(?:\w+ ){0,3}(?:deadlines?|time ?scales?|time ?frames?)(?: \w+){0,3}"),
    (1, "deadline", r"(?:\w+ )?(?:target|due|completion|end|delivery|implementation)(?: completion)? date"
                    r"(?: \w+){0,3}"),
    (1, "deadline", r"date (?:due|for completion|to be completed(?: by)?)|by when|when(?: by| will \w+ be \w+)?"
                    r"|due(?: by)?|(?:to be )?completed? by|target|completion"),
    (1, "progress", r"(?:\w+ ){0,2}progress(?! (?:is|has|was|will|continues|remains)\b)(?: \w+){0,10}"),
    (1, "progress", r"(?:(?:status|monthly|quarterly|latest|current|action|officer|lead|position) )*updates?"
        r"(?! (?:is|are|has|have|was|were|will|the)\b)"
                    r"(?: \w+){0,8}"),
    (1, "progress", r"(?:current|latest)? ?position(?: \w+){0,6}|where (?:we are|are we)(?: now)?"
                    r"|what (?:we have|has been|have we) (?:done|achieved)(?: \w+){0,3}"),
    (2, "rag", r"(?:\w+ ){0,2}(?:status|rating|colour)"),
    (2, "action", r"(?:\w+ )?(?:recommendations?|tasks?)|areas? for (?:improvement|action|development)"),
    (3, "action", r"actions? (?!no\b|number|ref|id\b|date|type|taken)(?:\w+ ?){1,8}|(?:\w+ ){1,4}actions?"),
    (2, "progress", r"actions? taken(?: \w+){0,3}|achieve\w+(?: \w+){0,3}"),
    (3, "progress", r"comment(?:s|ary)?|(?:current |overall )?status"),
)  # fmt: skip
_SHAPES = tuple((strength, role, re.compile(words)) for strength, role, words in _WORDS)
# What is beside the colour or the day the plan is held to: read only where there is nothing better.
_BRACKETS = re.compile(r"\([^()]*\)")
_BESIDE = re.compile(
    r"(?:previous|last|prior|predicted|forecast|target|revised|expected) .*|(?:start|actual|review|date completed).*"
)
_DATED = {*MONTHS, "wc", "w", "c", "as", "at", "on", "of", "end", "monday", "week", "commencing", "beginning"}


@dataclass(frozen=True)
class Header:
    """The heading row of a table: its cells, and for each role the cell that heads it."""

    line: Line
    cells: tuple[Cell, ...]
    by_role: Mapping[Role, Cell]

    def written(self, role: Role) -> str:
        """The heading of a column as it is written, "" where there is none."""
        cell = self.by_role.get(role)
        return one_line(cell.text) if cell else ""

    def is_repeated_by(self, other: "Header") -> bool:
        """Whether another heading row is this one again, on the next page."""
        return all(_bare(self.written(role)) == _bare(other.written(role)) for role in ROLES)

    def values(self, line: Line) -> dict[Role, list[Cell]]:
        """The cells of a row under each heading.

        Where a row has as many cells as the headings they go together in their order, however wide each is drawn;
        else by the place in the grid.
        """
        cells = line.distinct()
        if self.goes_by_order(line):
            return {role: [cells[self.cells.index(head)]] for role, head in self.by_role.items()}
        out: dict[Role, list[Cell]] = {}
        for role, head in self.by_role.items():
            at = [
                line.cells[column]
                for column, cell in sorted(self.line.cells.items())
                if cell is head and column in line.cells
            ]
            out[role] = list(dict.fromkeys(at))
        return out

    def goes_by_order(self, line: Line) -> bool:
        """Whether a row has, as it is drawn, as many cells as there are headings."""
        return line.whole and self.line.whole and len(line.distinct()) == len(self.cells)

    def headed(self, line: Line) -> set[Cell]:
        """The cells of a row that some heading stands over."""
        if self.goes_by_order(line):
            return {cell for head, cell in zip(self.cells, line.distinct(), strict=True) if head.text}
        columns = {column for column, cell in self.line.cells.items() if cell.text}
        return {line.cells[column] for column in columns & set(line.cells)}

    def others(self) -> list[Cell]:
        """The headings that are none of the five."""
        return [cell for cell in self.cells if cell.text and cell not in self.by_role.values()]

    def progress_as_at(self) -> tuple[date | None, bool]:
        """The day the heading of the progress names; and whether it names a month only, which is no day."""
        named = day_within(self.written("progress"))
        if named is None:
            return None, False
        return (named.on, False) if named.said == "day" else (None, True)


def header_of(line: Line) -> Header | None:
    """The heading row that a row is: one with an action, and a deadline, progress or RAG beside it; else None."""
    cells = line.distinct()
    if len(cells) < 2:
        return None
    places = assigned([cell.text for cell in cells])
    if "action" not in places or not {"deadline", "progress", "rag"} & set(places):
        return None
    return Header(line, tuple(cells), {role: cells[place] for role, place in places.items()})


def assigned(headings: Sequence[str]) -> dict[Role, int]:
    """Which of these headings is which of the five, by its place among them."""
    claims: list[tuple[int, int, int, Role]] = []
    for place, text in enumerate(headings):
        if text and len(text) <= _LONGEST:
            named = day_within(one_line(text))
            claims.extend(
                (strength, -named.on.toordinal() if named else 0, place, role) for strength, role in _roles(text)
            )
    out: dict[Role, int] = {}
    for _, _, place, role in sorted(claims):
        if role not in out and place not in out.values():
            out[role] = place
    return {role: out[role] for role in ROLES if role in out}


def _roles(text: str) -> list[tuple[int, Role]]:
    bare = _bare(text)
    found = _roles_of(bare) or _roles_of(_bare(_BRACKETS.sub(" ", text)))
    if (1, "rag") in found:
        found = [(1, "rag")]  # "Progress RAG" is the colour of the progress
    return [(strength + 10, role) for strength, role in found] if _BESIDE.fullmatch(bare) else found


def _roles_of(bare: str) -> list[tuple[int, Role]]:
    return [(strength, role) for strength, role, shape in _SHAPES if shape.fullmatch(bare)]


def _bare(text: str) -> str:
    """A heading in small letters, without signs and without the date it may name."""
    words = re.sub(r"[^a-z0-9]+", " ", text.lower().replace("’", "").replace("'", "")).split()
    kept = [word for word in words if not any(letter.isdigit() for letter in word)]
    while len(kept) > 1 and kept[-1] in _DATED:
        kept.pop()
    return " ".join(kept)
