"""A committee's report as PDF/UA-1: the same document always gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lineofsight import typesetting
from lineofsight.plans.rag import FILLS
from lineofsight.web.improvement import cells

TEMPLATE = Path(__file__).with_name("report.typ")


def as_pdf(document: Mapping[str, Any]) -> bytes:
    """The document of `report.document`, on A4: the text upright, the table on its side."""
    table = document["table"]
    told = {
        **document,
        "sections": [
            {
                "heading": section["heading"],
                "paragraphs": [
                    {"number": one["number"], "parts": _parts(one["text"])} for one in section["paragraphs"]
                ],
            }
            for section in document["sections"]
        ],
        "table": {
            **table,
            "rows": [{"cells": [_parts(cell) for cell in row["cells"]], "rag": row["rag"]} for row in table["rows"]],
        },
        "fills": {colour: f"#{fill}" for colour, fill in FILLS.items()},
    }
    return typesetting.pdf(TEMPLATE, told)


def _parts(text: str) -> list[dict[str, Any]]:
    """A text as typst draws it: each part a paragraph's lines, or a list's items with the number of the first."""
    return [
        {"kind": one.kind, "texts": [block.text for block in one.blocks], "first": one.first}
        for one in cells.parts(text)
    ]
