"""A frozen figure beside what is known now: "3 when signed, 4 now: one recorded late" (DESIGN 5 D)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import pyarrow.compute as pc

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
    return _compared(_Question(pack.pk, stand, pack, _own(pack, stand)))


@dataclass(frozen=True, eq=False)
class _Question:
    """A pack beside a standing: kept by the two, not by the pack's loaded row. `own` is what the pack was made of,
    where a redaction took somebody out of that since."""

    key: UUID
    stand: Standing
    pack: Pack
    own: Standing | None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Question) and self._asked == other._asked

    def __hash__(self) -> int:
        return hash(self._asked)

    @property
    def _asked(self) -> tuple[UUID, Standing, Standing | None]:
        return self.key, self.stand, self.own


@lru_cache(maxsize=KEPT * 4)
def _compared(asked: _Question) -> Now:
    pack, stand = asked.pack, asked.stand
    changed_rules = stand.computation.policy_hash != pack.content["policy"]
    changed_rules = changed_rules or stand.computation.definitions_hash != pack.content["definitions"]
    because = " The policy or the definition has changed since." if changed_rules else ""
    known = [one for one in pack.content["figures"] if one["measure"] in catalogue()]
    dated = [(catalogue()[one["measure"]], date.fromisoformat(one["as_at"])) for one in known]
    listed = counting.listed_now(stand, dated)
    held = counting.listed_now(asked.own, dated) if asked.own else None
    found = []
    for frozen in known:
        measure = frozen["measure"]
        rows = pack.rows.get(measure, {})
        why = _why(rows, listed.get(measure), None if held is None else held.get(measure))
        said = _difference(stand, frozen, why, pack.content["level"])
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
        if pc.any(pc.equal(values(stand)["as_at"], pack.as_at)).as_py():
            return stand
        return standings.of_month(pack.month, stand.lake)
    except PlainError:
        return None


def _own(pack: Pack, stand: Standing) -> Standing | None:
    """What a pack was made of, where a redaction took somebody out of it since."""
    try:
        own = standings.of(pack.snapshot_id, pack.computation_id, stand.lake)
    except standings.RowsGone:
        return None
    return own if own.snapshot.redactions else None


def _difference(stand: Standing, frozen: Mapping[str, Any], why: _Why, level: str) -> str:
    """'3 of 402 when this pack was made, 4 of 402 now: one recorded late.', or '' where nothing is different."""
    definition = catalogue()[frozen["measure"]]
    row = stored.headline(values(stand), definition, as_at=date.fromisoformat(frozen["as_at"]))
    if row is None:
        return ""
    now = at_level(row, level)
    was = _said(frozen["kind"], frozen["value_words"], frozen["of_words"], frozen["numerator"])
    if not _same(frozen, now):
        said = _said(
            definition.kind, measures.value_words(definition, now), measures.of_words(definition, now), now.numerator
        )
        return f"{was} when this pack was made, {said} now{': ' + why.words if why.words and now.measured else ''}."
    others = why.of_others and now.measured and not now.hidden
    return f"{was} then and now, but of other children: {why.words}." if others else ""


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


@dataclass(frozen=True)
class _Why:
    """Who is listed now and was not then, and the other way: late, counted no longer, held no longer."""

    late: int = 0
    uncounted: int = 0
    unheld: int = 0

    @property
    def of_others(self) -> bool:
        """Whether other children are counted now, and it is not only that one's rows are gone."""
        return bool(self.late or self.uncounted)

    @property
    def words(self) -> str:
        """'one recorded late and two no longer counted', '' where that says nothing."""
        told = {"recorded late": self.late, "no longer counted": self.uncounted, "no longer held": self.unheld}
        return wording.listed([f"{wording.spelled(count)} {what}" for what, count in told.items() if count])


def _why(rows: Mapping[str, Any], listed: frozenset[str] | None, held: frozenset[str] | None) -> _Why:
    """Why a figure's children are others now. `held`: those whom the pack's own rows have yet, where some were
    redacted."""
    if listed is None or not rows.get("whole"):
        return _Why()
    told, before = _digests(rows, listed), set(rows["in"])
    gone = before - told
    unheld = gone - _digests(rows, held) if held is not None else set()
    return _Why(len(told - before), len(gone - unheld), len(unheld))


def _digests(rows: Mapping[str, Any], keys: frozenset[str]) -> set[str]:
    return {row_digest(str(rows["salt"]), key) for key in keys}
