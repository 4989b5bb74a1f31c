"""What the leads of the headline measures say, as a pack tells it: to the Director as written, to the Lead Member the
released texts alone. What nobody has written is named: silence is no good news (DESIGN 7.6).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lineofsight import clock
from lineofsight.web.access.offices import offices
from lineofsight.web.practice import wording
from lineofsight.web.practice.monthly import queries
from lineofsight.web.practice.monthly.queries import Row
from lineofsight.web.practice.queries.standing import Standing

HEADING = "What the leads of the measures say"
NOTHING = "Nobody has written about any headline measure yet."
EVERY = "Lines are written for every headline measure."
NOT_YET = "Not written yet when this pack was made; due by"
TOLD = "Released by the Director, and about no child. Where nothing is released, that is not good news."
THREE = (("changed", "What changed"), ("why", "Why"), ("next", "What next"))


def part(office: str, month: date, stand: Standing) -> dict[str, Any]:
    """What the pack of `office` holds of the month's lines. No pack differs because a day passed."""
    found = queries.for_pack(stand)
    told: dict[str, Any] = {"due": found.due_on.isoformat()}
    if office == "dcs":
        return told | {"rows": [_row(one) for one in found.rows]}
    texts = queries.released_in(month)
    return told | {
        "texts": [
            {
                "id": texts[one.measure.id].pk,
                "measure": one.measure.id,
                "title": one.measure.title,
                "text": texts[one.measure.id].text,
                "by": texts[one.measure.id].released_by_name,
                "on": _day(texts[one.measure.id].released_at),
            }
            for one in found.rows
            if one.measure.id in texts
        ],
        "unwritten": [one.measure.title for one in found.missing],
        "unreleased": [one.measure.title for one in found.rows if one.lines and one.measure.id not in texts],
    }


def _row(one: Row) -> dict[str, Any]:
    told: dict[str, Any] = {"measure": one.measure.id, "title": one.measure.title, "lines": None}
    if one.lines is None:
        return told | {"lead": one.lead.words if one.lead else ""}
    held = offices().get(one.lines.office)
    told["lines"] = {
        "changed": one.lines.changed,
        "why": one.lines.why,
        "next": one.lines.next_steps,
        "by": f"{one.lines.written_by_name}, {held.title}" if held else one.lines.written_by_name,
        "on": _day(one.lines.written_at),
        "corrected": one.lines.version > 1,
    }
    return told


def document(told: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The same in the words of a rendering; None where a pack is older than the lines."""
    if told is None:
        return None
    return _as_written(told) if "rows" in told else _as_released(told)


def _as_written(told: Mapping[str, Any]) -> dict[str, Any]:
    written = [one for one in told["rows"] if one["lines"]]
    missing = [one for one in told["rows"] if not one["lines"]]
    said = NOTHING if not written else EVERY if not missing else ""
    return {
        "heading": HEADING,
        "said": said or f"Lines are written for {len(written)} of the {len(told['rows'])} headline measures.",
        "rows": [
            {
                "title": one["title"],
                "paragraphs": [[title, one["lines"][key]] for key, title in THREE],
                "said": f"{one['lines']['by']}, {_on(one['lines']['on'])}"
                f"{', corrected' if one['lines']['corrected'] else ''}.",
            }
            for one in written
        ],
        "missing_heading": f"{NOT_YET} {_on(told['due'])}" if missing else "",
        "missing": [f"{one['title']}: {one['lead'] or 'nobody leads it'}." for one in missing],
        "unreleased": "",
        "note": "",
    }


def _as_released(told: Mapping[str, Any]) -> dict[str, Any]:
    silent = not told["texts"] and not told["unreleased"]
    unreleased = "; ".join(told["unreleased"])
    return {
        "heading": HEADING,
        "said": NOTHING if silent else "" if told["texts"] else "Nothing of what they wrote is released to you yet.",
        "rows": [
            {
                "title": one["title"],
                "paragraphs": [["", words.strip()] for words in one["text"].splitlines() if words.strip()],
                "said": f"Released by {one['by']}, {_on(one['on'])}.",
            }
            for one in told["texts"]
        ],
        "missing_heading": f"{NOT_YET} {_on(told['due'])}" if told["unwritten"] and not silent else "",
        "missing": [] if silent else [f"{title}." for title in told["unwritten"]],
        "unreleased": f"Written, and not released to you: {unreleased}." if unreleased else "",
        "note": TOLD if told["texts"] else "",
    }


def _day(moment: Any) -> str:
    on: date = moment.astimezone(clock.LONDON).date()
    return on.isoformat()


def _on(text: str) -> str:
    return wording.day(date.fromisoformat(text))
