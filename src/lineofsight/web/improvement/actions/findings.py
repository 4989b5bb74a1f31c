"""The writers of findings: raised, recommended on, put under a theme, closed, opened again, said to have come back.

Whoever keeps the plans writes what was found; whoever judges proof says that it is closed or came back. Rows are
locked in the order of their keys, findings before actions, and the chain last: no two of these wait for each other.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence.actions import link
from lineofsight.web.improvement import themes
from lineofsight.web.improvement.actions import progress
from lineofsight.web.improvement.models import Action, Finding, FindingTurn, NotRepeat, Rag, Recommendation
from lineofsight.web.improvement.models.words import written
from lineofsight.web.improvement.permissions import check_judge, check_keep
from lineofsight.web.improvement.wording import begun, day, spelled

LONGEST, LONGEST_TITLE, LONGEST_BODY = 10_000, 200, 120
# What stands nearer to those who saw than a finding does: there the thread leads down to the finding.
ABOVE = frozenset({"record", "commitment", "pack"})


def raise_finding(
    *, by: Viewer, source: str, title: str, words: str, found_on: date, from_kind: str = "", from_key: str = ""
) -> Finding:
    """Write down what was found, joined in the thread to what it came out of, where that is known.

    Raises Refused, and PlainError without words, for a day to come, or where `by` cannot see what it came out of.
    """
    check_keep(by)
    if source not in Finding.Source.values:
        raise PlainError("Say where it was found.")
    one_line = _line(title, LONGEST_TITLE, "Say in one line what was found.")
    said = _typed(words, "Say what was found.")
    _check_past(found_on, "What was found was found today or before.")
    from_key = _seen(by, from_kind, from_key)
    with transaction.atomic():
        made = Finding.objects.create(
            source=source,
            title=one_line,
            found_on=found_on,
            from_kind=from_kind,
            from_key=from_key,
            **written(by, clock.now(), said),
        )
        if from_kind in ABOVE:
            link(from_kind, from_key, "finding", str(made.pk), "found")
        elif from_kind:
            link("finding", str(made.pk), from_kind, from_key, "came out of")
        _tell(by, "improvement.finding raised", made, source=source, came_from=from_kind)
    return made


def recommend(*, by: Viewer, finding: Finding, words: str, made_by: str, made_on: date) -> Recommendation:
    """Write down what should change, and which body says so. Raises Refused, PlainError without words or for a day to
    come, or where the finding is closed."""
    check_keep(by)
    said = _typed(words, "Say what should change.")
    body = _line(made_by, LONGEST_BODY, "Say who recommends it.")
    _check_past(made_on, "What was recommended was recommended today or before.")
    with transaction.atomic():
        locked = _locked(finding)
        _check_open(locked, "This finding is closed. Open it again before you add to it.")
        made = Recommendation.objects.create(
            finding=locked, made_by=body, made_on=made_on, **written(by, clock.now(), said)
        )
        _tell(by, "improvement.recommended", locked, recommendation=made.pk)
    return made


def confirm_theme(*, by: Viewer, finding: Finding, theme: str) -> None:
    """Say what a finding is about: from now on it counts under that theme. Raises Refused, PlainError for no theme."""
    check_keep(by)
    chosen = themes.theme(theme)
    with transaction.atomic():
        locked = _locked(finding)
        before, locked.theme = locked.theme, chosen.slug
        locked.theme_confirmed_at = clock.now()
        locked.theme_confirmed_by_key, locked.theme_confirmed_by_name = by.person_key, by.person_name
        locked.save(update_fields=["theme", "theme_confirmed_at", "theme_confirmed_by_key", "theme_confirmed_by_name"])
        _tell(by, "improvement.theme confirmed", locked, theme=chosen.slug, before=before)


def close(*, by: Viewer, finding: Finding, words: str) -> FindingTurn:
    """Close a finding, and say what has changed and how that is known.

    Raises Refused, PlainError without words, where it is closed, or while an action of it, or of what it repeats, is
    open.
    """
    check_judge(by)
    said = _typed(words, "Say what has changed, and how you know.")
    with transaction.atomic():
        locked = _locked(finding)
        _check_open(locked, "This finding is closed already.")
        still = Action.objects.filter(finding__in=locked.carried(), closed_on=None, gone_on=None).count()
        if still:
            verb, those = ("is", "it") if still == 1 else ("are", "them")
            raise PlainError(f"{begun(spelled(still))} of its actions {verb} still open: close {those} on proof first.")
        locked.closed_on = clock.today()
        locked.save(update_fields=["closed_on"])
        made = FindingTurn.objects.create(**_turned(by, locked, FindingTurn.What.CLOSED, said))
        _tell(by, "improvement.finding closed", locked, turn=made.pk)
    return made


def reopen(*, by: Viewer, finding: Finding, why: str) -> FindingTurn:
    """Open a closed finding again: that it was closed, and why, stays. Raises Refused, PlainError without a reason or
    where it is open."""
    check_judge(by)
    said = _typed(why, "Say why it is opened again.")
    with transaction.atomic():
        locked = _locked(finding)
        _check_closed(locked, "This finding is open already.")
        locked.closed_on = None
        locked.save(update_fields=["closed_on"])
        made = FindingTurn.objects.create(**_turned(by, locked, FindingTurn.What.REOPENED, said))
        _tell(by, "improvement.finding opened again", locked, turn=made.pk)
    return made


def say_it_repeats(*, by: Viewer, finding: Finding, earlier: Finding) -> tuple[Action, ...]:
    """Say that an open finding is the same again as an earlier one that was closed: the same mistake twice.

    The actions of the earlier one, and of what that repeats, that are green or closed are opened again, and given
    back. Raises Refused, and PlainError where the two cannot follow each other so, or it was said already.
    """
    check_judge(by)
    with transaction.atomic():
        later, first = _pair(finding, earlier)
        _check_open(later, "This finding is closed, so it cannot come back. Open it again first.")
        _check_closed(first, "The earlier finding is still open: what is open cannot come back.")
        if later.repeats_id:
            raise PlainError("It is said already that this finding came back.")
        if later.pk in (carried := first.carried()):
            raise PlainError("The earlier finding itself repeats this one.")
        later.repeats = first
        later.save(update_fields=["repeats"])
        link("finding", str(later.pk), "finding", str(first.pk), "repeats")
        again = _opened_again(by, later, carried)
        _tell(by, "improvement.finding repeats", later, earlier=str(first.pk), actions=[str(one.pk) for one in again])
    return again


def say_it_does_not(*, by: Viewer, finding: Finding, earlier: Finding) -> NotRepeat:
    """Say that two findings are not the same again, so that nobody is asked anew. Raises Refused, PlainError where it
    is said already that it came back."""
    check_judge(by)
    with transaction.atomic():
        later, first = _pair(finding, earlier)
        if later.repeats_id == first.pk:
            raise PlainError("It is said already that this finding came back.")
        about = {"said_at": clock.now(), "said_by_key": by.person_key, "said_by_name": by.person_name}
        made, new = NotRepeat.objects.get_or_create(finding=later, earlier=first, defaults=about)
        if new:
            _tell(by, "improvement.finding does not repeat", later, earlier=str(first.pk))
    return made


def _opened_again(by: Viewer, later: Finding, findings: list[Any]) -> tuple[Action, ...]:
    """Open again what was green or closed among the actions of these findings, all locked before the first is."""
    found = Action.objects.select_for_update().filter(finding__in=findings, gone_on=None).order_by("pk")
    again = tuple(one for one in found if one.closed_on or one.rag == Rag.GREEN)
    why = f"What this action was for was found again on {day(later.found_on)}."
    for action in again:
        progress.reopen(by=by, action=action, why=why, because_kind="finding", because_key=str(later.pk))
    return again


def _turned(by: Viewer, locked: Finding, what: str, words: str) -> dict[str, Any]:
    return {"finding": locked, "what": what, "on": clock.today(), **written(by, clock.now(), words)}


def _locked(finding: Finding) -> Finding:
    """The finding as it stands now, to be changed; inside the caller's transaction."""
    found = Finding.objects.select_for_update().filter(pk=finding.pk).first()
    if found is None:
        raise PlainError("There is no such finding.")
    return found


def _pair(finding: Finding, earlier: Finding) -> tuple[Finding, Finding]:
    """Two findings to be joined, the later first. Raises PlainError where the earlier was found later."""
    if finding.pk == earlier.pk:
        raise PlainError("A finding does not repeat itself.")
    keys = [finding.pk, earlier.pk]
    found = {one.pk: one for one in Finding.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    if len(found) < 2:
        raise PlainError("There is no such finding.")
    later, first = found[finding.pk], found[earlier.pk]
    if first.found_on > later.found_on:
        raise PlainError("The earlier finding was found after this one.")
    return later, first


def _check_open(locked: Finding, otherwise: str) -> None:
    if locked.closed_on:
        raise PlainError(otherwise)


def _check_closed(locked: Finding, otherwise: str) -> None:
    if not locked.closed_on:
        raise PlainError(otherwise)


def _check_past(on: date, otherwise: str) -> None:
    if on > clock.today():
        raise PlainError(otherwise)


def _typed(words: str, missing: str, longest: int = LONGEST) -> str:
    """Typed words as they are kept. Raises PlainError for none, too many, or what no database keeps."""
    typed = words.strip()
    if not any(sign.isalnum() for sign in typed):
        raise PlainError(missing)
    if len(typed) > longest:
        raise PlainError(f"Write at most {longest:,} characters.")
    if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in typed):
        raise PlainError("The words hold a sign that cannot be kept. Type them again.")
    return typed


def _line(words: str, longest: int, missing: str) -> str:
    """Typed words on one line."""
    return _typed(" ".join(words.split()), missing, longest)


def _seen(by: Viewer, kind: str, key: str) -> str:
    """The lasting key of what a finding came out of; blank for nothing. Raises PlainError for what `by` cannot see."""
    if not kind and not key:
        return ""
    lasting = resolvers.lasting_key(by, kind, key) if kind and key else None
    if lasting is None or resolvers.resolve(by, kind, lasting) is None:
        raise PlainError("What this finding came out of cannot be found, or is not shown to your office.")
    return lasting


def _tell(by: Viewer, action: str, finding: Finding, **detail: Any) -> None:
    record(viewer=by, action=action, subject=f"finding {finding.pk}", detail=detail)
