"""What would prove that an action made its difference, and what was found when somebody looked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lineofsight.web.access.fields import EncryptedTextField
from lineofsight.web.improvement.models.words import Words


class ProofAsked(Words):
    """One proof that an action calls for: until it was given and held, the action is not green (DESIGN 6).

    A measure has its target and day; an audit its sample (`sample` files of `words`); a survey or a document its words.
    """

    retention: ClassVar[str] = "improvement"

    class Kind(models.TextChoices):
        MEASURE = "measure", "A measure by a day"
        AUDIT = "audit", "An audit of a sample"
        SURVEY = "survey", "A survey"
        DOCUMENT = "document", "A document"

    action = models.ForeignKey("improvement.Action", on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    wanted_by = models.DateField()
    measure = models.SlugField(max_length=20, blank=True, default="")
    target = models.FloatField(null=True, blank=True)
    sample = models.PositiveIntegerField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_by_name = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["wanted_by", "id"]

    def __str__(self) -> str:
        return f"{self.kind}, by {self.wanted_by}"


class ProofGiven(Words):
    """Somebody looked: whether it held, on what evidence. Written once; a later look stands beside it.

    `evidence_kind` and `evidence_key` name what it rests on in the thread (frozen evidence, a document's reference).
    """

    retention: ClassVar[str] = "improvement"

    proof = models.ForeignKey(ProofAsked, on_delete=models.PROTECT, related_name="given")
    looked_on = models.DateField()
    held = models.BooleanField()
    looked_at = models.PositiveIntegerField(null=True, blank=True)  # files of an audit, answers of a survey
    value = models.FloatField(null=True, blank=True)  # of a measure
    reference = EncryptedTextField(blank=True, default="")
    evidence_kind = models.SlugField(max_length=40, blank=True, default="")
    evidence_key = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["looked_on", "id"]

    def __str__(self) -> str:
        return f"looked on {self.looked_on}"
