"""Which snapshot and computation a month, a pack or a frozen figure stands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lineofsight.errors import PlainError
from lineofsight.lake import Lake
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.offices import office
from lineofsight.web.access.viewer import Scope, Viewer, audience_of
from lineofsight.web.practice.queries.standing import Standing

OFFICES = ("dcs", "lead-member")


class RowsGone(PlainError):
    """The snapshot or computation a frozen figure came from is no longer held."""


def of_month(month: date, lake: Lake | None = None) -> Standing:
    """The newest snapshot as at a day in `month`, a correction before what it corrects. Raises PlainError if none."""
    where = lake or lake_in_use()
    inside = [one for one in where.snapshots() if (one.as_at.year, one.as_at.month) == (month.year, month.month)]
    for snapshot in sorted(inside, key=lambda one: (one.as_at, one.loaded_at, one.id), reverse=True):
        computation = where.computation(snapshot)
        if computation is not None:
            return Standing(where, snapshot, computation)
    raise PlainError(f"No extract has been loaded that is as at a day in {month:%B %Y}.")


def of(snapshot_id: str, computation_id: str, lake: Lake | None = None) -> Standing:
    """The standing that something was frozen on. Raises RowsGone where it is no longer held."""
    where = lake or lake_in_use()
    snapshot = next((one for one in where.snapshots(withdrawn=True) if one.id == snapshot_id), None)
    if snapshot is None:
        raise RowsGone(f"The snapshot {snapshot_id} is no longer held.")
    computation = where.computation(snapshot, computation_id)
    if computation is None:
        raise RowsGone(f"The computation {computation_id} of {snapshot_id} is no longer held.")
    return Standing(where, snapshot, computation)


def months(lake: Lake | None = None) -> list[date]:
    """The first day of each month that a computed snapshot is as at, newest first."""
    where = lake or lake_in_use()
    found = {one.as_at.replace(day=1) for one in where.snapshots() if where.computation(one) is not None}
    return sorted(found, reverse=True)


def reader(slug: str) -> Viewer:
    """An office itself as a viewer of the whole authority: whom a pack is written for, whoever makes it."""
    held = office(slug)
    return Viewer(
        person_key=f"office:{slug}",
        person_name=held.title,
        office=slug,
        office_title=held.title,
        scope=Scope("authority"),
        capabilities=held.capabilities,
        level=held.level,
        audience=audience_of(held.level, slug, date.min),
    )


@dataclass(frozen=True)
class FigureKey:
    """A frozen figure's address in the thread: the measure, and the snapshot and computation it came from."""

    measure: str
    snapshot: str
    computation: str

    def __str__(self) -> str:
        return f"{self.measure}@{self.snapshot}@{self.computation}"

    @staticmethod
    def read(text: str) -> FigureKey | None:
        """The key written as `text`, None for anything else."""
        parts = text.split("@")
        return FigureKey(*parts) if len(parts) == 3 and all(parts) else None

    def standing(self, lake: Lake | None = None) -> Standing:
        """Where it came from. Raises RowsGone."""
        return of(self.snapshot, self.computation, lake)


def key_of(stand: Standing, measure: str) -> FigureKey:
    """The address of one measure's figure in a standing."""
    return FigureKey(measure, stand.snapshot.id, stand.computation.id)
