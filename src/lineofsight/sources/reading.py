"""Reading an extract: what the files are is told by what is in them, not by what they are called."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from lineofsight.errors import PlainError
from lineofsight.schema import Issue
from lineofsight.schema.headings import recognise_not_loaded
from lineofsight.sources.cin_census import read_census
from lineofsight.sources.columns import Grid
from lineofsight.sources.content import Content
from lineofsight.sources.delimited import layout_of, read_delimited
from lineofsight.sources.extract import Extract, NotRead, Progress, SourceTable, digest_of
from lineofsight.sources.facts import FILE, Facts, day_of
from lineofsight.sources.finding import find
from lineofsight.sources.ssd import read_ssd

_TABLE_NAMES = (".csv", ".tsv", ".psv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_WHAT_IT_IS = {
    "zip": "is a zip inside the extract: unpack it first",
    "archive": "is packed: unpack it first",
    "old workbook": "is a workbook of the old kind (.xls): save it as .xlsx",
    "open document": "is an OpenDocument file: save it as .xlsx",
    "binary": "is not a text file",
    "empty": "is empty",
}
_LOCKED = "has a password: take it off, and save the workbook without one"
_NOT_KNOWN = "not a file this version knows; not read"


@dataclass
class _Sorted:
    grids: list[Grid] = field(default_factory=list)
    returns: list[Content] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    not_read: list[NotRead] = field(default_factory=list)
    cells: int = 0

    def pass_over(self, content: Content, why: str, *, table: str | None = None) -> None:
        """A file that gives no table: told, and not read."""
        self.issues.append(Issue(content.name, None, table, None, None, None, why))
        self.not_read.append(NotRead(content.name, None, table, 0, why))


def read(paths: Sequence[Path | Content], *, as_at: date | None = None, progress: Progress | None = None) -> Extract:
    """Read one extract: a folder, a zip, CSV files, workbooks, or a children in need census.

    `as_at` is the day it was true; without it, the extract's own word (`extract.toml`, the census's header).
    `progress(step, done, total)` is called as reading goes on. Nothing is written to disk. Raises PlainError,
    one sentence, where there is nothing to read, a file is not what it claims, or the day is not known.
    """
    try:
        return _read(paths, as_at, progress or _silent)
    except MemoryError as error:
        raise PlainError("This extract is larger than can be read at once on this machine.") from error


def _read(paths: Sequence[Path | Content], as_at: date | None, tell: Progress) -> Extract:
    with ExitStack() as stack:
        found = find([path if isinstance(path, Content) else Path(path) for path in paths], stack)
        sorted_files = _sort(found.files, tell)
        if sorted_files.returns and sorted_files.grids:
            raise PlainError(
                f"{sorted_files.returns[0].name} is a return and {sorted_files.grids[0].told_as} is a "
                "table of a case system: load one or the other."
            )
        if len(sorted_files.returns) > 1:
            names = " and ".join(content.name for content in sorted_files.returns[:2])
            raise PlainError(f"{names} are two returns: load one at a time.")
        if sorted_files.returns:
            return _census(sorted_files, found.facts, as_at, tell)
        if not sorted_files.grids:
            raise _nothing(found.files, sorted_files.issues)
        return _ssd(sorted_files, found.facts, as_at, tell)


def _silent(step: str, done: int, total: int) -> None:
    return None


def _sort(files: Sequence[Content], tell: Progress) -> _Sorted:
    out = _Sorted()
    for content in files:
        what = content.what()
        if what == "xml":
            out.returns.append(content)
        elif what == "text":
            _sort_text(content, out)
        elif what == "workbook":
            _sort_workbook(content, out, tell)
        else:
            told = _why_not(content, what)
            if content.name.lower().endswith((*_TABLE_NAMES, ".xml")):
                raise PlainError(f"{content.name} {told}.")
            out.pass_over(content, f"{told}; not read")
    return out


def _why_not(content: Content, what: str) -> str:
    if what == "old workbook":
        from lineofsight.sources.workbook_parts import has_password  # late, as in _sort_workbook

        if has_password(content):
            return _LOCKED
    return _WHAT_IT_IS[what]


def _sort_text(content: Content, out: _Sorted) -> None:
    if content.name.lower().endswith(".xml"):
        raise PlainError(f"{content.name} is not XML.")
    layout = layout_of(content)
    if layout.table:
        read = partial(read_delimited, content, layout)
        out.grids.append(Grid(content.name, None, layout.header, layout.table, layout.encoding, read))
        return
    spare = recognise_not_loaded(content.name)
    out.pass_over(content, f"{spare} is not used; not read" if spare else _NOT_KNOWN)


def _sort_workbook(content: Content, out: _Sorted, tell: Progress) -> None:
    """A workbook's sheets, read as they are recognised: it is unpacked once."""
    # late: every web process imports this module, and the workbook reader is 10 MB of it
    from lineofsight.sources.workbook_cells import MOST_CELLS
    from lineofsight.sources.workbooks import read_workbook

    book = read_workbook(content, MOST_CELLS - out.cells, tell)
    if book is None:
        out.pass_over(content, _NOT_KNOWN)
        return
    out.cells += book.cells
    out.grids.extend(book.grids)
    out.issues.extend(book.issues)
    out.not_read.extend(book.not_read)


def _nothing(files: Sequence[Content], issues: Sequence[Issue]) -> PlainError:
    if not files:
        return PlainError("There is no file to read there.")
    if len(files) == 1 and any(issue.sheet for issue in issues):
        return PlainError(f"No sheet of {files[0].name} is a table this version knows: none has the headings of one.")
    if len(files) == 1 and issues and issues[0].why != _NOT_KNOWN:
        return PlainError(f"{issues[0].file} {issues[0].why.removesuffix('; not read')}.")
    if len(files) == 1:
        return PlainError(f"{files[0].name} is not a table this version knows: its first row has no headings of one.")
    return PlainError(f"None of the {len(files):,} files there is a table this version knows.")


def _ssd(files: _Sorted, facts: Facts, as_at: date | None, progress: Progress) -> Extract:
    day = day_of(as_at, facts.as_at)
    read = read_ssd(files.grids, progress)
    if not read.tables:
        first = read.not_read[0]
        raise PlainError(f"No table could be read: {first.file}: {first.why}.")
    return Extract(
        as_at=day,
        authority=facts.authority,
        authority_name=facts.authority_name,
        population=facts.population,
        synthetic=facts.synthetic,
        kind="ssd",
        tables=read.tables,
        issues=(*files.issues, *read.issues),
        sha256=_digest(read.tables, facts),
        not_read=(*files.not_read, *read.not_read),
    )


def _census(files: _Sorted, facts: Facts, as_at: date | None, progress: Progress) -> Extract:
    census = read_census(files.returns[0], progress)
    day = day_of(as_at, facts.as_at or census.reference_date)
    return Extract(
        as_at=day,
        authority=facts.authority or census.authority,
        authority_name=facts.authority_name,
        population=facts.population,
        synthetic=facts.synthetic,
        kind="cin_census",
        tables=census.tables,
        issues=(*files.issues, *census.issues),
        sha256=_digest(census.tables, facts),
        not_read=tuple(files.not_read),
    )


def _digest(tables: dict[str, SourceTable], facts: Facts) -> str:
    files = [(table.name, table.sha256) for table in tables.values()]
    if facts.sha256:
        files.append((FILE, facts.sha256))
    return digest_of(files)
