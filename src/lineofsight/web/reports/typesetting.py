"""A pack as PDF/UA-1: its template, and the content that `rendering.document` makes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lineofsight import typesetting
from lineofsight.typesetting import FONT

__all__ = ["FONT", "TEMPLATE", "pdf"]

TEMPLATE = Path(__file__).with_name("pack.typ")


def pdf(document: Mapping[str, Any]) -> bytes:
    """The pack as a tagged PDF/UA-1 file; the same document always gives the same bytes."""
    return typesetting.pdf(TEMPLATE, document)
