"""Each month of a measure as it was first known, beside what is known now (DESIGN 5 D).

Both come from what the computations kept: no figure is made anew, and one read of the newest tells of every month.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.measures import shown
from lineofsight.measures.definitions import Definition
from lineofsight.measures.first_known import rules
from lineofsight.web.access.known import may_look_back
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries import measures, telling
from lineofsight.web.practice.queries.figures import Figure, Series, at_level
from lineofsight.web.practice.queries.known import BY_GROUP, carried
from lineofsight.web.practice.queries.standing import KEPT, Standing, sees_authority


@dataclass(frozen=True)
class MonthKnown:
    """One month whose value is not what it was when it was first known."""

    as_at: date
    then: str
    then_of: str
    now: str
    now_of: str
    said: str
    snapshot: str


@dataclass(frozen=True)
class FirstKnown:
    """A measure's months as first known, where they differ from what is known now; `since` is the first one kept."""

    months: Sequence[MonthKnown]
    kept: int
    since: date

    @property
    def sentence(self) -> str:
        """'Two of the seven months since April 2026 are known differently now. October 2026: 3 when first known...'"""
        if not self.months:
            return f"Every month since {wording.month(self.since)} is known now as it was when it was first known."
        number = wording.spelled(len(self.months))
        verb = "is" if len(self.months) == 1 else "are"
        newest, of = self.months[0], wording.spelled(self.kept)
        return (
            f"{number[:1].upper()}{number[1:]} of the {of} "
            f"{'month' if self.kept == 1 else 'months'} since {wording.month(self.since)} {verb} known differently "
            f"now. {wording.month(newest.as_at)}: {newest.said}."
        )


def first_known(stand: Standing, viewer: Viewer, definition: Definition, series: Series) -> FirstKnown | None:
    """Each month's value when it was first known against now; None where nothing was kept or it is not told,
    and where no earlier month can be told now.

    The authority's as this viewer's level may see it; of teams and services what their stored groups add up to.
    """
    if not may_look_back(viewer) or not definition.history:
        return None
    then = _first(stand, viewer, definition)
    if not then:
        return None
    now = {one.as_at: one for one in series.months}
    both = sorted((day for day in then if day in now), reverse=True)
    if not both:
        return None
    by_these = _rules_now(stand)
    because = telling.why(stand, definition)
    months = []
    for day in both:
        (was, snapshot, rules_then), is_ = then[day], now[day]
        if _differs(was, is_):
            why = _why(was, is_, because, other_rules=rules_then != by_these)
            months.append(_month(definition, was, is_, snapshot, why))
    return FirstKnown(months, len(both), both[-1])


def _differs(then: Figure, now: Figure) -> bool:
    return (then.measured, then.numerator, then.denominator, then.value) != (
        now.measured,
        now.numerator,
        now.denominator,
        now.value,
    )


def _month(definition: Definition, then: Figure, now: Figure, snapshot: str, why: str) -> MonthKnown:
    was, is_ = measures.value_words(definition, then), measures.value_words(definition, now)
    return MonthKnown(
        as_at=now.as_at,
        then=was,
        then_of=measures.of_words(definition, then),
        now=is_,
        now_of=measures.of_words(definition, now),
        said=f"{_number(then, was)} when first known, {_number(now, is_)} now{f': {why}' if why else ''}",
        snapshot=snapshot,
    )


def _number(figure: Figure, words: str) -> str:
    """'3', or '3 of 10' where both parts are known, or the value in words."""
    if figure.numerator is None:
        return words
    parts = f" of {figure.denominator:,}" if figure.denominator and figure.denominator != figure.numerator else ""
    return f"{figure.numerator:,}{parts}"


def _why(then: Figure, now: Figure, because: str = "", *, other_rules: bool = False) -> str:
    """What the difference is, as far as two numbers can tell it; never lateness where less could be told."""
    if other_rules:
        return "counted by other rules or definitions then"
    if not then.measured or not now.measured or then.numerator is None or now.numerator is None:
        return ""
    if now.unknown > then.unknown:
        more = now.unknown - then.unknown
        return f"for {wording.spelled(more)} more it cannot be told now{f', because {because}' if because else ''}"
    if (now.denominator or 0) < (then.denominator or 0):
        fewer = f"counted out of {now.denominator or 0:,} now, and {then.denominator:,} then"
        return f"{fewer}; {because}" if because else fewer
    more = now.numerator - then.numerator
    if more > 0:
        return f"{wording.spelled(more)} recorded late, or corrected since"
    if more < 0:
        return f"{wording.spelled(-more)} fewer, by late recording or correction"
    return "what they are counted out of has changed"


def _first(stand: Standing, viewer: Viewer, definition: Definition) -> dict[date, tuple[Figure, str, str]]:
    """The figure of each month as first known, with the extract it is from and the rules it was counted by."""
    table = _kept(stand)
    if table is None:
        return {}
    by = "authority" if sees_authority(viewer) else viewer.scope.kind
    if by not in BY_GROUP:
        return {}
    rows = table.filter((pc.field("measure") == definition.id) & (pc.field("breakdown") == by))
    found: dict[date, list[dict[str, Any]]] = {}
    for row in rows.to_pylist():
        if by == "authority" or row["group"] in viewer.scope.ids:
            found.setdefault(row["as_at"], []).append(row)
    told = {day: _together(definition, viewer.level, held) for day, held in found.items()}
    return {day: (one, found[day][0]["snapshot"], found[day][0]["rules"]) for day, one in told.items() if one}


def _together(definition: Definition, level: str, rows: Sequence[Mapping[str, Any]]) -> Figure | None:
    """The figure of the stored groups together. Medians and means of several cannot be told from them."""
    figures = [at_level(row, level) for row in rows]
    if len(figures) == 1:
        return figures[0]
    if definition.kind in shown.VALUED or not all(one.measured and not one.hidden for one in figures):
        return None
    numerator = sum(one.numerator or 0 for one in figures)
    denominator = sum(one.denominator or 0 for one in figures)
    unknown = sum(one.unknown for one in figures)
    rest = denominator - numerator
    met, not_met = (rest, numerator) if definition.counts == "not met" else (numerator, rest)
    count = shown.Count(numerator + rest + unknown, met, not_met)
    whole = shown.figure(definition, count, None)
    return Figure(figures[0].as_at, whole.numerator, whole.denominator, whole.unknown, whole.value)


@lru_cache(maxsize=KEPT)
def _kept(stand: Standing) -> pa.Table | None:
    """The small table of the months as first known; it never changes, and holds no child."""
    return carried(stand, "first_known")


def _rules_now(stand: Standing) -> str:
    """What this computation was counted by, as the months as first known say it."""
    made = stand.computation
    return rules(made.policy_hash, made.definitions_hash, made.roles_hash, made.registry_hash)


def forget() -> None:
    """Let go of everything kept (used between tests)."""
    _kept.cache_clear()
