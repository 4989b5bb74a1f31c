"""What people said of things owed, the safeguards of a child who waits, and the alert to the partnership.

None of it is a record of the child: each row says who said what, when, and the case system's reference that proves it
(DESIGN 7.2). What somebody took back stays, with who took it back.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from lineofsight.web.access.fields import EncryptedJSONField, EncryptedTextField
from lineofsight.web.practice.monthly.models import LinesRelease, MeasureLead, MonthLines
from lineofsight.web.practice.ten.models import TenMonth, TenNote, TenPlace, TenRelease

__all__ = [
    "Alert",
    "LinesRelease",
    "Mark",
    "MeasureLead",
    "MonthLines",
    "SafeguardDone",
    "TenMonth",
    "TenNote",
    "TenPlace",
    "TenRelease",
]


class SaidQuerySet(models.QuerySet[Any]):
    """What was said, without what was taken back."""

    def standing(self) -> SaidQuerySet:
        return self.filter(taken_back_at__isnull=True)


class Said(models.Model):
    """Something one person said in one office of one exception. Only this base is abstract; see its kinds below."""

    exception_id = models.CharField(max_length=24, db_index=True)
    child_key = models.CharField(max_length=32, blank=True, default="", db_index=True)
    reference = EncryptedTextField(blank=True, default="")
    words = EncryptedTextField(blank=True, default="")
    said_at = models.DateTimeField()
    said_by_key = models.CharField(max_length=120)
    said_by_name = models.CharField(max_length=120)
    office = models.SlugField(max_length=40)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by_key = models.CharField(max_length=120, blank=True, default="")
    taken_back_by_name = models.CharField(max_length=120, blank=True, default="")

    objects = SaidQuerySet.as_manager()

    class Meta:
        abstract = True


class Mark(Said):
    """That something owed was done, or why it is not: `said_as_at` is the date of the extract it was said of."""

    retention: ClassVar[str] = "work"

    class Kind(models.TextChoices):
        DONE = "done", "Said done"
        EXPLAINED = "explained", "Explained"

    measure = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    said_as_at = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["said_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind="done", done_on__isnull=False)
                | models.Q(kind="explained", until__isnull=False),
                name="a_mark_has_its_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.measure}"


class SafeguardDone(Said):
    """One safeguard done once for one child who waits: who did it and when, who was told, and what proves it."""

    retention: ClassVar[str] = "work"

    safeguard = models.SlugField(max_length=40)
    done_on = models.DateField()
    done_by = EncryptedTextField()
    to_whom = EncryptedTextField(blank=True, default="")

    class Meta:
        ordering: ClassVar = ["done_on", "id"]

    def __str__(self) -> str:
        return f"{self.safeguard}, {self.done_on}"


class Alert(models.Model):
    """The Director's alert to the partnership: a draft until a person says that it was sent. Counts, and no child.

    `counts` is what the draft was made from, `computation` what they were read from.
    """

    retention: ClassVar[str] = "record"

    text = EncryptedTextField()
    counts: models.Field[Any, Any] = EncryptedJSONField()
    computation = models.CharField(max_length=80)
    as_at = models.DateField()
    begun_at = models.DateTimeField()
    begun_by_name = models.CharField(max_length=120)
    changed_at = models.DateTimeField()
    changed_by_key = models.CharField(max_length=120)
    changed_by_name = models.CharField(max_length=120)
    sent_on = models.DateField(null=True, blank=True)
    recipients = EncryptedTextField(blank=True, default="")
    reference = EncryptedTextField(blank=True, default="")
    sent_by_key = models.CharField(max_length=120, blank=True, default="")
    sent_by_name = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-begun_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["as_at"], condition=models.Q(sent_on__isnull=True), name="one_draft_an_extract"
            )
        ]

    def __str__(self) -> str:
        return f"alert, {self.as_at}"
