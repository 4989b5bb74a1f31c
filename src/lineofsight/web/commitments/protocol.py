"""The commitments of a protocol, read from its file: who promised what, how often, and what proves it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from lineofsight.errors import PlainError
from lineofsight.web.commitments.cadence import Cadence

FOLDER = Path(__file__).parent / "protocols"
Shared = Literal["alone", "together", "each"]


@dataclass(frozen=True)
class Seat:
    """One office's part in a commitment: its role there, and the line of the source that says so."""

    office: str
    role: str
    source: str


@dataclass(frozen=True)
class Commitment:
    """Something office-holders promised to do at a cadence.

    `shared` is "alone" (one office), "together" (one record fulfils it for both) or "each" (one event,
    fulfilled for those who were present). `also_fulfils` names commitments whose occurrence of the same
    time is fulfilled by this one's record. `pack` is the office whose monthly pack, once signed, fulfils it.
    `kept_by` are the kinds of thing whose signed record fulfils it, beside a record of the commitment itself.
    """

    slug: str
    title: str
    asks: str
    theme: str
    seats: tuple[Seat, ...]
    cadence: Cadence
    shared: Shared
    evidence: tuple[str, ...]
    meets: tuple[str, ...]
    also_fulfils: tuple[str, ...]
    pack: str
    kept_by: tuple[str, ...]
    text_broken: bool
    notes: tuple[str, ...]

    @property
    def offices(self) -> tuple[str, ...]:
        return tuple(seat.office for seat in self.seats)

    def seat(self, office: str) -> Seat | None:
        """The part that `office` has in this commitment, None where it has none."""
        return next((seat for seat in self.seats if seat.office == office), None)


@dataclass(frozen=True)
class Protocol:
    """One protocol file: its commitments in the order they are written."""

    slug: str
    title: str
    offices: tuple[str, ...]
    commitments: tuple[Commitment, ...]

    def by_slug(self) -> Mapping[str, Commitment]:
        return {commitment.slug: commitment for commitment in self.commitments}


def read(path: Path) -> Protocol:
    """The protocol in the TOML file at `path`. Raises PlainError, naming the commitment, where it does not hold."""
    found = tomllib.loads(path.read_text())
    head = found["protocol"]
    ambiguities: dict[str, str] = found.get("ambiguities", {})
    commitments = tuple(_commitment(entry, ambiguities) for entry in found["commitment"])
    protocol = Protocol(str(head["slug"]), str(head["title"]), tuple(head["offices"]), commitments)
    _check(protocol)
    return protocol


@lru_cache(maxsize=1)
def in_force() -> Protocol:
    """The protocol this installation keeps, read once a process."""
    return read(FOLDER / "line_of_sight.toml")


def commitment(slug: str) -> Commitment:
    """The commitment called `slug`. Raises PlainError where the protocol has none of that name."""
    found = in_force().by_slug().get(slug)
    if found is None:
        raise PlainError(f"The protocol has no commitment called '{slug}'.")
    return found


def for_pack(office: str) -> Commitment | None:
    """The commitment that the signed monthly pack of `office` fulfils."""
    return next((c for c in in_force().commitments if c.pack == office), None)


def for_kind(kind: str, office: str) -> Commitment | None:
    """The commitment of `office` that a signed record of something of this kind fulfils."""
    return next((c for c in in_force().commitments if kind in c.kept_by and c.seat(office)), None)


def _commitment(entry: dict[str, Any], ambiguities: Mapping[str, str]) -> Commitment:
    slug = str(entry["slug"])
    try:
        cadence = Cadence(**entry["cadence"])
    except (PlainError, TypeError) as problem:
        raise PlainError(f"{slug}: {problem}") from None
    notes = [str(entry["note"])] if entry.get("note") else []
    if cadence.ambiguity:
        if cadence.ambiguity not in ambiguities:
            raise PlainError(f"{slug}: no ambiguity is called '{cadence.ambiguity}'.")
        notes.append(ambiguities[cadence.ambiguity])
    seats = tuple(Seat(**seat) for seat in entry["seats"])
    return Commitment(
        slug=slug,
        title=str(entry["title"]),
        asks=str(entry["asks"]),
        theme=str(entry["theme"]),
        seats=seats,
        cadence=cadence,
        shared=entry.get("shared", "alone"),
        evidence=tuple(entry["evidence"]),
        meets=tuple(entry.get("with", ())),
        also_fulfils=tuple(entry.get("also_fulfils", ())),
        pack=str(entry.get("pack", "")),
        kept_by=tuple(entry.get("kept_by", ())),
        text_broken=bool(entry.get("text_broken", False)),
        notes=tuple(notes),
    )


def _check(protocol: Protocol) -> None:
    slugs = [c.slug for c in protocol.commitments]
    for each in protocol.commitments:
        wrong = _wrong_with(each, slugs, protocol.offices)
        if wrong:
            raise PlainError(f"{each.slug}: {wrong}")


def _wrong_with(each: Commitment, slugs: list[str], offices: tuple[str, ...]) -> str:
    if slugs.count(each.slug) > 1:
        return "two commitments have this name."
    if set(each.offices) - set(offices):
        return "an office of it is not in the protocol."
    if len(set(each.offices)) != len(each.offices):
        return "an office sits in it twice."
    if each.shared not in ("alone", "together", "each"):
        return f"'{each.shared}' is not a way of sharing."
    if (each.shared == "alone") != (len(each.seats) == 1):
        return "one seat is kept alone, more seats are shared together or by each."
    if set(each.also_fulfils) - set(slugs):
        return "it fulfils a commitment that the protocol does not have."
    if each.text_broken and each.cadence.dated:
        return "a commitment whose text is broken can never be overdue."
    return ""
