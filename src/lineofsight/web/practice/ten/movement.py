"""Movement: who is new, who stays for how many months running, and who left and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from lineofsight.web.practice import wording
from lineofsight.web.practice.models import TenMonth, TenPlace
from lineofsight.web.practice.queries.standing import Standing, merged
from lineofsight.web.practice.ten.found import Chosen, children

MOST_MONTHS = 24
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


@dataclass(frozen=True)
class Earlier:
    """One earlier month as it stood: the families on it, under the keys of today."""

    month: date
    families: Sequence[tuple[str, frozenset[str]]]

    def holds(self, family: frozenset[str]) -> bool:
        """Whether somebody of `family` was on it."""
        return any(family & one for _, one in self.families)


def earlier(stand: Standing, month: date) -> list[Earlier]:
    """The months frozen before `month`, the newest first, without who was taken off."""
    led = merged(stand)
    known = TenMonth.objects.filter(month__lt=month).order_by("-month")[:MOST_MONTHS]
    found = []
    for one in known.prefetch_related("places"):
        standing = [place for place in one.places.all() if place.removed_at is None]
        found.append(Earlier(one.month, [_family(place, led) for place in standing]))
    return found


def _family(place: TenPlace, led: Mapping[str, str]) -> tuple[str, frozenset[str]]:
    key = led.get(place.child_key, place.child_key)
    return key, frozenset({key, *(led.get(one, one) for one in place.siblings)})


def months_running(month: date, family: frozenset[str], before: Sequence[Earlier]) -> int:
    """For how many months on end a family has been on the list, this one among them."""
    count, looked = 1, month
    for one in before:
        looked -= relativedelta(months=1)
        if one.month != looked or not one.holds(family):
            return count
        count += 1
    return count


def moved(month: date, family: frozenset[str], before: Sequence[Earlier]) -> str:
    """'New', 'Third month running', 'Back: last on the list in July 2026'; nothing where no month came before."""
    if not before:
        return ""
    running = months_running(month, family, before)
    if running > 1:
        number = _ORDINALS[running - 1] if running <= len(_ORDINALS) else f"{running}th"
        return f"{number.capitalize()} month running"
    last = next((one.month for one in before if one.holds(family)), None)
    return f"Back: last on the list in {wording.month(last)}" if last else "New"


def left(stand: Standing, on_list: Sequence[Chosen], before: Sequence[Earlier]) -> list[tuple[str, str]]:
    """Who was on the list before this one and is on it no more, by key, each with why."""
    if not before:
        return []
    now = frozenset().union(*(one.family for one in on_list))
    meets = frozenset(children(stand)["child_key"].to_pylist())
    gone = [(key, family) for key, family in before[0].families if not family & now]
    return [(key, _why(family, meets)) for key, family in gone]


def _why(family: frozenset[str], meets: frozenset[str]) -> str:
    if family & meets:
        return "Still meets a rule. Other children come before."
    return "No longer meets any rule, as far as the extract tells."
