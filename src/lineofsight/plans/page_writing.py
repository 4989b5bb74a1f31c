"""A plan as a web page of its own: one table, nothing fetched, nothing run."""

from collections.abc import Sequence
from html import escape
from itertools import groupby

from lineofsight.plans.cell_text import Block, blocks
from lineofsight.plans.rag import FILLS
from lineofsight.plans.written_table import WIDTHS, Written, WrittenRow

_STYLE = (
    "body{font-family:Arial,sans-serif;margin:2em;color:#0b0c0c}"
    "table{border-collapse:collapse;width:100%;table-layout:fixed}"
    "th,td{border:1px solid #505a5f;padding:0.5em;text-align:left;vertical-align:top;overflow-wrap:break-word}"
    "thead{display:table-header-group}p{margin:0 0 0.5em}ul,ol{margin:0 0 0.5em;padding-left:1.3em}"
)


def as_html(written: Written) -> bytes:
    """The page, in UTF-8."""
    fills = "".join(f".{rag}{{background:#{fill}}}" for rag, fill in FILLS.items())
    widths = "".join(f".w{place}{{width:{width}%}}" for place, width in enumerate(WIDTHS))
    heads = "".join(
        f'<th scope="col" class="w{place}">{escape(text)}</th>' for place, text in enumerate(written.headings)
    )
    title = escape(written.title)
    return "\n".join(
        [
            "<!DOCTYPE html>",
            # A browser keeps a page's title in its history: nothing that was typed stands there.
            '<html lang="en-GB"><head><meta charset="utf-8"><title>Action plan</title>',
            f"<style>{_STYLE}{fills}{widths}</style></head>",
            f"<body><h1>{title}</h1>",
            f"<table><thead><tr>{heads}</tr></thead><tbody>",
            *(_row(row) for row in written.rows),
            "</tbody></table></body></html>\n",
        ]
    ).encode("utf-8", "replace")


def _row(row: WrittenRow) -> str:
    cells = [f"<td>{_cell(text)}</td>" for text in row.cells[:-1]]
    coloured = f' class="{row.rag}"' if row.rag else ""
    cells.append(f"<td{coloured}>{_cell(row.cells[-1])}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _cell(text: str) -> str:
    parts = blocks(text)
    return "".join(_together(kind, list(some)) for kind, some in groupby(parts, key=lambda block: block.kind))


def _together(kind: str, some: Sequence[Block]) -> str:
    if kind == "paragraph":
        return "".join(f"<p>{'<br>'.join(escape(line) for line in block.text.splitlines())}</p>" for block in some)
    if kind == "bullet":
        return f"<ul>{''.join(f'<li>{escape(block.text)}</li>' for block in some)}</ul>"
    items = "".join(f'<li value="{block.number}">{escape(block.text)}</li>' for block in some)
    return f"<ol>{items}</ol>"
