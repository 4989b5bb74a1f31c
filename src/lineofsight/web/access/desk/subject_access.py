"""Subject access: one child's record taken out for a request, in memory, and the register of such exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import pyarrow.compute as pc
from django.db import transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.lake import Lake, Snapshot
from lineofsight.web.access import merged
from lineofsight.web.access.chain import record, record_read
from lineofsight.web.access.desk import files, held, wording
from lineofsight.web.access.house import home_in_use, keys_in_use, lake_in_use
from lineofsight.web.access.models import SubjectAccess
from lineofsight.web.access.permissions import Capability, Refused, check
from lineofsight.web.access.restricted.queries import placed_here
from lineofsight.web.access.viewer import Viewer


@dataclass(frozen=True)
class Exported:
    """The file of one export, and what it is called: the request's reference and nothing of the child."""

    name: str
    content: bytes
    digest: str
    parts: int


@dataclass(frozen=True)
class Past:
    """One export of the register."""

    reference: str
    asked_by: str
    made_at: datetime
    made_by: str
    digest: str


def export(reference: str, asked_by: str, person_id: str, *, by: Viewer) -> Exported:
    """Everything held of one child as a zip: the reading is logged before it, the file's digest after it.

    `person_id` is the child's id in the case system. Raises Refused without EXPORT_SUBJECT, or for a restricted
    record by anybody who is not named for it; PlainError where nothing is loaded or there is no such child.
    """
    check(by, Capability.EXPORT_SUBJECT)
    lake = lake_in_use()
    snapshot = lake.latest()
    if snapshot is None:
        raise PlainError("Nothing has been loaded yet, so there is nothing to take out.")
    key = merged.kept_for(keys_in_use().child_key(snapshot.authority, person_id.strip()))
    person = _person(lake, snapshot, key)
    if person is None:
        record_read(viewer=by, action="subject.not-found", detail={"reference": reference})
        raise PlainError("The newest extract holds nobody with this id. Check it in the case system.")
    if not may_take(by, key, person):
        record_read(viewer=by, action="subject.refused", child_keys=[key], detail={"reference": reference})
        raise Refused(
            "This record is restricted. Only people named for it may take it out: ask the Director to name you.",
            capability=Capability.EXPORT_SUBJECT,
        )
    record_read(viewer=by, action="subject.read", child_keys=[key], detail={"reference": reference})
    parts = held.everything(lake, snapshot, person["person_id"], key)
    now = clock.now()
    content = files.archive(
        parts,
        reference=reference,
        as_at=wording.day(snapshot.as_at),
        made_at=now.astimezone(clock.LONDON),
        authority=home_in_use().authority_name,
    )
    digest = sha256(content).hexdigest()
    told = {"reference": reference, "format": "zip", "digest": digest, "snapshot": snapshot.id, **_counted(parts)}
    with transaction.atomic():
        SubjectAccess.objects.create(
            child_key=key, reference=reference, asked_by=asked_by, made_at=now, made_by_key=by.person_key, digest=digest
        )
        record(viewer=by, action="subject.taken", child_keys=[key], detail=told)
    return Exported(f"subject-access-{reference}.zip", content, digest, len(parts))


def _counted(parts: Sequence[held.Part]) -> dict[str, object]:
    """What a file held, by table, and how many rows: never a row."""
    return {"rows": sum(len(part.rows) for part in parts), "tables": [part.name for part in parts]}


def past(viewer: Viewer) -> list[Past]:
    """The register of exports, newest first. Raises Refused, LogUnavailable."""
    check(viewer, Capability.EXPORT_SUBJECT)
    record_read(viewer=viewer, action="subject.register")
    known = wording.names()
    return [
        Past(one.reference, one.asked_by, one.made_at, wording.called(one.made_by_key, known), one.digest)
        for one in SubjectAccess.objects.all()
    ]


def may_take(viewer: Viewer, key: str, person: Mapping[str, Any]) -> bool:
    """Whether a record is open to this viewer's export: not restricted, or the viewer is named for it (rule 7.3)."""
    restricted = person["restricted"] or key in placed_here()
    return not restricted or viewer.sees_restricted or key in viewer.named_for


def _person(lake: Lake, snapshot: Snapshot, key: str) -> Mapping[str, Any] | None:
    columns = ["child_key", "person_id", "restricted"]
    found = lake.persons(snapshot, columns=columns, where=pc.field("child_key") == key).to_pylist()
    return found[0] if found else None
