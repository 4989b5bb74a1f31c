"""Colours as files write them, brought to six hex digits, and what a spreadsheet's tint makes of one."""

import colorsys
import re

_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_SHORT_HEX = re.compile(r"#([0-9a-fA-F]{3})")
_PARTS = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*(?:[,/]\s*(0|1|0?\.\d+|1\.0+)\s*)?\)")
# The names that people and programs give a cell that tells a RAG; the rest of the web's names are left.
_NAMED = {
    "red": "FF0000", "darkred": "8B0000", "crimson": "DC143C", "firebrick": "B22222", "tomato": "FF6347",
    "orangered": "FF4500", "salmon": "FA8072", "lightcoral": "F08080", "indianred": "CD5C5C", "maroon": "800000",
    "orange": "FFA500", "darkorange": "FF8C00", "gold": "FFD700", "yellow": "FFFF00", "goldenrod": "DAA520",
    "khaki": "F0E68C", "moccasin": "FFE4B5", "green": "008000", "lime": "00FF00", "limegreen": "32CD32",
    "lightgreen": "90EE90", "palegreen": "98FB98", "darkgreen": "006400", "forestgreen": "228B22",
    "seagreen": "2E8B57", "mediumseagreen": "3CB371", "springgreen": "00FF7F", "yellowgreen": "9ACD32",
    "white": "FFFFFF", "black": "000000", "blue": "0000FF", "grey": "808080", "gray": "808080",
    "lightgrey": "D3D3D3", "lightgray": "D3D3D3", "silver": "C0C0C0", "purple": "800080", "lightblue": "ADD8E6",
}  # fmt: skip


def colour(written: str) -> str:
    """A colour of a web page ("#f00", "red", "rgb(255, 0, 0)") as six hex digits; "" where it is none or not seen."""
    text = written.strip().lower().removesuffix("!important").strip()
    if text in _NAMED:
        return _NAMED[text]
    if found := _HEX.fullmatch(text):
        return found[1].upper()
    if found := _SHORT_HEX.fullmatch(text):
        return "".join(digit * 2 for digit in found[1]).upper()
    found = _PARTS.fullmatch(text)
    if found is None or (found[4] is not None and float(found[4]) == 0):
        return ""
    parts = [int(found[place]) for place in (1, 2, 3)]
    return "".join(f"{part:02X}" for part in parts) if max(parts) <= 255 else ""


def tinted(hex_digits: str, tint: float) -> str:
    """A colour made lighter (a tint above nothing) or darker, as a spreadsheet does it with a theme's colours."""
    red, green, blue = (int(hex_digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    tint = min(max(tint, -1.0), 1.0)
    light = light * (1 + tint) if tint < 0 else light + (1 - light) * tint
    return "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, light, saturation))
