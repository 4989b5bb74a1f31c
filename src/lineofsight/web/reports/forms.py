"""Forms of this room."""

from __future__ import annotations

from django import forms

LONGEST = 10_000


class ReleaseForm(forms.Form):
    """A text the Director releases to the Lead Member."""

    text = forms.CharField(
        label="Text for the Lead Member",
        help_text="The issue, without anything a child could be known by: no name, date, ward or small team.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Write the text to release."},
    )
