"""The text of a cell as a page draws it: paragraphs and lists, in the order they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from lineofsight.plans.cell_text import Block, Kind, blocks, tidy


@dataclass(frozen=True)
class Part:
    """Paragraphs, or the items of one list, that follow each other; `first` is the number a list begins with."""

    kind: Kind
    blocks: Sequence[Block]

    @property
    def first(self) -> int:
        return self.blocks[0].number


def parts(text: str) -> list[Part]:
    """The parts of a text in the markup of a plan's cells, or of one that a person typed."""
    return [Part(kind, list(some)) for kind, some in groupby(blocks(tidy(text)), key=lambda block: block.kind)]
