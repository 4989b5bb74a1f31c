"""The thread as a picture: one line from those who saw to the children, with what stands on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lineofsight.web.evidence.thread import Node

# From those who saw down to the children. Kinds of one rank share a place on the line.
RANKS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("record",), "record signed", "records signed"),
    (("plan", "finding", "recommendation", "action"), "finding or action", "findings and actions"),
    (("pack", "evidence", "release"), "frozen document", "frozen documents"),
    (("figure", "measure"), "number", "numbers"),
    (("rows", "child"), "child", "children"),
)
STEP = 62
TOP = 26
LONGEST = 42  # characters that fit beside the line


@dataclass(frozen=True)
class Stop:
    """One place on the line: how many things stand there, and whether this is where we are."""

    y: int
    count: int
    words: str
    names: str
    here: bool
    hidden: bool


@dataclass(frozen=True)
class Picture:
    """The whole line, in view-box units, with what it says in words."""

    stops: Sequence[Stop]
    height: int
    said: str


def draw(here: Node, up: Sequence[Node], down: Sequence[Node]) -> Picture:
    """The picture of a thread. A place where nothing stands yet is drawn empty: that is what is missing."""
    everything = [here, *_flat(up), *_flat(down)]
    unseen = any(not node.visible or node.kind == "rows" and not node.url for node in everything)
    stops = []
    for place, (kinds, one, many) in enumerate(RANKS):
        found = list({(node.kind, node.key): node for node in everything if node.kind in kinds}.values())
        last = place == len(RANKS) - 1
        stops.append(
            Stop(
                y=TOP + place * STEP,
                count=0 if last and unseen else len(found),
                words=_words(found, one, many, hidden=last and unseen),
                names=_names(found),
                here=here.kind in kinds,
                hidden=last and unseen,
            )
        )
    said = ", then ".join(stop.words for stop in stops)
    return Picture(stops, TOP * 2 + STEP * (len(RANKS) - 1), f"From those who saw to the children: {said}.")


def _words(found: list[Node], one: str, many: str, *, hidden: bool) -> str:
    """'2 records signed', 'no number'; a step that stands for many says itself how many."""
    if hidden:
        return f"{many}, not shown to you"
    told = [node.label for node in found if node.kind == "rows"]
    if told:
        return told[0] if len(told) == 1 else f"{many}, behind {len(told)} numbers"
    return f"{len(found) or 'no'} {one if len(found) == 1 else many}"


def _flat(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _flat(node.branches)


def _names(nodes: list[Node]) -> str:
    """The newest by name, where one line has room for it. Children are only counted."""
    told = [node for node in nodes if node.visible and node.kind not in ("child", "rows")]
    if not told:
        return ""
    newest = max(told, key=lambda node: (node.at is not None, node.at.timestamp() if node.at else 0.0))
    said = newest.label if len(told) == 1 else f"newest: {newest.label}"
    return said if len(said) <= LONGEST else said[: LONGEST - 1].rstrip() + "…"
