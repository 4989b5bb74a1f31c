"""The report to a committee as a document of words: what a person wrote, and what the plan says as at a day.

Everything in it is as the viewer may read it: words that are not cleared for their office are not in their report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from lineofsight.plans.cell_text import one_line, tidy
from lineofsight.plans.writing import as_written
from lineofsight.web.access.house import home_in_use
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement import wording
from lineofsight.web.improvement.queries.called import NO_BODY
from lineofsight.web.improvement.queries.exceptions import Exceptions, Of, exceptions
from lineofsight.web.improvement.queries.late import Late, late_ones
from lineofsight.web.improvement.queries.lines import told as read
from lineofsight.web.improvement.queries.plans import OnePlan, one_plan
from lineofsight.web.improvement.queries.tables import table_of

MANY = 12  # so many actions are named in a sentence; the table has them all
NO_WORD = "Nobody has said what is done about it meanwhile."


@dataclass(frozen=True)
class Ask:
    """One thing the committee is asked to agree, and by when it is then due."""

    words: str
    due_on: date | None = None


@dataclass(frozen=True)
class Told:
    """What a person wrote of a report. `on` is the day of the committee, `as_at` the day the plan is told as at.

    Texts are paragraphs set apart by a blank line; lines that begin with a bullet are a list.
    """

    committee: str
    on: date
    as_at: date
    title: str
    lead: str
    purpose: str
    agenda_item: str = ""
    asks: Sequence[Ask] = ()
    introduction: str = ""
    background: str = ""
    progress: str = ""


def document(viewer: Viewer, key: UUID | str, told: Told) -> dict[str, Any]:
    """Everything the report says, in words fit for a document: the shape that report_docx.py and report.typ both read.

    Raises as `one_plan` does.
    """
    found = one_plan(viewer, key, told.as_at)
    lines = read(viewer, found.lines)
    table = as_written(table_of(viewer, found.plan, told.as_at, lines), found.title)
    late = late_ones(viewer, lines, told.as_at)
    sections = [
        ("Purpose of this report", _paragraphs(told.purpose)),
        ("What the committee is asked to agree", [_asked(one) for one in told.asks]),
        ("Introduction", _paragraphs(told.introduction)),
        ("Background", _paragraphs(told.background)),
        ("Progress", _paragraphs(told.progress)),
        ("What is late, and what is done about it", _late(late)),
        ("Exceptions", _exceptions(exceptions(viewer, found.plan.pk, told.as_at))),
    ]
    kept = [(heading, texts) for heading, texts in sections if texts]
    authority, committee = home_in_use().authority_name, _line(told.committee)
    return {
        "title": _line(told.title) or _line(found.title) or "Report on a plan",
        "authority": authority,
        "description": f"Report to {committee}, {wording.day(told.on)}, on the plan “{_line(found.title)}”.",
        "date": {"year": told.on.year, "month": told.on.month, "day": told.on.day},
        "facts": _facts(told),
        "footer": f"{authority}, {committee}, {wording.day(told.on)}",
        "sections": [
            {
                "heading": f"{place}. {heading}",
                "paragraphs": [
                    {"number": f"{place}.{number}", "text": tidy(text)} for number, text in enumerate(texts, start=1)
                ],
            }
            for place, (heading, texts) in enumerate(kept, start=1)
        ],
        "table": {
            "heading": f"{len(kept) + 1}. The plan, action by action",
            "sentence": found.sentence,
            "headings": list(table.headings),
            "rows": [{"cells": list(row.cells), "rag": row.rag} for row in table.rows],
        },
    }


def _facts(told: Told) -> list[list[str]]:
    facts = [
        ["Committee", _line(told.committee)],
        ["Date", wording.day(told.on)],
        ["Agenda item", _line(told.agenda_item)],
        ["Report of", _line(told.lead)],
        ["Progress as at", wording.day(told.as_at)],
    ]
    return [one for one in facts if one[1]]


def _line(text: str) -> str:
    """A typed text on one line, with nothing in it that no document may hold."""
    return one_line(tidy(text))


def _paragraphs(text: str) -> list[str]:
    """The numbered paragraphs of a typed text: a list stays with the paragraph that leads to it."""
    found: list[str] = []
    for part in (one.strip() for one in text.replace("\r\n", "\n").split("\n\n")):
        if part.startswith("• ") and found:
            found[-1] = f"{found[-1]}\n\n{part}"
        elif part:
            found.append(part)
    return found


def _asked(one: Ask) -> str:
    words = one.words.strip()
    return f"{words} Due by {wording.day(one.due_on)}." if one.due_on else words


def _late(some: Sequence[Late]) -> list[str]:
    if not some:
        return ["No action is past its deadline and not green."]
    many = wording.begun(wording.spelled(len(some)))
    said = [f"{many} {wording.verb(len(some), 'action is past its', 'actions are past their')} deadline and not green."]
    for one in some:
        line = one.line
        words = one.words.split("\n", 1)[0].rstrip(".")
        due = f"due by {wording.day(line.deadline_on)}"
        who = f"action {line.number}" if line.hidden else f"action {line.number}, {line.responsible}"
        said.append(f"{words} ({who}): {due}, {line.colour}.\n\n{_meanwhile(one)}")
    return said


def _meanwhile(one: Late) -> str:
    return f"Meanwhile: {one.meanwhile}" if one.meanwhile else NO_WORD


def _exceptions(found: Exceptions) -> list[str]:
    told = [f"• {one.kind.title}: {_numbers(one)}" for one in found.kinds if one.count]
    return [f"{found.sentence}\n\n" + "\n".join(told)] if told else [found.sentence]


def _numbers(one: Of) -> str:
    numbers = [str(line.number) for line in one.lines]
    if len(numbers) > MANY:
        return f"{wording.counted(len(numbers), 'action')}."
    return f"{wording.verb(len(numbers), 'action', 'actions')} {wording.listed(numbers)}."


def since_words(found: OnePlan) -> str:
    """Where the plan comes from, in a sentence: who published what it answers, and when."""
    by = found.published_by or wording.begun(NO_BODY)
    return f"{by} published what this plan answers on {wording.day(found.plan.published_on)}."
