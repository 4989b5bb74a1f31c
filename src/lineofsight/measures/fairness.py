"""Fairness: how many times as likely one group is as everybody else, with the interval that chance alone allows.

A ratio of two proportions, its 95% interval by the logarithm (D. Katz and others, Biometrics, 1978; as in Altman,
Practical Statistics for Medical Research, 1991). Where a number is 0 one half is added to each of the four, so that
there is an interval at all (Walter, 1975). A difference between groups is not a cause of anything: the words say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, sqrt

Z = 1.959964  # the normal deviate of a 95% interval
NOT_A_CAUSE = (
    "A difference is not a cause. These figures say that groups differ, not why: who is in each group, what they "
    "need and what was recorded differ too."
)


@dataclass(frozen=True)
class Ratio:
    """`value` times as likely as everybody else, somewhere from `low` to `high`."""

    value: float
    low: float
    high: float

    @property
    def differs(self) -> bool:
        """Whether the interval leaves no room for "the same"."""
        return self.low > 1 or self.high < 1


def ratio(counted: int, out_of: int, others_counted: int, others_out_of: int) -> Ratio | None:
    """The proportion of a group over that of the others. None where either has nobody, or nobody at all is counted."""
    if not out_of or not others_out_of or counted + others_counted == 0:
        return None
    a, n, c, m = float(counted), float(out_of), float(others_counted), float(others_out_of)
    value = (a / n) / (c / m) if c else float("inf")
    if a == 0 or c == 0:
        a, n, c, m = a + 0.5, n + 1, c + 0.5, m + 1
    middle = (a / n) / (c / m)
    reach = Z * sqrt(max(1 / a - 1 / n + 1 / c - 1 / m, 0.0))
    return Ratio(value, middle * exp(-reach), middle * exp(reach))


def ratios(groups: Mapping[str, tuple[int, int]]) -> dict[str, Ratio]:
    """Each group (counted, out of) against all the others together; groups without a ratio are left out."""
    counted, out_of = (sum(one[part] for one in groups.values()) for part in (0, 1))
    found = {name: ratio(mine, size, counted - mine, out_of - size) for name, (mine, size) in groups.items() if size}
    return {name: one for name, one in found.items() if one is not None}


def words(one: Ratio) -> str:
    """'1.4 times as likely (1.1 to 1.8)', or that it may be chance."""
    if one.value == float("inf"):
        return f"only in this group (at least {one.low:.1f} times)"
    told = f"{one.value:.1f} times ({one.low:.1f} to {one.high:.1f})"
    return told if one.differs else f"{told}, may be chance"
