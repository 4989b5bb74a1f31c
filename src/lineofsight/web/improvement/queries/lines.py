"""Actions as lines: what a list, a count and a colour need of each, in light columns and nothing that was typed.

Four readings, however many actions there are. Whoever reads them has checked what the viewer may see. What was typed
of the few that are shown is then read by `told`, as this viewer may read it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement import rag, wording
from lineofsight.web.improvement.models import Action, ActionOwner, Plan, Rag, Rating, Said, Update
from lineofsight.web.improvement.permissions import NOT_SHOWN, may_own, may_read_words
from lineofsight.web.improvement.queries.called import plain_plan
from lineofsight.web.improvement.rag import Proofs, Rated, Standing
from lineofsight.web.improvement.standings import proofs_of

COLUMNS = (
    "pk",
    "plan_id",
    "number",
    "deadline_kind",
    "deadline_on",
    "said",
    "heard_on",
    "closed_on",
    "gone_on",
    "rag",
    "set_by",
    "finding_id",
    "measure",
    "baseline",
    "baseline_on",
    "target",
)
TYPED = ("words", "responsible", "deadline_words", "deadline_question", "level", "cleared_at", "written_by_key")
SET_BY = {
    Action.SetBy.PLAN: "as the plan’s table had it",
    Action.SetBy.PERSON: "as a person set it",
    Action.SetBy.RULE: "by the rule",
}


@dataclass(frozen=True)
class Line:
    """One action as it stands on a day: the colour in force, and what the rule gives (`rated`).

    What was typed is there once it was `told`: `words` are None, `responsible` says so and the rest is empty where this
    viewer may not read them.
    """

    pk: UUID
    plan: UUID
    plan_plain: str
    number: int
    deadline_kind: str
    gone_on: date | None
    colour: str
    set_by: str
    rated: Rated
    standing: Standing
    finding: UUID | None
    measure: str
    baseline: float | None
    baseline_on: date | None
    target: float | None
    on: date
    told: bool = False
    plan_title: str = ""
    words: str | None = None
    responsible: str = ""
    deadline_words: str = ""
    deadline_question: str = ""

    @property
    def hidden(self) -> bool:
        """Whether its words are not shown to this viewer."""
        return self.words is None

    @property
    def deadline_on(self) -> date | None:
        return self.standing.deadline_on

    @property
    def heard_on(self) -> date | None:
        return self.standing.heard_on

    @property
    def closed_on(self) -> date | None:
        return self.standing.closed_on

    @property
    def proofs(self) -> Proofs:
        return self.standing.proofs

    @property
    def late(self) -> bool:
        """Whether its deadline has passed and it is not closed."""
        return self.standing.is_late(self.on)

    @property
    def colour_words(self) -> str:
        """'Red', 'Amber' or 'Green'."""
        return Rag(self.colour).label

    @property
    def said_words(self) -> str:
        """How its owner says that it goes."""
        return Said(self.standing.said).label if self.standing.said else ""

    @property
    def title(self) -> str:
        """'Action 7 of “What the inspection asked of us”': what it is called where its words are not shown."""
        return f"Action {self.number} of “{self.plan_title}”" if self.plan_title else self.plain

    @property
    def plain(self) -> str:
        """'Action 7 of an inspection plan of 28 July 2026': the same with nothing in it that somebody typed."""
        return f"Action {self.number} of {self.plan_plain}"

    @property
    def called(self) -> str:
        """Its words, or its title where they are not shown."""
        return self.title if self.words is None else self.words

    @property
    def because(self) -> str:
        """Why it has its colour; and where the rule would give another, which and why."""
        if self.set_by == Action.SetBy.RULE:
            return self.rated.words
        said = f"{self.colour_words}, {SET_BY[Action.SetBy(self.set_by)]}."
        if self.rated.colour == self.colour:
            return said
        return f"{said} By the rule it is {self.rated.colour}: {self.rated.words[:1].lower()}{self.rated.words[1:]}"


def lines(where: Q | None = None, on: date | None = None, *, gone: bool = False) -> list[Line]:
    """The actions that stand in their plans' tables, today or as they stood on a day, by plan and number.

    Today those that are `gone` from their table can be had too. Deadlines, owners and measures are today's. Raises
    PlainError for a day to come.
    """
    today = clock.today()
    if on is not None and on > today:
        raise PlainError("How things stand on a day to come is not known.")
    plans = {key: plain_plan(*told) for key, *told in Plan.objects.values_list("pk", "kind", "published_on")}
    chosen = Action.objects.filter(where or Q()).order_by("plan__published_on", "plan_id", "number")
    if on is None or on == today:
        there = (chosen if gone else chosen.filter(gone_on=None)).annotate(begun_at=_BEGUN)
        found = list(there.values_list(*COLUMNS, "begun_at"))
        proofs = proofs_of(_few(row[0] for row in found))
        return [_now(row, proofs, plans, today) for row in found]
    rows = _as_at(chosen, on)
    proofs = proofs_of(_few(row["pk"] for row in rows), _end_of(on))
    return [_then(row, proofs, plans, on) for row in rows]


def colours_on(where: Q, on: date) -> dict[UUID, str]:
    """The colour in force on a day of each of these actions that stood in its plan's table then: `lines` without the
    rest. Raises PlainError for a day to come."""
    if on >= clock.today():
        return {one.pk: one.colour for one in lines(where, on)}
    rated = Rating.objects.filter(action=OuterRef("pk"), on__lte=on).order_by("-on", "-rated_at", "-id")
    there = Action.objects.filter(where).filter(Q(gone_on=None) | Q(gone_on__gt=on)).order_by()
    found = there.annotate(then=Subquery(rated.values("rag")[:1])).values_list("pk", "then")
    return {key: colour for key, colour in found if colour}


def counts(some: Iterable[Line]) -> Counter[str]:
    """How many of these lines have each colour."""
    return Counter(one.colour for one in some)


def counts_said(some: Sequence[Line]) -> str:
    """'22 actions: 14 green, 5 amber, 3 red. Seven are past their deadline and not green.'"""
    if not some:
        return "There are no actions here."
    by_colour = counts(some)
    told = ", ".join(f"{by_colour[colour] or 'none'} {colour}" for colour in ("green", "amber", "red"))
    late = sum(one.late and one.colour != "green" for one in some)
    said = f"{wording.counted(len(some), 'action')}: {told}."
    if not late:
        return f"{said} None is past its deadline and not green."
    past = wording.verb(late, "is past its", "are past their")
    return f"{said} {wording.begun(wording.spelled(late))} {past} deadline and not green."


def told(viewer: Viewer, some: Sequence[Line]) -> list[Line]:
    """These lines with what was typed of them, as this viewer may read it: each text is opened once."""
    keys = [one.pk for one in some if not one.told]
    if not keys:
        return list(some)
    typed = {one.pk: one for one in Action.objects.filter(pk__in=keys).only(*TYPED)}
    plans = {one.pk: one for one in Plan.objects.filter(pk__in={one.plan for one in some}).defer("published_by")}
    theirs = own_words(viewer)
    return [one if one.told else _told(viewer, one, typed[one.pk], plans[one.plan], theirs) for one in some]


def own_words(viewer: Viewer) -> Collection[UUID]:
    """The actions whose words a viewer reads because they are asked of them; none where that makes no difference."""
    return owned_by(viewer) if may_own(viewer) and viewer.level != "identified" else ()


def _told(viewer: Viewer, line: Line, typed: Action, plan: Plan, theirs: Collection[UUID]) -> Line:
    title = plan.title if may_read_words(viewer, plan) else ""
    if not may_read_words(viewer, typed, theirs=line.pk in theirs):
        return replace(line, told=True, plan_title=title, responsible=NOT_SHOWN)
    return replace(
        line,
        told=True,
        plan_title=title,
        words=typed.words,
        responsible=typed.responsible,
        deadline_words=typed.deadline_words,
        deadline_question=typed.deadline_question,
    )


def owned_by(viewer: Viewer) -> set[UUID]:
    """The actions that the viewer answers for, by what somebody said of its owners."""
    owners = ActionOwner.objects.filter(person__key=viewer.person_key, left_on=None)
    return set(owners.values_list("action_id", flat=True))


def _as_at(chosen: QuerySet[Action], on: date) -> list[dict[str, Any]]:
    """The same with each action's newest rating and progress as at a day; without those that were not there yet."""
    rated = Rating.objects.filter(action=OuterRef("pk"), on__lte=on).order_by("-on", "-rated_at", "-id")
    heard = Update.objects.filter(action=OuterRef("pk"), kind=Update.Kind.PROGRESS, as_at__lte=on)
    heard = heard.order_by("-as_at", "-written_at", "-id")
    there = chosen.filter(Q(gone_on=None) | Q(gone_on__gt=on)).annotate(
        rating=Subquery(rated.values("pk")[:1]), update=Subquery(heard.values("pk")[:1])
    )
    rows = list(there.filter(rating__isnull=False).values(*COLUMNS, "written_at", "rating", "update"))
    ratings = Rating.objects.filter(pk__in=[row["rating"] for row in rows]).order_by()
    updates = Update.objects.filter(pk__in=[row["update"] for row in rows if row["update"]]).order_by()
    colours = {key: told for key, *told in ratings.values_list("pk", "rag", "set_by", "by_rule", "rule")}
    said = {key: told for key, *told in updates.values_list("pk", "said", "as_at")}
    return [{**row, "rating": colours[row["rating"]], "update": said.get(row["update"], ("", None))} for row in rows]


# Of all that a line is made of a moment is the dearest to read, and only silence from the beginning asks for it.
_BEGUN = Case(When(heard_on=None, then=F("written_at")))
_NO_PROOFS = Proofs()


def _now(row: Sequence[Any], proofs: Mapping[UUID, Proofs], plans: Mapping[UUID, str], today: date) -> Line:
    (
        pk, plan, number, deadline_kind, deadline_on, said, heard_on, closed_on, gone_on, rag_kept, set_by,
        finding, measure, baseline, baseline_on, target, begun_at,
    ) = row  # fmt: skip
    begun_on = heard_on if begun_at is None else begun_at.astimezone(clock.LONDON).date()
    stand = Standing(begun_on, deadline_on, closed_on, said, heard_on, proofs.get(pk, _NO_PROOFS))
    rated = rag.rate(stand, today)
    colour = rated.colour if set_by == Action.SetBy.RULE else rag_kept
    return Line(
        pk, plan, plans[plan], number, deadline_kind, gone_on, colour, set_by, rated, stand,
        finding, measure, baseline, baseline_on, target, today,
    )  # fmt: skip


def _then(row: Mapping[str, Any], proofs: Mapping[UUID, Proofs], plans: Mapping[UUID, str], on: date) -> Line:
    closed, (said, heard_on) = row["closed_on"], row["update"]
    colour, set_by, by_rule, rule = row["rating"]
    stand = Standing(
        begun_on=min(row["written_at"].astimezone(clock.LONDON).date(), on),
        deadline_on=row["deadline_on"],
        closed_on=closed if closed is not None and closed <= on else None,
        said=said,
        heard_on=heard_on,
        proofs=proofs.get(row["pk"], _NO_PROOFS),
    )
    words = next((one.words for one in rag.rules() if one.slug == rule), "")
    return Line(
        pk=row["pk"],
        plan=row["plan_id"],
        plan_plain=plans[row["plan_id"]],
        number=row["number"],
        deadline_kind=row["deadline_kind"],
        gone_on=row["gone_on"],
        colour=colour,
        set_by=set_by,
        rated=Rated(by_rule, rule, words),
        standing=stand,
        finding=row["finding_id"],
        measure=row["measure"],
        baseline=row["baseline"],
        baseline_on=row["baseline_on"],
        target=row["target"],
        on=on,
    )


FEW = 200


def _few(keys: Iterable[UUID]) -> list[UUID] | None:
    """These keys, to ask for theirs alone; None for so many that all are read as quickly."""
    chosen = list(keys)
    return chosen if len(chosen) <= FEW else None


def _end_of(on: date) -> datetime:
    return datetime.combine(on, time.max, tzinfo=clock.LONDON)
