"""Reading an extract: what the files are is told by what is in them, not by what they are called."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from lineofsight.errors import PlainError
from lineofsight.schema import Issue
from lineofsight.schema.headings import recognise_not_loaded
from lineofsight.sources.cin_census import read_census
from lineofsight.sources.content import Content
from lineofsight.sources.delimited import layout_of
from lineofsight.sources.extract import Extract, Progress, SourceTable, digest_of
from lineofsight.sources.facts import FILE, Facts, day_of
from lineofsight.sources.finding import find
from lineofsight.sources.ssd import Sheet, read_ssd

_TABLE_NAMES = (".csv", ".tsv", ".psv")
_WHAT_IT_IS = {
    "zip": "is a zip inside the extract: unpack it first",
    "archive": "is packed: unpack it first",
    "workbook": "is a spreadsheet workbook: save each sheet as CSV",
    "binary": "is not a text file",
    "empty": "is empty",
}
_NOT_KNOWN = "not a file this version knows; not read"


@dataclass
class _Sorted:
    sheets: list[Sheet] = field(default_factory=list)
    returns: list[Content] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def read(paths: Sequence[Path], *, as_at: date | None = None, progress: Progress | None = None) -> Extract:
    """Read one extract: a folder, a zip, CSV files, or a children in need census.

    `as_at` is the day it was true; without it, the extract's own word (`extract.toml`, the census's header).
    `progress(step, done, total)` is called as reading goes on. Nothing is written to disk. Raises PlainError,
    one sentence, where there is nothing to read, a file is not what it claims, or the day is not known.
    """
    try:
        return _read(paths, as_at, progress or _silent)
    except MemoryError as error:
        raise PlainError("This extract is larger than can be read at once on this machine.") from error


def _read(paths: Sequence[Path], as_at: date | None, tell: Progress) -> Extract:
    with ExitStack() as stack:
        found = find([Path(path) for path in paths], stack)
        sorted_files = _sort(found.files)
        if sorted_files.returns and sorted_files.sheets:
            raise PlainError(
                f"{sorted_files.returns[0].name} is a return and {sorted_files.sheets[0].content.name} is a "
                "table of a case system: load one or the other."
            )
        if len(sorted_files.returns) > 1:
            names = " and ".join(content.name for content in sorted_files.returns[:2])
            raise PlainError(f"{names} are two returns: load one at a time.")
        if sorted_files.returns:
            return _census(sorted_files, found.facts, as_at, tell)
        if not sorted_files.sheets:
            raise _nothing(found.files, sorted_files.issues)
        return _ssd(sorted_files, found.facts, as_at, tell)


def _silent(step: str, done: int, total: int) -> None:
    return None


def _sort(files: Sequence[Content]) -> _Sorted:
    out = _Sorted()
    for content in files:
        what = content.what()
        claims = content.name.lower().endswith((*_TABLE_NAMES, ".xml"))
        if what == "xml":
            out.returns.append(content)
        elif what != "text" and claims:
            raise PlainError(f"{content.name} {_WHAT_IT_IS[what]}.")
        elif what != "text":
            out.issues.append(_file_issue(content, f"{_WHAT_IT_IS[what]}; not read"))
        else:
            _sort_text(content, out)
    return out


def _sort_text(content: Content, out: _Sorted) -> None:
    if content.name.lower().endswith(".xml"):
        raise PlainError(f"{content.name} is not XML.")
    layout = layout_of(content)
    if layout.table:
        out.sheets.append(Sheet(content, layout))
        return
    spare = recognise_not_loaded(content.name)
    out.issues.append(_file_issue(content, f"{spare} is not used; not read" if spare else _NOT_KNOWN))


def _file_issue(content: Content, why: str) -> Issue:
    return Issue(content.name, None, None, None, None, None, why)


def _nothing(files: Sequence[Content], issues: Sequence[Issue]) -> PlainError:
    if not files:
        return PlainError("There is no file to read there.")
    if len(files) == 1 and issues and issues[0].why != _NOT_KNOWN:
        return PlainError(f"{issues[0].file} {issues[0].why.removesuffix('; not read')}.")
    if len(files) == 1:
        return PlainError(f"{files[0].name} is not a table this version knows: its first row has no headings of one.")
    return PlainError(f"None of the {len(files):,} files there is a table this version knows.")


def _ssd(files: _Sorted, facts: Facts, as_at: date | None, progress: Progress) -> Extract:
    day = day_of(as_at, facts.as_at)
    tables, issues = read_ssd(files.sheets, progress)
    if not tables:
        raise PlainError("No table could be read: " + issues[0].file + ": " + issues[0].why + ".")
    return Extract(
        as_at=day,
        authority=facts.authority,
        authority_name=facts.authority_name,
        population=facts.population,
        synthetic=facts.synthetic,
        kind="ssd",
        tables=tables,
        issues=(*files.issues, *issues),
        sha256=_digest(tables, facts),
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
    )


def _digest(tables: dict[str, SourceTable], facts: Facts) -> str:
    files = [(table.name, table.sha256) for table in tables.values()]
    if facts.sha256:
        files.append((FILE, facts.sha256))
    return digest_of(files)
