"""Legal holds: what is kept past its time because somebody may need it (rule 7.12)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from lineofsight.web.access.fields import EncryptedTextField


class LegalHold(models.Model):
    """A reason why nothing of a class, or nothing about one child, is erased until the hold is lifted.

    `keeps` is a retention class; blank is every class. `child_key` blank is everybody.
    """

    retention: ClassVar[str] = "record"

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    keeps = models.SlugField(max_length=40, blank=True, default="")
    child_key = models.CharField(max_length=32, blank=True, default="", db_index=True)
    reference = EncryptedTextField()
    reason = EncryptedTextField()
    placed_at = models.DateTimeField()
    placed_by_key = models.CharField(max_length=120)
    lifted_at = models.DateTimeField(null=True)
    lifted_by_key = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-placed_at"]

    def __str__(self) -> str:
        return f"legal hold {self.key}"
