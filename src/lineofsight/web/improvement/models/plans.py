"""Plans: the committee's table, who agreed it and was told of it, and each time it was loaded from a file."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models

from lineofsight.web.access.fields import EncryptedJSONField, EncryptedTextField


class Plan(models.Model):
    """One list of actions under one name. Deadlines are counted from `published_on` (DESIGN 6).

    `title` and `published_by` were typed at `level`: where that sees children by name, others read them once somebody
    has cleared them.
    """

    retention: ClassVar[str] = "improvement"

    class Kind(models.TextChoices):
        INSPECTION = "inspection", "Inspection"
        IMPROVEMENT = "improvement", "Improvement"
        SINGLE_ISSUE = "single-issue", "Single issue"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = EncryptedTextField()
    published_on = models.DateField()
    published_by = EncryptedTextField()
    level = models.CharField(max_length=20)
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by_key = models.CharField(max_length=120, blank=True, default="")
    cleared_by_name = models.CharField(max_length=120, blank=True, default="")
    begun_at = models.DateTimeField()
    begun_by_key = models.CharField(max_length=120)
    begun_by_name = models.CharField(max_length=120)
    closed_on = models.DateField(null=True, blank=True)
    closed_by_name = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-published_on", "-begun_at"]

    def __str__(self) -> str:
        return f"plan of {self.published_on}"

    @property
    def cleared(self) -> bool:
        """Whether those who see no child by name may read its title and who published it."""
        return self.level != "identified" or self.cleared_at is not None

    @property
    def written_by_key(self) -> str:
        """Whose words they are."""
        return self.begun_by_key


class PlanStep(models.Model):
    """Who agreed a plan, or was told of it, and when. Written once, but for clearing `body` and what they `asked`."""

    retention: ClassVar[str] = "improvement"

    class What(models.TextChoices):
        AGREED = "agreed", "Agreed by"
        REPORTED = "reported", "Reported to"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="steps")
    what = models.CharField(max_length=10, choices=What.choices)
    body = EncryptedTextField()
    on = models.DateField()
    asked = EncryptedTextField(blank=True, default="")
    asked_cleared_at = models.DateTimeField(null=True, blank=True)
    written_at = models.DateTimeField()
    written_by_key = models.CharField(max_length=120)
    written_by_name = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.what}, {self.on}"


class PlanLoad(models.Model):
    """One time a plan's table was read from a file: what moved, what was new, what was gone, what was not understood.

    `told` holds those lists as they were shown. `as_at` is the date of the progress in the table.
    The name of the file is shown to those alone who see children by name.
    """

    retention: ClassVar[str] = "improvement"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="loads")
    as_at = models.DateField()
    file_name = EncryptedTextField()
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
        return f"table, {self.as_at}"
