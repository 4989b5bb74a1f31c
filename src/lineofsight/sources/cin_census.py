"""The children in need census as SSD-shaped tables, in one streaming pass.

One child is in memory at a time. No entity is resolved, no DTD read, no network touched. Ids are made from
the child's id, what the row is and its date, so that the same child loaded again has the same ids.
"""

from dataclasses import dataclass
from datetime import date

from lineofsight.errors import PlainError
from lineofsight.schema import Issue
from lineofsight.sources.cin_root import broken, check_root, children, paced, refuse_document_type
from lineofsight.sources.cin_rows import Reader
from lineofsight.sources.content import Content
from lineofsight.sources.extract import Progress, SourceTable
from lineofsight.sources.paced_xml import BROKEN

_STEP = 500


@dataclass(frozen=True)
class Census:
    """A census as read: its tables, what was found, and what its header says (None where it does not)."""

    tables: dict[str, SourceTable]
    issues: list[Issue]
    reference_date: date | None
    authority: str | None
    sha256: str


def read_census(content: Content, progress: Progress) -> Census:
    """Read a census. Raises PlainError where it is not well-formed, cut short, or another collection."""
    check_root(content)
    reader = Reader(content.name)
    with paced(content) as watched:
        try:
            for done, element in enumerate(children(watched)):
                if done == 0:
                    refuse_document_type(content, element)
                reader.take(element)
                watched.taken()
                if done % _STEP == 0:
                    progress(f"Reading {content.name}", watched.bytes_read, content.size)
        except BROKEN as error:
            raise broken(content, error) from error
        sha256 = watched.sha256()
    if not reader.children:
        raise PlainError(f"{content.name} is a census without a single child.")
    reference_date, authority = reader.reference_date(), reader.authority()
    tables = reader.tables(sha256)
    return Census(tables, reader.issues, reference_date, authority, sha256)
