"""Who leads a headline measure, the three lines of a month, and what of them the Lead Member is told.

Lines are about a measure and no child. What was corrected stays, as does what was taken back.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lineofsight.web.access.fields import EncryptedTextField


class MeasureLead(models.Model):
    """That somebody was named to lead a measure in an office of theirs. The newest holds while they hold the office."""

    retention: ClassVar[str] = "record"

    measure = models.CharField(max_length=20, db_index=True)
    person_key = models.CharField(max_length=120)
    person_name = models.CharField(max_length=120)
    office = models.SlugField(max_length=40)
    named_at = models.DateTimeField()
    named_by_key = models.CharField(max_length=120)
    named_by_name = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["named_at", "id"]

    def __str__(self) -> str:
        return f"lead of {self.measure}"


class MonthLines(models.Model):
    """Three lines about one measure in one month, as one person wrote them. The highest version stands."""

    retention: ClassVar[str] = "record"

    measure = models.CharField(max_length=20)
    month = models.DateField()
    version = models.PositiveSmallIntegerField()
    changed = EncryptedTextField()
    why = EncryptedTextField()
    next_steps = EncryptedTextField()
    as_at = models.DateField()
    computation_id = models.CharField(max_length=80)
    written_at = models.DateTimeField()
    written_by_key = models.CharField(max_length=120)
    written_by_name = models.CharField(max_length=120)
    office = models.SlugField(max_length=40)

    class Meta:
        ordering: ClassVar = ["month", "measure", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "month", "version"], name="one_version_of_a_months_lines")
        ]

    def __str__(self) -> str:
        return f"lines of {self.measure}, {self.month:%B %Y}"


class LinesRelease(models.Model):
    """A text about a measure that the Director released to the Lead Member. It can be taken back, not changed."""

    retention: ClassVar[str] = "record"

    lines = models.ForeignKey(MonthLines, on_delete=models.PROTECT, related_name="releases")
    text = EncryptedTextField()
    released_at = models.DateTimeField()
    released_by_key = models.CharField(max_length=120)
    released_by_name = models.CharField(max_length=120)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by_key = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["released_at", "id"]

    def __str__(self) -> str:
        return f"text of {self.lines}"
