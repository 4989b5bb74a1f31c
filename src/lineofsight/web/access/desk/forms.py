"""Forms of the desk."""

from __future__ import annotations

from django import forms

Choices = list[tuple[str, str]]


class LogFilterForm(forms.Form):
    """The log by person and by action. The choices come from what is in the log."""

    person = forms.ChoiceField(required=False, label="Person")
    action = forms.ChoiceField(required=False, label="What was done")

    def __init__(
        self, chosen: dict[str, str], *, people: list[tuple[str, str]], actions: list[tuple[str, str]]
    ) -> None:
        super().__init__(chosen)
        self.fields["person"].choices = [("", "Everybody"), *people]  # type: ignore[attr-defined]
        self.fields["action"].choices = [("", "Everything"), *actions]  # type: ignore[attr-defined]
