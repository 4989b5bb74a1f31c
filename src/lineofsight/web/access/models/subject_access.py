"""Exports made of one child's record for a subject access request."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from lineofsight.web.access.fields import EncryptedTextField


class SubjectAccess(models.Model):
    """One export: the request it answers, when and by whom, and the digest of the file. The file is not kept."""

    retention: ClassVar[str] = "log"

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child_key = models.CharField(max_length=32, db_index=True)
    reference = EncryptedTextField()
    asked_by = EncryptedTextField()
    made_at = models.DateTimeField()
    made_by_key = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return f"subject access {self.key}"
