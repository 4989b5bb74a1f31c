"""What was said of an action, and each colour it has had: written once and kept for ever."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lineofsight.web.access.fields import EncryptedTextField
from lineofsight.web.improvement.models.words import Words


class Rag(models.TextChoices):
    """Red, amber, green."""

    RED = "red", "Red"
    AMBER = "amber", "Amber"
    GREEN = "green", "Green"


class Said(models.TextChoices):
    """How an owner says that it goes."""

    ON_TRACK = "on-track", "On track"
    AT_RISK = "at-risk", "At risk"
    OFF_TRACK = "off-track", "Off track"
    DONE = "done", "Done, to be proved"


class Update(Words):
    """What was said of an action as at a day. A later one stands beside it; none is ever changed but to be cleared.

    Only progress is word of how it goes: that a deadline was moved or an action reopened says nothing of that. The
    newest mitigation is what is being done meanwhile about an action that is late.
    """

    retention: ClassVar[str] = "improvement"

    class Kind(models.TextChoices):
        PROGRESS = "progress", "Progress"
        CHANGE = "change", "Changed"
        MITIGATION = "mitigation", "Done meanwhile"
        CLOSED = "closed", "Closed on proof"
        REOPENED = "reopened", "Reopened"

    action = models.ForeignKey("improvement.Action", on_delete=models.PROTECT, related_name="updates")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PROGRESS)
    as_at = models.DateField()
    said = models.CharField(max_length=10, choices=Said.choices, blank=True, default="")
    load = models.ForeignKey(
        "improvement.PlanLoad", null=True, blank=True, on_delete=models.PROTECT, related_name="updates"
    )

    class Meta:
        ordering: ClassVar = ["as_at", "written_at", "id"]
        indexes: ClassVar = [models.Index(fields=["action", "as_at", "written_at", "id"], name="update_as_at")]

    def __str__(self) -> str:
        return f"update, {self.as_at}"


class Rating(models.Model):
    """A colour of an action from a day on: what it was set to, by whom or what, and what the rule gave that day.

    `rule` is the rule of rag.toml that decided, `by_rule` its colour. `why` is the reason of a person who set another;
    `why_cleared_at` is as in `Words`, set at once where their office sees no child by name.
    """

    retention: ClassVar[str] = "improvement"

    action = models.ForeignKey("improvement.Action", on_delete=models.PROTECT, related_name="ratings")
    on = models.DateField()
    rag = models.CharField(max_length=6, choices=Rag.choices)
    set_by = models.CharField(max_length=6)
    by_rule = models.CharField(max_length=6, choices=Rag.choices)
    rule = models.SlugField(max_length=40)
    why = EncryptedTextField(blank=True, default="")
    why_cleared_at = models.DateTimeField(null=True, blank=True)
    load = models.ForeignKey(
        "improvement.PlanLoad", null=True, blank=True, on_delete=models.PROTECT, related_name="ratings"
    )
    rated_at = models.DateTimeField()
    rated_by_key = models.CharField(max_length=120, blank=True, default="")
    rated_by_name = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["on", "rated_at", "id"]
        indexes: ClassVar = [models.Index(fields=["action", "on", "rated_at", "id"], name="rating_on")]

    def __str__(self) -> str:
        return f"{self.rag}, {self.on}"
