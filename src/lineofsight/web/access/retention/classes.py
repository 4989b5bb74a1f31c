"""The retention classes, read from retention.toml: how long, from which day, why, and what happens then (DESIGN 5 G).

A home's own retention.toml sets other lengths: the shipped ones are a start that the authority confirms or changes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal, get_args

from dateutil.relativedelta import relativedelta
from django.db import models

from lineofsight.errors import PlainError
from lineofsight.home import Home

FILE = "retention.toml"
WHILE_NEEDED = "while needed"

Basis = Literal["law", "guidance", "local"]
AtEnd = Literal["erase", "delete", "review"]
DoneBy = Literal["worker", "not yet"]


@dataclass(frozen=True)
class Rows:
    """What the worker does with one model's rows: counted from `day`, the fields `erase` emptied, or the row deleted.

    `held` names the field that tells there is still something to erase, `child` where the child's key stands, and
    `after` the rows that must have gone before it.
    """

    model: str
    day: str
    erase: tuple[str, ...] = ()
    held: str = ""
    child: str = ""
    after: str = ""


@dataclass(frozen=True)
class RetentionClass:
    """One class: what it holds, for how many months (None: while needed), from which day, why, and what then.

    `own` is true where the home's file gave the length. `folder` is the part of the home it lives in, `models` the
    libraries' models it covers; our own models name their class themselves.
    """

    slug: str
    title: str
    holds: str
    months: int | None
    from_words: str
    basis: Basis
    why: str
    at_end: AtEnd
    end_words: str
    done_by: DoneBy
    rows: tuple[Rows, ...] = ()
    models: tuple[str, ...] = ()
    folder: str = ""
    own: bool = False

    def period(self) -> str:
        """How long, in words: '6 years', '18 months', 'until it is over', 'while it is needed'."""
        if self.months is None:
            return "while it is needed"
        if self.months == 0:
            return "until it is over"
        number, unit = (self.months // 12, "year") if self.months % 12 == 0 else (self.months, "month")
        return f"{number} {unit}{'' if number == 1 else 's'}"

    def last_day_past(self, today: date) -> date | None:
        """The last day whose rows are past their time on `today`; None where nothing ever is by itself.

        A row of a day is kept until the same day `months` later, that day included (the month's last day where it
        has no such day), so it is past its time on the day after.
        """
        if self.months is None:
            return None
        length = relativedelta(months=self.months)
        day = today - length - timedelta(days=1)
        while day + timedelta(days=1) + length < today:
            day += timedelta(days=1)
        while day + length >= today:
            day -= timedelta(days=1)
        return day


def classes(home: Home | None = None) -> dict[str, RetentionClass]:
    """Every class by slug in the file's order, with the lengths that `home` sets in place of the shipped ones.

    Raises PlainError where the home's file names a class that is not known, or gives no length or no reason.
    """
    shipped = _shipped()
    path = home.path / FILE if home else None
    if path is None or not path.exists():
        return shipped
    own = _read(path.read_text(encoding="utf-8"), path)
    if unknown := sorted(own.keys() - shipped.keys()):
        raise PlainError(f"{path}: there is no retention class called '{unknown[0]}'.")
    return {slug: _with_own(one, own[slug], path) if slug in own else one for slug, one in shipped.items()}


def class_of(model: type[models.Model]) -> RetentionClass:
    """The class a model's rows belong to. Raises PlainError where it has none, or one that is not known."""
    slug = getattr(model, "retention", None)
    label = model._meta.label
    found = _shipped().get(slug) if isinstance(slug, str) else _by_label().get(label)
    if found is None:
        raise PlainError(f"{label} has no retention class: say in its code, or in retention.toml, how long it is kept.")
    return found


def title_of(slug: str) -> str:
    """A class by its title, as a person reads it; a slug that is not known any more as it is."""
    known = _shipped().get(slug)
    return known.title if known else slug


@cache
def _shipped() -> dict[str, RetentionClass]:
    path = resources.files("lineofsight.web.access").joinpath(FILE)
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return {one.slug: one for one in map(_class, told["class"])}


@cache
def _by_label() -> dict[str, RetentionClass]:
    found: dict[str, RetentionClass] = {}
    for one in _shipped().values():
        for label in [*one.models, *(rows.model for rows in one.rows)]:
            found[label] = one
    return found


def _class(told: Mapping[str, Any]) -> RetentionClass:
    return RetentionClass(
        slug=str(told["slug"]),
        title=str(told["title"]),
        holds=_line(told["holds"]),
        months=int(told["months"]) if "months" in told else None,
        from_words=str(told["from"]),
        basis=_one_of(told, "basis", get_args(Basis)),
        why=_line(told["why"]),
        at_end=_one_of(told, "at_end", get_args(AtEnd)),
        end_words=_line(told["end_words"]),
        done_by=_one_of(told, "done_by", get_args(DoneBy)),
        rows=tuple(_rows(one) for one in told.get("rows", ())),
        models=tuple(map(str, told.get("models", ()))),
        folder=str(told.get("folder", "")),
    )


def _rows(told: Mapping[str, Any]) -> Rows:
    held, child, after = (str(told.get(name, "")) for name in ("held", "child", "after"))
    return Rows(str(told["model"]), str(told["day"]), tuple(map(str, told.get("erase", ()))), held, child, after)


def _one_of(told: Mapping[str, Any], name: str, known: Iterable[str]) -> Any:
    if told[name] not in known:
        raise PlainError(f"The retention class {told['slug']} has a {name} that is not known: {told[name]}.")
    return told[name]


def _line(text: object) -> str:
    return " ".join(str(text).split())


def _read(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise PlainError(f"{path} cannot be read: {wrong}") from None


def _with_own(one: RetentionClass, told: object, path: Path) -> RetentionClass:
    """`one` with the length the home gives it, which needs its own reason."""
    months, why = (told.get("months"), told.get("why")) if isinstance(told, dict) else (None, None)
    while_needed = isinstance(told, dict) and told.get("keep") == WHILE_NEEDED
    right = type(months) is int and months >= 0 and not while_needed
    if not (right or (while_needed and months is None)) or not isinstance(why, str) or not why.strip():
        raise PlainError(
            f"{path}: [{one.slug}] needs months (a whole number) or keep = '{WHILE_NEEDED}', and why in a sentence."
        )
    if one.months == 0:
        raise PlainError(f"{path}: the length of [{one.slug}] is not set here.")
    return replace(one, months=months if right else None, why=_line(why), basis="local", own=True)
