"""Plan tables as their readers give them, built in code: one of the shape a scrutiny committee once had before it."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from lineofsight.plans.table import NotUnderstood, Owner, Place, PlanRow, PlanTable

HEADINGS = ("Action", "Person responsible", "Deadline", "Progress update as at w/c 20 August 2012", "RAG")
INSPECTED, COUNTED, COMMITTEE = date(2012, 6, 28), date(2012, 8, 20), date(2012, 10, 9)

# Two immediate, sixteen within three months, four within six; 14 green, 5 amber, 3 red. The words are our own.
SHAPE = (
    ("A manager looks at each contact before it is signed off", "Ada Brook", "Immediate", "amber"),
    ("Read a sample of contacts and tell agencies what reaches the threshold", "Cal Dane", "within 3 months", "green"),
    ("Weigh risk and protection in every assessment", "Ada Brook / Eve Ford", "within 3 months", "green"),
    ("Send core group notes within a week of the meeting", "Cal Dane", "within 3 months", "green"),
    ("Keep records and chronologies up to date", "Ada Brook", "within 3 months", "green"),
    ("Tell parents why we are involved and ask what they think", "Cal Dane", "within 3 months", "amber"),
    ("Hold supervision on time and make it count", "Ada Brook/Gil Hart", "within 3 months", "amber"),
    ("Make the officer for allegations known to every agency", "Cal Dane", "within 3 months", "green"),
    ("Shorten the wait for help with mental health", "Ina Jones", "within 3 months", "green"),
    ("Review who needs which safeguarding training", "Kit Lane / Mo Nash", "within 3 months", "green"),
    ("Appoint a named general practitioner", "Ola Penn/Ray Stone", "within 3 months", "red"),
    ("Appoint a named midwife", "Tess Underwood, Director of Midwifery", "within 3 months", "red"),
    ("Set up safeguarding supervision on the wards", "Kit Lane", "within 3 months", "amber"),
    ("Tell every child in care who their reviewing officer is", "Cal Dane", "Immediate", "green"),
    ("Ask about feelings in each health assessment", "Kit Lane", "within 3 months", "green"),
    ("Give care leavers a written history of their health", "Kit Lane", "within 3 months", "red"),
    ("Finish assessments in time and well", "Ada Brook", "within 3 months", "green"),
    ("Keep records and chronologies up to date", "Gil Hart", "within 3 months", "green"),
    ("Rewrite the promise to children in care with them", "Gil Hart", "within 6 months", "green"),
    ("Ask children who came alone what would have helped them", "Gil Hart", "within 6 months", "green"),
    ("Find more independent visitors", "Cal Dane", "within 6 months", "amber"),
    ("Support carers when something is alleged against them", "Gil Hart", "within 6 months", "green"),
)


def row(action: str = "Hold supervision on time", responsible: str = "Ada Brook", **changes: Any) -> PlanRow:
    """One row of a table, with what a test changes."""
    owners = tuple(
        Owner(*(part.strip() for part in one.split(",", 1))) for one in responsible.split("/") if one.strip()
    )
    given = {
        "action": action,
        "responsible": responsible,
        "owners": owners,
        "deadline": "within 3 months",
        "progress": f"Begun: {action.lower()}.",
        "rag": "green",
        "rag_written": "",
        "place": Place("plan.docx", "table 1", 2),
    }
    return PlanRow(**{**given, **changes})


def table(*rows: PlanRow, not_understood: tuple[NotUnderstood, ...] = ()) -> PlanTable:
    """A table of these rows, each in a line of its own."""
    numbers = count(2)
    placed = tuple(
        PlanRow(**{**vars(one), "place": Place(one.place.file, one.place.table, next(numbers))}) for one in rows
    )
    return PlanTable(placed, not_understood, HEADINGS, COUNTED)


def committee_table() -> PlanTable:
    """The 22 actions."""
    return table(*(row(action, who, deadline=by_when, rag=rag) for action, who, by_when, rag in SHAPE))
