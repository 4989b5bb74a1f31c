"""The parts of an Office file (.docx, .xlsx): a zip of XML, checked as any zip is before a byte of it is unpacked.

Only the parts that are asked for are read. No picture, macro or embedded file is opened, and nothing a file points at
outside itself is followed.
"""

import io
import posixpath
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import BinaryIO

from lxml import etree

from lineofsight.errors import PlainError
from lineofsight.sources import paced_xml
from lineofsight.sources.content import Content
from lineofsight.sources.zips import members, open_zip

MOST_PARTS = 5_000
MOST_PART_BYTES = 48 * 1024**2
# Of elements and attributes in one part: what a plan of thousands of rows stays far below.
MOST_MARKS = 2_000_000
# What may stand between one row and the next, which is in memory at once.
MOST_BETWEEN = 4 * 1024**2
BROKEN = (*paced_xml.BROKEN, ArithmeticError)

Relations = dict[str, tuple[str, str]]


@contextmanager
def opened(file: str, data: bytes) -> Iterator["Parts"]:
    """The parts of the file told as `file`. Raises PlainError where it is damaged or could do harm."""
    with open_zip(io.BytesIO(data), file, most_files=MOST_PARTS) as archive:
        found = members(archive, file)
        names = [_path(info.filename) for info in archive.infolist() if not info.is_dir()]
        if len(set(names)) < len(names):
            raise damaged(file)
        try:
            yield Parts(file, dict(zip(names, found, strict=True)))
        except BROKEN as error:
            raise damaged(file) from error


def damaged(file: str) -> PlainError:
    """The refusal of a file whose parts are not what they should be."""
    return PlainError(f"{file} is damaged: open it in the program it was made with and save it again.")


class Parts:
    """The parts of one Office file."""

    def __init__(self, file: str, parts: dict[str, Content]) -> None:
        self._file, self._parts = file, parts

    def __contains__(self, path: str) -> bool:
        return path in self._parts

    def paths(self) -> list[str]:
        """Where its parts are, in small letters."""
        return list(self._parts)

    def main(self) -> str | None:
        """The path of the part that the others hang on: the document, the list of sheets."""
        said = [target for kind, target in self.relations("").values() if kind == "officeDocument"]
        known = ("word/document.xml", "xl/workbook.xml", "xl/workbook.bin")
        return next((path for path in (*said, *known) if path in self._parts), None)

    def relations(self, path: str) -> Relations:
        """What a part points at inside the file: id -> (kind, path)."""
        folder, last = posixpath.split(path)
        root = self.tree(posixpath.join(folder, "_rels", f"{last}.rels"))
        out: Relations = {}
        for item in root.iter("{*}Relationship") if root is not None else ():
            target = str(item.get("Target", ""))
            if item.get("TargetMode") != "External":
                whole = target if target.startswith(("/", "\\")) else posixpath.join(folder, target)
                out[str(item.get("Id"))] = (str(item.get("Type", "")).rpartition("/")[2], _path(whole))
        return out

    def tree(self, path: str) -> etree._Element | None:
        """A part whole; None where there is none of that path. Raises PlainError where it could do harm."""
        part = self._parts.get(path)
        if part is None:
            return None
        data = part.whole(MOST_PART_BYTES)
        if data.count(b"<") + data.count(b"=") > MOST_MARKS:
            raise PlainError(f"{part.name} holds far more than an action plan does.")
        root = paced_xml.whole(data)
        self.refuse_document_type(root)
        return root

    def elements(self, path: str, *names: str) -> Iterator[etree._Element]:
        """The elements of these names in a large part, one after the other; each is forgotten after it was given."""
        with self._bounded(path, names) as stream:
            first = True
            for _, element in paced_xml.events(stream, ("end",), [f"{{*}}{name}" for name in names]):
                if first:
                    self.refuse_document_type(element)
                    first = False
                yield element
                paced_xml.forget(element)

    def refuse_document_type(self, element: etree._Element) -> None:
        """Raises PlainError where the part that `element` is of declares entities of its own."""
        if paced_xml.has_document_type(element):
            raise PlainError(f"{self._file} is refused: it declares a document type, which no Office file does.")

    def _bounded(self, path: str, names: Sequence[str]) -> BinaryIO:
        """A large part whose pieces follow each other closely enough to be read one by one."""
        part = self._parts[path]
        data = part.whole(MOST_PART_BYTES)
        pieces = re.compile(rb"<(?:[\w.-]+:)?(?:%s)[\s/>]" % "|".join(names).encode())
        places = [0, *(found.start() for found in pieces.finditer(data)), len(data)]
        if max(after - before for before, after in pairwise(places)) > MOST_BETWEEN:
            raise PlainError(f"{part.name} goes on for more than {MOST_BETWEEN:,} bytes without a whole row.")
        return io.BytesIO(data)


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its name without its namespace."""
    for written, value in element.attrib.items():
        if str(written).rpartition("}")[2] == name:
            return str(value)
    return None


def _path(path: str) -> str:
    return posixpath.normpath(path.replace("\\", "/").lstrip("/")).lower()
