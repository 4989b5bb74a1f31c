"""Forms of appointing: giving an office, inviting somebody to it, and taking an invitation up."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.core.validators import validate_slug

from lineofsight import clock
from lineofsight.web.access.appointing.inviting import Offer
from lineofsight.web.access.appointing.reach import Choice
from lineofsight.web.access.forms import PlainDateField
from lineofsight.web.access.models import Person
from lineofsight.web.access.offices import Office

HERE, NEW = "here", "new"
HOLDER, DELEGATE = "holder", "delegate"
WHICH = {
    "service": ("Which service?", "Choose the service they lead."),
    "team": ("Which teams?", "Choose at least one team."),
    "own": ("Which worker are they in the case system?", "Choose who they are."),
    "assigned": ("Which worker are they in the case system?", "Choose who they are."),
}


class GiveForm(forms.Form):
    """One office to one person: who, as what, over which ids, from when, until when."""

    who = forms.ChoiceField(
        choices=((HERE, "Somebody who is here already"), (NEW, "Somebody new, by invitation")),
        initial=HERE,
        error_messages={"required": "Say whether they are here already or new."},
    )
    person = forms.ModelChoiceField(
        queryset=Person.objects.none(), label="Person", required=False, empty_label="Choose a person"
    )
    name = forms.CharField(
        label="Their name", max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.EmailField(
        label="Their e-mail address at work",
        required=False,
        help_text="They sign in with it.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"invalid": "Enter an e-mail address, like name@council.gov.uk."},
    )
    as_what = forms.ChoiceField(widget=forms.RadioSelect, label="As what?", initial=HOLDER)
    from_date = PlainDateField(label="From")
    until = PlainDateField(label="Last day", required=False, help_text="Leave this empty if no end is known.")

    def __init__(self, *args: Any, office: Office, people: list[Person], reach: list[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._office = office
        own: dict[str, Any] = self.fields
        own["person"].queryset = Person.objects.filter(pk__in=[one.pk for one in people])
        own["person"].label_from_instance = lambda one: f"{one.name}, {one.email}"
        own["from_date"].initial = clock.today()
        if office.has_delegates:
            own["as_what"].choices = [
                (HOLDER, f"As the {office.title}"),
                (DELEGATE, "As a delegate, who prepares and signs nothing"),
            ]
        else:
            del self.fields["as_what"]
        if office.scope == "agency":
            self.fields["reach"] = forms.CharField(
                label="Which agency?",
                max_length=60,
                validators=[validate_slug],
                help_text="Its short name as your data has it, in small letters, like health or police.",
                error_messages={"required": "Enter the agency.", "invalid": "Use letters, digits and hyphens only."},
            )
        elif office.scope in WHICH:
            self.fields["reach"] = _which(office, reach)

    def clean(self) -> dict[str, Any]:
        """Somebody here is chosen, somebody new has a name and an address; the last day has not passed."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("who") == HERE and not given.get("person") and "person" not in self.errors:
            self.add_error("person", "Choose a person.")
        if given.get("who") == NEW:
            if not given.get("name"):
                self.add_error("name", "Enter their name.")
            if not given.get("email") and "email" not in self.errors:
                self.add_error("email", "Enter their e-mail address.")
        began, until = given.get("from_date"), given.get("until")
        if began and until and until < max(began, clock.today()):
            self.add_error("until", "The last day is before the first, or has passed.")
        return given

    def offer(self) -> Offer:
        """What is given, as the actions take it. Call it on a valid form."""
        given = self.cleaned_data
        chosen = given.get("reach") or []
        return Offer(
            office=self._office.slug,
            from_date=given["from_date"],
            until=given["until"],
            scope_ids=tuple(chosen) if isinstance(chosen, list) else (chosen,),
            as_delegate=given.get("as_what") == DELEGATE,
        )


class TakeUpForm(forms.Form):
    """The password of an account that begins. Whether it is too weak is for the action to say."""

    password = forms.CharField(
        label="Choose a password",
        max_length=256,
        strip=False,
        help_text="At least 12 characters. Three words that do not belong together are easy to remember.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password."},
    )
    again = forms.CharField(
        label="Type it again",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Type the password again."},
    )

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", "The two are not the same. Type the password again.")
        return given


def _which(office: Office, reach: list[Choice]) -> forms.Field:
    """Boxes for the teams or services of an office; a list for a worker, by team."""
    label, missing = WHICH[office.scope]
    if office.scope in ("own", "assigned"):
        grouped = [(team or "No team", [(one.id, one.name) for one in some]) for team, some in _by_within(reach)]
        return forms.ChoiceField(
            label=label, choices=[("", "Choose a worker"), *grouped], error_messages={"required": missing}
        )
    return forms.MultipleChoiceField(
        label=label,
        choices=[(one.id, one.name if one.within in ("", one.name) else f"{one.name}, {one.within}") for one in reach],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": missing},
    )


def _by_within(reach: list[Choice]) -> list[tuple[str, list[Choice]]]:
    return [(within, list(some)) for within, some in groupby(reach, key=lambda one: one.within)]
