"""Every form of every page, filled in as a person might, with a canary typed wherever words can be typed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client
from lxml import html
from tests.web.whole.canaries import CHILD, TYPED

WORDS = f"{TYPED} says that {CHILD}typed was not seen on 3 May, and nobody asked why."
SHORT = f"{TYPED} {CHILD}typed"


@dataclass(frozen=True)
class Form:
    """One form of a page: where it goes, and each field with what may be put into it."""

    action: str
    fields: tuple[tuple[str, str, tuple[str, ...]], ...]
    buttons: tuple[tuple[str, str], ...]

    def takes_words(self) -> bool:
        """Whether anything can be typed into it."""
        return any(kind in ("text", "textarea", "search", "email") for _, kind, _ in self.fields)


def forms_of(page: str, at: str) -> Iterator[Form]:
    """The forms of a page that are posted."""
    for form in html.fromstring(page).forms if "<form" in page else []:
        if form.method.upper() == "POST":
            yield Form(form.get("action") or at, tuple(_fields(form)), tuple(_buttons(form)))


def filled(form: Form, **chosen: str) -> dict[str, Any]:
    """What the form sends: words where words fit, a day where a day does, the first choice of each choice."""
    sent: dict[str, Any] = {}
    for name, kind, options in form.fields:
        if name in chosen:
            sent[name] = chosen[name]
        elif options:
            sent[name] = next((one for one in options if one), "")
        elif kind == "textarea":
            sent[name] = WORDS
        elif _is_a_day(name):
            sent[name] = "10 November 2026"
        elif kind == "email":
            sent[name] = f"{TYPED.lower()}@northmere.example"
        elif kind == "number":
            sent[name] = "5"
        elif kind in ("text", "search", "password"):
            sent[name] = SHORT
    for name, value in form.buttons[:1]:
        sent[name] = value
    return sent


def send(client: Client, form: Form, **chosen: str) -> Any:
    """Post the form as it was filled in."""
    return client.post(form.action.split("#")[0], filled(form, **chosen))


def _is_a_day(name: str) -> bool:
    return bool(re.search(r"(_on|_by|date|until|_from|^from)$", name)) and name != "prepared_by"


def _fields(form: Any) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    radios: dict[str, list[str]] = {}
    for one in form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
        name, kind = one.get("name"), one.get("type") or one.tag
        if name == "csrfmiddlewaretoken" or kind == "submit":
            continue
        if kind in ("radio", "checkbox"):
            radios.setdefault(name, []).append(one.get("value") or "on")
        elif kind == "hidden":
            yield name, kind, (one.get("value") or "",)
        elif one.tag == "select":
            yield name, "select", tuple(option.get("value") or "" for option in one.xpath(".//option"))
        else:
            yield name, kind if one.tag == "input" else "textarea", ()
    for name, options in radios.items():
        yield name, "radio", tuple(options)


def _buttons(form: Any) -> Iterator[tuple[str, str]]:
    for one in form.xpath(".//button[@name]"):
        yield one.get("name"), one.get("value") or ""
