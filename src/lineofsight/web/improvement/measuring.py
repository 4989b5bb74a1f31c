"""The measure an action should move, or that proves it: which one, which way is better, and from where to where."""

from __future__ import annotations

from math import isfinite

from lineofsight.errors import PlainError
from lineofsight.measures import definitions
from lineofsight.measures.definitions import Definition


def check_measure(measure: str) -> Definition:
    """The definition of a measure. Raises PlainError for one that is not there, or that has no better or worse."""
    found = definitions.load().get(measure)
    if found is None:
        raise PlainError("Choose a measure from the catalogue.")
    if found.better == "neutral":
        raise PlainError("Of this measure no value is better or worse than another, so it cannot be a target.")
    return found


def reached(better: str, target: float, value: float) -> bool:
    """Whether a value is the target or better."""
    return value <= target if better == "lower" else value >= target


def check_target(measure: str, target: float | None, baseline: float | None = None) -> None:
    """Raise PlainError for a target that no value can be, or that is no better than what there was before."""
    found = check_measure(measure)
    if any(one is not None and (not isfinite(one) or one < 0) for one in (target, baseline)):
        raise PlainError("A baseline and a target are numbers, none of them below nought.")
    if found.kind == "percent" and any(one is not None and one > 100 for one in (target, baseline)):
        raise PlainError("A percentage is 100 at most.")
    if target is not None and baseline is not None and reached(found.better, target, baseline):
        raise PlainError("The target has to be better than what there was before.")
