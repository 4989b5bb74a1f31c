"""What an administrator does for somebody's way of signing in: a link to choose a password, and being told of it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models

from lineofsight.web.access.models.people import Person


class PasswordLink(models.Model):
    """A link with which one person chooses a new password, once, until it is used, taken back or too old.

    The secret in it is kept as a keyed digest only.
    """

    retention: ClassVar[str] = "invitations"

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="password_links")
    secret_digest = models.CharField(max_length=64, unique=True)
    made_by_key = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return f"password link of {self.person}"

    def open_at(self, moment: datetime) -> bool:
        """Whether it can still be used."""
        return self.used_at is None and self.withdrawn_at is None and moment < self.expires_at


class Notice(models.Model):
    """Something that was done to how somebody signs in, told to them until they say that they have read it.

    `about` is a kind of second factor or of device, never a secret. Who did it stands by key.
    """

    retention: ClassVar[str] = "notices"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    kind = models.SlugField(max_length=40)
    about = models.CharField(max_length=60, blank=True, default="")
    at = models.DateTimeField()
    by_key = models.CharField(max_length=120)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"notice to {self.person}"
