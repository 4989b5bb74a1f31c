"""The writers of the evidence room. Call them inside the transaction of the action they prove."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from lineofsight import clock
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.evidence.frozen import digest
from lineofsight.web.evidence.models import Evidence, Link


def freeze(
    viewer: Viewer,
    kind: str,
    key: str,
    label: str,
    content: Mapping[str, Any],
    rests_on: tuple[str, str] | None = None,
) -> Evidence:
    """Freeze what `viewer` saw of (`kind`, `key`) as evidence, with their scope and level inside it.

    `content` must be JSON and say its `snapshot` and `computation` where it rests on one. `rests_on` is what the
    thread leads down to, where that is more exact than the thing itself (a figure of one computation, not the
    measure). The caller's transaction records it in the audit chain, with the evidence's digest.
    """
    whole = {
        **content,
        "seen_by": {
            "office": viewer.office,
            "level": viewer.level,
            "scope": viewer.scope.kind,
            "scope_ids": sorted(viewer.scope.ids),
        },
    }
    with transaction.atomic():
        evidence: Evidence = Evidence.objects.create(
            kind=kind,
            key=key,
            label=label,
            snapshot_id=str(content.get("snapshot", "")),
            computation_id=str(content.get("computation", "")),
            office=viewer.office,
            level=viewer.level,
            content=whole,
            digest=digest(whole),
            made_at=clock.now(),
            made_by=viewer.person_key,
            made_by_name=viewer.person_name,
        )
        link("evidence", str(evidence.pk), *(rests_on or (kind, key)), "shows")
    return evidence


def link_each(from_kind: str, from_key: str, to_kind: str, to_keys: Sequence[str], relation: str) -> None:
    """Join a thing made just now to many, in their order."""
    now = clock.now()
    Link.objects.bulk_create(
        Link(from_kind=from_kind, from_key=from_key, to_kind=to_kind, to_key=key, relation=relation, made_at=now)
        for key in to_keys
    )


def link(from_kind: str, from_key: str, to_kind: str, to_key: str, relation: str) -> Link:
    """Join two things by their kind and key: `from` is nearer to who saw, `to` nearer to the child. Once only."""
    found, _ = Link.objects.get_or_create(
        from_kind=from_kind,
        from_key=from_key,
        to_kind=to_kind,
        to_key=to_key,
        relation=relation,
        defaults={"made_at": clock.now()},
    )
    joined: Link = found
    return joined
