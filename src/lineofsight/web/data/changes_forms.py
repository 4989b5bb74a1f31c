"""Forms that ask for a change of the rules. What may be changed is decided by the actions; a form only asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from lineofsight.web.access.forms import PlainDateField
from lineofsight.web.data.wanted import MERGE, NAME, ROLE_WORDS, SAME, SOURCE_TOO_SHORT, is_source

LONGEST = 200
# What each answer needs beside itself.
NEEDS = {NAME: ("name", "since"), SAME: ("other",), MERGE: ("into", "since")}


class WordForm(forms.Form):
    """What one role word means."""

    kind = forms.ChoiceField(
        label="What does it mean?",
        choices=[(kind, words.capitalize()) for kind, words in ROLE_WORDS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the word means."},
    )


class RuleForm(forms.Form):
    """A number of this authority's own, from a day on."""

    number = forms.IntegerField(
        label="The number here",
        min_value=0,
        max_value=9_999,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4", "inputmode": "numeric"}),
        error_messages={"required": "Enter a whole number.", "invalid": "Enter a whole number."},
    )
    since = PlainDateField(
        label="From which day?",
        help_text="Today, unless you say another day. What held before that day still holds for it, and figures of "
        "earlier dates do not change. For example, 1 April 2026",
        error_messages={"required": "Enter the day from which it holds."},
    )
    source = forms.CharField(
        label="Where it is laid down",
        help_text="The procedure or decision, so that an inspector finds it: “Visiting procedure, April 2026”.",
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Say where the number is laid down."},
    )

    def clean_source(self) -> str:
        """An inspector must find it by this: a mark or one word is no source."""
        source: str = " ".join(self.cleaned_data["source"].split())
        if not is_source(source):
            raise forms.ValidationError(SOURCE_TOO_SHORT)
        return source


class EntryForm(forms.Form):
    """What is said of one team or worker: a name, another id, or the team it was merged into.

    First `what` alone is asked; once it is `chosen`, the boxes that belong to it and no others.
    """

    what = forms.ChoiceField(
        label="What happened?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happened."},
    )
    name = forms.CharField(label="The new name", required=False, max_length=LONGEST)
    other = forms.ChoiceField(label="The other id that is the same one", required=False)
    into = forms.ChoiceField(label="Merged into", required=False)
    since = PlainDateField(label="From which day?", help_text="For example, 1 April 2026", required=False)

    def __init__(
        self, *args: Any, kind: str, others: Mapping[str, str], renames: bool, chosen: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        merges = [(MERGE, "It was merged into another team")] if kind == "team" else []
        names = [(NAME, "It has a new name")] if renames else []
        choices: Any = self.fields["what"]
        choices.choices = [*names, (SAME, f"It has another id: two ids are one {kind}"), *merges]
        offered = [("", "Choose one"), *((one, f"{name} ({one})" if name else one) for one, name in others.items())]
        for field in ("other", "into"):
            box: Any = self.fields[field]
            box.choices = offered
        self.chosen = next((words for one, words in choices.choices if one == chosen), "")
        wanted = NEEDS[chosen] if self.chosen else ()
        for field in [one for one in self.fields if one not in ("what", *wanted)]:
            del self.fields[field]
        if self.chosen:
            choices.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """What was chosen needs its own box filled in."""
        given = super().clean() or {}
        needs = NEEDS.get(given.get("what", ""), ())
        lacking = {
            "name": "Enter the new name.",
            "other": "Choose the other id.",
            "into": "Choose the team it was merged into.",
            "since": "Enter the day from which it holds.",
        }
        for field in needs:
            if not given.get(field) and field not in self.errors:
                self.add_error(field, lacking[field])
        return given
