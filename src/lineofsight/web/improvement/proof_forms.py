"""Forms of proof: what an action calls for, what was found when somebody looked, and why it is dropped."""

from __future__ import annotations

from typing import Any

from django import forms

from lineofsight.web.access.forms import PlainDateField
from lineofsight.web.improvement.actions.proof import Asked, Look
from lineofsight.web.improvement.actions_forms import NO_NAMES, measure_field, number_field, words_field
from lineofsight.web.improvement.models import ProofAsked

_COUNTED = (ProofAsked.Kind.AUDIT, ProofAsked.Kind.SURVEY)


def _count_field(label: str, hint: str = "") -> forms.IntegerField:
    box = forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric"})
    wrong = {"invalid": "Enter a whole number, like 20."}
    return forms.IntegerField(
        label=label, help_text=hint, required=False, min_value=0, widget=box, error_messages=wrong
    )


class ProofForm(forms.Form):
    """What would prove it, and by when."""

    kind = forms.ChoiceField(
        label="What would prove it?",
        choices=ProofAsked.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what would prove it: a measure, an audit, a survey or a document."},
    )
    wanted_by = PlainDateField(label="By when")
    measure = measure_field("If a measure: which?")
    target = number_field("If a measure: the value that proves it", "A percentage is written as 90, not 0.9.")
    sample = _count_field("If an audit: how many files are looked at", "For a survey, how many answers, if you know.")
    words = words_field(
        "What is to be looked at, and what it has to show",
        "",
        f"Needed for an audit, a survey or a document. {NO_NAMES}",
        required=False,
    )

    def asked(self) -> Asked:
        """What is called for, as the action takes it. Call it on a valid form."""
        return Asked(**self.cleaned_data)


class LookForm(forms.Form):
    """What somebody found who looked: whether it held, how many were looked at, and where it can be read."""

    looked_on = PlainDateField(label="Looked on")
    held = forms.TypedChoiceField(
        label="Did it hold?",
        choices=(("yes", "Yes. It shows what it had to show"), ("no", "No. It does not")),
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it held."},
    )
    looked_at = _count_field("How many were looked at")
    words = words_field("What was found", "Say what was found.", NO_NAMES)
    reference = forms.CharField(
        label="Reference",
        help_text="Where it can be found: a document’s number or an audit’s.",
        required=False,
        max_length=200,
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind not in _COUNTED:
            del self.fields["looked_at"]
        if kind == ProofAsked.Kind.MEASURE:  # the figure says whether it held
            del self.fields["held"], self.fields["reference"]
            self.fields["words"].required = False
            self.fields["words"].help_text = f"You may leave this empty: the figure is taken as measured. {NO_NAMES}"

    def look(self) -> Look:
        """The look, as the action takes it. Call it on a valid form."""
        return Look(**self.cleaned_data)


class DropForm(forms.Form):
    """Why a proof is no longer called for."""

    why = words_field(
        "Why is it no longer called for?", "Say why this proof is no longer called for.", NO_NAMES, rows=3
    )
