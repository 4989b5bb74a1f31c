"""Deadlines in every writing that plans hold; what leaves the day open is asked and never guessed."""

from datetime import date

import pytest

from lineofsight.plans.deadlines import Deadline, read_deadline

PUBLISHED = date(2024, 4, 12)


@pytest.mark.parametrize(
    ("words", "kind", "on"),
    [
        ("Immediate", "immediate", (2024, 4, 12)),
        ("Immediately", "immediate", (2024, 4, 12)),
        ("with immediate effect", "immediate", (2024, 4, 12)),
        ("Immediate (Ofsted)", "immediate", (2024, 4, 12)),
        ("within 3 months", "months", (2024, 7, 12)),
        ("Within three months of publication", "months", (2024, 7, 12)),
        ("3 months", "months", (2024, 7, 12)),
        ("by 6 months", "months", (2024, 10, 12)),
        ("within a year", "months", (2025, 4, 12)),
        ("within 3 months (12 July 2024)", "months", (2024, 7, 12)),
        ("within 2 weeks", "date", (2024, 4, 26)),
        ("within 10 working days", "date", (2024, 4, 26)),
        ("within 20 working days", "date", (2024, 5, 13)),
        ("within 30 days", "date", (2024, 5, 12)),
        ("1st November 2024", "date", (2024, 11, 1)),
        ("1 Nov 2024", "date", (2024, 11, 1)),
        ("1-Nov-24", "date", (2024, 11, 1)),
        ("the 1st of November, 2024.", "date", (2024, 11, 1)),
        ("November 1, 2024", "date", (2024, 11, 1)),
        ("Friday 1 November 2024", "date", (2024, 11, 1)),
        ("01/11/2024", "date", (2024, 11, 1)),
        ("1.11.24", "date", (2024, 11, 1)),
        ("2024-11-01", "date", (2024, 11, 1)),
        ("2024-11-01 00:00:00", "date", (2024, 11, 1)),
        ("by 30 September 2024", "date", (2024, 9, 30)),
        ("To be completed by: 30 Sept 2024", "date", (2024, 9, 30)),
        ("end of October 2024", "date", (2024, 10, 31)),
        ("By the end of Oct", "date", (2024, 10, 31)),
        ("October 2024", "date", (2024, 10, 31)),
        ("October ’24", "date", (2024, 10, 31)),
        ("February", "date", (2025, 2, 28)),
        ("beginning of May 2024", "date", (2024, 5, 1)),
        ("w/c 19 August 2024", "date", (2024, 8, 19)),
        ("week commencing 19th August", "date", (2024, 8, 19)),
        ("by end of 2024", "date", (2024, 12, 31)),
        ("12 April", "date", (2024, 4, 12)),
        ("11 April", "date", (2025, 4, 11)),
        ("29 February", "date", (2028, 2, 29)),
        ("1/2", "date", (2025, 2, 1)),
    ],
)  # fmt: skip
def test_a_deadline_is_worked_out_from_the_day_of_publication(words: str, kind: str, on: tuple[int, int, int]) -> None:
    assert read_deadline(words, PUBLISHED) == Deadline(kind, words, date(*on), "")


@pytest.mark.parametrize(
    ("published", "on"),
    [
        (date(2023, 11, 30), date(2024, 2, 29)),
        (date(2024, 11, 30), date(2025, 2, 28)),
        (date(2024, 8, 31), date(2024, 11, 30)),
    ],
)
def test_the_end_of_a_month_stays_within_the_month(published: date, on: date) -> None:
    assert read_deadline("within 3 months", published).on == on


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("ASAP", "names no day"),
        ("As soon as possible", "names no day"),
        ("Ongoing", "has no end"),
        ("continuous", "has no end"),
        ("Immediate and ongoing", "has no end"),
        ("Quarterly", "has no end"),
        ("tbc", "leaves the deadline open"),
        ("To be agreed", "leaves the deadline open"),
        ("Complete", "says how it stands"),
        ("31/02/2025", "not a day in the calendar"),
        ("13/13/2025", "not a day in the calendar"),
        ("02/13/2025", "not a day in the calendar"),
        ("31 April 2025", "could not be read as one day"),
        ("Monday 1 November 2024", "could not be read as one day"),
        ("Autumn 2024", "could not be read as one day"),
        ("Oct 24", "could not be read as one day"),
        ("mid October 2024", "could not be read as one day"),
        ("2024", "could not be read as one day"),
        ("3-6 months", "could not be read as one day"),
        ("0 months", "could not be read as one day"),
        ("within 999 months", "could not be read as one day"),
        ("within 3 months of the inspection", "could not be read as one day"),
        ("September 2024 / March 2025", "could not be read as one day"),
        ("30 September 2024 (was 31 July 2024)", "could not be read as one day"),
        ("Immediate (ongoing)", "has no end"),
        ("w/c October 2024", "could not be read as one day"),
        ("x" * 5_000, "could not be read as one day"),
    ],
)  # fmt: skip
def test_what_leaves_the_day_open_is_asked(words: str, asked: str) -> None:
    found = read_deadline(words, PUBLISHED)
    assert (found.kind, found.on, found.words) == ("unclear", None, words)
    assert asked in found.question
    assert found.question.endswith("?")
    assert len(found.question) < 250


@pytest.mark.parametrize("words", ["", "  ", "-", "—", "?"])
def test_an_empty_deadline_is_none_and_asked(words: str) -> None:
    found = read_deadline(words, PUBLISHED)
    assert (found.kind, found.on) == ("none", None)
    assert found.question == "No deadline is written. By what day will this be done?"


def test_a_deadline_of_several_paragraphs_is_one_line() -> None:
    assert read_deadline("within\n\n3 months", PUBLISHED).on == date(2024, 7, 12)
