"""Forms of signing in, and of how one signs in."""

from __future__ import annotations

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


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

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
