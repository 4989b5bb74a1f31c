"""An attacker who writes down everything that is shown as linear constraints and solves for what is not."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from math import inf

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

Name = Hashable


@dataclass
class Attack:
    """Unknown whole numbers, none below nothing, and what is known of sums of them."""

    most: float = inf
    names: dict[Name, int] = field(default_factory=dict)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)
    _written: tuple[int, int] = (0, 0)
    _matrix: LinearConstraint | None = None

    def unknown(self, name: Name) -> Name:
        """Make sure there is an unknown of this name."""
        self.names.setdefault(name, len(self.names))
        return name

    def know(self, terms: Iterable[tuple[Name, float]], low: float, high: float) -> None:
        """The sum of `terms` (unknown, factor) lies from `low` to `high`."""
        row: dict[int, float] = {}
        for name, factor in terms:
            place = self.names[self.unknown(name)]
            row[place] = row.get(place, 0.0) + factor
        if row:
            self.rows.append((row, low, high))

    def exactly(self, names: Iterable[Name], number: float) -> None:
        """The sum of these is this number."""
        self.know([(name, 1.0) for name in names], number, number)

    def equal(self, one: Iterable[Name], other: Iterable[Name]) -> None:
        """One sum is the other."""
        self.know([*((name, 1.0) for name in one), *((name, -1.0) for name in other)], 0, 0)

    def bounds(self, name: Name) -> tuple[float, float]:
        """The least and the most whole number that `name` could be, by everything known."""
        return self.least(name), self.most_of(name)

    def least(self, name: Name) -> float:
        """The least whole number that `name` could be."""
        return self._solved(name, 1)

    def most_of(self, name: Name) -> float:
        """The most that `name` could be."""
        return self._solved(name, -1)

    def pins(self, name: Name, number: int) -> bool:
        """Whether `name` can be nothing but `number`."""
        return self.least(name) == number and self.most_of(name) == number

    def _solved(self, name: Name, sense: int) -> float:
        if self._written != (len(self.names), len(self.rows)):
            self._matrix = self._constraints()
            self._written = (len(self.names), len(self.rows))
        aim = np.zeros(len(self.names))
        aim[self.names[name]] = sense
        done = milp(aim, constraints=self._matrix, bounds=Bounds(0, self.most), integrality=np.ones(len(self.names)))
        if done.status in (3, 4):
            return sense * -inf
        assert done.status == 0, f"what is shown contradicts itself: {done.message}"
        return round(sense * done.fun)

    def _constraints(self) -> LinearConstraint:
        values, across, down = [], [], []
        for number, (row, _, _) in enumerate(self.rows):
            values += row.values()
            across += row.keys()
            down += [number] * len(row)
        matrix = csr_matrix((values, (down, across)), shape=(len(self.rows), len(self.names)))
        return LinearConstraint(matrix, [row[1] for row in self.rows], [row[2] for row in self.rows])
