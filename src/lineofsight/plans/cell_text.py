"""The text of a cell: plain, with a small fixed markup.

Paragraphs are set apart by a blank line, an item of a list stands on a line of its own that begins "• " or "1. ".
Whatever a file holds in a cell (typed bullets, html tags, odd spaces) is brought to this form by `tidy`, which leaves
a text that is in it already as it is.
"""

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["paragraph", "bullet", "number"]

BULLET = "• "
_ENTITY = re.compile(r"&(?:amp;)*(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MOST_TIMES_ESCAPED = 4
_UNSEEN = ("script", "style")
_TAG = re.compile(
    r"<(/?)(p|div|ul|ol|li|br|h[1-6]|table|thead|tbody|tr|td|th|span|strong|em|b|i|u|a|sup|sub|font|small|section"
    r"|blockquote|script|style)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_APART = {"p", "div", "ul", "ol", "table", "section", "blockquote", *(f"h{level}" for level in range(1, 7))}
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
# The signs that stand before a typed item. Within a line only the round ones are taken for the start of one.
_INLINE = re.compile(r"[^\S\n]+[•\uf0b7][^\S\n]*")
_TYPED = re.compile(r"(?:(?:[-–*] +)?(?:[•●▪■◦‣·\uf0b7\uf0a7] *)++|[-–*] +)(?=\S)")
_SIGN_ALONE = re.compile(r"(?:[-–*] +)?[•●▪■◦‣·\uf0b7\uf0a7 ]+")
_NUMBERED = re.compile(r"(\d{1,3})\. (?=\S)")
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’)\]]*$")


@dataclass(frozen=True)
class Block:
    """A paragraph, whose text may hold line breaks, or an item of a list; `number` is that of a numbered item."""

    kind: Kind
    text: str
    number: int = 0

    def written(self) -> str:
        """The block in the markup."""
        if self.kind == "number":
            return f"{self.number}. {self.text}"
        return f"{BULLET}{self.text}" if self.kind == "bullet" else self.text


def tidy(raw: str) -> str:
    """A cell's text in the markup."""
    return written(_blocks(_plain(raw)))


def blocks(text: str) -> list[Block]:
    """The paragraphs and items of a text in the markup."""
    return _blocks(text)


def written(parts: Sequence[Block]) -> str:
    """Paragraphs and items as one text: the items of a list on lines that follow each other."""
    out: list[str] = []
    for place, block in enumerate(parts):
        if place:
            together = block.kind != "paragraph" and parts[place - 1].kind == block.kind
            out.append("\n" if together else "\n\n")
        out.append(block.written())
    return "".join(out)


def joined(parts: Sequence[str]) -> str:
    """A text that goes on in other cells, as one.

    It runs on where what stands before does not end a sentence and what follows begins no list; else what follows
    is a new paragraph.
    """
    out: list[Block] = []
    for part in parts:
        after = blocks(part)
        if out and after and after[0].kind == "paragraph" and not ends_a_sentence(out[-1].text):
            last = out.pop()
            head, rest = after[0].text, ""
            if last.kind != "paragraph":
                # An item is one line: what follows the first line is a paragraph of its own.
                head, _, rest = head.partition("\n")
            after[:1] = [Block("paragraph", rest)] if rest else []
            out.append(Block(last.kind, f"{last.text} {head}", last.number))
        out.extend(after)
    return tidy(written(out))


def ends_a_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return _SENTENCE_END.search(text[-40:]) is not None


def one_line(text: str) -> str:
    """A text of the markup on one line."""
    return " ".join(text.split())


def _plain(raw: str) -> str:
    """Text without tags, entities, control characters or odd spaces; tags become the line breaks they stand for."""
    text = raw
    for _ in range(_MOST_TIMES_ESCAPED):
        before = text
        text = _without_controls(_LINE_ENDS.sub("\n", text))
        if "&" in text:
            text = _ENTITY.sub(lambda found: html.unescape(f"&{found[1]};"), text)
        if "<" in text:
            text = _without_tags(text)
        if text == before:
            break
    text = _SPACES.sub(" ", _without_controls(text))
    return _INLINE.sub(f"\n{BULLET}", text)


def _without_controls(text: str) -> str:
    """Text without what no document may hold: control characters, halves of pairs, characters that are none."""
    return text if text.isprintable() else "".join(letter for letter in text if _is_text(letter))


def _is_text(letter: str) -> bool:
    if letter in "\n\t":
        return True
    return unicodedata.category(letter) not in ("Cc", "Cs") and letter not in "\ufeff\ufffe\uffff"


def _without_tags(text: str) -> str:
    out: list[str] = []
    numbered: list[int] = []
    place = 0
    unseen: tuple[str, int] | None = None  # a script or style that is open, and where its text begins in `out`
    for tag in _TAG.finditer(text):
        name, closes = tag[2].lower(), bool(tag[1])
        out.append(text[place : tag.start()])
        place = tag.end()
        if unseen and closes and name == unseen[0]:
            del out[unseen[1] :]
            unseen = None
        elif unseen is None and not closes and name in _UNSEEN:
            unseen = (name, len(out))
        out.append(_standing_for(name, closes, numbered))
    out.append(text[place:])
    return "".join(out)


def _standing_for(name: str, closes: bool, numbered: list[int]) -> str:
    """What a tag means in the markup. `numbered` are the lists that are open: the last number, -1 without numbers."""
    if name in ("ul", "ol"):
        if not closes:
            numbered.append(0 if name == "ol" else -1)
        elif numbered:
            numbered.pop()
    if name == "li":
        if closes:
            return "\n"
        if numbered and numbered[-1] >= 0:
            numbered[-1] += 1
            return f"\n{numbered[-1]}. "
        return f"\n{BULLET}"
    if name in ("br", "tr"):
        return "\n"
    if name in _APART:
        return "\n\n"
    return " " if name in ("td", "th") else ""


def _blocks(text: str) -> list[Block]:
    out: list[Block] = []
    gathered: list[str] = []

    def close() -> None:
        if gathered:
            out.append(Block("paragraph", "\n".join(gathered)))
            gathered.clear()

    for raw in text.split("\n"):
        line = raw.strip()
        empty = not line or _SIGN_ALONE.fullmatch(line) is not None
        item = None if empty else _item(line)
        if empty or item is not None:
            close()
        if item is not None:
            out.append(item)
        elif not empty:
            gathered.append(line)
    close()
    return out


def _item(line: str) -> Block | None:
    numbered = _NUMBERED.match(line)
    if numbered:
        return Block("number", line[numbered.end() :], int(numbered[1]))
    typed = _TYPED.match(line)
    return Block("bullet", line[typed.end() :]) if typed else None
