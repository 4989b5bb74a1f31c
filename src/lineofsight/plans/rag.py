"""Red, amber and green: read from the word in a cell or, where there is none, from the colour it is filled with."""

import colorsys
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from lineofsight.plans.cell_text import one_line
from lineofsight.plans.table import Rag

RAGS: tuple[Rag, ...] = get_args(Rag)
# What a document's cell is filled with beside its word: pale, so that the word is read on it.
FILLS: Mapping[Rag, str] = {"red": "F4B6B0", "amber": "FFDD99", "green": "B7DDB0"}

NONE = "There is no RAG in this row."
ONLY_THREE = "Only red, amber and green are known as a RAG."
TWO = "It names more than one colour, so no RAG was read."
WHOLE_ROW = "The whole row is filled in one colour, which was read as its RAG: it may be no more than shading."
UNCLEAR_FILL = "The cell’s colour is not clearly red, amber or green."

_WORD = re.compile(r"[a-z]+")
_SIGNS: Mapping[str, Rag] = {"🔴": "red", "🟥": "red", "🟠": "amber", "🟡": "amber", "🟧": "amber", "🟨": "amber",
                             "🟢": "green", "🟩": "green"}  # fmt: skip
_LETTERS: Mapping[str, Rag] = {"r": "red", "a": "amber", "g": "green"}
# Where on the circle of hues each colour lies, in degrees; what lies between is not guessed.
_HUES: tuple[tuple[float, float, Rag], ...] = (
    (0, 17, "red"),
    (335, 360, "red"),
    (20, 66, "amber"),
    (74, 170, "green"),
)
_LEAST_SATURATION, _LEAST_VALUE = 0.12, 0.25


@dataclass(frozen=True)
class RagRead:
    """What a RAG cell says. `written` is its word, `why` what there is to tell of it, "" where nothing is amiss."""

    rag: Rag | None
    written: str
    why: str


def read_rag(word: str, fill: str = "", beside: str = "") -> RagRead:
    """The RAG of a cell with this word and fill (six hex digits, "" for none).

    The word counts; the fill only where there is no word. A fill that says otherwise is told, unless the action beside
    it is filled the same (`beside`): then it is the row's shading.
    """
    written = one_line(word)
    by_fill = _of_fill(fill)
    if not written:
        if by_fill:
            return RagRead(by_fill, "", WHOLE_ROW if fill == beside else "")
        return RagRead(None, "", UNCLEAR_FILL if fill and not _is_plain(fill) else NONE)
    found = _of_word(written)
    if len(found) != 1:
        return RagRead(None, written, TWO if found else ONLY_THREE)
    (rag,) = found
    differs = by_fill is not None and by_fill != rag and fill != beside
    return RagRead(
        rag, written, f"The word says {rag} and the cell’s colour {by_fill}: the word counts." if differs else ""
    )


def _of_word(written: str) -> set[Rag]:
    lower = written.lower()
    words = _WORD.findall(lower)
    found: set[Rag] = {rag for rag in RAGS if rag in words}
    found |= {rag for sign, rag in _SIGNS.items() if sign in lower}
    if not found and words and all(word in _LETTERS for word in words):
        found = {_LETTERS[word] for word in words}
    return found


def _of_fill(fill: str) -> Rag | None:
    if not fill or _is_plain(fill):
        return None
    degrees = _hsv(fill)[0] * 360
    return next((rag for low, high, rag in _HUES if low <= degrees <= high), None)


def _is_plain(fill: str) -> bool:
    """White, grey, black, or next to it: no colour that says anything."""
    _, saturation, value = _hsv(fill)
    return saturation < _LEAST_SATURATION or value < _LEAST_VALUE


def _hsv(fill: str) -> tuple[float, float, float]:
    red, green, blue = (int(fill[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return colorsys.rgb_to_hsv(red, green, blue)
