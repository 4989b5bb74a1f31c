"""Forms of actions: how one goes, its colour, what is done meanwhile, who answers for it, by when, what it moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms

from lineofsight import clock
from lineofsight.measures import definitions
from lineofsight.web.access.forms import PlainDateField
from lineofsight.web.improvement.actions.owners import MOST, Named
from lineofsight.web.improvement.actions.progress import LONGEST
from lineofsight.web.improvement.models import ActionOwner, Rag, Said

SPARE = 2  # empty rows for owners to be added
NO_FINDING = "none"
NO_NAMES = "Do not name a child."
IN_LISTS = "It stands in lists, as soon as somebody has cleared it. Do not name a child in it."


def words_field(label: str, missing: str, hint: str = "", *, rows: int = 4, required: bool = True) -> forms.CharField:
    """A box for a few sentences."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing},
    )


def number_field(label: str, hint: str = "") -> forms.FloatField:
    """A box for a value of a measure, which may be left empty."""
    box = forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "decimal"})
    wrong = {"invalid": "Enter a number, like 90 or 4.5."}
    return forms.FloatField(label=label, help_text=hint, required=False, widget=box, error_messages=wrong)


def measure_field(label: str, *, required: bool = False) -> forms.ChoiceField:
    """A choice of the measures that have a better and a worse."""
    wrong = {"required": "Choose a measure.", "invalid_choice": "Choose a measure from the list."}
    return forms.ChoiceField(label=label, required=required, choices=_measures, error_messages=wrong)


def _measures() -> list[tuple[str, str]]:
    known = [(key, one.title) for key, one in definitions.load().items() if one.better != "neutral"]
    return [("", "No measure"), *sorted(known, key=lambda one: one[1].casefold())]


class SayForm(forms.Form):
    """The one box: how it is going, in words and in one answer, as at a day."""

    words = words_field("How is it going?", "Say in your words how it is going.", f"In a few sentences. {NO_NAMES}")
    said = forms.ChoiceField(
        label="In one answer",
        choices=Said.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it is on track, at risk, off track, or done."},
    )
    as_at = PlainDateField(label="As at", initial=clock.today)


class ColourForm(forms.Form):
    """A colour that is not the rule's, with the reason."""

    colour = forms.ChoiceField(
        label="Which colour?",
        choices=Rag.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose red, amber or green."},
    )
    why = words_field("Why?", "Say why. The reason stands beside the colour.", NO_NAMES, rows=3)


class RuleForm(forms.Form):
    """Why the rule decides again; nothing need be said."""

    why = words_field("Why?", "", "You may leave this empty.", rows=3, required=False)


class MitigationForm(forms.Form):
    """What is being done meanwhile about an action that is late."""

    words = words_field("What is being done meanwhile?", "Say what is being done meanwhile.", NO_NAMES)


class DeadlineForm(forms.Form):
    """Another deadline, as it is to be written, and why it moves."""

    deadline = forms.CharField(
        label="By when, as it is to be written",
        help_text="Immediate, within 3 months or 6 months, or a day. It is counted from the plan’s publication.",
        max_length=200,
        error_messages={"required": "Say by when."},
    )
    why = words_field("Why is it another now?", "Say why the deadline is another now.", NO_NAMES, rows=3)


class MeasureForm(forms.Form):
    """The measure that an action should move, from where to where."""

    measure = measure_field("Which measure should it move?")
    baseline = number_field("What it was before")
    baseline_on = PlainDateField(label="When it was that", required=False)
    target = number_field("What it should be", "A percentage is written as 90, not 0.9.")


class AnswersForm(forms.Form):
    """Which open finding an action answers, or none."""

    finding = forms.ChoiceField(
        label="Which finding does it answer?",
        error_messages={"required": "Choose a finding, or none.", "invalid_choice": "Choose a finding from the list."},
    )

    def __init__(self, *args: Any, findings: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(NO_FINDING, "None"), *((str(key), called) for key, called in findings)]
        self.fields["finding"].choices = choices  # type: ignore[attr-defined]


class ReopenForm(forms.Form):
    """Why an action is opened again."""

    why = words_field("Why is it opened again?", "Say why it is opened again.", NO_NAMES, rows=3)


class OwnersForm(forms.Form):
    """Everybody who answers for an action, a row each, with empty rows for more. A row without a name is nobody."""

    why = words_field("Why do they change?", "", "You may leave this empty.", rows=3, required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        standing: Sequence[ActionOwner],
        people: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(data)
        self.people = dict(people)
        sent = sum(f"name_{row}" in data for row in range(1, MOST + 1)) if data is not None else 0
        self.size = min(max(len(standing) + SPARE, sent), MOST)
        for row in range(1, self.size + 1):
            self._add_row(row, standing[row - 1] if row <= len(standing) else None)
        self.order_fields([*(f"{part}_{row}" for row in range(1, self.size + 1) for part in _PARTS), "why"])

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The boxes, a list for each owner."""
        return [[self[f"{part}_{row}"] for part in _PARTS] for row in range(1, self.size + 1)]

    def named(self) -> tuple[Named, ...]:
        """The owners as the action takes them. Call it on a valid form."""
        given = self.cleaned_data
        told = [[given[f"{part}_{row}"] for part in _PARTS] for row in range(1, self.size + 1)]
        return tuple(Named(name, post, person) for name, post, person in told if name)

    def _add_row(self, row: int, one: ActionOwner | None) -> None:
        chosen = one.person.key if one and one.person else ""
        known = dict(self.people)
        if one and one.person:
            known.setdefault(chosen, one.person.name)
        self.fields[f"name_{row}"] = forms.CharField(
            label="Name, as the plan has it", required=False, max_length=120, initial=one.name if one else ""
        )
        self.fields[f"post_{row}"] = forms.CharField(
            label="Post", required=False, max_length=120, initial=one.post if one else ""
        )
        self.fields[f"person_{row}"] = forms.ChoiceField(
            label="Who that is here",
            required=False,
            choices=[("", "Nobody with an account"), *known.items()],
            initial=chosen,
            error_messages={"invalid_choice": "Choose a person who has an account here."},
        )


_PARTS = ("name", "post", "person")
