"""Packs with their frozen figures, what was rendered of them, and what the Director released."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models

from lineofsight.web.access.fields import EncryptedJSONField, EncryptedTextField
from lineofsight.web.evidence.frozen import Frozen, FrozenQuerySet, digest, same


class Pack(Frozen):
    """One month's pack for one office, from one computation. It never changes: another computation, or another
    released text, makes another edition.

    `content` is everything it says. `rows` are salted digests of the children behind each figure, so that a
    child can be shown to have been counted and no child can be read from it (DESIGN 5 G).
    """

    retention: ClassVar[str] = "record"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.SlugField(max_length=40)
    month = models.DateField()
    edition = models.PositiveSmallIntegerField(default=1)
    as_at = models.DateField()
    snapshot_id = models.CharField(max_length=80)
    computation_id = models.CharField(max_length=80)
    content: models.Field[Any, Any] = EncryptedJSONField()
    rows: models.Field[Any, Any] = EncryptedJSONField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)

    objects = FrozenQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-month", "office", "-made_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["office", "month", "computation_id", "edition"], name="one_pack_an_edition")
        ]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}, {self.office}"

    def whole(self) -> dict[str, Any]:
        """Everything the digest is of."""
        return {
            "id": str(self.pk),
            "office": self.office,
            "month": self.month.isoformat(),
            "snapshot": self.snapshot_id,
            "computation": self.computation_id,
            "content": self.content,
            "rows": self.rows,
        }

    def seal(self) -> str:
        """The digest that the content has now."""
        return digest(self.whole())

    def is_as_made(self) -> bool:
        """Whether the content still has the digest it was made with."""
        return same(self.digest, self.seal())


class Rendering(Frozen):
    """One file made of a pack: the SHA-256 of its bytes, by which the file is known again."""

    retention: ClassVar[str] = "record"

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="renderings")
    form = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    objects = FrozenQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["made_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pack", "form", "sha256"], name="one_rendering_of_the_same_bytes")
        ]

    def __str__(self) -> str:
        return f"{self.pack}, {self.form}"


class Release(models.Model):
    """A text that a person wrote for an office which sees no child, and released. It can be taken back, not changed."""

    retention: ClassVar[str] = "record"

    office = models.SlugField(max_length=40)
    month = models.DateField()
    kind = models.CharField(max_length=20, default="issue")
    text = EncryptedTextField()
    released_at = models.DateTimeField()
    released_by = models.CharField(max_length=120)
    released_by_name = models.CharField(max_length=120)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["released_at", "id"]
        indexes: ClassVar = [models.Index(fields=["office", "month"], name="release_for")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.month:%B %Y}"
