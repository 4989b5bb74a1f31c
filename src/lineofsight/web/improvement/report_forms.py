"""The form of a report to a committee: what a person writes, with what is proposed from the plan to begin with."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from lineofsight.web.access.forms import PlainDateField
from lineofsight.web.improvement.report import Ask, Told

LONGEST = 20_000
ASKS = 4


def _words(label: str, hint: str = "", rows: int = 4, missing: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(missing),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing} if missing else None,
    )


class ReportForm(forms.Form):
    """A report: to which committee and when, why, what it is asked to agree, and the text."""

    committee = forms.CharField(
        label="Committee", max_length=120, error_messages={"required": "Say which committee it is for."}
    )
    on = PlainDateField(label="Date of the meeting")
    agenda_item = forms.CharField(label="Agenda item", max_length=40, required=False, help_text="If you know it.")
    title = forms.CharField(label="Title", max_length=200, error_messages={"required": "Give the report a title."})
    lead = forms.CharField(
        label="Report of",
        help_text="The office that presents it.",
        max_length=120,
        error_messages={"required": "Say whose report it is."},
    )
    purpose = _words("Purpose", missing="Say what the report is for.")
    introduction = _words("Introduction", "Leave a blank line between paragraphs. Each gets its number.", 6)
    background = _words("Background", "A line that begins with • is an item of a list.", 6)
    progress = _words("Progress", "Proposed from the plan. Change what it does not say well.", 10)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(1, ASKS + 1):
            self.fields[f"asked_{place}"] = forms.CharField(
                label=f"What the committee is asked to agree, {place}",
                max_length=1_000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"due_{place}"] = PlainDateField(label="Due by", required=False, help_text="If it has a date.")
        asks = [name for place in range(1, ASKS + 1) for name in (f"asked_{place}", f"due_{place}")]
        self.order_fields(
            ["committee", "on", "agenda_item", "title", "lead", "purpose", *asks, "introduction", "background"]
        )

    def clean(self) -> dict[str, Any]:
        """A date by which something is due needs what is due."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for place in range(1, ASKS + 1):
            if given.get(f"due_{place}") and not given.get(f"asked_{place}"):
                self.add_error(f"asked_{place}", "Say what is due by that day.")
        return given

    def told(self, as_at: date) -> Told:
        """The report as `report.document` takes it."""
        given = self.cleaned_data
        asks = [Ask(given[f"asked_{place}"], given[f"due_{place}"]) for place in range(1, ASKS + 1)]
        return Told(
            committee=given["committee"],
            on=given["on"],
            as_at=as_at,
            title=given["title"],
            lead=given["lead"],
            purpose=given["purpose"],
            agenda_item=given["agenda_item"],
            asks=[one for one in asks if one.words.strip()],
            introduction=given["introduction"],
            background=given["background"],
            progress=given["progress"],
        )
