"""What the page of retention shows: every class, how much it holds, and what is past its time. No child is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import CharField, Count, QuerySet, Value

from lineofsight import clock
from lineofsight.web.access.house import home_in_use, lake_in_use
from lineofsight.web.access.models import ChainChild, ChainEvent, LegalHold, Person
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.retention.actions import HELD, LIFTED, Holds, holding, past
from lineofsight.web.access.retention.classes import RetentionClass, class_of, classes
from lineofsight.web.access.viewer import Viewer


@dataclass(frozen=True)
class ClassRow:
    """One class as the page shows it: how many rows or files it holds, and how many of them are past their time.

    `past` is None where there is a length and the software does not know yet which rows have reached it.
    """

    kept: RetentionClass
    held: int
    past: int | None
    on_hold: bool

    @property
    def then(self) -> str:
        """What happens at the end and who does it, in a few words."""
        if self.kept.done_by == "worker":
            return f"{'Erased' if self.kept.at_end == 'erase' else 'Deleted'} each day by the software"
        return "A person decides" if self.kept.at_end == "review" else "A person deletes it"


@dataclass(frozen=True)
class HoldRow:
    """A legal hold as the page shows it: what it keeps in words. Whether it names a child, never which."""

    key: UUID
    reference: str
    reason: str
    keeps: str
    of_a_child: bool
    placed_at: datetime
    placed_by: str


@dataclass(frozen=True)
class RetentionPage:
    """The classes, the holds in force, and the classes that hold something past its time nobody erases by itself."""

    rows: list[ClassRow]
    holds: list[HoldRow]

    @property
    def overdue(self) -> list[ClassRow]:
        """The classes with something past its time."""
        return [row for row in self.rows if row.past]

    @property
    def uncounted(self) -> list[ClassRow]:
        """The classes that have a length, of which nobody counts yet what has reached it."""
        return [row for row in self.rows if row.past is None]


def retention_page(viewer: Viewer) -> RetentionPage:
    """Every class with what it holds today. Raises Refused without SEE_LOG."""
    check(viewer, Capability.SEE_LOG)
    home, today, holds = home_in_use(), clock.today(), Holds.in_force()
    known = classes(home)
    held, due = _held(known.values()), _past(known.values(), today, holds)
    rows = []
    for one in known.values():
        days = _days_in_home(one) if one.folder else []
        last = None if holds.keep_all_of(one) else one.last_day_past(today)
        old = sum(day <= last for day in days) if last else 0
        counted = due[one.slug] + old if one.rows or one.folder or one.months is None else None
        on_hold = holds.keep_all_of(one) or bool(holds.children_of(one))
        rows.append(ClassRow(one, held[one.slug] + len(days), counted, on_hold))
    return RetentionPage(rows, _hold_rows(known))


def hold_to_lift(viewer: Viewer, key: UUID) -> LegalHold | None:
    """A hold in force, or None. Raises Refused without HOLD_RECORDS."""
    check(viewer, Capability.HOLD_RECORDS)
    return LegalHold.objects.filter(pk=key, lifted_at=None).first()


def kept_by(viewer: Viewer, hold: LegalHold) -> int:
    """How many entries of the log a hold on one child keeps, its own aside: none tells of a number typed wrong."""
    check(viewer, Capability.HOLD_RECORDS)
    shown = ChainChild.objects.filter(child_key=hold.child_key).values("sequence")
    return ChainEvent.objects.filter(sequence__in=shown).exclude(action__in=(HELD, LIFTED)).count()


def _held(known: Iterable[RetentionClass]) -> Counter[str]:
    """How many rows each class holds, asked of every model at once."""
    partly = {rows.model: rows for one in known for rows in one.rows}
    parts = []
    for model in apps.get_models():
        rows = partly.get(model._meta.label)
        found = holding(rows) if rows else model._default_manager.order_by()
        parts.append((class_of(model).slug, found))
    return _counted(parts)


def _past(known: Iterable[RetentionClass], today: date, holds: Holds) -> Counter[str]:
    """How many rows of each class are past their time on a day."""
    return _counted([(one.slug, past(one, rows, today, holds)) for one in known for rows in one.rows])


def _counted(parts: list[tuple[str, QuerySet[Any]]]) -> Counter[str]:
    asked = [
        found.annotate(slug=Value(slug, output_field=CharField())).values("slug").annotate(n=Count("*"))
        for slug, found in parts
        if not found.query.is_empty()
    ]
    counted: Counter[str] = Counter()
    if asked:
        for told in asked[0].union(*asked[1:], all=True) if len(asked) > 1 else asked[0]:
            counted[told["slug"]] += told["n"]
    return counted


def _days_in_home(one: RetentionClass) -> list[date]:
    """The day each thing in a class's folder counts from: a snapshot's date, else when a file was written."""
    home = home_in_use()
    if one.folder == "lake":
        return [snapshot.as_at for snapshot in lake_in_use().snapshots(withdrawn=True)]
    files: Iterable[Path] = (home.path / one.folder).rglob("*")
    written = [path.stat().st_mtime for path in files if path.is_file() and not path.name.startswith(".")]
    return [datetime.fromtimestamp(seconds, clock.LONDON).date() for seconds in written]


def _hold_rows(known: dict[str, RetentionClass]) -> list[HoldRow]:
    names = dict(Person.objects.values_list("key", "name"))
    return [
        HoldRow(
            key=hold.pk,
            reference=hold.reference,
            reason=hold.reason,
            keeps=known[hold.keeps].title if hold.keeps in known else "Everything",
            of_a_child=bool(hold.child_key),
            placed_at=hold.placed_at,
            placed_by=names.get(hold.placed_by_key, hold.placed_by_key),
        )
        for hold in LegalHold.objects.filter(lifted_at=None)
    ]
