"""Forms about loads. What may be loaded, answered or withdrawn is decided by the actions; a form only asks."""

from __future__ import annotations

from django import forms

from lineofsight.web.access.forms import PlainDateField

LONGEST = 1_000
YES, NO = "yes", "no"


class Files(forms.FileInput):
    """A box for one or several files."""

    allow_multiple_selected = True


class SendForm(forms.Form):
    """Files to load. They are taken in as they arrive (uploads.py): this form only draws the box."""

    extract = forms.Field(
        label="The files of one extract",
        help_text="One or several CSV files, a workbook, a zip of them, or a statutory return. They are known by what "
        "is in them, not by their names.",
        required=False,
        widget=Files(attrs={"multiple": True}),
    )
    as_at = PlainDateField(
        label="The day the extract is as at",
        help_text="Leave this empty where the extract says it itself (extract.toml, or a return). For example, "
        "31 October 2026",
        required=False,
    )


def _why(label: str, hint: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": "Say why, in words."},
    )


class AnswerForm(forms.Form):
    """Yes or no to a load that waits. Which of the two is said by the button that is pressed."""

    why = _why("Why?", "It stands with the load for good. Name no child.")
    answer = forms.ChoiceField(choices=((YES, "Yes"), (NO, "No")), widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    """Why a load is taken back."""

    why = _why(
        "Why is it withdrawn?",
        "It is said wherever something stands on this load: on packs, on evidence, on records. Name no child.",
    )
