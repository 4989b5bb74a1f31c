"""Invitations: the only way an account begins."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models

from lineofsight.web.access.models.people import Person
from lineofsight.web.access.offices import offices


class Invitation(models.Model):
    """An office offered to somebody by e-mail address, until it is taken up, taken back or too old.

    The secret in the address they are given is kept as a digest only, and works once.
    """

    retention: ClassVar[str] = "invitations"

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    email = models.EmailField()
    office = models.SlugField(max_length=40)
    scope_kind = models.CharField(max_length=20, blank=True, default="")
    scope_ids = models.JSONField(default=list, blank=True)
    as_delegate = models.BooleanField(default=False)
    from_date = models.DateField()
    until = models.DateField(null=True, blank=True)
    secret_digest = models.CharField(max_length=64, unique=True)
    made_by_key = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return f"invitation to {self.office}"

    @property
    def title(self) -> str:
        """What the office is called."""
        known = offices().get(self.office)
        return known.title if known else self.office

    @property
    def description(self) -> str:
        """What the office is for, in its own words."""
        known = offices().get(self.office)
        return known.description if known else ""

    def open_at(self, moment: datetime) -> bool:
        """Whether it can still be taken up."""
        return self.accepted_at is None and self.withdrawn_at is None and moment < self.expires_at
