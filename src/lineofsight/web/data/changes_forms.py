"""Forms that ask for a change of the rules. What may be changed is decided by the actions; a form only asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from lineofsight.web.access.forms import PlainDateField
from lineofsight.web.data.wanted import MERGE, NAME, ROLE_WORDS, SAME

LONGEST = 200


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
    since = PlainDateField(label="From which day?", help_text="What held before that day still holds for it. For "
                           "example, 1 April 2026")  # fmt: skip
    source = forms.CharField(
        label="Where it is laid down",
        help_text="The procedure or decision, so that an inspector finds it: “Visiting procedure, April 2026”.",
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Say where the number is laid down."},
    )


class EntryForm(forms.Form):
    """What is said of one team or worker: a name, another id, or the team it was merged into."""

    what = forms.ChoiceField(
        label="What happened?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happened."},
    )
    name = forms.CharField(label="The new name", required=False, max_length=LONGEST)
    other = forms.ChoiceField(label="The other id that is the same one", required=False)
    into = forms.ChoiceField(label="Merged into", required=False)
    since = PlainDateField(
        label="From which day?", help_text="Needed for a new name or a merge. For example, 1 April 2026", required=False
    )

    def __init__(self, *args: Any, kind: str, others: Mapping[str, str], renames: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        merges = [(MERGE, "It was merged into another team")] if kind == "team" else []
        names = [(NAME, "It has a new name")] if renames else []
        choices: Any = self.fields["what"]
        choices.choices = [*names, (SAME, f"It has another id: two ids are one {kind}"), *merges]
        offered = [("", "Choose one"), *((one, f"{name} ({one})" if name else one) for one, name in others.items())]
        for field in ("other", "into"):
            chosen: Any = self.fields[field]
            chosen.choices = offered
        if not merges:
            del self.fields["into"]
        if not renames:
            del self.fields["name"], self.fields["since"]

    def clean(self) -> dict[str, Any]:
        """What was chosen needs its own box filled in."""
        given = super().clean() or {}
        needs = {NAME: ("name", "since"), SAME: ("other",), MERGE: ("into", "since")}.get(given.get("what", ""), ())
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
