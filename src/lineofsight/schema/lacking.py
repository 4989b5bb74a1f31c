"""The columns a file has not got: told one by one where a measure needs them, and whose new name stands beside them.

A renamed column is two things at once, a heading nobody knows and a column that is not there; where the two are
alike, each is told with the other's name so that a person can join them. Real extracts lack columns that no measure
reads: those are told in one line a table, so that what matters is not drowned.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from importlib import resources

from lineofsight.schema.headings import heading
from lineofsight.schema.issue import Issue, shown
from lineofsight.schema.layout import Table, tables

LACKING = "there is no such column; what needs it is not measured"
NOT_USED = "there is no such column"
OTHERS_LACKING = "columns that no measure needs yet are lacking too"

# As alike as a column and its old name are; below it, a guess would send people the wrong way.
_ALIKE = 0.75
# Headings are compared letter by letter: what is longer is no heading, and a table has not so many strange ones.
_LONGEST, _MOST = 80, 60


@cache
def needed() -> Mapping[str, frozenset[str]]:
    """By table, the columns that some measure needs (`needed.toml`, which `make docs` gathers from them)."""
    text = resources.files(__package__).joinpath("needed.toml").read_text("utf-8")
    return {table: frozenset(columns) for table, columns in tomllib.loads(text).items()}


def likely(table: Table, headings: Sequence[str]) -> dict[str, str]:
    """For headings as written that are no column of the table, the lacking column each is most like: heading -> column.

    A column is given to one heading only, the likest; a heading like none has no entry.
    """
    lacking = _lacking(table, headings)
    known = {column.name for column in table.columns}
    strange = [written for written in dict.fromkeys(headings) if heading(written) not in known][:_MOST]
    pairs = sorted(
        (-likeness, written, name)
        for written in strange
        for name in lacking
        if (likeness := _likeness(heading(written), name)) >= _ALIKE
    )
    found: dict[str, str] = {}
    for _, written, name in pairs:
        if written not in found and name not in found.values():
            found[written] = name
    return found


def lacking_columns(table_name: str, headings: Sequence[str], *, file: str, sheet: str | None = None) -> list[Issue]:
    """An issue for each column of the table that a file with these headings has not got.

    One each for those that a measure needs or that seem to stand there under another name, one for all the rest
    together. Raises KeyError for an unknown table.
    """
    table = tables()[table_name]
    alike = {name: written for written, name in likely(table, headings).items()}
    issues: list[Issue] = []
    rest: list[str] = []
    for name in _lacking(table, headings):
        if name not in needed().get(table_name, ()) and name not in alike:
            rest.append(name)
            continue
        why = LACKING if name in needed().get(table_name, ()) else NOT_USED
        issues.append(Issue(file, sheet, table_name, None, name, None, why + _asked(alike.get(name))))
    if rest:
        issues.append(Issue(file, sheet, table_name, None, None, None, f"{OTHERS_LACKING}: {', '.join(rest)}"))
    return issues


def other_name(table_name: str, headings: Sequence[str], column: str) -> str:
    """A question to put after what is said of a lacking column: whether it is the heading most like it, if any is."""
    alike = {name: written for written, name in likely(tables()[table_name], headings).items()}
    return _asked(alike.get(column))


def _asked(written: str | None) -> str:
    return "" if written is None else f"; is it the column headed {shown(written)}?"


def _lacking(table: Table, headings: Iterable[str]) -> list[str]:
    has = {heading(written) for written in headings}
    return [column.name for column in table.columns if column.name not in has]


def _likeness(written: str, name: str) -> float:
    """How alike a heading and a column's name are, with and without the prefix that the SSD's columns carry."""
    if not written or len(written) > _LONGEST:
        return 0.0
    bare = name.partition("_")[2]
    return max(_ratio(written, name), _ratio(written, bare), _ratio(written.partition("_")[2] or written, bare))


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _ALIKE else 0.0
