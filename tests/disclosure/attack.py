"""An attacker who writes down everything that is shown as linear constraints and solves for what is not."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from math import inf

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

Name = Hashable
Row = tuple[frozenset[tuple[int, float]], float, float]


@dataclass
class Attack:
    """Unknown whole numbers, none below nothing, and what is known of sums of them."""

    names: dict[Name, int] = field(default_factory=dict)
    rows: set[Row] = field(default_factory=set)
    _parts: "dict[int, _Part] | None" = None

    def know(self, terms: Iterable[tuple[Name, float]], low: float, high: float) -> None:
        """The sum of `terms` (unknown, factor) lies from `low` to `high`."""
        row: dict[int, float] = defaultdict(float)
        for name, factor in terms:
            row[self.names.setdefault(name, len(self.names))] += factor
        if row:
            self.rows.add((frozenset(row.items()), low, high))
            self._parts = None

    def exactly(self, names: Iterable[Name], number: float) -> None:
        """The sum of these is this number."""
        self.know([(name, 1.0) for name in names], number, number)

    def equal(self, one: Iterable[Name], other: Iterable[Name]) -> None:
        """One sum is the other."""
        self.know([*((name, 1.0) for name in one), *((name, -1.0) for name in other)], 0, 0)

    def bounds(self, name: Name) -> tuple[float, float]:
        """The least and the most whole number that `name` could be, by everything known."""
        return self.least(name), self.most(name)

    def least(self, name: Name) -> float:
        """The least whole number that `name` could be."""
        return self._part(name).solved(self.names[name], 1)

    def most(self, name: Name) -> float:
        """The most that `name` could be."""
        return self._part(name).solved(self.names[name], -1)

    def pins(self, name: Name, number: int) -> bool:
        """Whether `name` can be nothing but `number`."""
        return self.least(name) == number and self.most(name) == number

    def _part(self, name: Name) -> "_Part":
        if self._parts is None:
            self._parts = _parted(len(self.names), self.rows)
        return self._parts[self.names[name]]


class _Part:
    """Unknowns that hang together, with what is known of each alone and of their sums."""

    def __init__(self, members: list[int], low: dict[int, float], high: dict[int, float], rows: list[Row]) -> None:
        self._place = {member: place for place, member in enumerate(members)}
        self._bounds = Bounds([low[one] for one in members], [high[one] for one in members])
        values, across, down = [], [], []
        for number, (terms, _, _) in enumerate(rows):
            for member, factor in terms:
                values.append(factor)
                across.append(self._place[member])
                down.append(number)
        matrix = csr_matrix((values, (down, across)), shape=(len(rows), len(members)))
        self._held = LinearConstraint(matrix, [row[1] for row in rows], [row[2] for row in rows]) if rows else None

    def solved(self, member: int, sense: int) -> float:
        aim = np.zeros(len(self._place))
        aim[self._place[member]] = sense
        whole = np.ones(len(self._place))
        done = milp(aim, constraints=self._held, bounds=self._bounds, integrality=whole)
        if done.status in (3, 4):
            return sense * -inf
        assert done.status == 0, f"what is shown contradicts itself: {done.message}"
        return round(sense * done.fun)


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
