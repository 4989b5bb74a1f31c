"""A need to open a child outside one's scope, who was told of it, and a Director's night of file reading."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models

from lineofsight.web.access.fields import EncryptedTextField
from lineofsight.web.access.models.people import Person


class NeedQuerySet(models.QuerySet["Need"]):
    """Needs, by when they open the child."""

    def open_at(self, moment: datetime) -> NeedQuerySet:
        """Those that open their child at a moment: begun, not past their time, not closed."""
        return self.filter(opened_at__lte=moment, until__gt=moment, closed_at__isnull=True)


class Need(models.Model):
    """One person opening one child outside their scope: why, until when, and what information governance made of it."""

    retention: ClassVar[str] = "log"

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="needs")
    office = models.SlugField(max_length=40)
    # The very holding it was opened in: an office taken away and given again does not bring it back.
    holding = models.BigIntegerField()
    child_key = models.CharField(max_length=32, db_index=True)
    purpose = models.SlugField(max_length=40)
    reason = EncryptedTextField()
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by_key = models.CharField(max_length=120, blank=True, default="")
    review = models.CharField(max_length=20, blank=True, default="")
    review_words = EncryptedTextField(blank=True, default="")

    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-opened_at"]

    def __str__(self) -> str:
        return f"need of {self.office}"


class Telling(models.Model):
    """The second person told of a need at once, and what they answered."""

    retention: ClassVar[str] = "log"

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="tellings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=20, blank=True, default="")
    words = EncryptedTextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["need", "person"], name="told_once")]

    def __str__(self) -> str:
        return f"telling of {self.need}"


class NightQuerySet(models.QuerySet["ReadingNight"]):
    """Nights, by when their files are open."""

    def open_at(self, moment: datetime) -> NightQuerySet:
        """Those whose files are open at a moment: begun, not morning yet, not closed."""
        return self.filter(begun_at__lte=moment, until__gt=moment, closed_at__isnull=True)


class ReadingNight(models.Model):
    """A night of file reading: files drawn by chance, open to one person until the morning."""

    retention: ClassVar[str] = "record"

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    office = models.SlugField(max_length=40)
    holding = models.BigIntegerField()
    drawn_from = models.SlugField(max_length=40)
    snapshot = models.CharField(max_length=80)
    begun_at = models.DateTimeField()
    until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = NightQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-begun_at"]

    def __str__(self) -> str:
        return f"night of {self.office}"


class ReadingFile(models.Model):
    """One child's file drawn for a night, when it was first opened, and what the reader noted."""

    retention: ClassVar[str] = "record"

    night = models.ForeignKey(ReadingNight, on_delete=models.PROTECT, related_name="files")
    place = models.PositiveSmallIntegerField()
    child_key = models.CharField(max_length=32)
    opened_at = models.DateTimeField(null=True)
    words = EncryptedTextField(blank=True, default="")

    class Meta:
        ordering: ClassVar = ["night", "place"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["night", "child_key"], name="drawn_once")]

    def __str__(self) -> str:
        return f"file {self.place} of {self.night}"
