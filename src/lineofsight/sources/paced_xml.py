"""XML in one streaming pass: no entity resolved, no network, and a bound between one piece and the next."""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from lxml import etree

from lineofsight.errors import PlainError
from lineofsight.sources.content import Watched

BROKEN = (etree.LxmlError, LookupError, ValueError, UnicodeError)
# How any file of somebody's is parsed, in pieces or whole.
_SAFELY: dict[str, Any] = {
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


class Paced(Watched):
    """XML while it is read: what stands between two pieces must end before it fills the memory.

    `most` bytes may go by before `taken` is called; `without` says what was waited for.
    """

    def __init__(self, stream: BinaryIO, name: str, *, most: int, without: str) -> None:
        super().__init__(stream)
        self._name, self._most, self._without = name, most, without
        self._since = 0

    def met(self, data: bytes) -> None:
        self._since += len(data)
        if self._since > self._most:
            raise PlainError(f"{self._name} goes on for more than {self._most:,} bytes without {self._without}.")

    def taken(self) -> None:
        """A piece was read and is forgotten."""
        self._since = 0


def events(stream: object, kinds: Sequence[str], tags: Sequence[str] | None) -> Iterator[tuple[str, etree._Element]]:
    """The elements of these tags as they begin or end."""
    return iter(etree.iterparse(stream, events=kinds, tag=tags, **_SAFELY))


def whole(data: bytes) -> etree._Element:
    """The root of a document that fits into the memory, read as safely."""
    return etree.fromstring(data, etree.XMLParser(**_SAFELY))


def forget(element: etree._Element) -> None:
    """Let an element go, and all that stood before it."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def has_document_type(element: etree._Element) -> bool:
    """Whether the document declares a type of its own, where entities would be."""
    return element.getroottree().docinfo.internalDTD is not None


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace."""
    tag = str(element.tag)
    return tag.rpartition("}")[2] if tag[:1] == "{" else tag
