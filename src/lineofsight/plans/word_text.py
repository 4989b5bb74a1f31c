"""The text of a Word document's paragraphs, as it would be printed with every tracked change accepted."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from lineofsight.plans.cell_text import BULLET
from lineofsight.plans.parts import attribute
from lineofsight.plans.word_lists import Marker, WordLists
from lineofsight.sources.paced_xml import local_name

# What only stands around others: a content control, a link, an insertion.
_AROUND = frozenset(
    ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "hyperlink", "fldSimple", "dir", "bdo", "ruby",
     "rubyBase")
)  # fmt: skip
_LEFT = frozenset(("del", "moveFrom", "rt", "sdtPr", "sdtEndPr", "rubyPr"))
_SIGNS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_DRAWN = frozenset(("drawing", "pict", "object"))
# What the fonts of signs have at these places; any other sign is shown as unknown.
_SYMBOLS = {"F0B7": "•", "F0A7": "•", "F0FC": "✓", "F0FB": "✗", "F0E0": "→"}


@dataclass
class Beside:
    """What stands among the text and is not read: the texts of text boxes, pictures, hidden text."""

    boxes: list[str] = field(default_factory=list)
    pictures: int = 0
    hidden: bool = False


@dataclass
class CellText:
    """The paragraphs of a cell while they are gathered, each with its marker."""

    parts: list[tuple[Marker, int, str]] = field(default_factory=list)
    runs_on: bool = False

    def add(self, marker: Marker, number: int, text: str, *, runs_on: bool = False) -> None:
        """A paragraph; `runs_on` where its end was deleted, so that the next belongs to it."""
        if self.runs_on and self.parts:
            marker, number, before = self.parts.pop()
            text = before + text
        self.parts.append((marker, number, text))
        self.runs_on = runs_on

    def raw(self) -> str:
        """All of it, in what `cell_text.tidy` reads. A cell that is one numbered paragraph is no list."""
        filled = [(marker, number, text) for marker, number, text in self.parts if text.strip()]
        single = len(filled) == 1
        out = []
        for marker, number, text in filled:
            if marker == "bullet":
                out.append(BULLET + " ".join(text.split()))
            elif marker == "number" and not single:
                out.append(f"{number}. " + " ".join(text.split()))
            else:
                out.append(text)
        return "\n\n".join(out)


def children(element: etree._Element) -> Iterator[etree._Element]:
    """What stands in an element, with what was deleted left out and what only stands around others opened."""
    for child in element:
        name = local_name(child)
        if name in _LEFT:
            continue
        if name in _AROUND:
            yield from children(child)
        elif name == "AlternateContent":
            chosen = child.find("{*}Choice")
            chosen = child.find("{*}Fallback") if chosen is None else chosen
            if chosen is not None:
                yield from children(chosen)
        else:
            yield child


def add_paragraph(paragraph: etree._Element, into: CellText, lists: WordLists, beside: Beside) -> None:
    """Take a paragraph into a cell's text."""
    text = paragraph_text(paragraph, beside)
    marker, number = lists.marker(paragraph) if text.strip() else ("", 0)
    deleted_end = paragraph.find("{*}pPr/{*}rPr/{*}del") is not None
    into.add(marker, number, text, runs_on=deleted_end)


def paragraph_text(paragraph: etree._Element, beside: Beside) -> str:
    """The text of one paragraph; what is not read of it is added to `beside`."""
    out: list[str] = []
    for child in children(paragraph):
        name = local_name(child)
        if name == "r":
            _run(child, out, beside)
        elif name in ("oMath", "oMathPara"):
            out.extend(item.text or "" for item in child.iter("{*}t"))
        elif name in _DRAWN:
            _drawn(child, beside)
    return "".join(out)


def _run(run: etree._Element, out: list[str], beside: Beside) -> None:
    hidden = run.find("{*}rPr/{*}vanish")
    if hidden is not None and attribute(hidden, "val") not in ("0", "false", "off"):
        beside.hidden = beside.hidden or any((item.text or "").strip() for item in run.iter("{*}t"))
        return
    for item in children(run):
        name = local_name(item)
        if name == "t":
            out.append(item.text or "")
        elif name == "r":
            _run(item, out, beside)
        elif name in _SIGNS:
            out.append(_SIGNS[name])
        elif name == "sym":
            out.append(_SYMBOLS.get((attribute(item, "char") or "").upper(), "\ufffd"))
        elif name in _DRAWN:
            _drawn(item, beside)


def _drawn(drawn: etree._Element, beside: Beside) -> None:
    boxes = list(drawn.iter("{*}txbxContent"))
    for box in boxes:
        text = " ".join("".join(item.text or "" for item in line.iter("{*}t")) for line in box.iter("{*}p"))
        if text.strip():
            beside.boxes.append(" ".join(text.split()))
    if not boxes:
        beside.pictures += 1
