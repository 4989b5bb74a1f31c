"""What the pages of the ten show. Children are named to those who may see them, after the read is in the log."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lineofsight import clock
from lineofsight.cases import ten
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.models import Redaction
from lineofsight.web.access.pace import LISTING, check_pace
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.models import TenMonth, TenNote, TenPlace, TenRelease
from lineofsight.web.practice.queries import people
from lineofsight.web.practice.queries.children import obtained
from lineofsight.web.practice.queries.standing import Standing, is_fresh, standing, withheld
from lineofsight.web.practice.ten import found, movement
from lineofsight.web.practice.ten.found import Chosen
from lineofsight.web.practice.ten.permissions import check_see_ten, may_change_ten, may_release


@dataclass(frozen=True)
class Line:
    """One child on the list, with why, and what was said of the child."""

    child: people.Card
    code: str
    harm: Sequence[str]
    failures: Sequence[str]
    siblings: int
    moved: str
    place: TenPlace | None
    note: str
    released: bool

    @property
    def siblings_words(self) -> str:
        """'and two brothers and sisters', who meet a rule too."""
        if not self.siblings:
            return ""
        return (
            "and a brother or sister"
            if self.siblings == 1
            else (f"and {wording.spelled(self.siblings)} brothers and sisters")
        )

    @property
    def added(self) -> bool:
        """Whether the Director put the child on the list."""
        return self.place is not None and self.place.origin == TenPlace.Origin.ADDED


@dataclass(frozen=True)
class Left:
    """One child who is no longer on the list, and why."""

    child: people.Card
    why: str


@dataclass(frozen=True)
class Ten:
    """The page of the month's ten."""

    month: date
    as_at: date
    fresh: bool
    frozen: TenMonth | None
    lines: Sequence[Line]
    left: Sequence[Left]
    more: int
    rules: Sequence[Mapping[str, Any]]
    withheld: int
    first: bool  # no month was frozen before, so nothing can have moved
    newer: bool  # the extract was computed again since
    seal: str  # what is to be said where the list is not as it was frozen
    changes: bool

    @property
    def expires_on(self) -> date:
        return found.last_day(self.month)

    @property
    def expired(self) -> bool:
        """Whether the month it was for is over."""
        return clock.today() > self.expires_on

    @property
    def sentence(self) -> str:
        """'Ten children, two of them new; 14 more meet the same rules.'"""
        new = None if self.first else sum(one.moved == "New" for one in self.lines)
        return counts_said(len(self.lines) + self.withheld, new, self.more)

    @property
    def by_theme(self) -> list[tuple[str, list[Mapping[str, Any]]]]:
        """The rules in their two themes, harm first."""
        titles = {ten.HARM: "Harm", ten.SERVICE: "What we have not done"}
        return [(titles[theme], [one for one in self.rules if one["theme"] == theme]) for theme in ten.THEMES]


def the_ten(viewer: Viewer) -> Ten:
    """The month's ten: frozen, or as the rules propose it. Raises Refused, NotWorkedOut, LogUnavailable."""
    check_see_ten(viewer)
    stand = standing()
    month = found.month_of(stand)
    frozen = TenMonth.objects.filter(month=month).prefetch_related("places__notes", "places__releases").first()
    places = _places(frozen) if frozen else {}
    on_list = _frozen(places) if frozen else found.proposed(stand)
    before = movement.earlier(stand, month)
    gone = _gone(stand, frozen, on_list, before)
    hidden = withheld(stand, viewer)
    shown = [one for one in on_list if one.child_key not in hidden]
    gone = [(key, why) for key, why in gone if key not in hidden]
    cards = _named(viewer, stand, month, [one.child_key for one in shown] + [key for key, _ in gone])
    return Ten(
        month=month,
        as_at=stand.as_at,
        fresh=is_fresh(stand),
        frozen=frozen,
        lines=[_line(one, cards, hidden, month, before, places.get(one.child_key)) for one in shown],
        left=[Left(cards.get(key, people.NO_LONGER), why) for key, why in gone],
        more=frozen.more if frozen else found.more(stand, on_list),
        rules=frozen.rules if frozen else found.rules(stand),
        withheld=len(on_list) - len(shown),
        first=not before,
        newer=bool(frozen and frozen.computation_id != stand.computation.id),
        seal=_seal(frozen),
        changes=may_change_ten(viewer),
    )


def counts_said(count: int, new: int | None, more: int) -> str:
    """'Ten children, two of them new; 14 more meet the same rules.'"""
    others = f"{wording.spelled(more)} more {'meets' if more == 1 else 'meet'} the same rules"
    if not count:
        return "No child is on this month’s list." if not more else f"No child is on this month’s list; {others}."
    many = "Ten" if count == ten.TEN else wording.spelled(count).capitalize()
    said = f"{many} {'child' if count == 1 else 'children'}"
    if new is not None:
        of_them = "all of them" if new == count > 1 else f"{wording.spelled(new) if new else 'none'} of them"
        said += f", {of_them} new" if count > 1 else ", new" if new else ", not new"
    return f"{said}; {others}." if more else f"{said}. No other child meets the same rules."


@dataclass(frozen=True)
class Summary:
    """The month's ten in counts: for the Director's home and the pack. No child is in it."""

    month: date
    frozen: bool
    count: int
    new: int | None
    more: int
    harm: int
    expired: bool
    issues: Sequence[tuple[str, int]]  # each rule in words, with how many of the listed children meet it

    @property
    def sentence(self) -> str:
        """'Ten children, two of them new; 14 more meet the same rules.'"""
        return counts_said(self.count, self.new, self.more)

    @property
    def because(self) -> str:
        """'Six are here because of harm, four because of what we have not done.'"""
        rest = self.count - self.harm
        if not self.count:
            return ""
        harmed = f"{wording.spelled(self.harm).capitalize()} {'is' if self.harm == 1 else 'are'} here because of harm"
        if not rest:
            return "Each is here because of harm." if self.count > 1 else "That child is here because of harm."
        if not self.harm:
            return "Each is here because of what we have not done, or was added."
        return f"{harmed}, {wording.spelled(rest)} because of what we have not done, or added by the Director."


def summary(stand: Standing) -> Summary:
    """The ten of a standing's month in counts, frozen where it is. Raises NotWorkedOut."""
    month = found.month_of(stand)
    frozen = TenMonth.objects.filter(month=month).prefetch_related("places").first()
    on_list = _frozen(_places(frozen)) if frozen else found.proposed(stand)
    before = movement.earlier(stand, month)
    new = [movement.moved(month, one.family, before) == "New" for one in on_list]
    met = [{reason["rule"] for reason in one.reasons} for one in on_list]
    rules = frozen.rules if frozen else found.rules(stand)
    told = [(one["words"], sum(one["rule"] in rules_met for rules_met in met)) for one in rules]
    return Summary(
        month=month,
        frozen=frozen is not None,
        count=len(on_list),
        new=sum(new) if before else None,
        more=frozen.more if frozen else found.more(stand, on_list),
        harm=sum(any(reason["theme"] == ten.HARM for reason in one.reasons) for one in on_list),
        expired=clock.today() > found.last_day(month),
        issues=[(words, count) for words, count in told if count],
    )


def home(viewer: Viewer) -> Summary:
    """The same for the Director's home. Raises Refused, NotWorkedOut."""
    check_see_ten(viewer)
    return summary(standing())


@dataclass(frozen=True)
class Text:
    """A released text as the Lead Member reads it: about whom by the month's code alone."""

    pk: int
    code: str
    words: str
    released_by: str
    released_at: datetime


@dataclass(frozen=True)
class OfChild:
    """One child and the month's ten: on the list or not, why, notes and texts."""

    child: people.Card
    key: str
    code: str
    ten: TenMonth | None
    month: date
    place: TenPlace | None
    harm: Sequence[str]
    failures: Sequence[str]
    notes: Sequence[TenNote]
    texts: Sequence[TenRelease]
    taken_off: Sequence[TenPlace]
    changes: bool
    releases: bool


def of_child(viewer: Viewer, ref: str) -> OfChild:
    """One child's part in this month's ten. Raises Refused, Http404 for a child that is not theirs, LogUnavailable."""
    check_see_ten(viewer)
    check_pace(viewer, LISTING)
    stand = standing()
    held, _, _ = obtained(viewer, stand, ref, "", by_need=False)
    key, month = held["child_key"], found.month_of(stand)
    record_read(viewer=viewer, action="ten.child opened", subject=f"the ten {month:%Y-%m}", child_keys=[key])
    frozen = TenMonth.objects.filter(month=month).first()
    every = list(frozen.places.filter(child_key=key)) if frozen else []
    place = next((one for one in every if one.removed_at is None), None)
    reasons = place.reasons if place else found.reasons(stand, [key]).get(key, [])
    return OfChild(
        child=people.cards(stand, viewer, [key])[key],
        key=key,
        code=found.code(month, key),
        ten=frozen,
        month=month,
        place=place,
        harm=_said(reasons, harm=True),
        failures=_said(reasons, harm=False),
        notes=list(place.notes.all()) if place else [],
        texts=list(place.releases.all()) if place else [],
        taken_off=[one for one in every if one.removed_at is not None],
        changes=may_change_ten(viewer),
        releases=may_release(viewer),
    )


def released(viewer: Viewer) -> list[Text]:
    """The texts about children of the ten that stand released now, under their codes. Raises Refused."""
    check(viewer, Capability.SEE_RELEASED_TEXT)
    frozen = TenMonth.objects.order_by("-month").first()
    if frozen is None or clock.today() > found.last_day(frozen.month):
        return []
    return released_in(frozen.month)


def released_in(month: date) -> list[Text]:
    """The texts that stand released for one month, in the order of their codes: no order tells which child."""
    texts = TenRelease.objects.filter(place__ten__month=month, place__removed_at=None, taken_back_at=None)
    told = [
        Text(one.pk, found.code(month, one.place.child_key), one.text, one.released_by_name, one.released_at)
        for one in texts.select_related("place")
    ]
    return sorted(told, key=lambda one: (one.code, one.pk))


def _places(frozen: TenMonth) -> dict[str, TenPlace]:
    """The places that stand, by child, in their order."""
    return {one.child_key: one for one in frozen.places.all() if one.removed_at is None}


def _frozen(places: Mapping[str, TenPlace]) -> list[Chosen]:
    return [Chosen(key, one.reasons, one.siblings) for key, one in places.items()]


def _gone(
    stand: Standing, frozen: TenMonth | None, on_list: Sequence[Chosen], before: Sequence[movement.Earlier]
) -> list[tuple[str, str]]:
    """Who left: taken off this month by the Director, with the reason; else as the rules say now."""
    on = {one.child_key for one in on_list}
    off = {
        one.child_key: f"Taken off by {one.removed_by_name}, {wording.day(one.removed_at.date())}: {one.removed_why}"
        for one in (frozen.places.all() if frozen else ())
        if one.removed_at is not None and one.child_key not in on
    }
    rest = [(key, why) for key, why in movement.left(stand, on_list, before) if key not in off]
    return [*off.items(), *rest]


def _named(viewer: Viewer, stand: Standing, month: date, keys: Sequence[str]) -> Mapping[str, people.Card]:
    """Cards for these children, their reading in the log first."""
    check_pace(viewer, LISTING)
    record_read(
        viewer=viewer,
        action="ten.listed",
        subject=f"the ten {month:%Y-%m}",
        child_keys=list(dict.fromkeys(keys)),
        detail={"as_at": stand.as_at.isoformat(), "rows": len(keys)},
    )
    return people.cards(stand, viewer, keys)


def _line(
    one: Chosen,
    cards: Mapping[str, people.Card],
    hidden: Collection[str],
    month: date,
    before: Sequence[movement.Earlier],
    place: TenPlace | None,
) -> Line:
    card = cards.get(one.child_key, people.NO_LONGER)
    notes = list(place.notes.all()) if place and card.ref else []
    return Line(
        child=card,
        code=found.code(month, one.child_key),
        harm=_said(one.reasons, harm=True) if card.ref else [],
        failures=_said(one.reasons, harm=False) if card.ref else [],
        siblings=sum(key not in hidden for key in one.siblings),
        moved=movement.moved(month, one.family, before),
        place=place,
        note=notes[0].words if notes else "",
        released=any(text.taken_back_at is None for text in place.releases.all()) if place else False,
    )


def _said(reasons: Sequence[Mapping[str, Any]], *, harm: bool) -> list[str]:
    return [str(one["reason"]) for one in reasons if (one["theme"] == ten.HARM) == harm]


def _seal(frozen: TenMonth | None) -> str:
    """What is to be said where the list is not what was frozen; nothing where it is."""
    if frozen is None or frozen.is_as_frozen():
        return ""
    if Redaction.objects.filter(at__gte=frozen.frozen_at).exists():
        return "A part of what was frozen is no longer held: a child was taken out of the record since."
    return "This list is not what was frozen: it was altered since, and not by this software."
