"""Evidence: what a viewer saw, frozen. Links: what leads to what, across rooms."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models

from lineofsight.web.access.fields import EncryptedJSONField
from lineofsight.web.evidence.frozen import Frozen, FrozenQuerySet, Gone, digest, gone_from, same


class Evidence(Frozen):
    """What one office saw of one thing at one time: numbers, scope, masks, computation (DESIGN 5 P).

    `label` is a title and never holds a child's name. `content` is encrypted; `digest` is of its canonical JSON.
    """

    retention: ClassVar[str] = "record"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.SlugField(max_length=40)
    key = models.CharField(max_length=200)
    label = models.CharField(max_length=300)
    snapshot_id = models.CharField(max_length=80, blank=True, default="")
    computation_id = models.CharField(max_length=80, blank=True, default="")
    office = models.SlugField(max_length=40)
    level = models.CharField(max_length=20)
    content: models.Field[Any, Any] = EncryptedJSONField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    made_by_name = models.CharField(max_length=120)

    objects = FrozenQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at", "id"]
        verbose_name_plural = "evidence"
        indexes: ClassVar = [models.Index(fields=["kind", "key"], name="evidence_of")]

    def __str__(self) -> str:
        return self.label

    def seal(self) -> str:
        """The digest that the content has now."""
        return digest(self.content)

    def is_as_frozen(self) -> bool:
        """Whether the content still has the digest it was frozen with, or that of what a redaction left of it."""
        return same(self.digest, self.seal()) or self.no_longer_held() is not None

    def no_longer_held(self) -> Gone | None:
        """Since when a part of it is no longer held, and under which class; None where all of it is."""
        return None if same(self.digest, self.seal()) else gone_from(self._meta.label, self.pk, self.seal())


class Link(Frozen):
    """One step of the thread. `from` is nearer to the person who saw, `to` is nearer to the child."""

    retention: ClassVar[str] = "record"

    from_kind = models.SlugField(max_length=40)
    from_key = models.CharField(max_length=200)
    to_kind = models.SlugField(max_length=40)
    to_key = models.CharField(max_length=200)
    relation = models.CharField(max_length=60)
    made_at = models.DateTimeField()

    objects = FrozenQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["made_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["from_kind", "from_key", "to_kind", "to_key", "relation"], name="one_link_of_a_kind"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["to_kind", "to_key"], name="link_up")]

    def __str__(self) -> str:
        return f"{self.from_kind} {self.relation} {self.to_kind}"
