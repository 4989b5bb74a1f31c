"""Words and numbers as every page writes them. Built in: a template need not load it."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django import template

from lineofsight import clock

register = template.Library()

SMALL = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
NOT_MEASURED = "not measured"

# What a word is worth in colour. The word is always there too: colour is never the only sign.
TAGS = {
    "open": "red",
    "overdue": "red",
    "missed": "red",
    "worse": "red",
    "red": "red",
    "amber": "yellow",
    "due": "blue",
    "asked": "blue",
    "decided": "blue",
    "changed": "yellow",
    "not re-measured": "grey",
    "said done, not borne out": "red",
    "said done": "blue",
    "not measured": "grey",
    "too few": "grey",
    "cancelled": "grey",
    "none": "grey",
    "cleared": "green",
    "held": "green",
    "better": "green",
    "green": "green",
    "satisfied": "green",
}


@register.filter
def day(value: Any) -> str:
    """31 October 2026. Nothing for nothing."""
    on = _date(value)
    return f"{on.day} {on:%B %Y}" if on else ""


@register.filter
def short_day(value: Any) -> str:
    """31 Oct."""
    on = _date(value)
    return f"{on.day} {on:%b}" if on else ""


def day_in_year(value: Any, year: int) -> str:
    """3 November, or 3 January 2027 where the year is another."""
    on = _date(value)
    if on is None:
        return ""
    return f"{on.day} {on:%B}" if on.year == year else day(on)


@register.filter
def month(value: Any) -> str:
    """October 2026."""
    on = _date(value)
    return f"{on:%B %Y}" if on else ""


@register.filter
def moment(value: Any) -> str:
    """3 November 2026 at 4:05pm, in London's time."""
    if not isinstance(value, datetime):
        return day(value)
    return f"{day(value)} at {time_of_day(value)}"


@register.filter
def time_of_day(value: datetime) -> str:
    """4:05pm, in London's time."""
    local = value.astimezone(clock.LONDON)
    return f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


@register.filter
def number(value: Any) -> str:
    """1,204; a masked value ("fewer than 6") as it stands; "not measured" where there is none."""
    if value is None:
        return NOT_MEASURED
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}".removesuffix(".0")


@register.filter
def number_word(value: int) -> str:
    """two; 14. Words below ten, figures from there."""
    return SMALL[value] if 0 <= value < len(SMALL) else number(value)


@register.filter
def plural(value: Any, words: str = ",s") -> str:
    """`{{ n }} {{ n|plural:"child,children" }}`: the first word for one, the second for any other number."""
    one, many = words.split(",")
    return one if value == 1 else many


@register.filter
def percent(value: Any) -> str:
    """78%. Near either end it keeps a decimal, so that 99.6 is never read as all and 0.4 never as none."""
    if value is None:
        return NOT_MEASURED
    if isinstance(value, str):
        return value
    near_an_end = 0 < value < 1 or 99 < value < 100
    if not near_an_end:
        return f"{value:.0f}%"
    return f"{min(max(round(value, 1), 0.1), 99.9)}%"


@register.filter
def tag_colour(word: Any) -> str:
    """The class that gives a tag the colour of its word: `<strong class="govuk-tag {{ w|tag_colour }}">`."""
    colour = TAGS.get(str(word).strip().lower(), "grey")
    return f"govuk-tag--{colour}"


@register.filter
def sentence_case(text: Any) -> str:
    """The first letter large, the rest as it is."""
    told = str(text)
    return told[:1].upper() + told[1:]


@register.filter
def as_json(value: Any) -> str:
    """`value` as JSON, for a data attribute that a script reads."""
    return json.dumps(value)


@register.simple_tag(takes_context=True)
def address_with(context: template.Context, **changes: Any) -> str:
    """This page's own query string with some values changed; a value of None or "" is left out."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


def _date(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.astimezone(clock.LONDON).date() if value.tzinfo else value.date()
    return value if isinstance(value, date) else None


@register.filter
def first_input(field: Any) -> str:
    """The id an error summary links to: the field's own box, or the first of its choices."""
    return str(field.subwidgets[0].id_for_label if field.use_fieldset else field.id_for_label)
