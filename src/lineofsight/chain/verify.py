"""Re-compute a chain in one pass and say where it was changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lineofsight.chain.format import GENESIS, Entry, entry_hash

# A chain broken everywhere is broken: past this many problems only the count goes on.
MOST_PROBLEMS = 1_000


@dataclass(frozen=True)
class Problem:
    """One thing wrong: the `sequence` where it shows and, in one plain sentence, what it is."""

    sequence: int
    what: str


@dataclass(frozen=True)
class Verdict:
    """What `verify` found: `count` entries read, and the problems in the order they were met."""

    ok: bool
    count: int
    problems: list[Problem] = field(default_factory=list)


def verify(
    entries: Iterable[Entry],
    *,
    anchors: Mapping[int, str] | None = None,
    head: tuple[int, str] | None = None,
) -> Verdict:
    """Check entries, given in the order they are stored, and locate what was changed.

    Takes the whole chain from its first entry; `anchors` maps a sequence to the hash it had; `head` is the
    sequence and hash the database believes to be last ((0, GENESIS) for a chain with no entry). A changed,
    missing, added or moved entry is found from the chain alone; a chain cut short, or written anew from
    some point on, is found by the anchors or the head.
    """
    reader = _Reader(dict(anchors or {}))
    for entry in entries:
        reader.read(entry)
    reader.finish(head)
    return Verdict(ok=not reader.problems, count=reader.count, problems=reader.problems)


class _Reader:
    """The state of one pass: the last entry in its place, and its hash as stored and as computed."""

    def __init__(self, anchors: dict[int, str]) -> None:
        self.anchors = anchors
        self.problems: list[Problem] = []
        self.count = 0
        self.last = 0
        self.stored = GENESIS
        self.computed = GENESIS

    def read(self, entry: Entry) -> None:
        self.count += 1
        if entry.sequence <= self.last:
            self._say(entry.sequence, f"Entry {entry.sequence} stands where it does not belong.")
            return
        follows = entry.sequence == self.last + 1
        if not follows:
            self._say(self.last + 1, f"{_span(self.last + 1, entry.sequence - 1)} missing.")
        computed = entry_hash(
            sequence=entry.sequence,
            at=entry.at,
            actor=entry.actor,
            action=entry.action,
            subject=entry.subject,
            digest=entry.digest,
            previous=entry.previous,
        )
        if computed != entry.hash:
            self._say(entry.sequence, f"Entry {entry.sequence} was changed.")
        # An altered entry is reported once: its follower may name the hash as stored or as it was.
        elif follows and entry.previous not in (self.stored, self.computed):
            self._say(entry.sequence, f"Entry {entry.sequence} does not follow the entry before it.")
        anchored = self.anchors.pop(entry.sequence, None)
        if anchored is not None and anchored != entry.hash:
            self._say(entry.sequence, f"Entry {entry.sequence} is not the entry that was anchored.")
        self.last, self.stored, self.computed = entry.sequence, entry.hash, computed

    def finish(self, head: tuple[int, str] | None) -> None:
        for sequence in sorted(self.anchors):
            if sequence > self.last:
                self._say(sequence, f"The chain ends at {self.last}; entry {sequence} was anchored.")
            elif sequence > 0:
                self._say(sequence, f"Entry {sequence} was anchored and is missing.")
        if head is None:
            return
        sequence, expected = head
        if sequence > self.last:
            self._say(self.last + 1, f"{_span(self.last + 1, sequence)} missing at the end.")
        elif sequence < self.last:
            self._say(sequence + 1, f"{_span(sequence + 1, self.last)} more than the head of the chain tells.")
        elif expected != self.stored:
            self._say(sequence, f"Entry {sequence} is not the head of the chain.")

    def _say(self, sequence: int, what: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(sequence, what))


def _span(first: int, last: int) -> str:
    return f"Entry {first} is" if first == last else f"Entries {first} to {last} are"
