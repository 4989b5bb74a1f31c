"""The writer that takes one child out of the database, inside the transaction of whoever redacts (DESIGN 5 G).

What is done with each model stands in redaction.toml. Models of every room are reached by their label.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, Protocol, cast

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q

from lineofsight.cases import refs
from lineofsight.web.access.house import keys_in_use
from lineofsight.web.access.models import Redaction, Struck

FILE = "redaction.toml"
Do = Literal["delete", "stand in", "strike", "scrub"]
GONE = "…"  # what stands in a typed text in place of an id


@dataclass(frozen=True)
class Rows:
    """What is done with the rows of one model that name the child: the fields of its entry in redaction.toml."""

    model: str
    do: Do
    child: tuple[str, ...] = ()
    has: str = ""
    erase: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    strip: tuple[str, ...] = ()
    scrub: tuple[str, ...] = ()

    @property
    def kind(self) -> type[models.Model]:
        return apps.get_model(self.model)

    def theirs(self, keys: Collection[str]) -> models.QuerySet[Any]:
        """The rows that name the child."""
        wanted = Q()
        for field in self.child:
            wanted |= Q(**{f"{field}__in": keys})
        for key in keys if self.has else ():
            wanted |= Q(**{f"{self.has}__contains": key})
        return every(self.kind).filter(wanted) if wanted else every(self.kind).none()


class Sealed(Protocol):
    """A row that is frozen: what its seal would be now."""

    def seal(self) -> str: ...


@cache
def covered() -> tuple[Rows, ...]:
    """Every model a redaction works on, in the order in which it does."""
    return tuple(map(_rows, _told()["rows"]))


@cache
def left_alone() -> Mapping[str, str]:
    """The models a redaction leaves alone, each with the reason."""
    return {one["model"]: one["why"] for one in _told()["left"]}


def every(model: type[models.Model]) -> models.QuerySet[Any]:
    """All rows of a model, also of one whose own manager lets nothing be changed. Only a redaction may."""
    return models.QuerySet(model=model)


def may_write() -> bool:
    """Whether this process may change what is frozen. On PostgreSQL that is the role that owns the tables, alone."""
    if connection.vendor != "postgresql":
        return True
    tables = [rows.kind._meta.db_table for rows in covered()]
    with connection.cursor() as cursor:
        allowed = " and ".join(f"has_table_privilege(name, '{what}')" for what in ("update", "delete"))
        cursor.execute(f"select bool_and({allowed}) from unnest(%s::text[]) as name", [tables])  # noqa: S608
        return bool(cursor.fetchone()[0])


def found(keys: Collection[str], ids: Collection[str] = ()) -> dict[str, set[Any]]:
    """The primary keys of each model's rows that name the child, those that name it somewhere inside among them."""
    told = {}
    for rows in covered():
        named = set(rows.theirs(keys).values_list("pk", flat=True)) | {one.pk for one, _ in _to_strip(rows, keys)}
        named |= {one.pk for one, _ in _to_scrub(rows, keys, ids)}
        if named:
            told[rows.model] = named
    return told


def take_out(keys: Collection[str], redaction: Redaction, ids: Collection[str] = ()) -> dict[str, int]:
    """Take the child out of every model; how many rows of each. Call it inside a transaction, as often as you like.

    `ids` are those of its ids in the case system that are looked for in typed texts.
    """
    told = {}
    for rows in covered():
        count = _strip(rows, keys, redaction) + _scrub(rows, keys, ids, redaction)
        theirs = rows.theirs(keys)
        if rows.do == "delete":
            count += theirs.delete()[0]
        else:
            count += sum(_stand_in(rows, one, keys, redaction) for one in theirs)
        if count:
            told[rows.model] = count
    return told


def without(value: Any, names: Collection[str]) -> Any:
    """A value of JSON without the parts that say one of `names`: a whole entry of a list goes with what it says."""
    if isinstance(value, Mapping):
        return {key: without(one, names) for key, one in value.items() if not _says(one, names)}
    if isinstance(value, list):
        return [without(one, names) for one in value if not _says_itself(one, names)]
    return value


def names_of(keys: Collection[str], audiences: Sequence[str] = ("identified",)) -> frozenset[str]:
    """The keys of a child with the refs that stand for it to some audiences."""
    ring = keys_in_use()
    return frozenset(keys) | {refs.ref(ring, audience, key) for audience in audiences for key in keys}


def _stand_in(rows: Rows, one: models.Model, keys: Collection[str], redaction: Redaction) -> int:
    """Empty what one row says of the child and name nobody in it."""
    changed: dict[str, Any] = {name: redaction.stand_in for name in rows.child if getattr(one, name) in keys}
    for name in rows.erase:
        value = getattr(one, name)
        changed[name] = {part: value[part] for part in rows.keep if part in value} if isinstance(value, dict) else ""
    _write(rows, one, changed, redaction)
    return 1


def _strip(rows: Rows, keys: Collection[str], redaction: Redaction) -> int:
    count = 0
    for one, changed in list(_to_strip(rows, keys)):
        _write(rows, one, changed, redaction)
        count += 1
    return count


def _scrub(rows: Rows, keys: Collection[str], ids: Collection[str], redaction: Redaction) -> int:
    changes = list(_to_scrub(rows, keys, ids))
    for one, changed in changes:
        _write(rows, one, changed, redaction)
    return len(changes)


def _to_scrub(rows: Rows, keys: Collection[str], ids: Collection[str]) -> Iterator[tuple[models.Model, dict[str, Any]]]:
    """Rows that are tied to no child and say one by its id all the same, with what they say without it."""
    if not rows.scrub:
        return
    words = "|".join(re.escape(one) for one in sorted({*names_of(keys), *ids}))
    said = re.compile(rf"(?<![0-9A-Za-z])(?:{words})(?![0-9A-Za-z])")
    others = every(rows.kind).exclude(pk__in=list(rows.theirs(keys).values_list("pk", flat=True)))
    for one in others.iterator(chunk_size=500):
        now = {name: _scrubbed(getattr(one, name), said) for name in rows.scrub}
        changed = {name: value for name, value in now.items() if value != getattr(one, name)}
        if changed:
            yield one, changed


def _scrubbed(value: Any, said: re.Pattern[str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _scrubbed(one, said) for key, one in value.items()}
    if isinstance(value, list):
        return [_scrubbed(one, said) for one in value]
    return said.sub(GONE, value) if isinstance(value, str) else value


def _to_strip(rows: Rows, keys: Collection[str]) -> Iterator[tuple[models.Model, dict[str, Any]]]:
    """Rows that are about something else and name the child inside a field of JSON, with what they say without it."""
    if not rows.strip:
        return
    names = names_of(keys)
    others = every(rows.kind).exclude(pk__in=list(rows.theirs(keys).values_list("pk", flat=True)))
    for one in others.iterator(chunk_size=500):
        now = {name: without(getattr(one, name), names) for name in rows.strip}
        changed = {name: value for name, value in now.items() if value != getattr(one, name)}
        if changed:
            yield one, changed


def _write(rows: Rows, one: models.Model, changed: dict[str, Any], redaction: Redaction) -> None:
    try:
        with transaction.atomic():
            every(rows.kind).filter(pk=one.pk).update(**changed)
    except IntegrityError:  # another row says the same now: of two records that were merged, both led to nobody
        every(rows.kind).filter(pk=one.pk).delete()
        return
    if rows.do == "strike":
        again = every(rows.kind).get(pk=one.pk)
        seal = cast(Sealed, again).seal()
        Struck.objects.create(redaction=redaction, label=rows.model, row=str(one.pk), seal=seal)


def _says(value: Any, names: Collection[str]) -> bool:
    return isinstance(value, str) and any(name in value for name in names)


def _says_itself(value: Any, names: Collection[str]) -> bool:
    """Whether an entry of a list is the child's: it says so, or one of its own parts does."""
    if isinstance(value, Mapping):
        return any(_says(one, names) for one in value.values())
    if isinstance(value, list):
        return any(_says(one, names) for one in value)
    return _says(value, names)


def _rows(told: Mapping[str, Any]) -> Rows:
    lists = {name: tuple(told.get(name, ())) for name in ("child", "erase", "keep", "strip", "scrub")}
    return Rows(model=told["model"], do=told["do"], has=told.get("has", ""), **lists)


def _told() -> dict[str, Any]:
    return tomllib.loads(resources.files("lineofsight.web.access.retention").joinpath(FILE).read_text("utf-8"))
