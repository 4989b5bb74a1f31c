"""Forms of the monthly cycle. Each line says what belongs in it."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from lineofsight.web.practice.monthly.actions import Three

LONGEST = 600  # a line, and not an essay
LONGEST_TEXT = 2_000
OFF = {"autocomplete": "off", "spellcheck": "true"}


def _line(label: str, hint: str, missing: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, **OFF}),
        error_messages={"required": missing},
    )


class LinesForm(forms.Form):
    """The three lines of a month."""

    changed = _line(
        "What changed?",
        "“Nothing beyond what is usual” is a good answer.",
        "Say what changed, or that nothing did.",
    )
    why = _line(
        "Why?",
        "What you know, and how. “We do not know yet” is a good answer.",
        "Say why, or that it is not known yet.",
    )
    next_steps = _line("What next?", "Who does what, and by when you look again.", "Say what happens next.")

    def told(self) -> Three:
        """What was written. Call it once the form is valid."""
        return Three(self.cleaned_data["changed"], self.cleaned_data["why"], self.cleaned_data["next_steps"])


class LeadForm(forms.Form):
    """Who leads the measure."""

    lead = forms.TypedChoiceField(
        label="Who leads this measure?",
        help_text="They write its three lines each month. It holds until you name somebody else.",
        coerce=int,
        error_messages={"required": "Choose who leads it.", "invalid_choice": "Choose one of the people listed."},
    )

    def __init__(self, *given: object, people: Sequence[tuple[int, str]], **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]
        field = self.fields["lead"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "Choose"), *people]


class TextForm(forms.Form):
    """What the Lead Member is told of the measure."""

    text = forms.CharField(
        label="Text for the Lead Member",
        help_text="No number below what may be shown, no team, no child. It stands in the Lead Member’s pack.",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6, **OFF}),
        error_messages={"required": "Write the text to release."},
    )
