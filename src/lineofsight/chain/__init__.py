"""The audit chain's format and its verifier (DESIGN 5 E, F). It needs no web application and no key.

An entry holds no child's data: its `digest` is a salted hash of the payload, so retention can erase the
payload and the chain still verifies. Each entry carries the hash of the one before it; an anchor, written
once a day outside the database, pins the hash of one entry.
"""

from lineofsight.chain.anchors import anchor_days, read_anchors, write_anchor
from lineofsight.chain.format import GENESIS, Entry, entry_hash, payload_digest
from lineofsight.chain.verify import MOST_PROBLEMS, Problem, Verdict, verify

__all__ = [
    "GENESIS",
    "MOST_PROBLEMS",
    "Entry",
    "Problem",
    "Verdict",
    "anchor_days",
    "entry_hash",
    "payload_digest",
    "read_anchors",
    "verify",
    "write_anchor",
]
