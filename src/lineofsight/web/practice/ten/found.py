"""What a computation says of the ten, before anybody chose: who meets the rules, in which order, and why."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from dateutil.relativedelta import relativedelta

from lineofsight.cases import refs, ten
from lineofsight.cases.ten import answers
from lineofsight.errors import PlainError
from lineofsight.measures import definitions
from lineofsight.web import keys_in_use
from lineofsight.web.practice.queries.standing import KEPT, Standing

NOT_KEPT = "The ten was not worked out for this extract: it was loaded by an earlier version. It is with the next load."
# The Lead Member's code for a child of a month: letters that make no word.
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_CODE_LENGTH = 5


class NotWorkedOut(PlainError):
    """The computation holds no ten: it was made before the ten was."""


@dataclass(frozen=True)
class Chosen:
    """A child on a list, by the rules or frozen. `reasons` are the rows: rule, theme, reason."""

    child_key: str
    reasons: Sequence[Mapping[str, Any]]
    siblings: Sequence[str]

    @property
    def family(self) -> frozenset[str]:
        """The child with those it stands for."""
        return frozenset({self.child_key, *self.siblings})


def month_of(stand: Standing) -> date:
    """The month whose ten a standing gives: that of the extract's date."""
    return stand.as_at.replace(day=1)


def last_day(month: date) -> date:
    """The day a month's ten expires: the end of the month after it."""
    return month + relativedelta(months=1, day=31)


def children(stand: Standing) -> pa.Table:
    """Everybody who meets a rule, in order: keys and ids alone. Raises NotWorkedOut."""
    if not answers.is_kept(stand.computation):
        raise NotWorkedOut(NOT_KEPT)
    return _children(stand)


@lru_cache(maxsize=KEPT)
def _children(stand: Standing) -> pa.Table:
    """Keyed hashes and ids, no name, so it may be kept between requests."""
    return stand.lake.read(stand.computation, "ten").combine_chunks()


@lru_cache(maxsize=KEPT)
def rules(stand: Standing) -> list[dict[str, Any]]:
    """The rules the ten was worked out by, in their order, with how many children met each."""
    told = stand.lake.read(stand.computation, "ten_rules").to_pylist()
    return [{**row, "lacks": definitions.missing_words(row["missing"]) if row["missing"] else ""} for row in told]


def reasons(stand: Standing, keys: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Why each of these children is on the list, the rules in their order."""
    wanted = pc.field("child_key").isin(pa.array(sorted(keys), pa.string()))
    columns = ["child_key", "rule", "theme", "reason"]
    rows = stand.lake.read(stand.computation, "ten_reasons", columns=columns, where=wanted).to_pylist()
    place = {one["rule"]: number for number, one in enumerate(rules(stand))}
    told: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda one: place[one["rule"]]):
        told.setdefault(row["child_key"], []).append({name: row[name] for name in ("rule", "theme", "reason")})
    return told


def proposed(stand: Standing) -> list[Chosen]:
    """The ten as the rules give it. Raises NotWorkedOut."""
    first = ten.listed(children(stand)).to_pylist()
    why = reasons(stand, [row["child_key"] for row in first])
    return [Chosen(row["child_key"], why.get(row["child_key"], []), row["siblings"]) for row in first]


def more(stand: Standing, on_list: Collection[Chosen]) -> int:
    """How many more children meet the same rules."""
    listed = frozenset().union(*(one.family for one in on_list))
    return sum(key not in listed for key in children(stand)["child_key"].to_pylist())


def code(month: date, child_key: str) -> str:
    """What the Lead Member calls a child of one month: another code the next month, and no way back to the child."""
    ref = refs.ref(keys_in_use(), f"lead-member:{month:%Y-%m}", child_key)
    number = int.from_bytes(hashlib.sha256(ref.encode()).digest(), "big")
    letters = []
    for _ in range(_CODE_LENGTH):
        number, at = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[at])
    return "".join(letters)


def forget() -> None:
    """Let go of everything kept (used between tests)."""
    for kept in (_children, rules):
        kept.cache_clear()
