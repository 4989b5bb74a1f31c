"""Redactions: that a child was taken out of everything here, and what of it was taken out of rows that are frozen."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models


class Redaction(models.Model):
    """One child taken out: under which retention class, when, by whom. Neither the child's id nor its key is kept.

    `marks` are what `lake.redacted` makes of its keys: whoever has the id can make them again, and nobody else.
    While `finished_at` is empty, the worker goes on with it. `lifted_at`: an extract may bring the child back.
    """

    retention: ClassVar[str] = "record"

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    marks: models.Field[Any, Any] = models.JSONField()
    # What stands for the child in rows that name it and stay: the thread goes on, and leads to nobody.
    stand_in = models.CharField(max_length=32)
    under = models.SlugField(max_length=40)
    at = models.DateTimeField()
    by_key = models.CharField(max_length=120)
    finished_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by_key = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["at"]

    def __str__(self) -> str:
        return f"redaction {self.key}"


class Struck(models.Model):
    """A frozen row that a redaction took something out of: which, and the seal of what it says since.

    The row keeps the seal it was frozen with. One that has neither was altered.
    """

    retention: ClassVar[str] = "record"

    redaction = models.ForeignKey(Redaction, on_delete=models.PROTECT, related_name="struck")
    label = models.CharField(max_length=80)
    row = models.CharField(max_length=80)
    seal = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["label", "row"], name="struck_row")]
        verbose_name_plural = "struck"

    def __str__(self) -> str:
        return f"struck {self.label}"
