"""How a workbook's cells look, as far as it says something: what they are filled with, which numbers are days."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lxml import etree
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_datetime, is_timedelta_format
from openpyxl.utils.datetime import from_excel

from lineofsight.plans.colours import tinted
from lineofsight.plans.parts import Parts

Shown = Literal["day", "month", "time", "percent", "number"]

_LONGEST_FORMAT = 255
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_WORKBOOK_HEX = re.compile(r"(?:[0-9a-fA-F]{2})?([0-9a-fA-F]{6})")
# A theme lists dark before light; a cell's number counts light before dark.
_SWAPPED = {0: 1, 1: 0, 2: 3, 3: 2}


@dataclass(frozen=True)
class Look:
    """The look of a style: its fill as six hex digits, "" for none, and how it shows a number."""

    fill: str = ""
    shown: Shown = "number"


def looks(parts: Parts, styles: str, theme: str) -> list[Look]:
    """The looks of a workbook by the numbers its cells give."""
    root = parts.tree(styles)
    if root is None:
        return []
    colours = _theme(parts.tree(theme))
    fills = [_fill(item, colours) for item in root.iterfind("{*}fills/{*}fill")]
    formats: dict[int, str] = dict(BUILTIN_FORMATS)
    for item in root.iterfind("{*}numFmts/{*}numFmt"):
        formats[int(item.get("numFmtId", "0"))] = str(item.get("formatCode", ""))
    out = []
    for item in root.iterfind("{*}cellXfs/{*}xf"):
        fill = int(item.get("fillId", "0"))
        shown = _shown(formats.get(int(item.get("numFmtId", "0")), "General"))
        out.append(Look(fills[fill] if 0 <= fill < len(fills) else "", shown))
    return out


def number_as_shown(value: str, shown: Shown, epoch: datetime) -> str:
    """A number as a person sees it: a day as "28 September 2012", a share as "85%", a whole one without its ".0"."""
    number = float(value)
    if shown in ("day", "month") and number > 0:
        try:
            when = from_excel(number, epoch)
        except (OverflowError, ValueError):
            when = None
        if isinstance(when, datetime):
            return f"{when:%B %Y}" if shown == "month" else f"{when.day} {when:%B %Y}"
    if shown == "percent":
        return f"{round(number * 100, 6):g}%"
    whole = number.is_integer() and abs(number) < 1e15
    return str(int(number)) if whole else f"{number:.10g}"


def _shown(code: str) -> Shown:
    if len(code) > _LONGEST_FORMAT or is_timedelta_format(code):
        return "number"
    kind = is_datetime(code)
    if kind is None:
        return "percent" if "%" in _QUOTED.sub("", code) else "number"
    if kind == "time":
        return "time"
    return "day" if "d" in _QUOTED.sub("", code).lower() else "month"


def _theme(root: etree._Element | None) -> list[str]:
    scheme = root.find("{*}themeElements/{*}clrScheme") if root is not None else None
    out: list[str] = []
    for item in scheme if scheme is not None else ():
        said = next(iter(item), None)
        value = "" if said is None else str(said.get("lastClr") or said.get("val") or "")
        out.append(value.upper() if _WORKBOOK_HEX.fullmatch(value) else "")
    return out


def _fill(item: etree._Element, theme: list[str]) -> str:
    pattern = item.find("{*}patternFill")
    if pattern is None or pattern.get("patternType", "none") == "none":
        return ""
    colour = pattern.find("{*}fgColor")
    if colour is None:
        return ""
    written = _written(colour, theme)
    tint = float(colour.get("tint", "0"))
    return tinted(written, tint) if written and tint else written


def _written(colour: etree._Element, theme: list[str]) -> str:
    rgb, at, indexed = colour.get("rgb"), colour.get("theme"), colour.get("indexed")
    if at is not None:
        place = _SWAPPED.get(int(at), int(at))
        return theme[place] if 0 <= place < len(theme) else ""
    if rgb is None and indexed is not None and 0 <= int(indexed) < len(COLOR_INDEX):
        rgb = str(COLOR_INDEX[int(indexed)])
    found = _WORKBOOK_HEX.fullmatch(rgb or "")
    return found[1].upper() if found else ""
