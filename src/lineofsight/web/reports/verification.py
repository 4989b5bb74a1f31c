"""Counting again: every figure of a pack from the rows of its own snapshot, and every signed record (`verify`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.lake import Lake
from lineofsight.lake.verify import verify_snapshot
from lineofsight.measures.definitions import Definition
from lineofsight.sources.content import printable
from lineofsight.web.access.chain import verify_chain
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.commitments.models import Record
from lineofsight.web.evidence.models import Evidence
from lineofsight.web.practice.queries.gone import since
from lineofsight.web.practice.queries.standing import Standing, catalogue
from lineofsight.web.reports import counting, standings
from lineofsight.web.reports.models import Pack, Rendering
from lineofsight.web.reports.standings import RowsGone

LARGEST = 50_000_000  # bytes of a file that could be a pack
NOT_HELD: Literal["rows no longer held"] = "rows no longer held"
# A row that was damaged: a text that does not open, a date that is none, a page the database refuses, or a key that
# an index still has of a row that is gone.
UNREADABLE = (PlainError, ValueError, LookupError, TypeError, DatabaseError, ObjectDoesNotExist)
_MARK = re.compile(rb"lineofsight-pack ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_SEAL = re.compile(rb"lineofsight-digest ([0-9a-f]{64})")


@dataclass(frozen=True)
class Verdict:
    """What was found: verified, altered, or rows no longer held (DESIGN 5 G), in one sentence, and each problem."""

    ok: bool
    sentence: str
    problems: tuple[str, ...] = ()
    state: Literal["verified", "altered", "rows no longer held"] = "verified"


def verify_pack(lake: Lake, pack: Pack) -> Verdict:
    """Count every figure of `pack` again from the rows of the computation it names, and compare.

    Nothing is taken from the pack but what it claims: numbers are counted from the lake's rows, the children
    behind them matched by digest. A snapshot that is gone, by redaction or retention, is said, not guessed.
    """
    name = (
        f"The {pack.month:%B %Y} pack for the {pack.content['office_title']}, edition {pack.edition}, "
        f"made {pack.made_at.astimezone(clock.LONDON):%-d %B %Y at %H:%M:%S} under computation {pack.computation_id}"
    )
    if not pack.is_as_made():
        said = f"{name} does not carry the seal it was made with."
        return Verdict(False, said, (said,), "altered")
    try:
        stand = standings.of(pack.snapshot_id, pack.computation_id, lake)
    except RowsGone as gone:
        said = f"{name}: the seal holds, but its rows are no longer held. {gone}"
        return Verdict(True, said, (), NOT_HELD)
    problems, less = _counted_again(stand, pack)
    if problems:
        said = f"{name}: {len(problems)} of {len(pack.content['figures'])} figures do not count up. {problems[0]}"
        return Verdict(False, said, tuple(problems), "altered")
    if less:
        figures = "1 figure counts" if less == 1 else f"{less} figures count"
        said = f"{name}: the seal holds. {figures} rows that are no longer held, {since(stand.snapshot)}."
        return Verdict(True, said, (), NOT_HELD)
    said = f"{name}: all {len(pack.content['figures'])} figures counted again from snapshot {pack.snapshot_id}."
    return Verdict(True, said)


def _counted_again(stand: Standing, pack: Pack) -> tuple[list[str], int]:
    """What does not count up in a pack, in words, and how many of its figures lack only rows that were redacted."""
    problems: list[str] = []
    less = 0
    try:
        for figure in pack.content["figures"]:
            rows = pack.rows.get(figure["measure"], {})
            wrong = _wrong_with(stand, figure, rows)
            explained = bool(wrong) and _is_explained(stand, figure, rows)
            less += explained
            problems += [] if explained else wrong
    except PlainError as altered:
        problems.append(str(altered))
    return problems, less


def file(path: Path) -> Verdict:
    """Verify a pack's file: that it is, byte for byte, one that was written here, and that its figures count up.

    Raises PlainError where it is no pack of this home.
    """
    content, name = _content(path), printable(path.name)
    mark, seal = _MARK.search(content), _SEAL.search(content)
    if mark is None or seal is None:
        raise PlainError(f"{name} is not a pack: it carries no mark of one.")
    pack = Pack.objects.filter(pk=mark[1].decode()).first()
    if pack is None:
        raise PlainError(f"{name} is not a pack of this home.")
    hashed = sha256(content).hexdigest()
    if not Rendering.objects.filter(pack=pack, sha256=hashed).exists():
        said = f"{name} is not what was written: its bytes are not those of any file made of this pack."
        return Verdict(False, said, (said,), "altered")
    found = verify_pack(lake_in_use(), pack)
    return replace(found, sentence=f"{name} is as it was written. {found.sentence}") if found.ok else found


def _content(path: Path) -> bytes:
    """The bytes of a file that could be a pack: an ordinary one, and of one that grows no more than a pack has."""
    try:
        if not path.is_file():  # a pipe would be waited on for ever, a device has no end
            raise PlainError(f"{printable(str(path))} cannot be read: it is not a file.")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError:
        raise PlainError(f"{printable(str(path))} cannot be read.") from None
    if len(content) > LARGEST:
        raise PlainError(f"{printable(path.name)} is too large to be a pack.")
    return content


def everything() -> Iterator[Verdict]:
    """The audit chain, every snapshot, every pack, every signed record and every piece of evidence."""
    lake = lake_in_use()
    for part in (_chain, lambda: _snapshots(lake), lambda: _packs(lake), _records, _evidence):
        try:
            yield from part()
        except UNREADABLE as wrong:
            said = str(wrong) if isinstance(wrong, PlainError) else "A part of the database cannot be read."
            yield Verdict(False, said, (said,), "altered")


def _chain() -> Iterator[Verdict]:
    chained = verify_chain(payloads=True)
    said = f"The audit chain holds, {chained.count:,} entries." if chained.ok else chained.problems[0].what
    yield Verdict(
        chained.ok, said, tuple(one.what for one in chained.problems), "verified" if chained.ok else "altered"
    )


def _snapshots(lake: Lake) -> Iterator[Verdict]:
    for snapshot in [*lake.snapshots(withdrawn=True), *lake.waiting()]:
        wrong = tuple(one.what for one in verify_snapshot(lake, snapshot))
        if wrong:
            yield Verdict(False, f"Snapshot {snapshot.id}: {wrong[0]}", wrong, "altered")
        elif snapshot.redactions:
            said = f"Snapshot {snapshot.id}: everything that is held is as it was published."
            rows = sum(sum(one.taken.values()) for one in snapshot.redactions)
            yield Verdict(True, f"{said} {rows:,} rows are no longer held, {since(snapshot)}.", (), NOT_HELD)
        else:
            yield Verdict(True, f"Snapshot {snapshot.id} is as it was published.")


def _packs(lake: Lake) -> Iterator[Verdict]:
    for key in list(Pack.objects.order_by("month", "office", "made_at").values_list("pk", flat=True)):
        yield _pack(lake, key)


def _records() -> Iterator[Verdict]:
    signed = Record.objects.signed().order_by("signed_at").values_list("pk", flat=True)
    yield from _sealed("signed records", "record", Record, signed)


def _evidence() -> Iterator[Verdict]:
    frozen = Evidence.objects.order_by("made_at").values_list("pk", flat=True)
    yield from _sealed("pieces of evidence", "evidence", Evidence, frozen)


def _pack(lake: Lake, key: UUID) -> Verdict:
    """The verdict on one pack; one that no longer opens was altered."""
    try:
        return verify_pack(lake, Pack.objects.get(pk=key))
    except UNREADABLE as wrong:
        said = f"The pack {key}: {wrong if isinstance(wrong, PlainError) else 'it cannot be read.'}"
        return Verdict(False, said, (said,), "altered")


def _sealed(what: str, one: str, model: type[Record] | type[Evidence], keys: Iterable[UUID]) -> Iterator[Verdict]:
    """The verdict on all rows of one kind, and one on each that a redaction took something out of."""
    broken, whole = [], True
    for key in keys:
        try:
            found = model._default_manager.get(pk=key)
            gone = found.no_longer_held()
            holds = found.is_as_signed() if isinstance(found, Record) else found.is_as_frozen()
        except UNREADABLE:  # a text that no longer opens was altered too
            gone, holds = None, False
        if not holds:
            broken.append(f"{one} {key}")
        elif gone:
            whole = False
            yield Verdict(True, f"The {one} {key}: {gone.words}.", (), NOT_HELD)
    if broken:
        said = f"{len(broken)} of the {what} no longer carry the seal they were given: {', '.join(broken[:5])}."
        yield Verdict(False, said, tuple(broken), "altered")
    else:
        yield Verdict(True, f"All {what}{'' if whole else ' that are held whole'} carry the seal they were given.")


def _is_explained(stand: Standing, figure: Mapping[str, Any], rows: Mapping[str, Any]) -> bool:
    """Whether a figure does not count up only because a redaction took children out of its snapshot since.

    Where the pack knows every child it counted, by digest, those now must be the same less no more than were redacted,
    and no others. Where it does not (a figure of very many, or of workers), no part may be more than it was.
    """
    redactions = stand.snapshot.redactions
    known = catalogue().get(figure["measure"])
    if not redactions or known is None:
        return False
    definition = _as_it_was(known, figure)
    found = counting.behind(stand, definition, date.fromisoformat(figure["as_at"]))
    name = f"computations/{stand.computation.id}/rows.parquet"
    taken = sum(one.taken.get(name, 0) for one in redactions)
    if rows.get("whole"):
        now = counting.digests(definition, found, str(rows["salt"]))["in"]
        before, held = set(rows["in"]), set(now if isinstance(now, list) else ())
        if not held <= before or len(before - held) > len(redactions):
            return False
    counted = counting.recount(stand, definition, found)
    parts = [(figure[part], getattr(counted, part)) for part in ("numerator", "denominator", "unknown")]
    return all(_same(was, is_now) or _is_fewer(was, is_now, taken) for was, is_now in parts)


def _is_fewer(was: float | None, is_now: float | None, most: int) -> bool:
    """Whether a count is less than it was, and by no more than were taken; of nobody at all nothing is counted."""
    return was is not None and 0 < was - (is_now or 0) <= most


def _wrong_with(stand: Standing, figure: Mapping[str, Any], rows: Mapping[str, Any]) -> list[str]:
    """What does not count up in one figure, in words; nothing where all of it does."""
    known = catalogue().get(figure["measure"])
    if known is None:
        return [f"{figure['title']}: this measure is no longer in the catalogue, so it cannot be counted again."]
    definition = _as_it_was(known, figure)
    found = counting.behind(stand, definition, date.fromisoformat(figure["as_at"]))
    if figure["status"] != "measured":
        return [f"{figure['title']}: said not measured, but there are rows of it."] if found.rows.num_rows else []
    if figure["hidden"]:
        return []
    now = counting.recount(stand, definition, found)
    if now is None:
        return [f"{figure['title']}: there are no dates to count it from."]
    wrong = []
    for part in ("numerator", "denominator", "unknown", "value"):
        said, counted = figure[part], getattr(now, part)
        if not _same(said, counted):
            wrong.append(f"{figure['title']}: {part} is {said} in the pack and {counted} in its snapshot.")
    if "salt" in rows and counting.digests(definition, found, str(rows["salt"])) != dict(rows):
        wrong.append(f"{figure['title']}: the children counted are not those in its snapshot.")
    return wrong[:1]


def _as_it_was(known: Definition, figure: Mapping[str, Any]) -> Definition:
    """The definition with what the figure was counted by, whatever the catalogue says today."""
    basis = "flow" if figure["window"] == "year" else known.basis
    return replace(
        known,
        kind=figure["kind"],
        counts=figure["counts"],
        denominator=figure["denominator_is"],
        window=figure["window"],
        basis=basis,
    )


def _same(said: float | None, counted: float | None) -> bool:
    if said is None or counted is None:
        return said is counted
    return abs(said - counted) < 1e-9
