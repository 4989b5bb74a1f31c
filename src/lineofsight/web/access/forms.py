"""The date field every room uses."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WORDS = re.compile(r"(\d{1,2})[\s/.\-]+([A-Za-z]+|\d{1,2})[\s/.\-]+(\d{4}|\d{2})")


def read_date(text: str) -> date | None:
    """The date a person typed, day first ("31 October 2026", "31/10/26", "2026-10-31"), or None."""
    text = text.strip()
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _WORDS.fullmatch(text):
        day, month, year = int(found[1]), _month(found[2]), int(found[3])
        year += 2000 if year < 100 else 0
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    return next((at for at, name in enumerate(MONTHS, 1) if len(text) >= 3 and name.startswith(text.lower())), 0)


class PlainDateField(forms.Field):
    """A date in one box, as people write it. Gives a date, or None where it may be left empty."""

    widget = forms.TextInput(attrs={"class": "govuk-input--width-10", "inputmode": "text"})
    default_error_messages = {
        "required": "Enter a date.",
        "invalid": "Enter a real date, like 31 October 2026.",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "For example, 31 October 2026")
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """The date, from text or from a date given as the initial value."""
        value = value.strip() if isinstance(value, str) else value
        if value in self.empty_values:
            return None
        found = value if isinstance(value, date) else read_date(str(value))
        if found is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found

    def prepare_value(self, value: Any) -> Any:
        """What the box shows: a date in words."""
        return f"{value.day} {value:%B %Y}" if isinstance(value, date) else value
