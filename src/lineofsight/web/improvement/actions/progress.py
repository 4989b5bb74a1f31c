"""The only writers of progress: what was said of an action, the colour somebody sets, reopening, and the daily rating.

Everything stands for ever: a later update or colour stands beside the one before.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.evidence.actions import link
from lineofsight.web.improvement import rag
from lineofsight.web.improvement.actions import rating
from lineofsight.web.improvement.models import Action, Plan, Rag, Rating, Said, Update
from lineofsight.web.improvement.models.words import written
from lineofsight.web.improvement.permissions import check_judge, check_say
from lineofsight.web.improvement.rag import Proofs
from lineofsight.web.improvement.standings import proofs_of, standing

REOPENING = "reopening"
CHUNK = 500
TYPED = ("words", "responsible", "deadline_words", "deadline_question")
LONGEST = 10_000


def locked(action: Action) -> Action:
    """The action as it stands now, nobody else changing it until the transaction ends."""
    found: Action = Action.objects.select_for_update().get(pk=action.pk)
    return found


def subject(action: Action) -> str:
    """What the log calls an action: its key, and none of its words."""
    return f"action {action.pk}"


def add_update(*, by: Viewer, action: Action, words: str, as_at: date, said: str) -> Update:
    """Say how an action goes, as at a day. One as at an earlier day stands in its place and changes nothing now.

    Raises Refused for who neither owns it nor keeps the plans; PlainError for a day to come, no words, or no answer.
    """
    check_say(by, action)
    check_words(words, "Say in your words how it is going.")
    if said not in Said.values:
        raise PlainError("Say whether it is on track, at risk, off track, or done.")
    if as_at > clock.today():
        raise PlainError("Progress is what has happened: the day cannot be in the future.")
    with transaction.atomic():
        now = locked(action)
        made = Update.objects.create(action=now, as_at=as_at, said=said, **written(by, clock.now(), words))
        if now.heard_on is None or as_at >= now.heard_on:
            now.said, now.heard_on = said, as_at
            now.save(update_fields=["said", "heard_on"])
            rating.settle(now, by=by)
        detail = {"update": made.pk, "as_at": as_at.isoformat(), "said": said, "colour": now.rag}
        record(viewer=by, action="improvement.progress said", subject=subject(now), detail=detail)
    return made


def write_mitigation(*, by: Viewer, action: Action, words: str) -> Update:
    """Say what is being done meanwhile about an action that is late. What was written before stays.

    Raises Refused for who neither owns it nor keeps the plans, PlainError without words.
    """
    check_say(by, action)
    check_words(words, "Say what is being done meanwhile.")
    with transaction.atomic():
        made = Update.objects.create(
            action=action, kind=Update.Kind.MITIGATION, as_at=clock.today(), **written(by, clock.now(), words)
        )
        detail = {"update": made.pk}
        record(viewer=by, action="improvement.mitigation written", subject=subject(action), detail=detail)
    return made


def set_colour(*, by: Viewer, action: Action, colour: str, why: str) -> Rating:
    """Set a colour that is not the rule's, with the reason. It stands until the rule is gone back to, a proof fails or
    the action is reopened.

    Raises Refused; PlainError without a reason, for a closed action, and for green while proof that is called for has
    not held.
    """
    check_judge(by)
    check_words(why, "Say why. The reason stands beside the colour.")
    if colour not in Rag.values:
        raise PlainError("Choose red, amber or green.")
    with transaction.atomic():
        now = locked(action)
        if now.closed_on is not None:
            raise PlainError("It is closed on proof, and green. Reopen it first, with the reason.")
        proofs = proofs_of([now.pk]).get(now.pk, Proofs())
        if colour == Rag.GREEN and proofs.asked > proofs.held:
            raise PlainError("This action calls for proof, and green needs it: say whether the proof held.")
        made = rating.set_by_person(now, by=by, colour=colour, why=why)
        detail = {"colour": colour, "by_rule": made.by_rule, "rating": made.pk}
        record(viewer=by, action="improvement.colour set", subject=subject(now), detail=detail)
    return made


def back_to_rule(*, by: Viewer, action: Action, why: str = "") -> Rating:
    """Let the rule decide again. Raises Refused, and PlainError where it decides already."""
    check_judge(by)
    with transaction.atomic():
        now = locked(action)
        if now.set_by == Action.SetBy.RULE:
            raise PlainError("The rule decides already.")
        made = rating.to_rule(now, by=by, why=why)
        detail = {"colour": made.rag, "rating": made.pk}
        record(viewer=by, action="improvement.colour by the rule", subject=subject(now), detail=detail)
    return made


def reopen(*, by: Viewer, action: Action, why: str, because_kind: str = "", because_key: str = "") -> Update:
    """Open an action again that was closed or green: it is red until a person says otherwise, and proof starts anew.

    `because` names in the thread what showed that it did not hold. Raises Refused; PlainError without a reason, and
    for one that is open and not green.
    """
    check_judge(by)
    check_words(why, "Say why it is opened again.")
    with transaction.atomic():
        now = locked(action)
        if now.closed_on is None and now.rag != Rag.GREEN:
            raise PlainError("This action is open and not green: there is nothing to open again.")
        made = reopened(now, by=by, told=written(by, clock.now(), why), because=(because_kind, because_key))
        rating.set_by_person(now, by=by, colour=Rag.RED, why=why)
        detail = {"update": made.pk, "because": [because_kind, because_key]}
        record(viewer=by, action="improvement.reopened", subject=subject(now), detail=detail)
    return made


def reopened(action: Action, *, by: Viewer, told: dict[str, Any], because: tuple[str, str]) -> Update:
    """Open a locked action again, and its plan with it, with the words `told` and what it is because of.

    The caller gives the colour.
    """
    action.closed_on, action.reopened_at = None, told["written_at"]
    action.save(update_fields=["closed_on", "reopened_at"])
    Plan.objects.filter(pk=action.plan_id, closed_on__isnull=False).update(closed_on=None, closed_by_name="")
    made: Update = Update.objects.create(action=action, kind=Update.Kind.REOPENED, as_at=clock.today(), **told)
    if all(because):
        link("action", str(action.pk), *because, REOPENING)
    return made


def rate_all(*, on: date, by: str = "worker") -> int:
    """The day's rating: every open action that the rule decides takes the colour the rule gives it on this day.

    Gives how many changed; run again on the same day it changes nothing.
    """
    with transaction.atomic():
        decided = Action.objects.filter(set_by=Action.SetBy.RULE, closed_on=None, gone_on=None, plan__closed_on=None)
        lines = list(decided.select_for_update(of=("self",)).defer(*TYPED).order_by("pk"))
        proofs = proofs_of()
        rated = [(one, rag.rate(standing(one, proofs.get(one.pk, Proofs())), on)) for one in lines]
        changed = [(one, to) for one, to in rated if to.colour != one.rag]
        if not changed:
            return 0
        now = clock.now()
        Rating.objects.bulk_create(
            Rating(
                action=one,
                on=on,
                rag=to.colour,
                set_by=Action.SetBy.RULE,
                by_rule=to.colour,
                rule=to.rule,
                rated_at=now,
                rated_by_key=by,
            )
            for one, to in changed
        )
        for colour in rag.COLOURS:
            keys = [one.pk for one, to in changed if to.colour == colour]
            for first in range(0, len(keys), CHUNK):
                Action.objects.filter(pk__in=keys[first : first + CHUNK]).update(rag=colour)
        counts: dict[str, int] = {colour: sum(to.colour == colour for _, to in changed) for colour in rag.COLOURS}
        record(actor=by, action="improvement.rated", subject="actions", detail={"on": on.isoformat(), **counts})
    return len(changed)


def check_words(words: str, otherwise: str) -> None:
    """Raise PlainError where nothing was typed (`otherwise`), or too much."""
    if not words.strip():
        raise PlainError(otherwise)
    if len(words) > LONGEST:
        raise PlainError(f"That is longer than {LONGEST:,} characters. Say it in fewer, and name where the rest is.")
