"""Forms of restricted records. What may be placed or named is decided by the actions; a form only asks."""

from __future__ import annotations

from typing import Any

from django import forms

from lineofsight.web.access.models import Person
from lineofsight.web.access.restricted.kinds import KINDS
from lineofsight.web.access.restricted.queries import offices_of, people_to_name

OFF = {"autocomplete": "off", "spellcheck": "false"}


class RestrictForm(forms.Form):
    """Why one child's record is restricted, and who may open it."""

    kind = forms.ChoiceField(
        label="Why is this record restricted?",
        choices=list(KINDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why the record is restricted."},
    )
    reason = forms.CharField(
        label="The reason, in your words",
        help_text="Those named for the record can read it.",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3, **OFF}),
        error_messages={"required": "Say why this record is restricted."},
    )
    people = forms.MultipleChoiceField(
        label="Who may still open it?",
        help_text="Only these people. You are not among them unless you tick your own name.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Name at least one person."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known = {one.key: one for one in people_to_name()}
        self.fields["people"].choices = _choices(self._known)  # type: ignore[attr-defined]

    def named(self) -> list[Person]:
        """The people ticked. Call it on a valid form."""
        return [self._known[key] for key in self.cleaned_data["people"]]


class NameForm(forms.Form):
    """One more person for a record."""

    person = forms.ChoiceField(label="Name another person", error_messages={"required": "Choose a person."})

    def __init__(self, *args: Any, but: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known = {one.key: one for one in people_to_name() if one.key not in but}
        self.fields["person"].choices = [("", "Choose a person"), *_choices(self._known)]  # type: ignore[attr-defined]

    def named(self) -> Person:
        """The person chosen. Call it on a valid form."""
        return self._known[self.cleaned_data["person"]]


class NameByNumberForm(NameForm):
    """A person for a record that the form's writer may not open: told by the child's number in the case system."""

    case_id = forms.CharField(
        label="The child’s number in the case system",
        help_text="The whole number. It is not kept.",
        max_length=80,
        widget=forms.TextInput(attrs=OFF),
        error_messages={"required": "Type the child’s number."},
    )
    field_order = ("case_id", "person")


def _choices(people: dict[str, Person]) -> list[tuple[str, str]]:
    held = offices_of(people.values())
    return [(key, ", ".join([one.name, *held[key]])) for key, one in people.items()]
