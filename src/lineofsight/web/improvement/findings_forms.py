"""The forms of findings: what was found, what should change, what it is about, closing it and opening it again."""

from __future__ import annotations

from typing import Any

from django import forms

from lineofsight.web.access.forms import PlainDateField
from lineofsight.web.improvement.actions_forms import IN_LISTS, words_field
from lineofsight.web.improvement.models import Finding
from lineofsight.web.improvement.themes import Suggestion, themes


class FindingForm(forms.Form):
    """What was found, where, and on which day."""

    source = forms.ChoiceField(
        label="Where was it found?",
        choices=Finding.Source.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say where it was found."},
    )
    title = forms.CharField(
        label="What was found, in one line",
        help_text=IN_LISTS,
        max_length=200,
        error_messages={"required": "Say in one line what was found."},
    )
    words = words_field(
        "What was found",
        "Say what was found.",
        "Say what was seen and what it means for children. Offices that see no child by name read it only once "
        "somebody has read it again and cleared it.",
        rows=8,
    )
    found_on = PlainDateField(label="Found on")


class RecommendationForm(forms.Form):
    """What should change, and who says so."""

    words = words_field("What should change?", "Say what should change.", rows=5)
    made_by = forms.CharField(
        label="Who recommends it?",
        help_text="An inspectorate, a board, a team. Not a person’s name.",
        max_length=120,
        error_messages={"required": "Say who recommends it."},
    )
    made_on = PlainDateField(label="Recommended on")


class ThemeForm(forms.Form):
    """What a finding is about: one theme, those that its words point to first and with why."""

    theme = forms.ChoiceField(
        label="What is it about?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a theme.", "invalid_choice": "Choose a theme from the list."},
    )

    def __init__(self, *args: Any, suggested: tuple[Suggestion, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = {one.theme.slug: f"{one.theme.title} ({one.why})" for one in suggested}
        rest = {one.slug: one.title for one in themes() if one.slug not in first}
        self.fields["theme"].choices = [*first.items(), *rest.items()]  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """Why a finding can be closed."""

    words = words_field(
        "What has changed for children, and how do you know?",
        "Say what has changed, and how you know.",
        "A finding is closed once each of its actions is closed on proof.",
        rows=5,
    )


class ReopenForm(forms.Form):
    """Why a closed finding is opened again."""

    why = words_field("Why is it opened again?", "Say why it is opened again.", rows=3)


class RepeatForm(forms.Form):
    """Whether a finding is the same again as an earlier one that was closed: both stand beside it."""

    answer = forms.ChoiceField(
        label="Is this the same again?",
        choices=(
            ("repeats", "Yes. It came back: the earlier one’s actions are opened again"),
            ("does-not", "No. It is something else, and is not asked again"),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it is the same again."},
    )
