"""One finding: its words for who may read them, what should change, its actions, what it may repeat, what followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.http import Http404

from lineofsight.web.access.viewer import Viewer
from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence.resolvers import Shown
from lineofsight.web.improvement import themes
from lineofsight.web.improvement.actions.clearing import Read, mark_of
from lineofsight.web.improvement.models import Action, Finding, FindingTurn, Plan, Recommendation
from lineofsight.web.improvement.models.words import Words
from lineofsight.web.improvement.permissions import (
    check_keep,
    check_see,
    may_clear,
    may_judge,
    may_keep,
    may_read_words,
)
from lineofsight.web.improvement.queries.called import NO_BODY, finding_called, plan_called
from lineofsight.web.improvement.queries.findings import came_back, is_open
from lineofsight.web.improvement.queries.lines import Line, lines, told
from lineofsight.web.improvement.queries.one_action import Text, text
from lineofsight.web.improvement.queries.same_again import SameAgain, same_again
from lineofsight.web.improvement.themes import Suggestion
from lineofsight.web.improvement.wording import begun, day, spelled, verb

SHOWN = 50  # actions; how many more there are is said


@dataclass(frozen=True)
class Recommended:
    """What should change, in the words of a body, whose name is shown as they are."""

    text: Text
    made_by: str
    made_on: date


@dataclass(frozen=True)
class Turn:
    """That the finding was closed, or opened again, and why."""

    what: str
    on: date
    text: Text


@dataclass(frozen=True)
class Answer:
    """One action that answers the finding, told; `earlier` is one that was for a finding which this one repeats."""

    line: Line
    earlier: bool


@dataclass(frozen=True)
class Near:
    """Another finding that this one repeats, or that came back as this one's repetition."""

    key: UUID
    title: str
    found_on: date
    closed_on: date | None


@dataclass(frozen=True)
class OneFinding:
    """The page of one finding. `still_open` is how many actions must be closed on proof before it can be closed;
    `to_clear` are its texts that nobody cleared yet, each with its mark, for who may clear them; `plans` are those in
    which it can get an action, for who keeps them."""

    key: UUID
    title: str
    source: str
    found_on: date
    text: Text
    came_from: Shown | None
    theme: str
    theme_title: str
    theme_by: str
    theme_at: datetime | None
    closed_on: date | None
    came_back: bool
    recommendations: Sequence[Recommended]
    actions: Sequence[Answer]
    more_actions: int
    still_open: int
    turns: Sequence[Turn]
    repeats: Near | None
    came_back_as: Sequence[Near]
    suggested: Sequence[Suggestion]
    same_again: SameAgain
    may_keep: bool
    may_judge: bool
    to_clear: Sequence[Read]
    plans: Sequence[tuple[UUID, str]] = ()

    @property
    def may_close(self) -> bool:
        return self.may_judge and self.closed_on is None and not self.still_open

    @property
    def sentence(self) -> str:
        """How it stands: 'Open: two of its three actions are open.'"""
        if self.closed_on:
            again = f" {begun(spelled(self.still_open))} of its actions {self._are} open." if self.still_open else ""
            return f"Closed on {day(self.closed_on)}.{again}"
        stands = "Open, and it had been closed before" if self.came_back else "Open"
        total = len(self.actions) + self.more_actions
        if not total:
            return f"{stands}: nothing is being done about it yet."
        if not self.still_open:
            return f"{stands}: nothing that was to be done is open any more."
        of = f"its {spelled(total)} actions" if total > 1 else "its only action"
        if total == self.still_open:
            return f"{stands}: {of} {self._are} open."
        return f"{stands}: {spelled(self.still_open)} of {of} {self._are} open."

    @property
    def _are(self) -> str:
        return verb(self.still_open, "is", "are")


def finding(viewer: Viewer, key: UUID) -> OneFinding:
    """One finding as `viewer` may read it. Raises Refused, and Http404 where there is none."""
    check_see(viewer)
    found = came_back(Finding.objects.select_related("repeats").filter(pk=key)).first()
    if found is None:
        raise Http404
    titles = themes.titles()
    readable = may_read_words(viewer, found)
    actions, more, still = _answers(viewer, found)
    recommended, turns = list(found.recommendations.all()), list(found.turns.all())
    return OneFinding(
        key=found.pk,
        title=finding_called(viewer, found),
        source=found.get_source_display(),
        found_on=found.found_on,
        text=text(viewer, found),
        came_from=resolvers.resolve(viewer, found.from_kind, found.from_key) if found.from_kind else None,
        theme=found.theme,
        theme_title=themes.title_of(found.theme, titles),
        theme_by=found.theme_confirmed_by_name,
        theme_at=found.theme_confirmed_at,
        closed_on=found.closed_on,
        came_back=bool(found.returned),
        recommendations=[_recommended(viewer, one) for one in recommended],
        actions=actions,
        more_actions=more,
        still_open=still,
        turns=[Turn(one.get_what_display(), one.on, text(viewer, one)) for one in turns],
        repeats=_near(viewer, found.repeats) if found.repeats else None,
        came_back_as=[_near(viewer, one) for one in found.came_back_as.defer("words").order_by("found_on", "pk")],
        suggested=_suggested(found, readable=readable) if may_keep(viewer) else (),
        same_again=same_again(viewer, found, titles),
        may_keep=may_keep(viewer),
        may_judge=may_judge(viewer),
        to_clear=_to_clear(found, recommended, turns) if may_clear(viewer) else (),
        plans=_plans(viewer) if may_keep(viewer) and not found.closed_on else (),
    )


def get_finding(viewer: Viewer, key: UUID) -> Finding:
    """The finding, for a form on it. Raises Refused, and Http404 where there is none."""
    check_see(viewer)
    found: Finding | None = Finding.objects.filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def findings_to_answer(viewer: Viewer, action: Action) -> list[tuple[UUID, str]]:
    """The findings that an action can be said to answer, the newest first: those that are open, and the one it does
    answer. Raises Refused."""
    check_keep(viewer)
    found = Finding.objects.filter(Q(closed_on=None) | Q(pk=action.finding_id)).defer("words")
    return [(one.pk, finding_called(viewer, one)) for one in found.order_by("-found_on", "-written_at")]


def recommendations_to_answer(viewer: Viewer, found: Finding) -> list[Recommendation]:
    """What was recommended on a finding and `viewer` may read, so that an action can be said to answer it. Raises
    Refused."""
    check_keep(viewer)
    return [one for one in found.recommendations.all() if may_read_words(viewer, one)]


def _suggested(found: Finding, *, readable: bool) -> tuple[Suggestion, ...]:
    """What its words point to, the confirmed theme left out; nothing for who may not read them."""
    offered = themes.suggest(f"{found.title}\n{found.words}") if readable else ()
    return tuple(one for one in offered if one.theme.slug != found.theme)


def _to_clear(found: Finding, recommended: Sequence[Recommendation], turns: Sequence[FindingTurn]) -> list[Read]:
    rows: list[tuple[str, Words]] = [("finding", found)]
    rows += [("recommendation", one) for one in recommended]
    rows += [("turn", one) for one in turns]
    return [Read(kind, str(row.pk), mark_of(kind, row)) for kind, row in rows if not row.cleared]


def _plans(viewer: Viewer) -> list[tuple[UUID, str]]:
    """The open plans, the newest first."""
    still = Plan.objects.filter(closed_on=None).order_by("-published_on", "-begun_at")
    return [(one.pk, plan_called(viewer, one)) for one in still]


def _recommended(viewer: Viewer, one: Recommendation) -> Recommended:
    words = text(viewer, one)
    return Recommended(words, NO_BODY if words.hidden else one.made_by, one.made_on)


def _near(viewer: Viewer, found: Finding) -> Near:
    return Near(found.pk, finding_called(viewer, found), found.found_on, found.closed_on)


def _answers(viewer: Viewer, found: Finding) -> tuple[list[Answer], int, int]:
    """The actions of a finding and of what it repeats, its own first; how many more there are, and how many are open.

    Only those that are shown are decrypted.
    """
    every = sorted(lines(Q(finding__in=found.carried()), gone=True), key=lambda one: one.finding != found.pk)
    shown = told(viewer, every[:SHOWN])
    answers = [Answer(one, one.finding != found.pk) for one in shown]
    return answers, len(every) - len(shown), sum(is_open(one) for one in every)
