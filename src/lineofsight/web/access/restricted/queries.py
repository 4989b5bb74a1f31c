"""Which records are restricted, who is named for them, and what the page of restricted records shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
from django.urls import reverse

from lineofsight import clock
from lineofsight.cases import refs
from lineofsight.lake import Lake, Snapshot
from lineofsight.web.access import merged
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.house import keys_in_use, lake_in_use
from lineofsight.web.access.models import Holding, NamedPerson, Person, Restriction
from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import Capability, check, may, may_see_children
from lineofsight.web.access.restricted.kinds import KINDS, words_of
from lineofsight.web.access.viewer import Viewer

_MERGES = "models/merges.parquet"  # which record was merged into which, of a snapshot


@dataclass(frozen=True)
class Kind:
    """How many records are restricted for one reason: by the extract, and by somebody here."""

    words: str
    by_extract: int
    placed_here: int


@dataclass(frozen=True)
class Named:
    """One person named for a record: since when, and by whom."""

    key: str
    name: str
    since: date
    by: str


@dataclass(frozen=True)
class Placed:
    """One restriction placed here that is in force."""

    kind: str
    words: str
    reason: str
    since: date
    by: str


@dataclass(frozen=True)
class Restrictions:
    """What restricts one child's record, and who is named for it."""

    by_extract: bool
    placed: Sequence[Placed]
    named: Sequence[Named]

    @property
    def any(self) -> bool:
        return self.by_extract or bool(self.placed)


@dataclass(frozen=True)
class Mine:
    """One restricted record that the viewer is named for."""

    name: str
    address: str
    words: Sequence[str]
    since: date


@dataclass(frozen=True)
class RestrictedPage:
    """How many records are restricted and why, and those that this viewer is named for. Nobody else's names."""

    kinds: Sequence[Kind]
    total: int
    mine: Sequence[Mine]
    counted: bool
    may_name: bool


def placed_here() -> frozenset[str]:
    """The keys of the children whose records are restricted here today, whatever the kind.

    What was placed on a record that was merged into another since holds for the one that stays.
    """
    placed = Restriction.objects.in_force(clock.today()).values_list("child_key", flat=True)
    return merged.following(frozenset(placed))


def restricted_by_extract(child_key: str) -> bool | None:
    """Whether the newest extract restricts this child's record; None where it has no such child."""
    found = _newest()
    if found is None:
        return None
    lake, snapshot = found
    rows = lake.persons(snapshot, columns=["restricted"], where=pc.field("child_key") == child_key)
    return bool(rows["restricted"][0].as_py()) if rows.num_rows else None


def is_restricted(child_key: str) -> bool:
    """Whether this child's record is restricted now, by the extract or here."""
    return child_key in placed_here() or bool(restricted_by_extract(child_key))


def withheld_in(viewer: Viewer, lake: Lake, snapshot: Snapshot) -> frozenset[str]:
    """The keys of the children whose records are restricted and not for this viewer: by `snapshot`, by the newest
    extract, or here. A record that was merged into another is withheld with it, and the other way round.
    """
    if viewer.sees_restricted:
        return frozenset()
    found = set(placed_here())
    newest = _newest()
    for one in {held.id: held for held in [snapshot, *([newest[1]] if newest else [])]}.values():
        found |= set(lake.persons(one, columns=["child_key"], where=pc.field("restricted"))["child_key"].to_pylist())
    found -= viewer.named_for
    return frozenset(found | _merged_with(found, lake, snapshot))


def _merged_with(keys: set[str], lake: Lake, snapshot: Snapshot) -> set[str]:
    """The keys that the records of `keys` had, or have, under another id of the case system."""
    if _MERGES not in snapshot.files or not keys:
        return set()
    pairs = lake.sealed_file(snapshot, _MERGES).read(columns=["kept_id", "gone_id"])
    found: set[str] = set()
    for kept, gone in zip(pairs["kept_id"].to_pylist(), pairs["gone_id"].to_pylist(), strict=True):
        both = {lake.keys.child_key(snapshot.authority, one) for one in (kept, gone)}
        found |= both if both & keys else set()
    return found


def restrictions_of(viewer: Viewer, child_key: str) -> Restrictions:
    """What restricts one child's record and who is named for it. Raises Refused without the permission.

    The caller has obtained the child through permission, so nothing is told of a record that is not theirs.
    """
    check(viewer, Capability.RESTRICT_RECORDS)
    today = clock.today()
    names = dict(Person.objects.values_list("key", "name"))
    every = merged.records_of(child_key)
    placed = Restriction.objects.in_force(today).filter(child_key__in=every).order_by("from_date", "pk")
    named = NamedPerson.objects.in_force(today).filter(child_key__in=every).select_related("person")
    return Restrictions(
        by_extract=bool(restricted_by_extract(child_key)),
        placed=[
            Placed(one.kind, words_of(one.kind), one.reason, one.from_date, names.get(one.placed_by_key, ""))
            for one in placed
        ],
        named=[
            Named(one.person.key, one.person.name, one.from_date, names.get(one.named_by_key, ""))
            for one in named.order_by("person__name")
        ],
    )


def people_to_name() -> list[Person]:
    """Everybody who can be named: who holds an office today that sees children by name."""
    plain = [
        slug
        for slug, one in offices().items()
        if one.level == "identified" and Capability.SEE_CHILDREN in one.capabilities
    ]
    held = Holding.objects.in_force(clock.today()).filter(office__in=plain, person__is_active=True)
    return sorted(Person.objects.filter(holdings__in=held).distinct(), key=lambda one: one.name)


def offices_of(people: Iterable[Person]) -> dict[str, list[str]]:
    """What each of these people holds today, by their key: titles, for whoever has to tell two people apart."""
    held: dict[str, list[str]] = {one.key: [] for one in people}
    for holding in Holding.objects.in_force(clock.today()).filter(person__key__in=held).select_related("person"):
        held[holding.person.key].append(offices()[holding.office].title if holding.office in offices() else "")
    return {key: sorted(filter(None, titles)) for key, titles in held.items()}


def may_see_page(viewer: Viewer) -> bool:
    """Whether there is anything on the page of restricted records for this viewer."""
    return may(viewer, Capability.RESTRICT_RECORDS) or may(viewer, Capability.SEE_LOG) or bool(viewer.named_for)


def restricted_page(viewer: Viewer) -> RestrictedPage:
    """How many records are restricted and why, and those this viewer is named for, whose reading is logged first.

    Raises Refused for a viewer for whom there is nothing, LogUnavailable.
    """
    if not may_see_page(viewer):
        check(viewer, Capability.RESTRICT_RECORDS)
    counted = may(viewer, Capability.RESTRICT_RECORDS) or may(viewer, Capability.SEE_LOG)
    placed = list(Restriction.objects.in_force(clock.today()).values_list("child_key", "kind"))
    told = _by_extract()
    kinds = [
        Kind(
            words,
            sum(words_of(kind) == words for kind in told.values()),
            len({key for key, kind in placed if words_of(kind) == words}),
        )
        for words in KINDS.values()
    ]
    return RestrictedPage(
        kinds=[one for one in kinds if counted and (one.by_extract or one.placed_here)],
        total=len({*told, *(key for key, _ in placed)}) if counted else 0,
        mine=_mine(viewer, told, placed) if may_see_children(viewer) else [],
        counted=counted,
        may_name=may(viewer, Capability.RESTRICT_RECORDS),
    )


def _mine(viewer: Viewer, told: dict[str, str], placed: Sequence[tuple[str, str]]) -> list[Mine]:
    """Those the viewer is named for, by name: first the log, then the names."""
    found = _newest()
    keys = sorted(viewer.named_for & {*told, *(key for key, _ in placed)})
    if found is None or not keys:
        return []
    record_read(viewer=viewer, action="restricted.listed", child_keys=keys, detail={"records": len(keys)})
    lake, snapshot = found
    chosen = pc.field("child_key").isin(pa.array(keys, pa.string()))
    rows = lake.persons(snapshot, columns=["child_key", "forename", "surname"], where=chosen).to_pylist()
    since = dict(
        NamedPerson.objects.in_force(clock.today())
        .filter(person__key=viewer.person_key)
        .order_by("-from_date")
        .values_list("child_key", "from_date")
    )
    listed = []
    for row in rows:
        key = row["child_key"]
        kinds = {words_of(kind) for one, kind in placed if one == key} | (
            {words_of(told[key])} if key in told else set()
        )
        name = " ".join(part for part in (row["forename"], row["surname"]) if part) or "Name not recorded"
        address = reverse("practice:child", args=[refs.ref(keys_in_use(), viewer.audience, key)])
        listed.append(Mine(name, address, sorted(kinds), since[key]))
    return sorted(listed, key=lambda one: one.name)


def _by_extract() -> dict[str, str]:
    """The records that the newest extract restricts, and the kind of each."""
    found = _newest()
    if found is None:
        return {}
    lake, snapshot = found
    told = lake.sealed_file(snapshot, "models/persons.parquet").dataset.schema.names
    columns = ["child_key", *(["restriction"] if "restriction" in told else [])]  # older snapshots knew adoption alone
    rows = lake.persons(snapshot, columns=columns, where=pc.field("restricted"))
    return {row["child_key"]: row.get("restriction") or "adoption" for row in rows.to_pylist()}


def _newest() -> tuple[Lake, Snapshot] | None:
    lake = lake_in_use()
    newest = lake.newest()
    return (lake, newest[0]) if newest else None
