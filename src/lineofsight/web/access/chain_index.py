"""The index of the audit chain: which children each event showed, for which reason, taken as what file.

It stands beside the chain, written in the same transaction, and holds keyed hashes only. It is not part of what is
hashed: `payload_problems` compares it with what the payloads say.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from lineofsight.chain import Problem, payload_digest
from lineofsight.errors import PlainError
from lineofsight.web.access.fields import seal, unseal
from lineofsight.web.access.house import keys_in_use
from lineofsight.web.access.models import ChainChild, ChainEvent, ChainHead, ChainShown

# Payloads are sealed under the secret that typed text is sealed under, each tied to its place in the chain.
SECRET = "text"  # noqa: S105  the name of a secret, not one
_CHUNK = 2_000
_CHILD = f"insert into {ChainChild._meta.db_table} (sequence, child_key, place) values (%s, %s, %s)"  # noqa: S608
_SHOWN_COLUMNS = ("sequence", "hour", "actor", "children", "opened", "reason", "form")
_SHOWN = (
    f"insert into {ChainShown._meta.db_table} ({', '.join(_SHOWN_COLUMNS)}) "  # noqa: S608  our own names
    f"values ({', '.join(['%s'] * len(_SHOWN_COLUMNS))})"
)
# The events that are of one child's own page, the child named first.
OPENED = frozenset({"child.opened"})
# A child was taken out; what stays of each entry that told of others too, by its digest, stands in this entry's detail.
REDACTED, REDUCED = "child.redacted", "reduced"
# The desk's own looks into the log: found by child like any other, and counted with nobody's reading.
DESK = "log."
# What an event's detail may give as its "format" (or "form") and mean a file that was taken away.
FILES = frozenset({"csv", "xlsx", "pdf", "html", "docx", "json", "zip", "ics"})


def reason_digest(purpose: str) -> str:
    """What stands for a purpose in the index: a keyed digest, 32 hex characters; the same words, the same digest."""
    return keys_in_use().digest("session", b"purpose\x00" + purpose.encode())[:32]


@dataclass(frozen=True)
class Entry:
    """What the index holds of one event: each child once in the order they were named, the reason, the file's kind."""

    at: str
    actor: str
    action: str
    children: tuple[str, ...]
    reason: str
    form: str

    @classmethod
    def of(
        cls, at: str, actor: str, action: str, child_keys: Sequence[str], purpose: str, detail: Mapping[str, Any]
    ) -> Entry:
        """What is to be indexed of an event, from its link and its payload."""
        form = str(detail.get("format") or detail.get("form") or "")
        reason = reason_digest(purpose) if purpose else ""
        return cls(at, actor, action, tuple(dict.fromkeys(child_keys)), reason, form if form in FILES else "")

    @property
    def opened(self) -> str:
        """The child whose own page it was, or nothing."""
        return self.children[0] if self.children and self.action in OPENED else ""

    def shown(self, sequence: int) -> tuple[Any, ...] | None:
        """The values of its row in `ChainShown`, or None where there is nothing to count."""
        if self.action.startswith(DESK) or not (self.children or self.reason or self.form):
            return None
        # A child somebody was refused was not shown.
        count = 0 if self.action.endswith(".refused") else len(self.children)
        return (sequence, self.at[:13], self.actor, count, self.opened, self.reason, self.form)


def write(sequence: int, entry: Entry) -> None:
    """Index one event in the transaction that writes it. An event with nothing to index has no row."""
    row = entry.shown(sequence)
    if row is None and not entry.children:
        return
    with connection.cursor() as cursor:
        if entry.children:
            cursor.executemany(_CHILD, [(sequence, key, place) for place, key in enumerate(entry.children)])
        if row:
            cursor.execute(_SHOWN, row)


def opened(sequence: int, sealed: bytes | memoryview) -> dict[str, str]:
    """The salt and the payload of an event. Raises PlainError when it was altered or moved."""
    told: dict[str, str] = json.loads(unseal(SECRET, f"chain/{sequence}", sealed))
    return told


def sealed_payload(sequence: int, salt: str, payload: str) -> bytes:
    """The salt and the payload of an event, sealed and tied to its place in the chain."""
    told = json.dumps({"salt": salt, "payload": payload}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return seal(SECRET, f"chain/{sequence}", told.encode())


def index_children() -> int:
    """Put events older than the index into it, once; returns how many were read. Run it as often as you like.

    The worker's. A payload that no longer opens is left out: `verify` tells of it.
    """
    head = ChainHead.objects.first()
    if head is None or head.indexed:
        return 0
    read = 0
    for begins in range(1, head.sequence + 1, _CHUNK):
        read += _index_some(begins, min(begins + _CHUNK - 1, head.sequence))
    ChainHead.objects.filter(pk=head.pk).update(indexed=True)
    return read


def payload_problems(*, indexed: bool) -> Iterator[Problem]:
    """Where a payload is not what its entry's digest says, or the index says other than the payload.

    Each payload is opened once. The index (with `indexed`) is told of where a child is left out or one too many, a
    reason is another, or rows are left of an event that is gone or whose payload was erased.
    """
    tables = (ChainEvent, ChainChild, ChainShown)
    last = max(model._default_manager.aggregate(last=Max("sequence"))["last"] or 0 for model in tables)
    for begins in range(1, last + 1, _CHUNK):
        ends = min(begins + _CHUNK - 1, last)
        told = _told(begins, ends)
        yield from (_changed(sequence) for sequence, entry in told.items() if entry is None)
        if indexed:
            yield from _index_problems(begins, ends, told)


def _index_some(first: int, last: int) -> int:
    told = _told(first, last)
    entries = {sequence: entry for sequence, entry in told.items() if entry is not None}
    children = [
        ChainChild(sequence=sequence, child_key=key, place=place)
        for sequence, entry in entries.items()
        for place, key in enumerate(entry.children)
    ]
    rows = [row for sequence, entry in entries.items() if (row := entry.shown(sequence))]
    shown = [ChainShown(**dict(zip(_SHOWN_COLUMNS, row, strict=True))) for row in rows]
    with transaction.atomic():
        ChainChild.objects.bulk_create(children, ignore_conflicts=True)
        ChainShown.objects.bulk_create(shown, ignore_conflicts=True)
    return len(told)


def _index_problems(first: int, last: int, told: Mapping[int, Entry | None]) -> Iterator[Problem]:
    between = {"sequence__gte": first, "sequence__lte": last}
    children: dict[int, list[tuple[int, str]]] = {}
    rows = ChainChild.objects.filter(**between).order_by("sequence", "place")
    for sequence, place, key in rows.values_list("sequence", "place", "child_key"):
        children.setdefault(sequence, []).append((place, key))
    shown = {row[0]: row for row in ChainShown.objects.filter(**between).values_list(*_SHOWN_COLUMNS)}
    for sequence in sorted(told.keys() | children.keys() | shown.keys()):
        entry = told.get(sequence)
        if sequence in told and entry is None:
            continue
        wanted = (list(enumerate(entry.children)), entry.shown(sequence)) if entry else ([], None)
        if (children.get(sequence, []), shown.get(sequence)) != wanted:
            yield Problem(sequence, f"The index of children and reasons does not agree with entry {sequence}.")


def _told(first: int, last: int) -> dict[int, Entry | None]:
    """What is to be indexed of the payloads held between two entries, in order.

    None for one that does not open, or that is not what its entry's digest says.
    """
    held = ChainEvent.objects.filter(sequence__gte=first, sequence__lte=last, payload__isnull=False)
    found: dict[int, Entry | None] = {}
    reduced = _reduced()
    columns = ("sequence", "at", "actor", "action", "digest", "payload")
    for sequence, at, actor, action, digest, sealed in held.order_by("sequence").values_list(*columns):
        try:
            told = opened(sequence, sealed or b"")
            right = _is_what_was_told(told, digest, reduced.get(sequence))
        except PlainError:
            right = False
        if not right:
            found[sequence] = None
            continue
        said = json.loads(told["payload"])
        found[sequence] = Entry.of(at, actor, action, said["children"], str(said["purpose"]), said["detail"])
    return found


def _is_what_was_told(told: Mapping[str, str], digest: str, reduced: str | None) -> bool:
    """Whether a payload has the digest of its entry, or that of what a redaction left of it (then it has no salt)."""
    if not told["salt"]:
        return hashlib.sha256(told["payload"].encode()).hexdigest() == reduced
    return payload_digest(bytes.fromhex(told["salt"]), told["payload"]) == digest


def _reduced() -> dict[int, str]:
    """What redactions left of payloads, by entry: the newest redaction of an entry is what counts.

    Only what is hashed into the chain is believed: a redaction's payload must have the digest of its own entry.
    """
    found: dict[int, str] = {}
    told = ChainEvent.objects.filter(action=REDACTED, payload__isnull=False).order_by("sequence")
    for sequence, digest, sealed in told.values_list("sequence", "digest", "payload"):
        try:
            said = opened(sequence, sealed or b"")
        except PlainError:
            continue
        if said["salt"] and payload_digest(bytes.fromhex(said["salt"]), said["payload"]) == digest:
            found |= {int(one): what for one, what in json.loads(said["payload"])["detail"][REDUCED].items()}
    return found


def _changed(sequence: int) -> Problem:
    return Problem(sequence, f"What entry {sequence} tells was changed.")
