"""Forms of this room. What may be signed is decided by the action; a form only asks and points."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from lineofsight import clock
from lineofsight.web.access.forms import PlainDateField
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.commitments.models import Judgement, Record
from lineofsight.web.commitments.permissions import may_be_asked, office_title
from lineofsight.web.commitments.protocol import Commitment
from lineofsight.web.commitments.records import CHANGED, Told

LONGEST = 10_000


def _words(label: str, hint: str = "", rows: int = 4, required: bool = False, missing: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing} if missing else None,
    )


class AnswerForm(forms.Form):
    """What an office-holder says: the judgement in words, and the difference made or the day to look again."""

    judgement = forms.ChoiceField(
        label="What do you conclude?",
        choices=Judgement.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you are satisfied, have asked, or have decided."},
    )
    words = _words("In your words", rows=5, required=True, missing="Say it in your words.")
    asked_of = forms.ChoiceField(label="Who did you ask?", required=False, help_text="Only if you have asked.")
    asked_by = PlainDateField(label="Answer wanted by", required=False, help_text="Only if you have asked.")
    difference = _words(
        "What difference has this made to children?",
        "If it has made none yet, leave this empty and give the day to look again. That is a good answer.",
    )
    look_again_on = PlainDateField(
        label="Look again on",
        required=False,
        help_text="It comes back to you on that day. For example, 10 December 2026",
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now: Record | None = None
        choices = [(slug, office_title(slug)) for slug in may_be_asked(viewer)]
        self.fields["asked_of"].choices = [("", "Nobody"), *choices]  # type: ignore[attr-defined]

    def written_over(self, draft: Record | None, read: str) -> bool:
        """Whether `draft` says other than it did when this answer was begun: `read` is the mark it was shown with.

        Then the form says so and shows what it says now (`now`), so that nobody's words are lost unread.
        """
        if read == (draft.mark if draft else ""):
            return False
        self.now = draft
        self.add_error(None, CHANGED)
        return True

    def told(self) -> Told:
        """The answer as the action takes it. Call it on a valid form."""
        given = self.cleaned_data
        return Told(
            held_on=given.get("held_on") or clock.today(),
            judgement=given["judgement"],
            words=given["words"],
            with_whom=given.get("with_whom", ""),
            present=tuple(given.get("present", ())),
            asked_of=given["asked_of"],
            asked_by=given["asked_by"],
            difference=given["difference"],
            look_again_on=given["look_again_on"],
        )


class MeetingForm(AnswerForm):
    """The same for something held on a day, with people."""

    held_on = PlainDateField(label="Held on")
    with_whom = forms.CharField(
        label="With whom",
        required=False,
        max_length=500,
        help_text="Names or roles. Children are not named here.",
    )
    present = forms.MultipleChoiceField(label="Who was there?", required=False, widget=forms.CheckboxSelectMultiple)

    field_order = ("held_on", "present", "with_whom")

    def __init__(self, *args: Any, commitment: Commitment | None = None, office: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [one for one in commitment.offices if one != office] if commitment else []
        if not others:
            del self.fields["present"]
            return
        self.fields["present"].choices = [(slug, office_title(slug)) for slug in others]  # type: ignore[attr-defined]
        self.fields["present"].help_text = (
            "It counts for both of you only if you were both there."
            if commitment and commitment.shared == "together"
            else "It counts for each who was there. You are counted already."
        )


class AskForm(forms.Form):
    """A question about what is on the screen: to whom, and by when."""

    words = _words("Your question", rows=5, required=True, missing="Write your question.")
    asked_of = forms.ChoiceField(label="Who should answer?", error_messages={"required": "Choose who should answer."})
    asked_by = PlainDateField(label="Answer wanted by")

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(slug, office_title(slug)) for slug in may_be_asked(viewer)]
        self.fields["asked_of"].choices = [("", "Choose an office"), *choices]  # type: ignore[attr-defined]

    def told(self) -> Told:
        """The question as the action takes it: it comes back on the day the answer is wanted."""
        given = self.cleaned_data
        return Told(
            held_on=clock.today(),
            judgement=Judgement.ASKED,
            words=given["words"],
            asked_of=given["asked_of"],
            asked_by=given["asked_by"],
            look_again_on=given["asked_by"],
        )


class ChangeForm(forms.Form):
    """Move an occurrence to another day, or say that it will not be held."""

    what = forms.ChoiceField(
        label="What happens to it?",
        choices=(("move", "It moves to another day"), ("cancel", "It will not be held")),
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it moves or will not be held."},
    )
    due_on = PlainDateField(label="New day", required=False, help_text="Only if it moves.")
    reason = _words("Why", rows=3, required=True, missing="Say why.")

    def clean(self) -> dict[str, Any]:
        """A move needs its new day."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("what") == "move" and not given.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", "Enter the new day.")
        return given


class PlanForm(forms.Form):
    """A date for a commitment that has no rule."""

    due_on = PlainDateField(label="Add a date")


def answers_of(record: Record) -> dict[str, Any]:
    """A record's answers as the initial values of a form."""
    return {
        "judgement": record.judgement,
        "words": record.words,
        "asked_of": record.asked_of,
        "asked_by": record.asked_by,
        "difference": record.difference,
        "look_again_on": record.look_again_on,
        "held_on": record.held_on,
        "with_whom": record.with_whom,
        "present": [office for office in record.present if office != record.office],
    }


def read_month(text: str) -> date | None:
    """The first day of the month written as 2026-10, None for anything else."""
    try:
        year, month = text.split("-")
        return date(int(year), int(month), 1) if len(year) == 4 and len(month) == 2 else None
    except ValueError:
        return None
