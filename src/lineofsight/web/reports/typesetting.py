"""A pack as PDF/UA-1: one typst template, the content given to it as JSON, nothing read from the machine."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

TEMPLATE = Path(__file__).with_name("pack.typ")
FONT = "Libertinus Serif"  # carried inside the typst wheel: a PDF looks the same on every machine


def pdf(document: Mapping[str, Any]) -> bytes:
    """The pack as a tagged PDF/UA-1 file; the same document always gives the same bytes.

    `document` is what `rendering.document` makes. It reaches typst as one JSON text, so no part of it is ever
    read as code. Fonts come from the wheel; no file, network or clock is read.
    """
    import typst  # by who makes a PDF alone

    made: bytes = typst.compile(
        _template(),
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        sys_inputs={"data": json.dumps(document, ensure_ascii=False, sort_keys=True)},
        timestamp=0,
    )
    return made


@lru_cache(maxsize=1)
def _template() -> bytes:
    return TEMPLATE.read_bytes()
