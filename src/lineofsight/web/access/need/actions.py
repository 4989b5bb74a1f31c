"""The only writers of needs: opening a child for a reason, closing it, answering that one was told, reviewing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access import chain
from lineofsight.web.access.models import Holding, Need, Person, Telling
from lineofsight.web.access.need import telling
from lineofsight.web.access.need.purposes import Purpose, number, purpose
from lineofsight.web.access.permissions import Capability, Refused, agrees, check, check_see_children
from lineofsight.web.access.viewer import Viewer

SHORTEST_REASON, FEWEST_WORDS = 20, 3
KNEW, DID_NOT_KNOW = "knew", "did-not-know"
IN_ORDER, ASKED_ABOUT = "in-order", "asked-about"
A_DAY = timedelta(hours=24)


class NotOpened(PlainError):
    """The child was not opened. `why` is what the log says, in one word."""

    why = ""


class AlreadyOpen(NotOpened):
    """This person has this child open for a need already."""

    why = "open already"


class NobodyToTell(NotOpened):
    """No second person answers for the child, so nothing opens."""

    why = "nobody to tell"


class TooMany(NotOpened):
    """This person has opened as many children in a day as the policy allows."""

    why = "too many"


class Incomplete(PlainError):
    """Something was left out. `field` is the question to answer."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def check_need(viewer: Viewer) -> None:
    """Raise Refused unless the viewer may open a child outside their scope, and sees children by name at all."""
    check_see_children(viewer)
    check(viewer, Capability.OPEN_OUTSIDE_SCOPE)


def may_need(viewer: Viewer) -> bool:
    """The boolean twin of `check_need`."""
    return agrees(check_need, viewer)


def holding_of(viewer: Viewer) -> int:
    """The holding a viewer acts in. Raises Refused for who holds none: the command line states no need."""
    if viewer.holding_id is None:
        raise Refused("This is done signed in, in an office that you hold.")
    return viewer.holding_id


def open_for_need(
    *, by: Viewer, child_key: str, purpose_slug: str, reason: str, second: Sequence[Person], address: str = ""
) -> Need:
    """Open one child outside `by`'s scope for as long as the purpose lasts, and tell the `second` people at once.

    The caller has looked whether the child exists, is no restricted record, and who answers for it
    (`telling.second_people`). `address` is where those told read of it, for the letter. Raises Refused,
    Incomplete, and NotOpened (logged): open already, nobody to tell, or too many in a day.
    """
    check_need(by)
    chosen = purpose(purpose_slug)
    _check_reason(reason)
    others = [one for one in second if one.key != by.person_key]
    stated = _Stated(child_key, chosen, reason.strip())
    try:
        with transaction.atomic():
            return _opened(stated, others, by, address)
    except NotOpened as refused:
        with transaction.atomic():
            chain.record(
                viewer=by.for_purpose(chosen.words),
                action="need.refused",
                subject=chosen.slug,
                child_keys=[child_key],
                detail={"why": refused.why, "reason": stated.reason},
            )
        raise


@dataclass(frozen=True)
class _Stated:
    """What somebody says they need: which child, for which purpose, and why."""

    child_key: str
    purpose: Purpose
    reason: str


def _opened(stated: _Stated, others: Sequence[Person], by: Viewer, address: str) -> Need:
    """Write the need and whom it was told, in the caller's transaction. Raises NotOpened."""
    # The person's row is what two browsers of theirs wait for, so a limit holds for both together.
    person = Person.objects.select_for_update().get(key=by.person_key)
    _check_opens(by, stated.child_key, others)
    now = clock.now()
    need = Need.objects.create(
        person=person,
        office=by.office,
        holding=holding_of(by),
        child_key=stated.child_key,
        purpose=stated.purpose.slug,
        reason=stated.reason,
        opened_at=now,
        until=now + stated.purpose.lasts(),
    )
    Telling.objects.bulk_create(Telling(need=need, person=one, told_at=now) for one in others)
    transaction.on_commit(lambda: telling.write_to(others, address), robust=True)
    chain.record(
        viewer=by.for_purpose(stated.purpose.words),
        action="need.opened",
        subject=stated.purpose.slug,
        child_keys=[stated.child_key],
        detail={
            "need": str(need.key),
            "reason": need.reason,
            "until": need.until.isoformat(),
            "told": [one.key for one in others],
        },
    )
    return need


def close_need(need: Need, *, by: Viewer) -> Need:
    """Close a need before its time. It opens nothing from the next request on; one that is over stays as it is.

    Raises Refused for anybody but the person who opened it.
    """
    if need.person.key != by.person_key:
        raise Refused("Only the person who opened a child for a need closes it.")
    with transaction.atomic():
        locked = Need.objects.select_for_update().get(pk=need.pk)
        now = clock.now()
        if locked.closed_at is not None or locked.until <= now:
            return locked
        locked.closed_at = now
        locked.save(update_fields=["closed_at"])
        chain.record(
            viewer=by,
            action="need.closed",
            subject=locked.purpose,
            child_keys=[locked.child_key],
            detail={"need": str(locked.key)},
        )
    return locked


def note_told(tellings: Sequence[Telling], *, by: Viewer) -> None:
    """Keep when the person told first read of it. Their reading is in the log already."""
    unseen = [one.pk for one in tellings if one.seen_at is None and one.person.key == by.person_key]
    Telling.objects.filter(pk__in=unseen, seen_at=None).update(seen_at=clock.now())


def answer_telling(told: Telling, *, by: Viewer, answer: str, words: str) -> Telling:
    """Keep what the person told answers, once. To ask that it be looked into needs words.

    Raises Refused for anybody else, Incomplete where an answer or its words are missing, PlainError for a second.
    """
    if told.person.key != by.person_key:
        raise Refused("Only the person who was told answers.")
    if answer not in (KNEW, DID_NOT_KNOW):
        raise Incomplete("answer", "Say whether you knew of this.")
    if answer == DID_NOT_KNOW and not words.strip():
        raise Incomplete("words", "Say what should be looked into.")
    with transaction.atomic():
        locked = Telling.objects.select_for_update().select_related("need").get(pk=told.pk)
        if locked.answer:
            raise PlainError("You have answered this already. Information governance has your answer.")
        locked.answer, locked.words = answer, words.strip()
        locked.seen_at = locked.seen_at or clock.now()
        locked.save(update_fields=["answer", "words", "seen_at"])
        chain.record(
            viewer=by,
            action="need.answered",
            subject=answer,
            child_keys=[locked.need.child_key],
            detail={"need": str(locked.need.key), "words": locked.words},
        )
    return locked


def review_need(need: Need, *, by: Viewer, outcome: str, words: str) -> Need:
    """Keep what information governance made of a need. What was asked about can be found in order later.

    Raises Refused without the permission or for one's own need, Incomplete where the outcome or, for what is asked
    about, the words are missing, PlainError for one that was found in order already.
    """
    check(by, Capability.SEE_LOG)
    if need.person.key == by.person_key:
        raise Refused("Nobody reviews what they opened themselves.")
    if outcome not in (IN_ORDER, ASKED_ABOUT):
        raise Incomplete("outcome", "Say whether it is in order or asked about.")
    if outcome == ASKED_ABOUT and not words.strip():
        raise Incomplete("words", "Say what you asked, and of whom.")
    with transaction.atomic():
        locked = Need.objects.select_for_update().get(pk=need.pk)
        if locked.review == IN_ORDER:
            raise PlainError("This was found in order already.")
        locked.review, locked.review_words = outcome, words.strip()
        locked.reviewed_at, locked.reviewed_by_key = clock.now(), by.person_key
        locked.save(update_fields=["review", "review_words", "reviewed_at", "reviewed_by_key"])
        chain.record(
            viewer=by,
            action="need.reviewed",
            subject=outcome,
            child_keys=[locked.child_key],
            detail={"need": str(locked.key), "words": locked.review_words},
        )
    return locked


def _check_reason(reason: str) -> None:
    """Raise Incomplete unless the reason is a reason: some words of some length."""
    words = [one for one in reason.split() if any(letter.isalpha() for letter in one)]
    if len(" ".join(reason.split())) < SHORTEST_REASON or len(words) < FEWEST_WORDS:
        raise Incomplete("reason", f"Give the reason in words, in {SHORTEST_REASON} characters or more.")


def _check_opens(by: Viewer, child_key: str, others: Sequence[Person]) -> None:
    """Raise NotOpened for the first reason why this person may not open this child now."""
    now = clock.now()
    theirs = Need.objects.filter(person__key=by.person_key)
    if theirs.open_at(now).filter(child_key=child_key, office=by.office, holding=holding_of(by)).exists():
        raise AlreadyOpen("You have opened this child for a need already.")
    if not others:
        raise NobodyToTell(
            "Nobody in this system answers for this child today beside you, so nobody could be told, and the page is "
            "not opened. Ask the Director’s office, or an administrator to give the manager of the team their office."
        )
    most = number("need.most_in_a_day")
    if theirs.filter(opened_at__gt=now - A_DAY).count() >= most:
        raise TooMany(
            f"You have opened {most} children outside those you work with in the last 24 hours, which is the most one "
            f"person may. If a child may be in danger, telephone the duty team now. {_who_helps()}"
        )


def _who_helps() -> str:
    """Who can be turned to past the limit: the people of information governance, by name."""
    held = Holding.objects.in_force(clock.today()).filter(office="information-governance", person__is_active=True)
    names = sorted(set(held.values_list("person__name", flat=True)))
    return f"For anything else ask {' or '.join(names)}, information governance." if names else ""
