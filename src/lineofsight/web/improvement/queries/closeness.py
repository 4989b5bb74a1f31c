"""Beside the colour, how close it is: from where the measure began, where it is now, and where it should be.

The newest value comes through the thread's readers, as this viewer may see it; no room above is imported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lineofsight.measures import definitions
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence.resolvers import Figure
from lineofsight.web.improvement import wording
from lineofsight.web.improvement.measuring import reached
from lineofsight.web.improvement.queries.lines import Line

A_YEAR_AGO = 330  # days from which a month needs its year


@dataclass(frozen=True)
class Close:
    """How close a measure is to what it should be, in words. `share` of the way is None where it cannot be told."""

    measure: str
    title: str
    words: str
    share: float | None = None
    reached: bool = False
    wrong_way: bool = False


def closeness(viewer: Viewer, some: Sequence[Line]) -> dict[str, Close]:
    """For each of these actions that should move a measure, by the action's key as text, in one reading of figures."""
    wanted = sorted({one.measure for one in some if one.measure})
    figures = resolvers.figures(viewer, "measure", wanted)
    return {
        str(one.pk): said(one.measure, figures.get(one.measure), one.baseline, one.baseline_on, one.target)
        for one in some
        if one.measure
    }


def said(
    measure: str, figure: Figure | None, baseline: float | None, baseline_on: date | None, target: float | None
) -> Close:
    """The same of one measure, baseline and target: pure."""
    known = definitions.load().get(measure)
    title = known.title if known else measure
    write = figure.write if figure else _plain
    aim = f"the target is {write(target)}" if target is not None else "no target is set"
    if figure is None:
        return Close(measure, title, f"Not measured yet; {aim}.")
    if figure.value is None or figure.as_at is None:
        return Close(measure, title, f"{wording.begun(figure.words.rstrip('.'))}; {aim}.")
    if baseline is not None and baseline_on is not None and figure.as_at <= baseline_on:
        begun = _month(baseline_on, figure.as_at)
        return Close(measure, title, f"{write(baseline)} in {begun}, and not measured since; {aim}.")
    way = f"From {write(baseline)} in {_month(baseline_on, figure.as_at)} to " if baseline is not None else ""
    where = f"{way}{figure.words} now; {aim}"
    better = figure.better
    if target is not None and reached(better, target, figure.value):
        return Close(measure, title, f"{where}: reached.", 1.0, reached=True)
    if baseline is None:
        return Close(measure, title, f"{where}.")
    if reached(better, baseline, figure.value) and figure.value != baseline:
        return _on_the_way(measure, title, where, (figure.value - baseline), target, baseline)
    if figure.value == baseline:
        return Close(measure, title, f"{where}. It has not moved.", 0.0 if target is not None else None)
    return Close(measure, title, f"{where}. It has gone the wrong way.", 0.0, wrong_way=True)


def _on_the_way(measure: str, title: str, where: str, gone: float, target: float | None, baseline: float) -> Close:
    if target is None or target == baseline:
        return Close(measure, title, f"{where}.")
    share = min(max(gone / (target - baseline), 0.0), 1.0)
    told = f"{min(round(share * 100), 99)}% of the way" if share >= 0.01 else "less than 1% of the way"
    return Close(measure, title, f"{where}: {told}.", share)


def _month(on: date | None, as_at: date) -> str:
    """'June', or 'June 2025' a year earlier."""
    if on is None:
        return "the beginning"
    return f"{on:%B}" if (as_at - on).days < A_YEAR_AGO and on.year <= as_at.year else f"{on:%B %Y}"


def _plain(value: float) -> str:
    return f"{value:g}"
