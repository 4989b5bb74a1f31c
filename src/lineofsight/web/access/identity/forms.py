"""Forms of signing in, and of how one signs in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from lineofsight.web.access.models import Person


class SignInForm(forms.Form):
    """E-mail address and password."""

    email = forms.CharField(
        label="E-mail address",
        max_length=254,
        error_messages={"required": "Enter your e-mail address."},
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="Password",
        max_length=256,
        strip=False,
        error_messages={"required": "Enter your password."},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """A code from an app, or a recovery code where the app is lost."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        error_messages={"required": "Enter the code."},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
                "class": "govuk-input--width-10",
            }
        ),
    )

    def __init__(self, *args: Any, hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = hint


class CredentialForm(forms.Form):
    """What a passkey answered, as the script of the page wrote it."""

    credential = forms.JSONField(widget=forms.HiddenInput)


class AddPasskeyForm(forms.Form):
    """What the person calls a passkey. What it answered comes beside it."""

    name = forms.CharField(
        label="What do you call it?",
        help_text="To know it again, for example work laptop or my phone.",
        max_length=60,
        error_messages={"required": "Give it a name, for example work laptop."},
    )


class PasswordForm(forms.Form):
    """One's password, to show that it is still oneself."""

    password = forms.CharField(
        label="Your password",
        max_length=256,
        strip=False,
        error_messages={"required": "Enter your password."},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ConfirmForm(PasswordForm):
    """What shows that it is still oneself: the password, and with an app the code it shows."""

    def __init__(self, *args: Any, with_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if with_code:
            code = CodeForm(hint="The six figures your app shows now, or a recovery code.")
            self.fields["code"] = code.fields["code"]


class LostFactorForm(forms.Form):
    """Why a second factor of somebody else is taken away, and how they showed who they are."""

    reason = forms.CharField(
        label="Why is it taken away?",
        max_length=500,
        help_text="For example, their telephone was stolen on Tuesday.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why it is taken away."},
    )
    proof = forms.ChoiceField(
        label="How did they show who they are?",
        widget=forms.RadioSelect,
        error_messages={"required": "Say how they showed who they are."},
    )
    shown = forms.CharField(
        label="What did you look at, or who spoke for them?",
        max_length=500,
        help_text="For example, the number of the staff pass, or the manager’s name and the number you rang.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what you looked at, or who spoke for them."},
    )

    def __init__(self, *args: Any, proofs: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proof"].choices = list(proofs.items())  # type: ignore[attr-defined]


class NewPasswordForm(forms.Form):
    """A new password, typed twice, with the one that it replaces.

    `wrong_current` is whether that one was not right.
    """

    current = forms.CharField(
        label="Your password now",
        max_length=256,
        strip=False,
        error_messages={"required": "Enter the password you have now."},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    password = forms.CharField(
        label="New password",
        help_text="At least 12 characters: three or four words that do not go together are good. Not your name.",
        max_length=256,
        strip=False,
        error_messages={"required": "Enter a new password."},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="The same again",
        max_length=256,
        strip=False,
        error_messages={"required": "Enter the new password again."},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.wrong_current = False
        if not person.has_usable_password():
            del self.fields["current"]

    def clean_current(self) -> str:
        """The password they have, where it is the right one."""
        current = str(self.cleaned_data["current"])
        if not self.person.check_password(current):
            self.wrong_current = True
            raise ValidationError("That is not your password. Try again.")
        return current

    def clean_password(self) -> str:
        """The new password, where it is a good one."""
        password = str(self.cleaned_data["password"])
        validate_password(password, self.person)
        return password

    def clean(self) -> dict[str, Any]:
        """Both the same."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if "password" in given and "again" in given and given["password"] != given["again"]:
            raise ValidationError({"again": "The two are not the same. Enter the new password again."})
        return given
