"""Forms of the desk."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from lineofsight.web.access.desk.period import Period
from lineofsight.web.access.forms import PlainDateField

Choices = list[tuple[str, str]]

LONGEST = 10_000


class PeriodForm(forms.Form):
    """From a day to a day; either may be left empty."""

    begins = PlainDateField(label="From", required=False, help_text="")
    ends = PlainDateField(label="To", required=False, help_text="")

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        given = super().clean() or {}
        begins, ends = given.get("begins"), given.get("ends")
        if isinstance(begins, date) and isinstance(ends, date) and ends < begins:
            self.add_error("ends", "The last day is before the first.")
        return given

    def period(self) -> Period:
        """The days asked for; those that make no sense are left open."""
        self.is_valid()
        given = self.cleaned_data
        return Period(given.get("begins"), given.get("ends"))


class LogFilterForm(PeriodForm):
    """The log by person, kind of event, reason and days. The choices come from what is in the log."""

    person = forms.CharField(required=False, label="Person", widget=forms.Select)
    action = forms.CharField(required=False, label="What was done", widget=forms.Select)
    reason = forms.CharField(required=False, label="Reason given", widget=forms.Select)
    child = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ("person", "action", "reason", "begins", "ends", "child")

    def offer(self, *, people: Choices, actions: Choices, reasons: Choices) -> None:
        """Put what there is to choose from into the boxes."""
        for name, first, choices in (
            ("person", "Everybody", people),
            ("action", "Everything", actions),
            ("reason", "Any or none", reasons),
        ):
            self.fields[name].widget.choices = [("", first), *choices]


class ChildForm(forms.Form):
    """One child, by the case system's id or by a code somebody was shown. It is never kept as it was typed."""

    child = forms.CharField(
        label="Which child?",
        help_text="The child’s id in the case system, or the code on a Lead Member’s page.",
        max_length=120,
        error_messages={"required": "Enter the child’s id or code."},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}),
    )


class LookIntoForm(forms.Form):
    """What was found when a sighting was looked into."""

    words = forms.CharField(
        label="What did you find?",
        help_text="Who you asked and what they said. Children are not named here.",
        max_length=LONGEST,
        error_messages={"required": "Say what you found."},
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class SubjectAccessForm(forms.Form):
    """A request: its reference, who asked, and the child."""

    reference = forms.CharField(
        label="Reference of the request",
        help_text="Letters, figures and hyphens, like SAR-2026-014. It names the file: no child’s name.",
        max_length=40,
        validators=[RegexValidator(r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$", "Use letters, figures and hyphens only.")],
        error_messages={"required": "Enter the reference of the request."},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
    )
    asked_by = forms.CharField(
        label="Who asked?",
        help_text="And in what right: the young person, a parent, a solicitor.",
        max_length=500,
        error_messages={"required": "Say who asked."},
    )
    person_id = forms.CharField(
        label="The child’s id in the case system",
        max_length=120,
        error_messages={"required": "Enter the child’s id in the case system."},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}),
    )
    will_read = forms.BooleanField(
        label="A person will read and redact this before it is sent",
        error_messages={"required": "Say that a person will read and redact it before it is sent."},
    )
