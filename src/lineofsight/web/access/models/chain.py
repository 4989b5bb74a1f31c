"""The audit chain's rows. No foreign keys: the log outlives what it speaks of."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class ChainEvent(models.Model):
    """One link of the audit chain (DESIGN 5 F). Written once; only its payload may later be erased.

    No foreign keys: the log outlives what it speaks of. The encrypted `payload` holds the salt of `digest`.
    """

    retention: ClassVar[str] = "log"

    sequence = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=32)
    actor = models.CharField(max_length=120, db_index=True)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200, blank=True, default="")
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    payload = models.BinaryField(null=True)

    class Meta:
        ordering: ClassVar = ["-sequence"]
        indexes: ClassVar = [models.Index(fields=["action", "subject", "at"], name="chain_action")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"

    def save(self, **kwargs: Any) -> None:
        """Insert only: a link that exists is never written again."""
        super().save(**{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused: the chain is never shortened."""
        raise TypeError("An event of the audit chain is never deleted.")


class ChainHead(models.Model):
    """The last link, in one row: whoever appends locks it first, so no two links share a number."""

    retention: ClassVar[str] = "log"

    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.CharField(max_length=32, blank=True, default="")

    def __str__(self) -> str:
        return f"head at {self.sequence}"


class ChainChild(models.Model):
    """Which children an event showed, so that the log can be asked by child. Goes when the event's payload goes."""

    retention: ClassVar[str] = "log"

    sequence = models.BigIntegerField(db_index=True)
    child_key = models.CharField(max_length=32)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["child_key", "sequence"], name="chain_child")]

    def __str__(self) -> str:
        return f"event {self.sequence}"
