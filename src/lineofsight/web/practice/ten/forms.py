"""Forms of the ten. Each says what belongs in it, and nothing else is asked."""

from __future__ import annotations

from django import forms

LONGEST = 4_000
AREA = {"rows": 4}


def _words(label: str, hint: str, missing: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=LONGEST,
        widget=forms.Textarea(attrs=AREA),
        error_messages={"required": missing},
    )


class AddForm(forms.Form):
    """Why a child is put on the list."""

    why = _words(
        "Why this child is to be talked about",
        "What no rule can know. It is kept with your name.",
        "Say why this child is to be talked about.",
    )


class RemoveForm(forms.Form):
    """Why a child is taken off the list."""

    off_why = _words(
        "Why this child need not be talked about",
        "It is kept with your name, and stands under “No longer on the list”.",
        "Say why this child need not be talked about this month.",
    )


class NoteForm(forms.Form):
    """The Director's note."""

    note = _words(
        "Your note",
        "Your opinion, kept apart from the facts above it. The Director and the Director’s delegate read it; "
        "it may have to be disclosed.",
        "Write the note.",
    )


class ReleaseForm(forms.Form):
    """A text about the child for the Lead Member; `read_again` is asked where something could point to the child."""

    text = _words(
        "Text for the Lead Member",
        "The issue and what is being done. No name, date, age, ward, school or small team.",
        "Write the text to release.",
    )
    read_again = forms.BooleanField(
        label="I have read it again, and nobody could tell from it who the child is", required=False
    )
