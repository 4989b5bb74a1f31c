"""Which paragraphs of a Word document are items of a list, and what number stands before each."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from lineofsight.plans.parts import Parts, attribute

Marker = Literal["", "bullet", "number"]

_DEEPEST_STYLE = 12
_DEEPEST_LEVEL = 8


@dataclass
class _Level:
    format: str = "decimal"
    start: int = 1


@dataclass
class _Numbering:
    """One list of the document: the kind of list it is, and the levels it begins anew."""

    abstract: str
    starts: dict[int, int] = field(default_factory=dict)


@dataclass
class _Style:
    name: str
    above: str | None
    numbered: tuple[str | None, int | None]


class WordLists:
    """The lists of a document, counted as its paragraphs go by in their order."""

    def __init__(self, parts: Parts, main: str) -> None:
        near = dict(parts.relations(main).values())
        self._levels, self._lists = _numbering(parts.tree(near.get("numbering", "")))
        self._styles = _styles(parts.tree(near.get("styles", "")))
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._begun: set[tuple[str, int]] = set()

    def marker(self, paragraph: etree._Element) -> tuple[Marker, int]:
        """What stands before a paragraph: nothing, a bullet, or a number, which is counted on."""
        properties = paragraph.find("{*}pPr")
        if properties is None:
            return "", 0
        style = _value(properties.find("{*}pStyle"))
        number, level = _numbered(properties)
        by_style = self._of_style(style)
        if number is None:
            number, level = by_style[0], by_style[1] if level is None else level
        if number is None or number == "0":
            return ("bullet", 0) if number is None and self._is_bullet_by_name(style) else ("", 0)
        known = self._lists.get(number)
        if known is None:
            return "", 0
        at = min(max(level or 0, 0), _DEEPEST_LEVEL)
        look = self._levels.get(known.abstract, {}).get(at, _Level())
        if look.format == "bullet":
            return "bullet", 0
        return ("", 0) if look.format == "none" else ("number", self._count(number, known, at, look))

    def _count(self, number: str, known: _Numbering, level: int, look: _Level) -> int:
        counts = self._counts[known.abstract]
        if level in known.starts and (number, level) not in self._begun:
            counts[level] = known.starts[level] - 1
        self._begun.add((number, level))
        counts[level] = counts.get(level, look.start - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        return counts[level]

    def _of_style(self, style: str | None) -> tuple[str | None, int | None]:
        for _ in range(_DEEPEST_STYLE):
            found = self._styles.get(style or "")
            if found is None:
                break
            if found.numbered[0] is not None:
                return found.numbered
            style = found.above
        return None, None

    def _is_bullet_by_name(self, style: str | None) -> bool:
        found = self._styles.get(style or "")
        return found is not None and found.name.lower().startswith("list bullet")


def _numbering(root: etree._Element | None) -> tuple[dict[str, dict[int, _Level]], dict[str, _Numbering]]:
    levels: dict[str, dict[int, _Level]] = {}
    lists: dict[str, _Numbering] = {}
    if root is None:
        return levels, lists
    for item in root.iterfind("{*}abstractNum"):
        levels[attribute(item, "abstractNumId") or ""] = {
            int(attribute(level, "ilvl") or 0): _Level(
                _value(level.find("{*}numFmt")) or "decimal", int(_value(level.find("{*}start")) or 1)
            )
            for level in item.iterfind("{*}lvl")
        }
    for item in root.iterfind("{*}num"):
        starts = {
            int(attribute(over, "ilvl") or 0): int(begun)
            for over in item.iterfind("{*}lvlOverride")
            if (begun := _value(over.find("{*}startOverride"))) is not None
        }
        abstract = _value(item.find("{*}abstractNumId")) or ""
        lists[attribute(item, "numId") or ""] = _Numbering(abstract, starts)
    return levels, lists


def _styles(root: etree._Element | None) -> dict[str, _Style]:
    out: dict[str, _Style] = {}
    for item in root.iterfind("{*}style") if root is not None else ():
        properties = item.find("{*}pPr")
        numbered = _numbered(properties) if properties is not None else (None, None)
        name = _value(item.find("{*}name")) or ""
        out[attribute(item, "styleId") or ""] = _Style(name, _value(item.find("{*}basedOn")), numbered)
    return out


def _numbered(properties: etree._Element) -> tuple[str | None, int | None]:
    """The list and level that a paragraph's or style's properties name."""
    found = properties.find("{*}numPr")
    if found is None:
        return None, None
    level = _value(found.find("{*}ilvl"))
    return _value(found.find("{*}numId")), int(level) if level is not None else None


def _value(element: etree._Element | None) -> str | None:
    return None if element is None else attribute(element, "val")
