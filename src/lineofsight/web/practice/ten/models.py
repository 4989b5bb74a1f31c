"""A month's ten as it was frozen, who was added and removed and why, the Director's notes, and what was released.

It is for one month's talk: it expires, and is deleted after a year (retention class "ten").
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from lineofsight.web.access.fields import EncryptedJSONField, EncryptedTextField
from lineofsight.web.evidence.frozen import digest, same


class TenMonth(models.Model):
    """One month's list, frozen: by whom, on which computation, and by which rules. `rules` and counts name no child."""

    retention: ClassVar[str] = "ten"

    month = models.DateField(unique=True)
    as_at = models.DateField()
    snapshot_id = models.CharField(max_length=80)
    computation_id = models.CharField(max_length=80)
    rules: models.Field[Any, Any] = EncryptedJSONField()
    more = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    frozen_by_key = models.CharField(max_length=120)
    frozen_by_name = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["-month"]

    def __str__(self) -> str:
        return f"the ten of {self.month:%B %Y}"

    def seal(self) -> str:
        """The digest that what the rules gave has now: children in their order, with their reasons."""
        given = [one for one in self.places.all() if one.origin == TenPlace.Origin.RULES]  # in their order
        return digest(
            {
                "month": self.month.isoformat(),
                "snapshot": self.snapshot_id,
                "computation": self.computation_id,
                "rules": self.rules,
                "more": self.more,
                "children": [[one.position, one.child_key, one.reasons, one.siblings] for one in given],
            }
        )

    def is_as_frozen(self) -> bool:
        """Whether what the rules gave still has the digest it was frozen with."""
        return same(self.digest, self.seal())


class TenPlace(models.Model):
    """One child on a month's list: by the rules, or added by the Director. Whoever is taken off stays on the record.

    `siblings` holds the keys of brothers and sisters who meet a rule too; the child stands for them.
    """

    retention: ClassVar[str] = "ten"

    class Origin(models.TextChoices):
        RULES = "rules", "By the rules"
        ADDED = "added", "Added"

    ten = models.ForeignKey(TenMonth, on_delete=models.PROTECT, related_name="places")
    child_key = models.CharField(max_length=32, db_index=True)
    position = models.PositiveSmallIntegerField()
    origin = models.CharField(max_length=10, choices=Origin.choices)
    reasons: models.Field[Any, Any] = EncryptedJSONField()
    siblings: models.Field[Any, Any] = EncryptedJSONField()
    added_why = EncryptedTextField(blank=True, default="")
    added_at = models.DateTimeField(null=True, blank=True)
    added_by_key = models.CharField(max_length=120, blank=True, default="")
    added_by_name = models.CharField(max_length=120, blank=True, default="")
    removed_why = EncryptedTextField(blank=True, default="")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by_key = models.CharField(max_length=120, blank=True, default="")
    removed_by_name = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ten", "child_key"], condition=models.Q(removed_at__isnull=True), name="one_place_a_child"
            )
        ]

    def __str__(self) -> str:
        return f"place {self.position} of {self.ten}"


class TenNote(models.Model):
    """What the Director wrote of one child of the month: an opinion, kept apart from the facts above it."""

    retention: ClassVar[str] = "ten"

    place = models.ForeignKey(TenPlace, on_delete=models.PROTECT, related_name="notes")
    words = EncryptedTextField()
    written_at = models.DateTimeField()
    written_by_key = models.CharField(max_length=120)
    written_by_name = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["-written_at", "-id"]

    def __str__(self) -> str:
        return f"note on {self.place}"


class TenRelease(models.Model):
    """A text about one child that a person wrote or checked for the Lead Member. It can be taken back, not changed."""

    retention: ClassVar[str] = "ten"

    place = models.ForeignKey(TenPlace, on_delete=models.PROTECT, related_name="releases")
    text = EncryptedTextField()
    released_at = models.DateTimeField()
    released_by_key = models.CharField(max_length=120)
    released_by_name = models.CharField(max_length=120)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by_key = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["released_at", "id"]

    def __str__(self) -> str:
        return f"text about {self.place}"
