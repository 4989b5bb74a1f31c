"""What the log tells of a child who is redacted goes; what it tells of others stays, and can still be proved.

An entry that was of the child alone loses its content, as when its time is past. One that showed others too keeps what
it says of them: its content is written again without the child. That no longer has the digest that was hashed into the
chain, so the redaction's own entry, which is hashed into it too, holds the digest of what stays (`REDUCED`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from lineofsight.web.access import chain_index
from lineofsight.web.access.chain_index import OPENED, REDACTED, REDUCED, Entry, opened, sealed_payload
from lineofsight.web.access.models import ChainChild, ChainEvent, ChainShown
from lineofsight.web.access.retention.redacting import names_of, without

__all__ = ["REDACTED", "REDUCED", "Reduced", "entries_about", "take_out"]


@dataclass(frozen=True)
class Reduced:
    """What became of the log's entries about a child: how many lost their content, and what stays of the others.

    `digests` is by the entry's number, as text: what the redaction's entry tells under REDUCED.
    """

    erased: int
    digests: Mapping[str, str]


def entries_about(keys: Collection[str]) -> int:
    """How many entries tell of the child."""
    return len(_sequences(keys))


def take_out(keys: Collection[str]) -> Reduced:
    """Take the child out of every entry but the chain itself. Call it inside a transaction, as often as you like."""
    names, erased, digests = names_of(keys), 0, {}
    for sequence in _sequences(keys):
        event = ChainEvent.objects.get(sequence=sequence)
        rest = _rest(event, keys, names) if event.payload is not None else None
        ChainChild.objects.filter(sequence=sequence).delete()
        ChainShown.objects.filter(sequence=sequence).delete()
        if rest is None:
            ChainEvent.objects.filter(sequence=sequence).update(payload=None)
            erased += 1
            continue
        text = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        ChainEvent.objects.filter(sequence=sequence).update(payload=sealed_payload(sequence, "", text))
        entry = Entry.of(event.at, event.actor, event.action, rest["children"], rest["purpose"], rest["detail"])
        chain_index.write(sequence, entry)
        digests[str(sequence)] = hashlib.sha256(text.encode()).hexdigest()
    return Reduced(erased, digests)


def _rest(event: ChainEvent, keys: Collection[str], names: Collection[str]) -> dict[str, Any] | None:
    """What an entry says without the child; None where it was of the child alone, or of the child's own page."""
    said: dict[str, Any] = json.loads(opened(event.sequence, event.payload or b"")["payload"])
    others = [one for one in said["children"] if one not in keys]
    first = bool(said["children"]) and said["children"][0] in keys
    if not others or (first and event.action in OPENED):
        return None
    # The reason that was typed is about the child that was named first, where it is about one.
    purpose = "" if first else str(said["purpose"])
    return {**said, "children": others, "purpose": purpose, "detail": without(said["detail"], names)}


def _sequences(keys: Collection[str]) -> list[int]:
    found = ChainChild.objects.filter(child_key__in=keys).order_by("sequence")
    return list(found.values_list("sequence", flat=True).distinct())
