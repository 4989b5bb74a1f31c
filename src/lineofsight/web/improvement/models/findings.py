"""What was found, wherever it was found, and what should change because of it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from lineofsight.web.access.fields import EncryptedTextField
from lineofsight.web.improvement.models.words import Words


class Finding(Words):
    """One thing that was found: by whom (`source`), when, and what it is about (`theme`, confirmed by a person).

    `title` is shown as the words are: one clearing is of both. `from_kind` and `from_key` say what it came out of, in
    the words of the thread.
    `repeats` names an earlier finding that was closed, once a person has confirmed that this is the same again.
    `closed_on` is the day of its newest turn where that closed it: why, and by whom, stands in the turn.
    """

    retention: ClassVar[str] = "improvement"

    class Source(models.TextChoices):
        INSPECTION = "inspection", "Inspection"
        AUDIT = "audit", "Audit"
        SURVEY = "survey", "Survey"
        VISIT = "visit", "Visit"
        COMPLAINT = "complaint", "Complaint"
        SCRUTINY = "scrutiny", "Scrutiny"
        LEARNING_REVIEW = "learning-review", "Learning review"
        SELF_EVALUATION = "self-evaluation", "Self-evaluation"
        EXCEPTION = "exception", "Something owed and not done"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(max_length=20, choices=Source.choices)
    title = EncryptedTextField()
    found_on = models.DateField()
    from_kind = models.SlugField(max_length=40, blank=True, default="")
    from_key = models.CharField(max_length=200, blank=True, default="")
    theme = models.SlugField(max_length=60, blank=True, default="")
    theme_confirmed_at = models.DateTimeField(null=True, blank=True)
    theme_confirmed_by_key = models.CharField(max_length=120, blank=True, default="")
    theme_confirmed_by_name = models.CharField(max_length=120, blank=True, default="")
    repeats = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="came_back_as")
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-found_on", "-written_at"]
        indexes: ClassVar = [
            models.Index(fields=["source", "found_on"], name="finding_by_source"),
            models.Index(fields=["closed_on"], name="finding_by_closing"),
        ]

    def __str__(self) -> str:
        return f"finding, {self.found_on}"

    def carried(self) -> list[uuid.UUID]:
        """The key of this finding, and of each that it repeats: their actions are carried on with it."""
        keys, at = [self.pk], self.repeats_id
        while at and at not in keys:
            keys.append(at)
            at = Finding.objects.values_list("repeats_id", flat=True).get(pk=at)
        return keys


class Recommendation(Words):
    """What should change because of a finding, in the words of who recommended it (`made_by`: a body, not a person)."""

    retention: ClassVar[str] = "improvement"

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="recommendations")
    made_by = EncryptedTextField()
    made_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["made_on", "id"]

    def __str__(self) -> str:
        return f"recommendation, {self.made_on}"


class FindingTurn(Words):
    """That a finding was closed, or opened again, and why. Written once: a later turn stands beside it."""

    retention: ClassVar[str] = "improvement"

    class What(models.TextChoices):
        CLOSED = "closed", "Closed"
        REOPENED = "reopened", "Opened again"

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="turns")
    what = models.CharField(max_length=10, choices=What.choices)
    on = models.DateField()

    class Meta:
        ordering: ClassVar = ["written_at", "id"]

    def __str__(self) -> str:
        return f"{self.what}, {self.on}"


class NotRepeat(models.Model):
    """That a person saw two findings side by side and said they are not the same again: it is not asked anew."""

    retention: ClassVar[str] = "improvement"

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="not_repeats")
    earlier = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    said_by_key = models.CharField(max_length=120)
    said_by_name = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["said_at", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["finding", "earlier"], name="one_not_repeat_a_pair")]

    def __str__(self) -> str:
        return f"not the same again, {self.said_at:%Y-%m-%d}"
