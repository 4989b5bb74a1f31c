"""The only writers of retention: what is past its time is erased, a legal hold is placed and lifted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q, QuerySet

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record
from lineofsight.web.access.chain_index import REDACTED
from lineofsight.web.access.house import home_in_use, keys_in_use
from lineofsight.web.access.models import ChainChild, ChainEvent, ChainShown, LegalHold
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.retention.classes import RetentionClass, Rows, classes
from lineofsight.web.access.viewer import Viewer

ERASED = "retention.erased"
HELD = "hold.placed"
LIFTED = "hold.lifted"

# So many rows in one transaction: the chain's lock is held for milliseconds, and the next round goes on.
AT_ONCE = 2_000


def erase_what_is_past(*, by: str, today: date | None = None) -> dict[str, int]:
    """Erase up to AT_ONCE rows of each model whose class says so and whose time is past; how many, by class.

    A legal hold keeps its rows. What was erased, counted and never named, is one event of the chain a class.
    """
    on = today or clock.today()
    done: dict[str, int] = {}
    for one in classes(home_in_use()).values():
        if one.done_by == "worker" and (count := _erase_class(one, on, by)):
            done[one.slug] = count
    return done


def past(one: RetentionClass, rows: Rows, today: date, holds: Holds) -> QuerySet[Any]:
    """The rows of one model that are past their time on a day, kept by no hold, and still hold something."""
    model: type[models.Model] = apps.get_model(rows.model)
    last = one.last_day_past(today)
    found = holding(rows)
    if last is None or holds.keep_all_of(one):
        return found.none()
    found = found.filter(**{f"{rows.day}__lt": _first_moment_after(last, model, rows.day)})
    children = holds.children_of(one)
    if model is ChainEvent:  # it proves what a redaction left of other entries, and names nobody
        found = found.exclude(action=REDACTED)
    if children and model is ChainEvent:
        found = found.exclude(sequence__in=ChainChild.objects.filter(child_key__in=children).values("sequence"))
    elif children and rows.child:
        found = found.exclude(**{f"{rows.child}__in": children})
    return found.filter(**{f"{rows.after}__isnull": True}) if rows.after else found


def holding(rows: Rows) -> QuerySet[Any]:
    """The rows of one model that still hold something, in no order."""
    model: type[models.Model] = apps.get_model(rows.model)
    found = model._default_manager.order_by()
    return found.filter(_still_holds(model, rows)) if rows.held else found


@dataclass(frozen=True)
class Holds:
    """The legal holds in force: (class, child key), either of them blank for all."""

    kept: tuple[tuple[str, str], ...]

    @classmethod
    def in_force(cls) -> Holds:
        """Those that nobody has lifted."""
        return cls(tuple(LegalHold.objects.filter(lifted_at=None).values_list("keeps", "child_key")))

    def keep_all_of(self, one: RetentionClass) -> bool:
        """Whether nothing of a class is erased now."""
        return any(keeps in ("", one.slug) and not child for keeps, child in self.kept)

    def children_of(self, one: RetentionClass) -> list[str]:
        """The children about whom nothing of a class is erased now."""
        return sorted({child for keeps, child in self.kept if keeps in ("", one.slug) and child})


def place_hold(*, by: Viewer, reference: str, reason: str, keeps: str = "", child: str = "") -> LegalHold:
    """Keep everything of a class, or about one child, past its time until lifted (rule 7.12).

    `child` is the child's number in the case system: it is kept as a keyed hash, here as everywhere. Raises Refused,
    and PlainError for a class that is not known or where nothing says why.
    """
    check(by, Capability.HOLD_RECORDS)
    home = home_in_use()
    if keeps and keeps not in classes(home):
        raise PlainError("There is no such class of records.")
    if not reference.strip() or not reason.strip():
        raise PlainError("A hold needs its reference and its reason.")
    with transaction.atomic():
        hold = LegalHold.objects.create(
            keeps=keeps,
            child_key=keys_in_use().child_key(home.authority, child.strip()) if child.strip() else "",
            reference=reference.strip(),
            reason=reason.strip(),
            placed_at=clock.now(),
            placed_by_key=by.person_key,
        )
        told = [hold.child_key] if hold.child_key else []
        record(viewer=by, action=HELD, subject=hold.keeps, child_keys=told, detail={"hold": str(hold.pk)})
    return hold


def lift_hold(*, by: Viewer, hold: LegalHold) -> None:
    """Lift a hold: what it kept falls due again. Raises Refused, and PlainError where it is lifted already."""
    check(by, Capability.HOLD_RECORDS)
    with transaction.atomic():
        lifted = LegalHold.objects.filter(pk=hold.pk, lifted_at=None).update(
            lifted_at=clock.now(), lifted_by_key=by.person_key
        )
        if not lifted:
            raise PlainError("That hold has been lifted already.")
        told = [hold.child_key] if hold.child_key else []
        record(viewer=by, action=LIFTED, subject=hold.keeps, child_keys=told, detail={"hold": str(hold.pk)})


def _erase_class(one: RetentionClass, today: date, by: str) -> int:
    with transaction.atomic():
        holds = Holds.in_force()
        count = sum(_erase_rows(one, rows, today, holds) for rows in one.rows)
        if count:
            record(actor=by, action=ERASED, subject=one.slug, detail={"count": count})
    return count


def _erase_rows(one: RetentionClass, rows: Rows, today: date, holds: Holds) -> int:
    model: type[models.Model] = apps.get_model(rows.model)
    found = list(past(one, rows, today, holds).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    if not found:
        return 0
    theirs = model._default_manager.filter(pk__in=found)
    if not rows.erase:
        theirs.delete()
        return len(found)
    theirs.update(**{name: _nothing(model, name) for name in rows.erase})
    if model is ChainEvent:
        ChainChild.objects.filter(sequence__in=found).delete()
        ChainShown.objects.filter(sequence__in=found).delete()
    return len(found)


def _still_holds(model: type[models.Model], rows: Rows) -> Q:
    nothing = _nothing(model, rows.held)
    return Q(**{f"{rows.held}__isnull": False}) if nothing is None else ~Q(**{rows.held: nothing})


def _nothing(model: type[models.Model], name: str) -> None | str:
    return None if model._meta.get_field(name).null else ""


def _first_moment_after(day: date, model: type[models.Model], path: str) -> date | datetime | str:
    """The first moment after `day` in London, as the field at `path` holds its time."""
    after = day + timedelta(days=1)
    midnight = datetime.combine(after, time(), clock.LONDON)
    as_field: dict[type, Callable[[], date | datetime | str]] = {
        models.DateField: lambda: after,
        models.DateTimeField: lambda: midnight,
        # The chain writes its time stamps as text, in UTC, so that they are hashed as they stand.
        models.CharField: lambda: midnight.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    return as_field[type(_field_at(model, path))]()


def _field_at(model: type[models.Model], path: str) -> Any:
    name, _, rest = path.partition("__")
    field = model._meta.get_field(name)
    related = field.related_model
    return _field_at(related, rest) if rest and isinstance(related, type) else field
