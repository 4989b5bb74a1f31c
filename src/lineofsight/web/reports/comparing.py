"""A frozen figure beside what is known now: "3 when signed, 4 now: one recorded late" (DESIGN 5 D)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow.compute as pc

from lineofsight.errors import PlainError
from lineofsight.measures import values as stored
from lineofsight.measures.definitions import Definition
from lineofsight.web.evidence.frozen import row_digest
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries import measures
from lineofsight.web.practice.queries.figures import Figure, at_level
from lineofsight.web.practice.queries.standing import Standing, catalogue, values
from lineofsight.web.practice.queries.standing import standing as newest
from lineofsight.web.reports import counting, standings
from lineofsight.web.reports.models import Pack


@dataclass(frozen=True)
class Difference:
    """One figure that reads differently now, in words."""

    measure: str
    title: str
    sentence: str


@dataclass(frozen=True)
class Now:
    """A pack's figures beside the newest knowledge of the same date."""

    differences: tuple[Difference, ...]
    snapshot_id: str
    loaded_on: date | None
    same_computation: bool

    def of(self, measure: str) -> str:
        """What is different about one measure, '' where nothing is."""
        return next((one.sentence for one in self.differences if one.measure == measure), "")

    @property
    def sentence(self) -> str:
        """One sentence for a page's head; '' where nothing newer is known."""
        if self.same_computation:
            return ""
        if not self.differences:
            return "Newer data has been loaded since. Every figure in this pack is still the same."
        count = wording.spelled(len(self.differences))
        verb = "reads" if len(self.differences) == 1 else "read"
        noun = "figure" if len(self.differences) == 1 else "figures"
        return f"Newer data has been loaded since. {count.capitalize()} {noun} {verb} differently now."


def figures_now(pack: Pack) -> Now:
    """Each figure of `pack` as the newest computation knows the same date, where it reads differently."""
    stand = _standing_for(pack)
    if stand is None or (stand.snapshot.id, stand.computation.id) == (pack.snapshot_id, pack.computation_id):
        return Now((), pack.snapshot_id, None, same_computation=True)
    found = []
    changed_rules = stand.computation.policy_hash != pack.content["policy"]
    changed_rules = changed_rules or stand.computation.definitions_hash != pack.content["definitions"]
    for frozen in pack.content["figures"]:
        said = _difference(stand, frozen, pack.rows.get(frozen["measure"], {}), pack.content["level"])
        if said:
            because = " The policy or the definition has changed since." if changed_rules else ""
            found.append(Difference(frozen["measure"], frozen["title"], said + because))
    return Now(tuple(found), stand.snapshot.id, stand.snapshot.loaded_at.date(), same_computation=False)


def _standing_for(pack: Pack) -> Standing | None:
    """The newest standing that knows the pack's date: the newest of all, else the newest of its month."""
    try:
        stand = newest()
        if pack.as_at in values(stand)["as_at"].to_pylist():
            return stand
        return standings.of_month(pack.month, stand.lake)
    except PlainError:
        return None


def _difference(stand: Standing, frozen: Mapping[str, Any], rows: Mapping[str, Any], level: str) -> str:
    definition = catalogue().get(frozen["measure"])
    if definition is None:
        return ""
    as_at = date.fromisoformat(frozen["as_at"])
    row = stored.headline(values(stand), definition, as_at=as_at)
    if row is None:
        return ""
    now = at_level(row, level)
    if _same(frozen, now):
        return ""
    was, said = _words(frozen), _words_now(definition, now)
    return f"{was} when this pack was made, {said} now{_why(stand, definition, now, rows)}."


def _same(frozen: Mapping[str, Any], now: Figure) -> bool:
    if now.measured != (frozen["status"] == "measured") or now.hidden != frozen["hidden"]:
        return False
    if (now.numerator, now.denominator) != (frozen["numerator"], frozen["denominator"]):
        return False
    return now.value == frozen["value"] or (
        now.value is not None and frozen["value"] is not None and abs(now.value - frozen["value"]) < 1e-9
    )


def _words(frozen: Mapping[str, Any]) -> str:
    return _said(frozen["kind"], frozen["value_words"], frozen["of_words"], frozen["numerator"])


def _words_now(definition: Definition, now: Figure) -> str:
    return _said(
        definition.kind, measures.value_words(definition, now), measures.of_words(definition, now), now.numerator
    )


def _said(kind: str, value: str, of: str, numerator: int | None) -> str:
    """The parts where there are any ('3 of 402'), else the value in words."""
    return of if of and kind == "percent" and numerator is not None else value


def _why(stand: Standing, definition: Definition, now: Figure, rows: Mapping[str, Any]) -> str:
    """': one recorded late', from who is listed now and was not then, and the other way; '' where that says nothing."""
    if not now.measured or "salt" not in rows:
        return ""
    found = counting.behind(stand, definition, now.as_at)
    keys = [key for key in pc.unique(found.listed(definition)["child_key"]).to_pylist() if key]
    if len(keys) > counting.MOST_DIGESTS:
        return ""
    told = {row_digest(str(rows["salt"]), key) for key in keys}
    before = set(rows["in"])
    late, gone = len(told - before), len(before - told)
    parts = []
    if late:
        parts.append(f"{wording.spelled(late)} recorded late")
    if gone:
        parts.append(f"{wording.spelled(gone)} no longer counted")
    return f": {' and '.join(parts)}" if parts else ""
