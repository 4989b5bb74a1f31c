"""The form of a legal hold."""

from __future__ import annotations

from django import forms


class HoldForm(forms.Form):
    """What is kept past its time, about whom, and why."""

    reference = forms.CharField(
        label="Reference",
        max_length=40,
        help_text="The claim’s or the inquiry’s own reference. It is shown in lists, so no names.",
        error_messages={"required": "Enter the reference of the claim or the inquiry."},
    )
    keeps = forms.ChoiceField(label="What is kept", required=False)
    child = forms.CharField(
        label="About one child only",
        required=False,
        max_length=80,
        help_text="The child’s number in the case system. Leave it empty to keep everything of that kind.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = forms.CharField(
        label="Why",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why it must be kept."},
    )

    def __init__(self, *args: object, kinds: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["keeps"].choices = [("", "Everything"), *kinds]  # type: ignore[attr-defined]
