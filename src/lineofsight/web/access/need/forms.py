"""Forms of this desk. What may be opened, answered or reviewed is decided by the actions; a form only asks."""

from __future__ import annotations

from typing import Any

from django import forms

from lineofsight.web.access.need.actions import ASKED_ABOUT, DID_NOT_KNOW, IN_ORDER, KNEW
from lineofsight.web.access.need.purposes import purposes

LONGEST = 2_000


def _words(label: str, hint: str, *, rows: int = 3, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
        error_messages={"required": "Give the reason in words."},
    )


class NeedForm(forms.Form):
    """Why one child outside one's scope must be opened."""

    purpose = forms.ChoiceField(
        label="Why do you need to open this child?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why you need to open this child."},
    )
    reason = _words(
        "The reason, in your words",
        "At least 20 characters. Do not name the child: the log knows which child it is. The person who is told and "
        "information governance read what you write.",
        rows=4,
        required=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.slug, one.words) for one in purposes().values()]
        self.fields["purpose"].choices = choices  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """What the person told answers."""

    answer = forms.ChoiceField(
        label="Did you know of this?",
        choices=((KNEW, "I knew of this"), (DID_NOT_KNOW, "I did not: look into it")),
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you knew of this."},
    )
    words = _words("In your words", "Needed where it should be looked into. Information governance reads it.")


class ReviewForm(forms.Form):
    """What information governance makes of one need."""

    outcome = forms.ChoiceField(
        label="Your review",
        choices=((IN_ORDER, "In order"), (ASKED_ABOUT, "Asked about")),
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it is in order or asked about."},
    )
    words = _words("In your words", "Needed where you asked: what, and of whom.")
