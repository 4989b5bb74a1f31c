"""A document as PDF/UA-1: one typst template, its content given as JSON, nothing read from the machine."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

FONT = "Libertinus Serif"  # carried inside the typst wheel: a PDF looks the same on every machine


def pdf(template: Path, document: Mapping[str, Any]) -> bytes:
    """The document as a tagged PDF/UA-1 file; the same template and document always give the same bytes.

    `document` reaches typst as one JSON text, so no part of it is ever read as code. Fonts come from the wheel; no
    other file, no network and no clock is read.
    """
    import typst  # by who makes a PDF alone

    made: bytes = typst.compile(
        _read(template),
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        sys_inputs={"data": json.dumps(document, ensure_ascii=False, sort_keys=True)},
        timestamp=0,
    )
    return made


@lru_cache(maxsize=8)
def _read(template: Path) -> bytes:
    return template.read_bytes()
