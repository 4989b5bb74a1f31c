"""The forms of findings say at the field what is not right."""

from __future__ import annotations

import pytest
from tests.web.improvement.conftest import TODAY
from tests.web.improvement.findings.conftest import LATE

from lineofsight.web.improvement.actions import findings as actions
from lineofsight.web.improvement.findings_forms import (
    CloseForm,
    FindingForm,
    RecommendationForm,
    ReopenForm,
    RepeatForm,
    ThemeForm,
)
from lineofsight.web.improvement.themes import suggest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people", "mid_november")]


GIVEN = {"source": "audit", "title": "Supervision", "words": LATE, "found_on": "12 November 2026"}
ADVICE = {"words": "Hold it.", "made_by": "The board", "made_on": "1 May 2026"}


def test_a_finding_form_gives_what_the_action_takes(director):
    form = FindingForm(GIVEN)
    assert form.is_valid(), form.errors
    assert actions.raise_finding(by=director, **form.cleaned_data).found_on == TODAY


@pytest.mark.parametrize(
    ("form", "given", "field", "said"),
    [
        (FindingForm, {**GIVEN, "source": "rumour"}, "source", "rumour"),
        (FindingForm, {**GIVEN, "source": ""}, "source", "Say where it was found."),
        (FindingForm, {**GIVEN, "title": "  "}, "title", "Say in one line what was found."),
        (FindingForm, {**GIVEN, "title": "x" * 201}, "title", "200"),
        (FindingForm, {**GIVEN, "words": " "}, "words", "Say what was found."),
        (FindingForm, {**GIVEN, "words": "x" * 10_001}, "words", "10000"),
        (FindingForm, {**GIVEN, "words": "a\x00b"}, "words", "Null"),
        (FindingForm, {**GIVEN, "found_on": "31 February 2026"}, "found_on", "real date"),
        (RecommendationForm, {**ADVICE, "words": ""}, "words", "Say what should change."),
        (RecommendationForm, {**ADVICE, "made_by": ""}, "made_by", "Say who recommends it."),
        (CloseForm, {"words": ""}, "words", "Say what has changed, and how you know."),
        (ReopenForm, {"why": "  "}, "why", "Say why it is opened again."),
        (RepeatForm, {"answer": "perhaps"}, "answer", "perhaps"),
        (RepeatForm, {}, "answer", "Say whether it is the same again."),
        (ThemeForm, {"theme": ""}, "theme", "Choose a theme."),
        (ThemeForm, {"theme": "dragons"}, "theme", "Choose a theme from the list."),
    ],
)  # fmt: skip
def test_a_form_that_is_not_right_says_so_at_its_field(form, given, field, said):
    made = form(given)
    assert not made.is_valid()
    assert said in " ".join(made.errors[field])


def test_the_theme_form_offers_what_the_words_point_to_first_and_every_theme_once():
    form = ThemeForm(suggested=suggest("Visits were late and not recorded; the chronology had gaps."))
    slugs = [slug for slug, _ in form.fields["theme"].choices]
    assert slugs[:2] == ["recording", "visits"]
    assert len(slugs) == len(set(slugs)) > 20
    assert dict(form.fields["theme"].choices)["visits"] == "Visits to children (because of: visits)"


def test_the_finding_form_says_that_no_child_is_named_in_the_title():
    assert "Do not name a child" in FindingForm().fields["title"].help_text
