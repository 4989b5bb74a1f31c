"""The five columns are known by the words people use for them, in any order."""

import pytest

from lineofsight.plans.grid import Cell, Line
from lineofsight.plans.headings import ROLES, STANDARD, assigned, header_of


def names(headings: list[str]) -> dict[str, str]:
    return {role: headings[place] for role, place in assigned(headings).items()}


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (
            "action",
            [
                "Actions",
                "ACTION REQUIRED",
                "Recommendation",
                "What we will do",
                "What needs to happen?",
                "Task",
                "Agreed actions",
                "Action (what and how)",
                "Actions to improve practice",
            ],
        ),
        (
            "responsible",
            ["Lead", "Lead Officer", "Owner", "Action owner", "By whom", "Who", "Responsible officer", "Accountable"],
        ),
        (
            "deadline",
            [
                "Timescale",
                "Target date",
                "By when",
                "Ofsted Deadline",
                "Due date",
                "When",
                "Time-scales",
                "Completion date",
            ],
        ),
        (
            "progress",
            ["Progress", "Update", "Status update", "Current position", "Progress to date (May 2024)", "Comments"],
        ),
        ("rag", ["RAG", "Status", "Rating", "RAG rating", "BRAG", "R/A/G", "RAG (June)", "Progress RAG"]),
    ],
)
def test_each_column_is_known_by_many_words(role: str, words: list[str]) -> None:
    for word in words:
        others = [text for other, text in STANDARD.items() if other != role]
        assert names([*others, word]) == {**{one: STANDARD[one] for one in ROLES}, role: word}, word


@pytest.mark.parametrize(
    ("headings", "found"),
    [
        (["Action", "Status", "RAG"], {"action": "Action", "progress": "Status", "rag": "RAG"}),
        (["Action", "Status", "Comments"], {"action": "Action", "progress": "Comments", "rag": "Status"}),
        (["Recommendation", "Action", "Deadline"], {"action": "Action", "deadline": "Deadline"}),
        (["Action", "Previous RAG", "Current RAG"], {"action": "Action", "rag": "Current RAG"}),
        (["Action", "RAG May 2024", "RAG June 2024"], {"action": "Action", "rag": "RAG June 2024"}),
        (["Action", "Deadline", "Revised deadline"], {"action": "Action", "deadline": "Deadline"}),
        (["Action", "Action No", "Evidence", "Cost", "Update"], {"action": "Action", "progress": "Update"}),
    ],
)
def test_of_two_columns_for_one_the_better_is_taken(headings: list[str], found: dict[str, str]) -> None:
    assert names(headings) == found


@pytest.mark.parametrize(
    "cells",
    [
        ["Action"],
        ["Action", "Lead"],
        ["Lead", "Deadline", "RAG"],
        ["No", "What is the panel asked to agree?", "Due date"],
        ["", ""],
        ["Action " * 40, "RAG"],
    ],
)
def test_a_row_without_an_action_and_what_becomes_of_it_is_no_heading(cells: list[str]) -> None:
    assert header_of(Line(1, {place: Cell(text) for place, text in enumerate(cells)})) is None
