"""A frozen figure beside what is known now: "3 when signed, 4 now: one recorded late" (DESIGN 5 D)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from lineofsight.errors import PlainError
from lineofsight.measures import values as stored
from lineofsight.web.evidence.frozen import row_digest
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries import measures
from lineofsight.web.practice.queries.figures import Figure, at_level
from lineofsight.web.practice.queries.standing import KEPT, Standing, catalogue, values
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


def figures_now(pack: Pack, against: Standing | None = None) -> Now:
    """Each figure of `pack` as the newest computation (or `against`) knows the same date, where it reads differently.

    Packs and computations never change, so an answer is kept: words and numbers, no child.
    """
    stand = _standing_for(pack) if against is None else against
    if stand is None or (stand.snapshot.id, stand.computation.id) == (pack.snapshot_id, pack.computation_id):
        return Now((), pack.snapshot_id, same_computation=True)
    return _compared(_Question(pack.pk, stand, pack))


@dataclass(frozen=True, eq=False)
class _Question:
    """A pack beside a standing: kept by the two, not by the pack's loaded row."""

    key: UUID
    stand: Standing
    pack: Pack

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Question) and (self.key, self.stand) == (other.key, other.stand)

    def __hash__(self) -> int:
        return hash((self.key, self.stand))


@lru_cache(maxsize=KEPT * 4)
def _compared(asked: _Question) -> Now:
    pack, stand = asked.pack, asked.stand
    changed_rules = stand.computation.policy_hash != pack.content["policy"]
    changed_rules = changed_rules or stand.computation.definitions_hash != pack.content["definitions"]
    because = " The policy or the definition has changed since." if changed_rules else ""
    known = [one for one in pack.content["figures"] if one["measure"] in catalogue()]
    dated = [(catalogue()[one["measure"]], date.fromisoformat(one["as_at"])) for one in known]
    listed = counting.listed_now(stand, dated)
    found = []
    for frozen in known:
        measure = frozen["measure"]
        said = _difference(stand, frozen, pack.rows.get(measure, {}), listed.get(measure), pack.content["level"])
        if said:
            found.append(Difference(measure, frozen["title"], said + because))
    return Now(tuple(found), stand.snapshot.id, same_computation=False)


def forget() -> None:
    """Let go of everything kept (used between tests)."""
    _compared.cache_clear()


def _standing_for(pack: Pack) -> Standing | None:
    """The newest standing that knows the pack's date: the newest of all, else the newest of its month."""
    try:
        stand = newest()
        if pack.as_at in values(stand)["as_at"].to_pylist():
            return stand
        return standings.of_month(pack.month, stand.lake)
    except PlainError:
        return None


def _difference(
    stand: Standing, frozen: Mapping[str, Any], rows: Mapping[str, Any], listed: frozenset[str] | None, level: str
) -> str:
    """'3 of 402 when this pack was made, 4 of 402 now: one recorded late.', or '' where nothing is different."""
    definition = catalogue()[frozen["measure"]]
    row = stored.headline(values(stand), definition, as_at=date.fromisoformat(frozen["as_at"]))
    if row is None:
        return ""
    now, why = at_level(row, level), _why(rows, listed)
    was = _said(frozen["kind"], frozen["value_words"], frozen["of_words"], frozen["numerator"])
    if not _same(frozen, now):
        said = _said(
            definition.kind, measures.value_words(definition, now), measures.of_words(definition, now), now.numerator
        )
        return f"{was} when this pack was made, {said} now{': ' + why if why and now.measured else ''}."
    return f"{was} then and now, but of other children: {why}." if why and now.measured and not now.hidden else ""


def _same(frozen: Mapping[str, Any], now: Figure) -> bool:
    if now.measured != (frozen["status"] == "measured") or now.hidden != frozen["hidden"]:
        return False
    if (now.numerator, now.denominator) != (frozen["numerator"], frozen["denominator"]):
        return False
    return now.value == frozen["value"] or (
        now.value is not None and frozen["value"] is not None and abs(now.value - frozen["value"]) < 1e-9
    )


def _said(kind: str, value: str, of: str, numerator: int | None) -> str:
    """The parts where there are any ('3 of 402'), else the value in words."""
    return of if of and kind == "percent" and numerator is not None else value


def _why(rows: Mapping[str, Any], listed: frozenset[str] | None) -> str:
    """'one recorded late', from who is listed now and was not then, and the other way; '' where that says nothing."""
    if listed is None or not rows.get("whole"):
        return ""
    told = {row_digest(str(rows["salt"]), key) for key in listed}
    before = set(rows["in"])
    late, gone = len(told - before), len(before - told)
    parts = [f"{wording.spelled(late)} recorded late"] if late else []
    parts += [f"{wording.spelled(gone)} no longer counted"] if gone else []
    return " and ".join(parts)
