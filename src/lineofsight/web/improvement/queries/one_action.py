"""Everything of one action: its words, owners, colours and why, progress, proof, and how close it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from lineofsight.measures import definitions
from lineofsight.web.access.permissions import Refused
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement import marks
from lineofsight.web.improvement.models import (
    Action,
    ActionOwner,
    Chaser,
    Plan,
    ProofAsked,
    ProofGiven,
    Rag,
    Rating,
    Said,
    Update,
)
from lineofsight.web.improvement.models.words import Words
from lineofsight.web.improvement.permissions import (
    NOT_CLEARED,
    NOT_SHOWN,
    NOT_THEIRS,
    check_see,
    may_clear,
    may_judge,
    may_keep,
    may_own,
    may_read_reason,
    may_read_words,
    may_see,
)
from lineofsight.web.improvement.queries.called import finding_called, plan_called
from lineofsight.web.improvement.queries.closeness import Close, closeness
from lineofsight.web.improvement.queries.exceptions import kinds_of
from lineofsight.web.improvement.queries.lines import SET_BY, Line, lines, told
from lineofsight.web.improvement.standings import latest_looks


@dataclass(frozen=True)
class Text:
    """Words that somebody typed, as this viewer may read them; `hidden` where what stands here says why not."""

    words: str
    by: str
    at: datetime
    hidden: bool
    cleared: bool


@dataclass(frozen=True)
class Entry:
    """One entry of what was said and done: progress, a change, closed or opened again."""

    pk: int
    kind: str
    kind_words: str
    as_at: date
    said: str
    text: Text
    from_table: bool


@dataclass(frozen=True)
class Turn:
    """One colour the action has had: from which day, by whom or what, and what the rule gave."""

    on: date
    colour: str
    set_by: str
    by_rule: str
    why: str
    hidden: bool
    by: str

    @property
    def words(self) -> str:
        """'Green, as the plan’s table had it. By the rule it was red.'"""
        said = f"{Rag(self.colour).label}, {SET_BY[Action.SetBy(self.set_by)]}."
        return said if self.by_rule == self.colour else f"{said} By the rule it was {self.by_rule}."


@dataclass(frozen=True)
class Looked:
    """One look at a proof. Its reference is shown as its words are."""

    pk: int
    on: date
    held: bool
    text: Text
    looked_at: int | None
    reference: str


@dataclass(frozen=True)
class Proof:
    """One proof that the action calls for, and every look at it. `held` is None while it is still to come."""

    asked: ProofAsked
    text: Text
    held: bool | None
    looks: Sequence[Looked]
    dropped: bool

    @property
    def aim(self) -> str:
        """'Supervision on time: 90%': what a measure has to be; nothing of any other proof."""
        known = definitions.load().get(self.asked.measure)
        if self.asked.target is None:
            return ""
        unit = "%" if known and known.kind == "percent" else ""
        return f"{known.title if known else self.asked.measure}: {self.asked.target:g}{unit}"


@dataclass(frozen=True)
class Asked:
    """That an owner was asked for word: whom, why, and who sent the letter."""

    on: date
    name: str
    why: str
    by: str


@dataclass(frozen=True)
class OneAction:
    """The page of one action. `changes` is whether the viewer may give it other owners or another deadline."""

    line: Line
    plan: Plan
    plan_called: str
    text: Text
    owners: Sequence[ActionOwner]
    finding: tuple[UUID, str] | None
    recommendation: Text | None
    closeness: Close | None
    exceptions: Sequence[str]
    progress: Sequence[Entry]
    history: Sequence[Entry]
    mitigation: Entry | None
    colours: Sequence[Turn]
    proofs: Sequence[Proof]
    chasers: Sequence[Asked]
    mark: str
    theirs: bool
    says: bool
    keeps: bool
    changes: bool
    judges: bool
    clears: bool

    @property
    def sentence(self) -> str:
        """'Red: its deadline has passed and it is not closed.', and where the rule differs, what it gives."""
        if self.line.set_by != Action.SetBy.RULE:
            return self.line.because
        return f"{self.line.colour_words}: {self.line.because[:1].lower()}{self.line.because[1:]}"

    @property
    def may_close(self) -> bool:
        """Whether it can be closed now: by who judges, on proof that all held."""
        return self.judges and self.line.closed_on is None and self.line.proofs.all_held

    @property
    def may_reopen(self) -> bool:
        """Whether there is something to open again: it is closed, or green."""
        return self.judges and (self.line.closed_on is not None or self.line.colour == Rag.GREEN)


def get_action(viewer: Viewer, key: UUID | str) -> Action:
    """The action, for a viewer who sees every action or owns this one.

    Raises Refused for who sees none, and Http404 for what is not there: to an owner others' actions are not.
    """
    if not may_see(viewer) and not may_own(viewer):
        check_see(viewer)
    try:
        wanted = UUID(str(key))
    except ValueError:
        raise Http404 from None
    found = Action.objects.select_related("plan", "finding", "recommendation").filter(pk=wanted).first()
    if found is None or not (may_see(viewer) or _theirs(viewer, _owners(found))):
        raise Http404
    return found


def get_proof(viewer: Viewer, key: UUID | str, number: int) -> ProofAsked:
    """A proof that an action calls for. Raises as `get_action` does, and Http404 for one of another action."""
    found: ProofAsked | None = get_action(viewer, key).proofs.filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def one_action(viewer: Viewer, key: UUID | str) -> OneAction:
    """Everything of one action. Raises as `get_action` does."""
    action = get_action(viewer, key)
    line = line_of(viewer, action)
    owners = _owners(action)
    theirs = _theirs(viewer, owners)
    updates = [_entry(viewer, one) for one in action.updates.order_by("-as_at", "-written_at", "-id")]
    progress = [one for one in updates if one.kind == Update.Kind.PROGRESS]
    because, advice = action.finding, action.recommendation
    return OneAction(
        line=line,
        plan=action.plan,
        plan_called=plan_called(viewer, action.plan),
        text=text(viewer, action, theirs=theirs),
        owners=() if line.hidden else owners,
        finding=(because.pk, finding_called(viewer, because)) if because and may_see(viewer) else None,
        recommendation=text(viewer, advice) if advice and may_see(viewer) else None,
        closeness=closeness(viewer, [line]).get(str(line.pk)),
        exceptions=kinds_of(line),
        progress=progress,
        history=[one for one in updates if one.kind != Update.Kind.PROGRESS],
        mitigation=next((one for one in updates if one.kind == Update.Kind.MITIGATION), None),
        colours=[_turn(viewer, one) for one in action.ratings.order_by("-on", "-rated_at", "-id")],
        proofs=_proofs(viewer, action, theirs=theirs),
        chasers=_chasers(action, hidden=line.hidden) if may_keep(viewer) else [],
        mark=marks.of_action(action) if may_keep(viewer) else "",
        theirs=theirs,
        says=theirs or may_keep(viewer),
        keeps=may_keep(viewer),
        changes=may_keep(viewer) and not line.hidden,
        judges=may_judge(viewer),
        clears=may_clear(viewer),
    )


def text(viewer: Viewer, typed: Words, *, theirs: bool = False) -> Text:
    """Typed words as this viewer may read them."""
    may = may_read_words(viewer, typed, theirs=theirs)
    words = typed.words if may else NOT_CLEARED
    return Text(words, typed.written_by_name, typed.written_at, not may, typed.cleared)


def line_of(viewer: Viewer, action: Action) -> Line:
    """The action as a line that is told, one that is gone from its table included."""
    return told(viewer, lines(Q(pk=action.pk), gone=True))[0]


def _chasers(action: Action, *, hidden: bool) -> list[Asked]:
    """Who was asked for word, by name where that may be read."""
    found: QuerySet[Chaser] = action.chasers.select_related("owner")
    rows = found.defer("owner__name", "owner__post") if hidden else found
    return [Asked(one.sent_on, NOT_SHOWN if hidden else one.owner.name, one.why, one.sent_by_name) for one in rows]


def _owners(action: Action) -> list[ActionOwner]:
    return list(ActionOwner.objects.filter(action=action, left_on=None).select_related("person").order_by("place"))


def _theirs(viewer: Viewer, owners: Sequence[ActionOwner]) -> bool:
    """Whether the viewer is one of these owners."""
    return may_own(viewer) and any(one.person and one.person.key == viewer.person_key for one in owners)


def _entry(viewer: Viewer, update: Update) -> Entry:
    said = Said(update.said).label if update.said else ""
    words = text(viewer, update)
    kind = Update.Kind(update.kind).label
    return Entry(update.pk, update.kind, kind, update.as_at, said, words, update.load_id is not None)


def _turn(viewer: Viewer, one: Rating) -> Turn:
    may = may_read_reason(viewer, one.why_cleared_at, one.rated_by_key)
    why = one.why if may or not one.why else NOT_CLEARED
    return Turn(one.on, one.rag, one.set_by, one.by_rule, why, bool(one.why) and not may, one.rated_by_name)


def _proofs(viewer: Viewer, action: Action, *, theirs: bool) -> list[Proof]:
    """What the action calls for, still called for first, each with its looks, the newest first."""
    given = Prefetch("given", ProofGiven.objects.order_by("-looked_on", "-id"))
    latest = latest_looks([action.pk])
    found = [
        Proof(
            asked=one,
            text=text(viewer, one, theirs=theirs),
            held=latest[one.pk][1] if one.pk in latest else None,
            looks=[_looked(viewer, each) for each in one.given.all()],
            dropped=one.dropped_at is not None,
        )
        for one in action.proofs.prefetch_related(given).order_by("wanted_by", "pk")
    ]
    return sorted(found, key=lambda one: one.dropped)


def _looked(viewer: Viewer, one: ProofGiven) -> Looked:
    words = text(viewer, one)
    return Looked(one.pk, one.looked_on, one.held, words, one.looked_at, "" if words.hidden else one.reference)


def to_say(viewer: Viewer, key: UUID | str) -> tuple[Action, Line]:
    """The action of the one-box page, and its line. Raises Refused for who may not say."""
    action = get_action(viewer, key)
    theirs = _theirs(viewer, _owners(action))
    if not theirs and not may_keep(viewer):
        raise Refused(NOT_THEIRS)
    return action, line_of(viewer, action)
