"""The only writers of proof: what an action calls for, what was found when somebody looked, and closing on it.

An action is closed only where every proof that it calls for held; a later look that fails opens it again (DESIGN 6).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence.actions import freeze, link
from lineofsight.web.improvement import wording
from lineofsight.web.improvement.actions import rating
from lineofsight.web.improvement.actions.progress import check_words, locked, reopened, subject
from lineofsight.web.improvement.measuring import check_measure, check_target, reached
from lineofsight.web.improvement.models import Action, ProofAsked, ProofGiven, Update
from lineofsight.web.improvement.models.words import generated, written
from lineofsight.web.improvement.permissions import check_judge, check_keep
from lineofsight.web.improvement.standings import latest_looks

PROOF = "proof"
MOST = 100_000
REFERENCE = 200
NOT_YET = "The newest figure is of {as_at}, before this was opened again: a newer one has to prove it."


@dataclass(frozen=True)
class Asked:
    """What would prove an action: a measure with its target, an audit with its sample, a survey, or a document."""

    kind: str
    wanted_by: date
    words: str = ""
    measure: str = ""
    target: float | None = None
    sample: int | None = None


@dataclass(frozen=True)
class Look:
    """What somebody found who looked. Of a measure neither `held` nor the value is said: both follow from the figure.

    `looked_at` are the files of an audit or the answers of a survey; `reference` is a document's.
    """

    looked_on: date
    held: bool | None = None
    words: str = ""
    looked_at: int | None = None
    reference: str = ""
    evidence_kind: str = ""
    evidence_key: str = ""


@dataclass(frozen=True)
class _Found:
    """A look as it is kept: held or not, its value, its words, and what it rests on."""

    held: bool
    words: dict[str, Any]
    value: float | None = None
    rests_on: tuple[str, str] = ("", "")


def ask_proof(*, by: Viewer, action: Action, asked: Asked) -> ProofAsked:
    """Call for proof: from now on the action is green only where it holds. A green that a person set ends.

    Raises Refused; PlainError for what no proof could be looked for by.
    """
    check_keep(by)
    _check_asked(asked)
    with transaction.atomic():
        now = locked(action)
        made = ProofAsked.objects.create(
            action=now,
            kind=asked.kind,
            wanted_by=asked.wanted_by,
            measure=asked.measure if asked.kind == ProofAsked.Kind.MEASURE else "",
            target=asked.target if asked.kind == ProofAsked.Kind.MEASURE else None,
            sample=asked.sample if asked.kind in (ProofAsked.Kind.AUDIT, ProofAsked.Kind.SURVEY) else None,
            **written(by, clock.now(), asked.words),
        )
        if now.set_by == Action.SetBy.PERSON and now.rag == "green":
            rating.to_rule(now, by=by)
        else:
            rating.settle(now, by=by)
        detail = {"proof": made.pk, "kind": made.kind}
        record(viewer=by, action="improvement.proof asked", subject=subject(now), detail=detail)
    return made


def drop_proof(*, by: Viewer, proof: ProofAsked, why: str) -> None:
    """Call for a proof no longer, with the reason. What did not hold, and what an action was closed on, stays.

    Raises Refused, and PlainError without a reason or where it stays.
    """
    check_judge(by)
    check_words(why, "Say why this proof is no longer called for.")
    with transaction.atomic():
        now, held = _standing(proof)
        if now.closed_on is not None:
            raise PlainError("This action was closed on its proof, so what it called for stays.")
        if held is False:
            raise PlainError("This proof did not hold, so it stays until it does. Look again.")
        at = clock.now()
        ProofAsked.objects.filter(pk=proof.pk).update(dropped_at=at, dropped_by_name=by.person_name)
        said = f"Proof no longer called for ({proof.get_kind_display().lower()}). Why: {why.strip()}"
        Update.objects.create(action=now, kind=Update.Kind.CHANGE, as_at=clock.today(), **written(by, at, said))
        rating.settle(now, by=by)
        record(viewer=by, action="improvement.proof dropped", subject=subject(now), detail={"proof": proof.pk})


def give_proof(*, by: Viewer, proof: ProofAsked, look: Look) -> ProofGiven:
    """Say what was found when somebody looked. What did not hold makes the action red, and opens it again.

    Raises Refused; PlainError for a look to come, an audit of too few that is said to have held, and a measure with no
    figure.
    """
    check_judge(by)
    _check_look(by, proof, look)
    measured = _measured(by, proof) if proof.kind == ProofAsked.Kind.MEASURE else None
    with transaction.atomic():
        now, _ = _standing(proof)
        found = _of_measure(by, now, proof, look, measured) if measured else _of_look(by, look)
        made = ProofGiven.objects.create(
            proof=proof,
            looked_on=look.looked_on,
            held=found.held,
            looked_at=look.looked_at,
            value=found.value,
            reference=look.reference.strip(),
            evidence_kind=found.rests_on[0],
            evidence_key=found.rests_on[1],
            **found.words,
        )
        if all(found.rests_on):
            link("action", str(now.pk), *found.rests_on, PROOF)
        _turn(now, proof, made, by)
        detail = {"proof": proof.pk, "look": made.pk, "held": made.held, "colour": now.rag}
        record(viewer=by, action="improvement.proof given", subject=subject(now), detail=detail)
    return made


def close(*, by: Viewer, action: Action) -> Action:
    """Close an action on its proof: every one it calls for held when somebody last looked, and there is at least one.

    Raises Refused, and PlainError where proof is missing or it is closed already.
    """
    check_judge(by)
    with transaction.atomic():
        now = locked(action)
        if now.closed_on is not None:
            raise PlainError("This action is closed already.")
        held = [one for _, one in latest_looks([now.pk]).values()]
        if not held:
            raise PlainError("An action is closed on proof alone. Say first what would prove it, then look.")
        if not all(held):
            raise PlainError(_missing(len(held), sum(not one for one in held)))
        now.closed_on = clock.today()
        now.save(update_fields=["closed_on"])
        said = f"Closed: {'the proof that it called for' if len(held) == 1 else 'every proof that it called for'} held."
        Update.objects.create(
            action=now, kind=Update.Kind.CLOSED, as_at=clock.today(), **generated(by, clock.now(), said)
        )
        rating.to_rule(now, by=by)
        record(viewer=by, action="improvement.closed", subject=subject(now), detail={"proofs": len(held)})
    return now


def _missing(count: int, missing: int) -> str:
    """'Its proof has not held yet.', 'One of its three proofs has not held yet.'"""
    if count == 1:
        return "Its proof has not held yet."
    of = wording.spelled(count)
    if missing == count:
        return f"None of its {of} proofs has held yet."
    has = wording.verb(missing, "has", "have")
    return f"{wording.begun(wording.spelled(missing))} of its {of} proofs {has} not held yet."


def _check_asked(asked: Asked) -> None:
    if asked.kind not in ProofAsked.Kind.values:
        raise PlainError("Choose what would prove it: a measure, an audit, a survey or a document.")
    if asked.wanted_by < clock.today():
        raise PlainError("Proof is called for by a day to come.")
    if asked.kind == ProofAsked.Kind.MEASURE:
        if asked.target is None:
            raise PlainError("Say which value of the measure would prove it.")
        check_target(asked.measure, asked.target)
        return
    check_words(asked.words, "Say what is to be looked at, and what it has to show.")
    if asked.kind == ProofAsked.Kind.AUDIT and not asked.sample:
        raise PlainError("Say how many files the audit looks at.")
    if asked.sample is not None and not 0 < asked.sample <= MOST:
        raise PlainError("The number to look at is a whole number above nought.")


def _check_look(by: Viewer, proof: ProofAsked, look: Look) -> None:
    if look.looked_on > clock.today():
        raise PlainError("A look is what has happened: the day cannot be in the future.")
    if proof.kind == ProofAsked.Kind.MEASURE:
        return
    if look.held is None:
        raise PlainError("Say whether it held.")
    check_words(look.words, "Say what was found.")
    if look.looked_at is not None and not 0 <= look.looked_at <= MOST:
        raise PlainError("The number looked at is a whole number.")
    if proof.sample and look.looked_at is None:
        raise PlainError("Say how many were looked at.")
    if look.held and proof.sample and (look.looked_at or 0) < proof.sample:
        raise PlainError(f"{look.looked_at} of the {proof.sample} were looked at: too few to say that it held.")
    if look.held and proof.kind == ProofAsked.Kind.DOCUMENT and not look.reference.strip():
        raise PlainError("Give the document’s reference, so that others can find it.")
    if len(look.reference.strip()) > REFERENCE:
        raise PlainError(f"Give the reference in {REFERENCE} characters at most.")
    if bool(look.evidence_kind) != bool(look.evidence_key):
        raise PlainError("That evidence is not there.")
    if look.evidence_kind and resolvers.resolve(by, look.evidence_kind, look.evidence_key) is None:
        raise PlainError("That evidence is not there.")


@dataclass(frozen=True)
class _Measured:
    """The figure of a measure now, its value, the measure's page as it was seen, to be frozen, and whether the most
    guarded office is told the same."""

    figure: resolvers.Figure
    value: float
    seen: resolvers.Seen | None
    open_to_all: bool


def _measured(by: Viewer, proof: ProofAsked) -> _Measured:
    """Read before the transaction: reading may be logged. Raises PlainError where there is no figure to go by."""
    if by.known is not None:
        raise PlainError("You are looking at the past. Go back to now, and say what holds now.")
    figure = resolvers.figure(by, "measure", proof.measure)
    if figure is None:
        raise PlainError("There is no figure of this measure yet, so it proves nothing.")
    if figure.value is None or figure.as_at is None:
        raise PlainError(f"This measure proves nothing now: {figure.words.rstrip('.')}.")
    seen = resolvers.see(by, "measure", proof.measure) if resolvers.can_be_seen("measure") else None
    told = resolvers.figure(replace(by, level="published"), "measure", proof.measure)
    open_to_all = told is not None and (told.value, told.words) == (figure.value, figure.words)
    return _Measured(figure, figure.value, seen, open_to_all)


def _of_measure(by: Viewer, action: Action, proof: ProofAsked, look: Look, measured: _Measured) -> _Found:
    """A measure's look: whether it held follows from the figure and the target, and the page is frozen.

    A figure that is hidden from some offices, because it is small, is theirs to read only once somebody cleared it.
    """
    figure, as_at, target = measured.figure, measured.figure.as_at, proof.target
    assert as_at is not None and target is not None
    if action.reopened_at and as_at < action.reopened_at.astimezone(clock.LONDON).date():
        raise PlainError(NOT_YET.format(as_at=wording.day(as_at)))
    rests_on = figure.rests_on or ("measure", proof.measure)
    if measured.seen is not None:
        seen = measured.seen
        rests_on = "evidence", str(freeze(by, "measure", proof.measure, seen.label, seen.content, rests_on).pk)
    said = f"{figure.words}, as at {wording.day(as_at)}. The target is {figure.write(target)}."
    typed = look.words.strip()
    write = generated if measured.open_to_all and not typed else written
    words = write(by, clock.now(), f"{said}\n\n{typed}" if typed else said)
    held = reached(check_measure(proof.measure).better, target, measured.value)
    return _Found(held, words, measured.value, rests_on)


def _of_look(by: Viewer, look: Look) -> _Found:
    rests_on = (look.evidence_kind, look.evidence_key)
    return _Found(bool(look.held), written(by, clock.now(), look.words), rests_on=rests_on)


def _standing(proof: ProofAsked) -> tuple[Action, bool | None]:
    """The proof's action, locked, and how the proof's latest look went. Raises PlainError where it was dropped."""
    now: Action = Action.objects.select_for_update().get(pk=proof.action_id)
    looks = latest_looks([now.pk])
    if proof.pk not in looks:
        raise PlainError("This proof is no longer called for.")
    return now, looks[proof.pk][1]


def _turn(action: Action, proof: ProofAsked, made: ProofGiven, by: Viewer) -> None:
    """After a look: a proof that does not hold now ends every other colour, and opens what was closed again."""
    if latest_looks([action.pk])[proof.pk][1] is not False:
        rating.settle(action, by=by)
        return
    if action.closed_on is not None:
        said = f"Opened again: the proof was looked at on {wording.day(made.looked_on)}, and it did not hold."
        told = {**generated(by, clock.now(), said), "written_at": made.written_at}
        reopened(action, by=by, told=told, because=(made.evidence_kind, made.evidence_key))
    if action.set_by != Action.SetBy.RULE or action.rag != "red":
        rating.to_rule(action, by=by)
