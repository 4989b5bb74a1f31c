"""The children in need census as SSD-shaped tables, in one streaming pass.

One child is in memory at a time. No entity is resolved, no DTD read, no network touched. Ids are made from
the child's id, what the row is and its date, so that the same child loaded again has the same ids.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lxml import etree

from lineofsight.errors import PlainError
from lineofsight.schema import Issue
from lineofsight.sources import cin_layout as layout
from lineofsight.sources.cin_rows import Reader
from lineofsight.sources.content import Content, printable
from lineofsight.sources.extract import Progress, SourceTable
from lineofsight.sources.paced_xml import BROKEN, Paced, events, forget, has_document_type, local_name

_ROOT = "Message"
_STEP = 500
# Between one child and the next, and before the first: a child's whole return is some thousands of bytes.
_LONGEST_CHILD = 1024**2


@dataclass(frozen=True)
class Census:
    """A census as read: its tables, what was found, and what its header says (None where it does not)."""

    tables: dict[str, SourceTable]
    issues: list[Issue]
    reference_date: date | None
    authority: str | None
    sha256: str


def check_root(content: Content) -> None:
    """Make sure an XML file is a census before it is read.

    Raises PlainError where it has a DTD, is not well-formed from the start, or has another root element.
    """
    with _paced(content) as stream:
        try:
            _, root = next(events(stream, ("start",), None))
        except StopIteration as error:
            raise PlainError(f"{content.name} is XML without a single element.") from error
        except BROKEN as error:
            raise _broken(content, error) from error
        _refuse_dtd(content, root)
        name = printable(local_name(root))
    if name in layout.OTHER_RETURNS:
        raise PlainError(f"{content.name} is {layout.OTHER_RETURNS[name]}, not a children in need census.")
    if name != _ROOT:
        raise PlainError(f"{content.name} is XML, but not a children in need census: it begins with {name[:40]}.")


def _refuse_dtd(content: Content, element: etree._Element) -> None:
    if has_document_type(element):
        raise PlainError(f"{content.name} is refused: it declares a document type, which a return never does.")


def read_census(content: Content, progress: Progress) -> Census:
    """Read a census. Raises PlainError where it is not well-formed, cut short, or another collection."""
    check_root(content)
    reader = Reader(content.name)
    with _paced(content) as watched:
        try:
            for done, element in enumerate(_children(watched)):
                if done == 0:
                    _refuse_dtd(content, element)
                reader.take(element)
                watched.taken()
                if done % _STEP == 0:
                    progress(f"Reading {content.name}", watched.bytes_read, content.size)
        except BROKEN as error:
            raise _broken(content, error) from error
        sha256 = watched.sha256()
    if not reader.children:
        raise PlainError(f"{content.name} is a census without a single child.")
    reference_date, authority = reader.reference_date(), reader.authority()
    tables = reader.tables(sha256)
    return Census(tables, reader.issues, reference_date, authority, sha256)


def _paced(content: Content) -> Paced:
    return Paced(content.start(), content.name, most=_LONGEST_CHILD, without="a whole child")


def _children(stream: object) -> Iterator[etree._Element]:
    """The header and each child in turn, forgotten as soon as it is used."""
    for _, element in events(stream, ("end",), ("{*}Header", "{*}Child")):
        yield element
        forget(element)


def _broken(content: Content, error: Exception) -> PlainError:
    line = getattr(error, "lineno", None)
    where = f" at line {line:,}" if line else ""
    return PlainError(f"{content.name} is not whole, well-formed XML: it breaks{where}. Export it again.")
