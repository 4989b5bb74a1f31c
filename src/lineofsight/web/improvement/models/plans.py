"""Plans: the committee's table, who agreed it and was told of it, and each time it was loaded from a file."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models

from lineofsight.web.access.fields import EncryptedJSONField, EncryptedTextField


class Plan(models.Model):
    """One list of actions under one name. Deadlines are counted from `published_on` (DESIGN 6)."""

    retention: ClassVar[str] = "improvement"

    class Kind(models.TextChoices):
        INSPECTION = "inspection", "Inspection"
        IMPROVEMENT = "improvement", "Improvement"
        SINGLE_ISSUE = "single-issue", "Single issue"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=200)
    published_on = models.DateField()
    published_by = models.CharField(max_length=120)
    begun_at = models.DateTimeField()
    begun_by_key = models.CharField(max_length=120)
    begun_by_name = models.CharField(max_length=120)
    closed_on = models.DateField(null=True, blank=True)
    closed_by_name = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-published_on", "title"]

    def __str__(self) -> str:
        return self.title


class PlanStep(models.Model):
    """Who agreed a plan, or was told of it, and when. Written once, but for clearing what they `asked`."""

    retention: ClassVar[str] = "improvement"

    class What(models.TextChoices):
        AGREED = "agreed", "Agreed by"
        REPORTED = "reported", "Reported to"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="steps")
    what = models.CharField(max_length=10, choices=What.choices)
    body = models.CharField(max_length=120)
    on = models.DateField()
    asked = EncryptedTextField(blank=True, default="")
    asked_cleared_at = models.DateTimeField(null=True, blank=True)
    written_at = models.DateTimeField()
    written_by_key = models.CharField(max_length=120)
    written_by_name = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.body}, {self.on}"


class PlanLoad(models.Model):
    """One time a plan's table was read from a file: what moved, what was new, what was gone, what was not understood.

    `told` holds those lists as they were shown. `as_at` is the date of the progress in the table.
    """

    retention: ClassVar[str] = "improvement"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="loads")
    as_at = models.DateField()
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    told: models.Field[Any, Any] = EncryptedJSONField()
    loaded_at = models.DateTimeField()
    loaded_by_key = models.CharField(max_length=120)
    loaded_by_name = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["as_at", "loaded_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "sha256", "as_at"], name="one_load_of_the_same_table")
        ]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.as_at}"
