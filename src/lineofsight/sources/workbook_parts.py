"""The parts of a spreadsheet workbook (.xlsx, .xlsm): its sheets, its texts, and which styles show a date.

A workbook is a zip of XML. It is checked as any zip is before a byte is unpacked, and only the parts that tell of
cells are read: no picture, no macro, no formula, no link to another workbook.
"""

import io
import posixpath
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_datetime, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from lineofsight.errors import PlainError
from lineofsight.sources.content import Content, printable
from lineofsight.sources.paced_xml import BROKEN, Paced, events, forget, has_document_type, local_name
from lineofsight.sources.zips import members, open_zip

MOST_BYTES = 64 * 1024**2
MOST_PARTS = 5_000
MOST_SHEETS = 200
# What a workbook says of itself is some kilobytes; with styles that were copied for years, some megabytes.
_MOST_SMALL = 8 * 1024**2
_MOST_TEXTS = 2_000_000
_MOST_CHARACTERS = 64 * 1024**2
_LONGEST_TEXT = 4 * 1024**2
_LONGEST_FORMAT = 255
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PASSWORD = "EncryptedPackage".encode("utf-16-le")

Style = Literal["date", "time", "duration"]


@dataclass(frozen=True)
class Part:
    """A sheet: its name as its tab shows it, whether the tab is hidden, and where its cells are."""

    name: str
    hidden: bool
    content: Content


def has_password(content: Content) -> bool:
    """Whether a file of the old Office kind is a workbook of the new kind with a password on it."""
    tail = b""
    with content.start() as stream:
        while piece := stream.read(1 << 20):
            if _PASSWORD in tail + piece:
                return True
            tail = piece[-len(_PASSWORD) :]
    return False


@contextmanager
def opened(name: str, data: bytes) -> Iterator["Package"]:
    """The workbook told as `name` whose bytes are `data`. Raises PlainError where it is damaged or could do harm."""
    with open_zip(io.BytesIO(data), name, most_files=MOST_PARTS) as archive:
        parts = members(archive, name)
        inside = [_path(info.filename) for info in archive.infolist() if not info.is_dir()]
        if len(set(inside)) < len(inside):
            raise damaged(name)
        try:
            yield Package(name, dict(zip(inside, parts, strict=True)))
        except BROKEN as error:
            raise damaged(name) from error


def damaged(name: str) -> PlainError:
    """The refusal of a workbook whose parts are not what they should be."""
    return PlainError(f"{name} is a damaged workbook: open it in a spreadsheet program and save it again.")


class Package:
    """A workbook opened."""

    def __init__(self, name: str, parts: Mapping[str, Content]) -> None:
        self._name, self._parts = name, parts
        self._book = self._main()
        self._near = self._relations(self._book) if self._book else {}

    def is_workbook(self) -> bool:
        """Whether it holds sheets at all: other Office files do not. Raises PlainError for the binary kind (.xlsb)."""
        if self._book is None:
            return False
        if self._book.endswith(".bin"):
            raise PlainError(f"{self._name} is a binary workbook (.xlsb): save it as .xlsx.")
        root = self._tree(self._book)
        return root is not None and local_name(root) == "workbook"

    def sheets(self) -> list[Part]:
        """The sheets that hold cells, in the order of their tabs."""
        root = self._tree(self._book or "")
        found = list(root.iter("{*}sheet")) if root is not None else []
        if len(found) > MOST_SHEETS:
            raise PlainError(f"{self._name} has {len(found):,} sheets; at most {MOST_SHEETS} are read.")
        out = []
        for item in found:
            kind, target = self._near.get(_relation_id(item), ("", ""))
            if kind == "worksheet":
                if target not in self._parts:
                    raise damaged(self._name)
                name = printable(str(item.get("name", "")))
                out.append(Part(name, item.get("state", "visible") != "visible", self._parts[target]))
        return out

    def epoch(self) -> datetime:
        """The day from which its dates are counted."""
        root = self._tree(self._book or "")
        said = next((item.get("date1904") for item in root.iter("{*}workbookPr")), None) if root is not None else None
        day: datetime = CALENDAR_MAC_1904 if said in ("1", "true") else CALENDAR_WINDOWS_1900
        return day

    def styles(self) -> dict[int, Style]:
        """The styles, by number, whose cells are dates, times or durations written as numbers."""
        root = self._tree(self._of_kind("styles"))
        if root is None:
            return {}
        formats: dict[int, str] = dict(BUILTIN_FORMATS)
        for item in root.iter("{*}numFmt"):
            formats[int(item.get("numFmtId", "0"))] = str(item.get("formatCode", ""))
        looks = [formats.get(int(xf.get("numFmtId", "0"))) for cell in root.iter("{*}cellXfs") for xf in cell]
        styles = {number: _style(look) for number, look in enumerate(looks)}
        return {number: style for number, style in styles.items() if style is not None}

    def texts(self) -> list[str]:
        """The texts that cells of every sheet point at by number."""
        part = self._parts.get(self._of_kind("sharedStrings"))
        if part is None:
            return []
        out: list[str] = []
        characters = 0
        with Paced(part.start(), part.name, most=_LONGEST_TEXT, without="a whole text") as watched:
            for _, element in events(watched, ("end",), ("{*}si",)):
                if not out:
                    self.refuse_document_type(element)
                above = element.getparent()
                if above is None or local_name(above) != "sst":
                    raise damaged(self._name)
                text = text_in(element)
                out.append(text)
                characters += len(text)
                if len(out) > _MOST_TEXTS or characters > _MOST_CHARACTERS:
                    raise PlainError(
                        f"{self._name} holds more text than is read of a workbook: save its sheets as CSV."
                    )
                forget(element)
                watched.taken()
        return out

    def refuse_document_type(self, element: etree._Element) -> None:
        """Raises PlainError where the part that `element` is of declares entities of its own."""
        if has_document_type(element):
            raise PlainError(f"{self._name} is refused: it declares a document type, which a workbook never does.")

    def _main(self) -> str | None:
        """The path of the part that lists the sheets."""
        said = [target for kind, target in self._relations("").values() if kind == "officeDocument"]
        known = [path for path in (*said, "xl/workbook.xml", "xl/workbook.bin") if path in self._parts]
        return known[0] if known else None

    def _of_kind(self, kind: str) -> str:
        return next((target for told, target in self._near.values() if told == kind), "")

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        """What a part points at inside the workbook: id -> (kind, path)."""
        folder, last = posixpath.split(path)
        root = self._tree(posixpath.join(folder, "_rels", f"{last}.rels"))
        out = {}
        for item in root.iter("{*}Relationship") if root is not None else ():
            target = str(item.get("Target", ""))
            if item.get("TargetMode") != "External":
                whole = target if target.startswith(("/", "\\")) else posixpath.join(folder, target)
                kind = str(item.get("Type", "")).rpartition("/")[2]
                out[str(item.get("Id"))] = (kind, _path(whole))
        return out

    def _tree(self, path: str) -> etree._Element | None:
        """A small part whole; None where the workbook has none of that path."""
        part = self._parts.get(path)
        if part is None:
            return None
        parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
        root = etree.fromstring(part.whole(_MOST_SMALL), parser)
        self.refuse_document_type(root)
        return root


def text_in(element: etree._Element) -> str:
    """The text of a shared or inline string: its runs joined, without the readings that stand over them."""
    runs = [run for run in element.iter("{*}t") if (above := run.getparent()) is None or local_name(above) != "rPh"]
    text = "".join(run.text or "" for run in runs)
    return _ESCAPED.sub(_unescaped, text) if "_x" in text else text


def _unescaped(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if code == 0 or 0xD800 <= code <= 0xDFFF else chr(code)


def _relation_id(item: etree._Element) -> str:
    return next((str(value) for name, value in item.attrib.items() if str(name).endswith("}id")), "")


def _path(path: str) -> str:
    return posixpath.normpath(path.replace("\\", "/").lstrip("/")).lower()


def _style(look: str | None) -> Style | None:
    if look is None or len(look) > _LONGEST_FORMAT:
        return None
    if is_timedelta_format(look):
        return "duration"
    kind = is_datetime(look)
    return "time" if kind == "time" else "date" if kind else None
