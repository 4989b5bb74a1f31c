"""A plan's table on its way into a document: its title, its five headings, and the cells of each row."""

from dataclasses import dataclass

from lineofsight.plans.table import Rag

# How wide the five columns are drawn, in parts of the whole.
WIDTHS = (24, 14, 11, 43, 8)


@dataclass(frozen=True)
class WrittenRow:
    """The five cells of a row in the markup of `cell_text`, and the RAG the last is coloured by."""

    cells: tuple[str, str, str, str, str]
    rag: Rag | None


@dataclass(frozen=True)
class Written:
    """The whole table."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[WrittenRow, ...]
