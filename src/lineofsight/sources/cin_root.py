"""Whether an XML file is a children in need census at all, before it is read: for every reader of one."""

from collections.abc import Iterator

from lxml import etree

from lineofsight.errors import PlainError
from lineofsight.sources import cin_layout as layout
from lineofsight.sources.content import Content, printable
from lineofsight.sources.paced_xml import BROKEN, Paced, events, forget, has_document_type, local_name

_ROOT = "Message"
# Between one child and the next, and before the first: a child's whole return is some thousands of bytes.
_LONGEST_CHILD = 1024**2


def check_root(content: Content) -> None:
    """Make sure an XML file is a census before it is read.

    Raises PlainError where it has a DTD, is not well-formed from the start, or has another root element.
    """
    with paced(content) as stream:
        try:
            _, root = next(events(stream, ("start",), None))
        except StopIteration as error:
            raise PlainError(f"{content.name} is XML without a single element.") from error
        except BROKEN as error:
            raise broken(content, error) from error
        refuse_document_type(content, root)
        name = printable(local_name(root))
    if name in layout.OTHER_RETURNS:
        raise PlainError(f"{content.name} is {layout.OTHER_RETURNS[name]}, not a children in need census.")
    if name != _ROOT:
        raise PlainError(f"{content.name} is XML, but not a children in need census: it begins with {name[:40]}.")


def refuse_document_type(content: Content, element: etree._Element) -> None:
    """Raises PlainError where the document declares a type."""
    if has_document_type(element):
        raise PlainError(f"{content.name} is refused: it declares a document type, which a return never does.")


def paced(content: Content) -> Paced:
    """The file while it is read, child by child."""
    return Paced(content.start(), content.name, most=_LONGEST_CHILD, without="a whole child")


def children(stream: object) -> Iterator[etree._Element]:
    """The header and each child in turn, forgotten as soon as it is used."""
    for _, element in events(stream, ("end",), ("{*}Header", "{*}Child")):
        yield element
        forget(element)


def broken(content: Content, error: Exception) -> PlainError:
    """The refusal of XML that breaks off or was never whole."""
    line = getattr(error, "lineno", None)
    where = f" at line {line:,}" if line else ""
    return PlainError(f"{content.name} is not whole, well-formed XML: it breaks{where}. Export it again.")
