"""An attacker who writes down everything that is shown as linear constraints and solves for what is not.

The bounds are exact: the least and the most whole number that an unknown can be. Every solution is a whole authority
that could lie behind what is shown, so each is kept and answers for the other unknowns as far as it goes.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from math import inf

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

Name = Hashable
Row = tuple[frozenset[tuple[int, float]], float, float]
FAR = 1e5  # more than any number of children here: how high an unknown without an upper bound is tried
LARGE, DRAWN = 50, 4  # unknowns that hang together; authorities drawn by chance that could lie behind what is shown


@dataclass
class Attack:
    """Unknown whole numbers, none below nothing, and what is known of sums of them."""

    names: dict[Name, int] = field(default_factory=dict)
    rows: set[Row] = field(default_factory=set)
    solved: int = 0
    _parts: "dict[int, _Part] | None" = None

    def know(self, terms: Iterable[tuple[Name, float]], low: float, high: float) -> None:
        """The sum of `terms` (unknown, factor) lies from `low` to `high`."""
        row: dict[int, float] = defaultdict(float)
        for name, factor in terms:
            row[self.names.setdefault(name, len(self.names))] += factor
        row = {one: factor for one, factor in row.items() if factor}
        if row:
            self.rows.add((frozenset(row.items()), low, high))
            self._parts = None

    def exactly(self, names: Iterable[Name], number: float) -> None:
        """The sum of these is this number."""
        self.know([(name, 1.0) for name in names], number, number)

    def equal(self, one: Iterable[Name], other: Iterable[Name]) -> None:
        """One sum is the other."""
        self.know([*((name, 1.0) for name in one), *((name, -1.0) for name in other)], 0, 0)

    def least(self, name: Name) -> float:
        """The least whole number that `name` could be."""
        return self._bound(name, 1)

    def most(self, name: Name) -> float:
        """The most that `name` could be."""
        return self._bound(name, -1)

    def bounds(self, name: Name) -> tuple[float, float]:
        """The least and the most whole number that `name` could be, by everything known."""
        return self.least(name), self.most(name)

    def pins(self, name: Name, number: int) -> bool:
        """Whether `name` can be nothing but `number`."""
        return not self.vague(name, number, 2)

    def vague(self, name: Name, number: int, answers: int) -> bool:
        """Whether `name`, which truly is `number`, could be one of at least so many numbers.

        Where what was solved before shows that already, nothing is solved again.
        """
        if name not in self.names:  # nothing that is shown has to do with it
            return True
        part, member = self._part(name), self.names[name]
        for sense in (-1, 1, None):
            low, high = part.seen(member)
            low, high = min(low, number), max(high, number)
            if high - low + 1 >= answers or sense is None:
                break
            self._bound(name, sense)
        return high - low + 1 >= answers

    def _bound(self, name: Name, sense: int) -> float:
        if name not in self.names:
            return 0 if sense == 1 else inf
        self.solved += 1
        return self._part(name).bound(self.names[name], sense)

    def _part(self, name: Name) -> "_Part":
        if self._parts is None:
            self._parts = _parted(len(self.names), self.rows)
        return self._parts[self.names[name]]


class _Part:
    """Unknowns that hang together, with what is known of each alone and of their sums."""

    def __init__(self, members: list[int], low: dict[int, float], high: dict[int, float], rows: list[Row]) -> None:
        self._place = {member: place for place, member in enumerate(members)}
        self._low = np.array([low[one] for one in members])
        self._high = np.array([min(high[one], FAR) for one in members])
        self._seen_low, self._seen_high = np.full(len(members), inf), np.full(len(members), -inf)
        values, across, down = [], [], []
        for number, (terms, _, _) in enumerate(rows):
            for member, factor in terms:
                values.append(factor)
                across.append(self._place[member])
                down.append(number)
        matrix = csr_matrix((values, (down, across)), shape=(len(rows), len(members)))
        self._held = LinearConstraint(matrix, [row[1] for row in rows], [row[2] for row in rows]) if rows else None
        self._drawn = len(members) < LARGE

    def seen(self, member: int) -> tuple[float, float]:
        """The least and the most that any solution so far had for it."""
        place = self._place[member]
        return self._seen_low[place], self._seen_high[place]

    def bound(self, member: int, sense: int) -> float:
        """The exact bound: the least (1) or the most (-1), `inf` where nothing holds it."""
        place = self._place[member]
        if self._held is None:
            found = np.clip(self._low if sense == 1 else self._high, 0, FAR)
            self._see(found)
        else:
            self._draw()
            aim = np.zeros(len(self._place))
            aim[place] = sense
            found = self._solved(aim)
        return inf if found[place] >= FAR else float(found[place])

    def _draw(self) -> None:
        """See a few whole authorities in which many unknowns are far from the truth at once: most are settled so."""
        if not self._drawn:
            self._drawn = True
            chance = np.random.default_rng(len(self._place))
            for _ in range(DRAWN):
                self._solved(chance.choice([-1.0, 1.0], len(self._place)))

    def _solved(self, aim: np.ndarray) -> np.ndarray:
        """The whole authority that could lie behind what is shown in which `aim` is least."""
        whole = np.ones(len(self._place))
        done = milp(aim, constraints=self._held, bounds=Bounds(self._low, self._high), integrality=whole)
        assert done.status == 0, f"what is shown contradicts itself: {done.message}"
        found = np.round(done.x)
        self._see(found)
        return found

    def _see(self, found: np.ndarray) -> None:
        self._seen_low, self._seen_high = np.minimum(self._seen_low, found), np.maximum(self._seen_high, found)


def _parted(count: int, rows: Iterable[Row]) -> dict[int, _Part]:
    """The parts that hang together, by unknown: one that is told exactly joins nothing."""
    low, high = dict.fromkeys(range(count), 0.0), dict.fromkeys(range(count), inf)
    sums = []
    for terms, least, most in rows:
        if len(terms) > 1:
            sums.append((terms, least, most))
            continue
        ((one, factor),) = terms
        assert factor == 1
        low[one], high[one] = max(low[one], least), min(high[one], most)
    known = {one for one in range(count) if low[one] == high[one]}
    rest = []
    for terms, least, most in sums:
        told = sum(factor * low[one] for one, factor in terms if one in known)
        left = frozenset((one, factor) for one, factor in terms if one not in known)
        if left:
            rest.append((left, least - told, most - told))
        else:
            assert least <= told <= most, "what is shown contradicts itself"
    return _grouped(count, low, high, list(dict.fromkeys(rest)))


def _grouped(count: int, low: dict[int, float], high: dict[int, float], rows: list[Row]) -> dict[int, _Part]:
    head = list(range(count))

    def find(one: int) -> int:
        while head[one] != one:
            head[one] = head[head[one]]
            one = head[one]
        return one

    for terms, _, _ in rows:
        first, *others = [find(one) for one, _ in terms]
        for other in others:
            head[find(other)] = find(first)
    members, theirs = defaultdict(list), defaultdict(list)
    for one in range(count):
        members[find(one)].append(one)
    for row in rows:
        theirs[find(next(iter(row[0]))[0])].append(row)
    parts = {key: _Part(some, low, high, theirs[key]) for key, some in members.items()}
    return {one: parts[find(one)] for one in range(count)}
