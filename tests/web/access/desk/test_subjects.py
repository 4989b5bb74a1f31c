"""What an event is about is said in words, whatever the room that wrote it called it."""

from __future__ import annotations

import pytest

from lineofsight.web.access.desk.subjects import about

RECORD = "1e1778f7-a53f-4b8f-979d-e4b255822942"


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("", ""),
        ("dcs", "Director of Children’s Services"),
        ("out-of-hours", "Out of hours"),
        ("see-log", "see who looked at what"),
        ("harm-now", "A child may be at risk of harm now"),
        ("did-not-know", "Did not know of it: look into it"),
        ("asked-about", "Asked about"),
        ("on-plan", "Children on a child protection plan"),
        ("family-of-staff", "Family of staff"),
        ("log", "The log of who looked and what was done"),
        ("exceptions", "What is owed and not done"),
        ("measure CP10", "Children on a plan with no allocated social worker"),
        ("thread of CP10", "Children on a plan with no allocated social worker"),
        ("pack dcs 2026-10", "Director of Children’s Services, October 2026"),
        ("lead-member 2026-10", "Lead Member for Children’s Services, October 2026"),
        ("case-audit 2026-11-30", "Case audit, 30 November 2026"),
        ("2026-10", "October 2026"),
        ("2026-11-03", "3 November 2026"),
        ("snapshot 2026-10-31-65e35b22", "The extract of 31 October 2026"),
        ("computation ed167526d7bd917a of 2026-10-31-65e35b22", "The extract of 31 October 2026"),
        (f"record {RECORD}", "Record 1e1778f7"),
        ("0123456789abcdef0123456789abcdef", "Address 01234567"),
        ("session.began", "Signed in"),
        ("ada", "Ada Penn"),
        ("something a later version writes", "something a later version writes"),
        ("measure XX99", "measure XX99"),
        ("2026-13", "2026-13"),
    ],
)
def test_a_subject_is_said_in_words(home, subject, said):
    assert about(subject, {"ada": "Ada Penn"}) == said
