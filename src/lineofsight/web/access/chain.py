"""Writing to the audit chain, and checking it (DESIGN 5 F).

A read commits its event in its own short transaction before any child's data is fetched; if that cannot be
done, `LogUnavailable` is raised and nothing is shown. A write's event is the last statement of its action's
transaction, so the one never stands without the other.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import DatabaseError, connection, transaction

from lineofsight import chain, clock
from lineofsight.errors import PlainError
from lineofsight.home import Home
from lineofsight.web.access import chain_index
from lineofsight.web.access.chain_index import index_children, opened
from lineofsight.web.access.house import home_in_use
from lineofsight.web.access.models import ChainEvent, ChainHead
from lineofsight.web.access.viewer import Viewer

__all__ = [
    "LogUnavailable",
    "Told",
    "anchor_a_missed_day",
    "anchor_head",
    "anchored",
    "index_children",
    "record",
    "record_read",
    "told",
    "verify_chain",
]

_HEAD = 1
_SALT_BYTES = 16
_CHUNK = 5_000
_READ_HEAD = f"select sequence, hash, at from {ChainHead._meta.db_table} where id = %s"  # noqa: S608  our own names
_MOVE_HEAD = f"update {ChainHead._meta.db_table} set sequence = %s, hash = %s, at = %s where id = %s"  # noqa: S608


class LogUnavailable(Exception):
    """The audit chain could not be written, so what was asked for is not shown or done."""


@dataclass(frozen=True)
class Told:
    """What an event's payload says. `children` are child keys; a page shows how many, never which."""

    office: str
    purpose: str
    children: tuple[str, ...]
    detail: dict[str, Any]


def record(
    *,
    viewer: Viewer | None = None,
    actor: str = "",
    action: str,
    subject: str = "",
    child_keys: Sequence[str] = (),
    detail: dict[str, Any] | None = None,
) -> ChainEvent:
    """Append one event as the last statement of the caller's transaction, and return it.

    `actor` is for those who are no viewer (a failed sign-in, the worker). `subject` stands in the clear, so
    it names a measure, a pack or an office, never a child; `child_keys` and `detail` are encrypted. Where a file was
    made, detail's "format" says which kind and "rows" how much.
    Raises LogUnavailable when it cannot be written; the caller's transaction then rolls back with it.
    """
    try:
        with transaction.atomic():
            return _append(viewer, actor, action, subject, child_keys, detail or {})
    except (DatabaseError, OSError, PlainError) as wrong:
        raise LogUnavailable from wrong


def record_read(
    *,
    viewer: Viewer,
    action: str,
    subject: str = "",
    child_keys: Sequence[str] = (),
    detail: dict[str, Any] | None = None,
) -> ChainEvent:
    """Commit one read event in its own short transaction, before anything is shown.

    Raises LogUnavailable when it cannot be committed, and RuntimeError inside another transaction, where it
    could yet be rolled back.
    """
    try:
        with transaction.atomic(durable=True):
            return _append(viewer, "", action, subject, child_keys, detail or {})
    except (DatabaseError, OSError, PlainError) as wrong:
        raise LogUnavailable from wrong


def told(event: ChainEvent) -> Told | None:
    """What `event` says, or None once retention has erased it. Raises PlainError when it was altered."""
    if event.payload is None:
        return None
    payload = json.loads(opened(event.sequence, event.payload)["payload"])
    return Told(payload["office"], payload["purpose"], tuple(payload["children"]), payload["detail"])


def verify_chain(home: Home | None = None, *, payloads: bool = False) -> chain.Verdict:
    """Re-compute the whole chain against its head and the home's anchors, streaming.

    With `payloads`, each payload still held is opened and matched to its digest, and the index of children and
    reasons to the payloads (slower).
    """
    anchors = chain.read_anchors(home or home_in_use())
    head = ChainHead.objects.filter(pk=_HEAD).first()
    expected = (head.sequence, head.hash) if head else (0, chain.GENESIS)
    verdict = chain.verify(_entries(), anchors=anchors, head=expected)
    if not payloads:
        return verdict
    told = chain_index.payload_problems(indexed=bool(head and head.indexed))
    problems = sorted([*verdict.problems, *told], key=lambda one: one.sequence)[: chain.MOST_PROBLEMS]
    return chain.Verdict(ok=not problems, count=verdict.count, problems=problems)


def anchored(home: Home | None = None) -> tuple[int, date | None, bool]:
    """How many anchors pin the chain, the day of the newest, and whether the entries they pin are as they were.

    A quick look, at the anchored entries only; `verify_chain` reads every one. An anchor that cannot be read, or
    that is gone though a later one names it, does not agree.
    """
    home = home or home_in_use()
    days = chain.anchor_days(home)
    try:
        pinned = chain.read_anchors(home)
    except PlainError:
        return len(days), max(days, default=None), False
    stands = dict(ChainEvent.objects.filter(sequence__in=pinned).values_list("sequence", "hash"))
    return len(days), max(days, default=None), stands == pinned


def anchor_head(home: Home | None = None) -> None:
    """Pin the chain's present head in today's anchor file, and the last day's end if that was missed.

    Nothing is written for an empty chain.
    """
    where = home or home_in_use()
    head = ChainHead.objects.filter(pk=_HEAD).first()
    if head and head.sequence:
        anchor_a_missed_day(where)
        chain.write_anchor(where, head.sequence, head.hash, clock.today())


def anchor_a_missed_day(home: Home | None = None) -> None:
    """Pin where the last finished day ended, if whoever began the day after died before that anchor was written.

    Nothing is written where that day has its anchor, or the chain has no day before today.
    """
    where = home or home_in_use()
    last = ChainEvent.objects.filter(at__lt=_stamp(clock.now())[:10]).order_by("-sequence").first()
    if last and date.fromisoformat(last.at[:10]) not in chain.anchor_days(where):
        chain.write_anchor(where, last.sequence, last.hash, date.fromisoformat(last.at[:10]))


def _append(
    viewer: Viewer | None,
    actor: str,
    action: str,
    subject: str,
    child_keys: Sequence[str],
    detail: dict[str, Any],
) -> ChainEvent:
    last, previous, last_at = _locked_head()
    if viewer and viewer.known:  # whatever is read or done while looking at the past says which past
        detail = {**detail, "known": viewer.known.snapshot}
    salt = secrets.token_bytes(_SALT_BYTES)
    purpose = viewer.purpose if viewer else ""
    payload = _dumped(
        {
            "office": viewer.office if viewer else "",
            "purpose": purpose,
            "children": list(child_keys),
            "detail": detail,
        }
    )
    sequence, at = last + 1, _stamp(clock.now())
    link = {
        "at": at,
        "actor": viewer.person_key if viewer else actor,
        "action": action,
        "subject": subject,
        "digest": chain.payload_digest(salt, payload),
        "previous": previous,
    }
    event = ChainEvent(
        sequence=sequence,
        **link,
        hash=chain.entry_hash(sequence=sequence, **link),
        payload=chain_index.sealed_payload(sequence, salt.hex(), payload),
    )
    event.save()
    entry = chain_index.Entry.of(at, link["actor"], action, child_keys, purpose, detail)
    chain_index.write(sequence, entry)
    _anchor_a_finished_day(last, previous, last_at, at)
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_HEAD, [sequence, event.hash, at, _HEAD])
    return event


def _locked_head() -> tuple[int, str, str]:
    """The head's number, hash and time, locked until the transaction ends.

    By its row on PostgreSQL, by BEGIN IMMEDIATE on SQLite. Plain SQL: everybody who appends waits for this.
    """
    lock = " for update" if connection.features.has_select_for_update else ""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_READ_HEAD + lock, [_HEAD])
            found = cursor.fetchone()
        if found:
            return found[0], found[1], found[2]
        first = ChainHead(pk=_HEAD, sequence=0, hash=chain.GENESIS, indexed=True)
        ChainHead.objects.bulk_create([first], ignore_conflicts=True)


def _anchor_a_finished_day(last: int, hashed: str, last_at: str, at: str) -> None:
    """With the first event of a new day, pin where the last day ended: no scheduler has to remember to."""
    if not last or last_at[:10] >= at[:10]:
        return
    home, day = home_in_use(), date.fromisoformat(last_at[:10])
    transaction.on_commit(lambda: _pin(home, last, hashed, day), robust=True)


def _pin(home: Home, sequence: int, hashed: str, day: date) -> None:
    """Write an anchor; where the disk takes none now, the worker's next round does (`anchor_head`)."""
    with suppress(OSError):
        chain.write_anchor(home, sequence, hashed, day)


def _entries() -> Iterator[chain.Entry]:
    columns = ("sequence", "at", "actor", "action", "subject", "digest", "previous", "hash")
    rows = ChainEvent.objects.order_by("sequence").values_list(*columns)
    for row in rows.iterator(chunk_size=_CHUNK):
        yield chain.Entry(*row)


def _dumped(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
