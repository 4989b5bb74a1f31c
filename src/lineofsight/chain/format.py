"""What an entry of the audit chain is and how it is hashed. Changing this file breaks every chain in use."""

import hashlib
from dataclasses import dataclass

# Mixed into every hash, so that bytes hashed for another purpose can never pass for an entry.
_FORMAT = b"lineofsight chain 1\n"

# What the first entry names as the entry before it.
GENESIS = hashlib.sha256(_FORMAT + b"genesis").hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the chain.

    `sequence` counts from 1. `at` is a UTC time stamp in ISO form with microseconds. `digest` is the
    `payload_digest` of what was seen or done; `previous` is the `hash` of the entry before.
    """

    sequence: int
    at: str
    actor: str
    action: str
    subject: str
    digest: str
    previous: str
    hash: str


def payload_digest(salt: bytes, payload: str) -> str:
    """SHA-256, in hex, of `payload` under `salt`: without both it tells nothing, not even by guessing."""
    return hashlib.sha256(_FORMAT + b"payload\n" + _framed(salt) + _framed(payload.encode())).hexdigest()


def entry_hash(*, sequence: int, at: str, actor: str, action: str, subject: str, digest: str, previous: str) -> str:
    """SHA-256, in hex, of an entry's fields in this order, each led by its length in bytes.

    The lengths make the encoding unambiguous: no two different entries are the same bytes.
    """
    fields = (str(sequence), at, actor, action, subject, digest, previous)
    # Where all is ASCII, as nearly always, a letter is a byte: one text is framed at once, four times as fast.
    text = "".join([f"{len(field)}:{field}," for field in fields])
    told = text.encode() if text.isascii() else b"".join([_framed(field.encode()) for field in fields])
    return hashlib.sha256(_FORMAT + told).hexdigest()


def _framed(data: bytes) -> bytes:
    return b"%d:%b," % (len(data), data)
