"""What has really changed, in words: for the first page and the packs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from lineofsight.measures.definitions import Definition
from lineofsight.measures.trend import Signal
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries import figures, measures, signals
from lineofsight.web.practice.queries.figures import Figure, Series
from lineofsight.web.practice.queries.standing import Standing, catalogue, sees_authority, standing, teams

ORDER = {"worse": 0, "changed": 1, "better": 2}
USUAL_MONTHS = 6  # of a team's months before the change, what its own usual is taken from


@dataclass(frozen=True)
class Change:
    """One change that is real: its measure, its tone, the sentence, and where most of it is ('' if nowhere)."""

    measure: str
    title: str
    tone: str
    sentence: str
    where: str
    since: date


def real_changes(viewer: Viewer, limit: int = 5) -> list[Change]:
    """What has really changed, the worse first, then the newest. Raises Refused."""
    check(viewer, Capability.SEE_MEASURES)
    stand = standing(viewer)
    found = []
    for key, series in figures.own(stand, viewer).items():
        definition = catalogue()[key]
        if not series.headline.measured or series.headline.hidden:
            continue
        signal = signals.fair_signal(stand, definition, series)
        if signal.since is None or signal.centre is None:
            continue
        said = _sentence(stand, definition, series, signal)
        found.append((Change(key, definition.title, signal.kind, said, "", signal.since), definition))
    found.sort(key=lambda one: (ORDER[one[0].tone], -one[0].since.toordinal(), one[0].measure))
    return [
        replace(change, where=_where(stand, viewer, definition, change.since)) if change.tone == "worse" else change
        for change, definition in found[:limit]
    ]


def _sentence(stand: Standing, definition: Definition, series: Series, signal: Signal) -> str:
    """'78% (314 of 402); it was about 91% before June.' A flow's number is that of its last month."""
    form = measures.percent_form if definition.kind == "percent" else measures.number_form
    last = signals.settled(definition, series)[-1]
    drawn = signals.drawn(definition, last)
    value = form(drawn) if drawn is not None else "nothing to measure"
    of = f" ({last.numerator:,} of {last.denominator:,})" if definition.kind == "percent" and last.denominator else ""
    per = " for every 10,000 children" if definition.kind == "rate" and last.value is not None else ""
    when = f" in {wording.month(last.as_at)}" if definition.basis == "flow" else ""
    since = wording.since(signal.since, stand.as_at) if signal.since else ""
    return f"{value}{of}{per}{when}; it was about {form(signal.centre or 0.0)} before {since}."


def _where(stand: Standing, viewer: Viewer, definition: Definition, since: date) -> str:
    """'Most of it is in Assessment East.', where one team holds more than half of what got worse.

    Of each team: how many more than its own usual share would give were not as we hope, since the change began.
    """
    if not sees_authority(viewer) or viewer.level != "identified" or definition.kind != "percent":
        return ""
    more: dict[str, float] = {}
    for group, months in figures.by_group(stand, viewer.level, definition, "team").items():
        before = [one for one in months if one.as_at < since and one.denominator][-USUAL_MONTHS:]
        after = [one for one in months if one.as_at >= since and one.denominator]
        if before and after:
            expected = _bad(definition, before) / _all(before) * _all(after)
            more[group] = max(_bad(definition, after) - expected, 0.0)
    if not any(more.values()):
        return ""
    group = max(more, key=lambda one: more[one])
    known = teams(stand).get(group)
    return f"Most of it is in {known.name}." if known and more[group] > sum(more.values()) / 2 else ""


def _bad(definition: Definition, months: Sequence[Figure]) -> int:
    """How many rows of these months are not what we hope for."""
    counted = sum(one.numerator or 0 for one in months)
    return counted if definition.counts == "not met" else _all(months) - counted


def _all(months: Sequence[Figure]) -> int:
    return sum(one.denominator or 0 for one in months)
