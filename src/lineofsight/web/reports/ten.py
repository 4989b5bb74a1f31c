"""The month's ten as a pack tells it: to the Director in counts and issues, to the Lead Member the released texts.

No child is in it: the Director opens the list itself, and the Lead Member knows a child by the month's letters alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lineofsight.web.practice import wording
from lineofsight.web.practice.queries.standing import Standing
from lineofsight.web.practice.ten import queries
from lineofsight.web.practice.ten.found import NotWorkedOut

NOT_A_PREDICTION = "It is not a prediction: rules in plain words put children on the list, and nobody has a score."


def part(office: str, month: date, stand: Standing) -> dict[str, Any] | None:
    """What the pack of `office` holds of it; None where the extract gives no ten, or nothing was released."""
    if office != "dcs":
        texts = [
            {"id": one.pk, "code": one.code, "text": one.words, "by": one.released_by, "on": _day(one)}
            for one in queries.released_in(month)
        ]
        return {"texts": texts} if texts else None
    try:
        told = queries.summary(stand)
    except NotWorkedOut:
        return None
    return {
        "sentence": told.sentence,
        "because": told.because,
        "frozen": told.frozen,
        "issues": [{"words": words, "children": count} for words, count in told.issues],
        "texts": [],
    }


def document(told: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The same in the words of a rendering."""
    if told is None:
        return None
    said = " ".join(filter(None, [told.get("sentence", ""), told.get("because", "")]))
    not_frozen = told.get("sentence") and not told.get("frozen")
    return {
        "heading": "Children to talk about this month",
        "said": f"{said} The list was not frozen when this pack was made." if not_frozen else said,
        "issues": [
            f"{one['words'].removesuffix('.')}: {wording.counted(one['children'], 'child', 'children')}."
            for one in told.get("issues", ())
        ],
        "texts": [_text(one) for one in told["texts"]],
        "note": NOT_A_PREDICTION
        if told.get("sentence")
        else "Each text is about one child, whose letters change monthly.",
    }


def _text(one: Mapping[str, Any]) -> dict[str, Any]:
    paragraphs = [part.strip() for part in one["text"].splitlines() if part.strip()]
    said = f"Released by {one['by']}, {wording.day(date.fromisoformat(one['on']))}."
    return {"code": one["code"], "paragraphs": paragraphs, "said": said}


def _day(one: queries.Text) -> str:
    return one.released_at.date().isoformat()
