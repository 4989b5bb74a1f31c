"""Forms of what is said of things owed. What may be said is decided by the actions; a form only asks."""

from __future__ import annotations

from typing import Any

from django import forms

from lineofsight.cases.safeguards import Safeguard
from lineofsight.web.access.forms import PlainDateField
from lineofsight.web.practice.actions.safeguards import Told

LONGEST = 5_000
OFF = {"autocomplete": "off", "spellcheck": "true"}


def _line(label: str, hint: str = "", *, required: bool = True, missing: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=500,
        widget=forms.TextInput(attrs=OFF),
        error_messages={"required": missing} if missing else None,
    )


def _words(label: str, hint: str = "", *, required: bool = False, missing: str = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows, **OFF}),
        error_messages={"required": missing} if missing else None,
    )


def _reference() -> forms.CharField:
    return _line(
        "Reference in the case system",
        "The number or name of the note, letter or form that proves it. Do not name the child.",
        missing="Give the case system’s reference.",
    )


class DoneForm(forms.Form):
    """That something owed was done."""

    done_on = PlainDateField(label="When was it done?")
    reference = _reference()
    words = _words("Anything to add", "You may leave this empty.")


class ExplainForm(forms.Form):
    """Why something owed is not done."""

    words = _words(
        "Why is it not done?",
        "It still counts. Do not name the child.",
        required=True,
        missing="Say why it is not done.",
    )
    until = PlainDateField(label="Until when does this hold?")


class SafeguardForm(forms.Form):
    """One safeguard, done once."""

    done_on = PlainDateField(label="When was it done?")
    done_by = _line("Who did it?", "The name or the role.", missing="Say who did it.")
    to_whom = _line("Who was told?", missing="Say who was told.")
    reference = _reference()
    words = _words("Anything to add", "You may leave this empty.")

    def __init__(self, *args: Any, safeguard: Safeguard, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": safeguard.key})
        if safeguard.to:
            self.fields["to_whom"].label = f"{safeguard.to}?"
        else:
            del self.fields["to_whom"]

    def told(self) -> Told:
        """What the action takes. Call it on a valid form."""
        given = self.cleaned_data
        return Told(given["done_on"], given["done_by"], given["reference"], given.get("to_whom", ""), given["words"])


class LetterForm(forms.Form):
    """What a letter needs beside what is known here. Nothing of it is kept."""

    when = _words(
        "When will a social worker be allocated?",
        "A day, or when you will know.",
        required=True,
        missing="Say when a social worker will be allocated.",
        rows=2,
    )
    routine = _words(
        "Contact for what can wait until the next working day",
        "Who, and how to reach them.",
        required=True,
        missing="Give the routine contact.",
        rows=2,
    )
    emergency = _words(
        "Contact in an emergency, at night and at weekends",
        "Who, and how to reach them.",
        required=True,
        missing="Give the emergency contact.",
        rows=2,
    )


class AlertForm(forms.Form):
    """The text of the alert."""

    text = _words(
        "The alert",
        "Counts only: no child, no family and no worker is named.",
        required=True,
        missing="Write the alert’s text.",
        rows=18,
    )


class SentForm(forms.Form):
    """That the alert was sent."""

    sent_on = PlainDateField(label="When was it sent?")
    recipients = _words("To whom?", required=True, missing="Say to whom it was sent.", rows=2)
    reference = _line("Where is what was sent?", "A reference by which it can be found.", missing="Give the reference.")
