"""Occurrences of commitments, who held the office then, and the formal record."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models

from lineofsight.web.access.fields import EncryptedTextField
from lineofsight.web.access.models import Person
from lineofsight.web.evidence.frozen import FrozenError, Gone, digest, gone_from, same


class State(models.TextChoices):
    """What became of an occurrence. Missed is a state of its own, not an absence."""

    DUE = "due", "Due"
    HELD = "held", "Held"
    MISSED = "missed", "Missed"
    MOVED = "moved", "Moved"
    CANCELLED = "cancelled", "Cancelled"


class Occurrence(models.Model):
    """One due instance of a commitment. `commitment` is its slug in the protocol.

    `needed` is how many records fulfil it. A moved or cancelled one always says why.
    """

    retention: ClassVar[str] = "record"

    commitment = models.SlugField(max_length=80)
    period_start = models.DateField()
    period_end = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    needed = models.PositiveSmallIntegerField(default=1)
    reason = EncryptedTextField(blank=True, default="")
    moved_from = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="moved_to")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["due_on", "commitment"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["commitment", "due_on"], name="one_occurrence_a_due_date"),
            models.CheckConstraint(
                condition=models.Q(period_start__lte=models.F("period_end")), name="occurrence_period_runs_forward"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_on"], name="occurrence_to_do")]

    def __str__(self) -> str:
        return f"{self.commitment}, due {self.due_on}"


class OccurrenceHolder(models.Model):
    """One office's part in an occurrence, with who held the office then.

    The name is kept as it was: a change of office-holder never rewrites the past.
    """

    retention: ClassVar[str] = "record"

    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="holders")
    office = models.SlugField(max_length=40)
    role = models.CharField(max_length=40)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)

    class Meta:
        ordering: ClassVar = ["occurrence", "office"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["occurrence", "office"], name="one_part_an_office_an_occurrence")
        ]

    def __str__(self) -> str:
        return f"{self.person_name}, {self.office}"


class Judgement(models.TextChoices):
    """What the office-holder concluded. One of the three is said, or there is no record."""

    SATISFIED = "satisfied", "I am satisfied, because"
    ASKED = "asked", "I have asked"
    DECIDED = "decided", "I have decided"


class RecordQuerySet(models.QuerySet):
    """Records: signed ones are never changed or removed in bulk."""

    def signed(self) -> RecordQuerySet:
        return self.filter(signed_at__isnull=False)

    def current(self) -> RecordQuerySet:
        """Signed records that no later version has corrected."""
        return self.signed().exclude(corrected_by__signed_at__isnull=False)

    def update(self, **kwargs: Any) -> int:
        raise FrozenError("Records are changed one at a time, and never once signed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise FrozenError("Records are never deleted.")


class Record(models.Model):
    """The formal record: who, when, with whom, what they saw, what they concluded, what difference it made.

    A draft may be changed until it is signed. A signed one never: a correction is a new version that names
    the one it replaces. What it rests on hangs below it in the thread.
    """

    retention: ClassVar[str] = "record"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    # What the record is of: a title without any child's name, and the kind and key it can be found by.
    title = models.CharField(max_length=200)
    about_kind = models.SlugField(max_length=40)
    about_key = models.CharField(max_length=200)
    occurrence = models.ForeignKey(Occurrence, null=True, blank=True, on_delete=models.PROTECT, related_name="records")
    office = models.SlugField(max_length=40)
    # How plainly the office that wrote this sees children. Words typed by one who sees names are not shown
    # to one who may not (DESIGN 5 H).
    level = models.CharField(max_length=20)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=120, blank=True, default="")
    held_on = models.DateField()
    with_whom = EncryptedTextField(blank=True, default="")
    present = models.JSONField(default=list, blank=True)
    judgement = models.CharField(max_length=10, choices=Judgement.choices)
    words = EncryptedTextField(blank=True, default="")
    asked_of = models.SlugField(max_length=40, blank=True, default="")
    asked_by = models.DateField(null=True, blank=True)
    difference = EncryptedTextField(blank=True, default="")
    look_again_on = models.DateField(null=True, blank=True)
    # The frozen things it rests on: [{"kind", "key", "digest"}], so that signing binds exactly what was seen.
    rests_on = models.JSONField(default=list, blank=True)
    prepared_by_key = models.CharField(max_length=120)
    prepared_by_name = models.CharField(max_length=120)
    prepared_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True, default="")

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-held_on", "-prepared_at"]
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(signed_at__isnull=True) | ~models.Q(digest=""), name="a_signed_record_has_its_digest"
            ),
            models.UniqueConstraint(
                fields=["about_key", "office"],
                condition=models.Q(about_kind="pack", signed_at__isnull=False, replaces__isnull=True),
                name="a_pack_is_signed_once_by_an_office",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["about_kind", "about_key"], name="record_about"),
            models.Index(fields=["look_again_on"], name="record_look_again"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def signed(self) -> bool:
        return self.signed_at is not None

    @property
    def mark(self) -> str:
        """What a draft says, as one mark: who sends a change sends the mark of what they read."""
        return digest(self.statement())

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert or change a draft. Raises FrozenError where the stored row is signed."""
        if not self._state.adding and type(self).objects.signed().filter(pk=self.pk).exists():
            raise FrozenError("A signed record never changes: write a correction, which is a new version.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise FrozenError("Records are never deleted.")

    def statement(self) -> dict[str, Any]:
        """Everything that is signed, as JSON: what the digest is of."""
        return {
            "id": str(self.pk),
            "version": self.version,
            "replaces": str(self.replaces_id or ""),
            "title": self.title,
            "about": [self.about_kind, self.about_key],
            "occurrence": self.occurrence_id,
            "office": self.office,
            "person": self.person_id,
            "person_name": self.person_name,
            "held_on": self.held_on.isoformat(),
            "with_whom": self.with_whom,
            "present": list(self.present),
            "judgement": str(self.judgement),
            "words": self.words,
            "asked_of": self.asked_of,
            "asked_by": self.asked_by.isoformat() if self.asked_by else "",
            "difference": self.difference,
            "look_again_on": self.look_again_on.isoformat() if self.look_again_on else "",
            "rests_on": list(self.rests_on),
            "prepared_by_name": self.prepared_by_name,
            "signed_at": self.signed_at.isoformat() if self.signed_at else "",
        }

    def seal(self) -> str:
        """The digest that the statement has now."""
        return digest(self.statement())

    def is_as_signed(self) -> bool:
        """Whether a signed record still says what was signed, or what a redaction left of it."""
        return same(self.digest, self.seal()) or self.no_longer_held() is not None

    def no_longer_held(self) -> Gone | None:
        """Since when a part of it is no longer held, and under which class; None where all of it is."""
        return None if same(self.digest, self.seal()) else gone_from(self._meta.label, self.pk, self.seal())
