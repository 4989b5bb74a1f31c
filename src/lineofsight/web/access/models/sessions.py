"""Sessions: who is signed in, and on which device."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from lineofsight.web.access.models.people import Person


class Session(AbstractBaseSession):
    """One session, with its person beside it, so that all of somebody's can be found and ended.

    `device` is in words ("Firefox on Windows"): no address of the device is kept.
    """

    retention: ClassVar[str] = "sessions"

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="sessions")
    device = models.CharField(max_length=60, blank=True, default="")

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"session of {self.person}" if self.person else "session of nobody yet"

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """The store that writes these rows."""
        from lineofsight.web.access.identity.store import SessionStore

        return SessionStore
