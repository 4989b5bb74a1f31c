"""The forms of plans: beginning one, loading its table, who agreed it or was told, and a new action."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import Truncator

from lineofsight.web.access.forms import PlainDateField
from lineofsight.web.improvement.actions.loading import NewPlan
from lineofsight.web.improvement.actions.owners import Named
from lineofsight.web.improvement.actions.progress import LONGEST
from lineofsight.web.improvement.actions_forms import IN_LISTS
from lineofsight.web.improvement.models import Plan, PlanStep, Recommendation
from lineofsight.web.improvement.queries.comparing import Comparison
from lineofsight.web.improvement.wording import day

SHORT = 160  # of a recommendation, beside its button
CLEARED = "This table has been to a committee or is fit for one: no child can be told from it"
CLEARED_HINT = (
    "Offices that see no child by name, such as the Lead Member’s, then read its words at once. "
    "Without it they read them once somebody has cleared them."
)
AS_AT_HINT = (
    "Leave this empty where the table’s heading says it, such as “Progress update as at 20 August 2026”. "
    "For example, 31 October 2026"
)
_ROW, _NUMBER = re.compile(r"row_([0-9]{1,6})"), re.compile(r"[0-9]{1,6}")


class PlanForm(forms.Form):
    """What a plan is: its kind, its title, and the publication that its deadlines are counted from."""

    kind = forms.ChoiceField(
        label="What kind of plan is it?",
        choices=Plan.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say what kind of plan it is."},
    )
    title = forms.CharField(
        label="Title",
        help_text=IN_LISTS,
        max_length=200,
        error_messages={"required": "Give the plan a title."},
    )
    published_on = PlainDateField(
        label="Published on",
        help_text="The day on which what it answers was published. “Within 3 months” is counted from here. "
        "For example, 31 October 2026",
    )
    published_by = forms.CharField(
        label="Published by",
        help_text="A body, such as the inspectorate or the board. Not a person’s name.",
        max_length=120,
        error_messages={"required": "Say who published what the plan answers."},
    )

    def told(self) -> NewPlan:
        """The plan as the action takes it."""
        given = self.cleaned_data
        return NewPlan(given["title"], given["kind"], given["published_on"], given["published_by"])


class TableForm(forms.Form):
    """A plan's next table: the file is taken in as it arrives (taking.py), so this form only draws its box."""

    table = forms.Field(label="The file with the table", required=False, widget=forms.FileInput)
    as_at = PlainDateField(label="The day the progress is as at", help_text=AS_AT_HINT, required=False)
    cleared = forms.BooleanField(label=CLEARED, help_text=CLEARED_HINT, required=False)

    def __init__(self, *args: Any, clears: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not clears:
            del self.fields["cleared"]

    @property
    def cleared_said(self) -> bool:
        """Whether it was said that no child can be told from the table."""
        return bool(self.cleaned_data.get("cleared"))


class FirstTableForm(TableForm, PlanForm):
    """The first table of a new plan."""

    field_order = ("table", "title", "kind", "published_on", "published_by", "as_at", "cleared")


class LoadForm(forms.Form):
    """The second press: the file that waits, sealed, its day, and what was said of rows written anew."""

    kept = forms.CharField(widget=forms.HiddenInput, max_length=1_000)
    as_at = forms.DateField(widget=forms.HiddenInput)
    cleared = forms.BooleanField(required=False, widget=forms.HiddenInput)


def said_of_rows(sent: Mapping[str, Any]) -> dict[int, int]:
    """What was said of rows that may be an action written anew: the action's number, by row from nought."""
    said = {}
    for name, value in sent.items():
        row, number = _ROW.fullmatch(name), _NUMBER.fullmatch(str(value))
        if row and number:
            said[int(row[1])] = int(number[0])
    return said


class QuestionsForm(forms.Form):
    """Whether each row in question is an action of the plan, written anew."""

    def __init__(self, comparison: Comparison, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in comparison.questions:
            self.fields[f"row_{one.row}"] = forms.ChoiceField(
                label=f"Is {one.place} action {one.number}, written anew?",
                choices=((str(one.number), f"Yes, it is action {one.number}"), ("", "No, it is a new action")),
                widget=forms.RadioSelect,
                required=False,
                initial="",
            )


class StepForm(forms.Form):
    """Who agreed a plan, or was told of it."""

    what = forms.ChoiceField(
        label="What happened?",
        choices=PlanStep.What.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the plan was agreed by this body or reported to it."},
    )
    body = forms.CharField(
        label="Which body?",
        help_text="Such as the executive, or the scrutiny committee.",
        max_length=120,
        error_messages={"required": "Say which body it was."},
    )
    on = PlainDateField(label="When?")
    asked = forms.CharField(
        label="What did it ask?",
        help_text="If it asked anything. Offices that see no child by name read it once it has been cleared.",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ActionForm(forms.Form):
    """A new action of a plan."""

    words = forms.CharField(
        label="What is to be done?",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say what is to be done."},
    )
    owners = forms.CharField(
        label="Who answers for it?",
        help_text="One on each line, with the post after a comma: Ada Brook, Head of Service. On the action’s page you "
        "can then say who of them has an account here.",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say who answers for it."},
    )
    deadline = forms.CharField(
        label="Deadline",
        help_text="As it is written: “Immediate”, “within 3 months”, or a day. Its day is worked out from the plan’s "
        "publication; what is unclear is asked.",
        max_length=200,
        required=False,
    )

    recommendation = forms.TypedChoiceField(
        label="Which recommendation does it answer?",
        widget=forms.RadioSelect,
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: Any, recommended: Sequence[Recommendation] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._recommended = {one.pk: one for one in recommended}
        if not recommended:
            del self.fields["recommendation"]
            return
        said = [
            (one.pk, f"{one.made_by}, {day(one.made_on)}: {Truncator(one.words).chars(SHORT)}") for one in recommended
        ]
        self.fields["recommendation"].choices = [*said, ("", "None of them, or more than one")]  # type: ignore[attr-defined]

    @property
    def answers(self) -> Recommendation | None:
        """The recommendation that was chosen, if one was. Call it on a valid form."""
        return self._recommended.get(self.cleaned_data.get("recommendation") or 0)

    def named(self) -> list[Named]:
        """The owners, each as a name and a post."""
        lines = (line.strip() for line in self.cleaned_data["owners"].splitlines())
        parted = (line.partition(",") for line in lines if line)
        return [Named(name.strip(), post.strip()) for name, _, post in parted]


def _called(one: Recommendation) -> str:
    """A recommendation beside its button: who made it, when, and how it begins."""
    return f"{one.made_by}, {day(one.made_on)}: {Truncator(one.words).chars(SHORT)}"
