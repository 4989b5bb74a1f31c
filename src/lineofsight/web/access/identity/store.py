"""Django's session store, writing whose session it is and on which device beside the session itself.

The way Django's documentation gives for a store that knows its person ("Extending database-backed session engines").
"""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from lineofsight.web.access.models.sessions import Session

# Where a session keeps the words for its device.
DEVICE = "device"


class SessionStore(db.SessionStore):
    """Sessions in the table of this house."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table of this house."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row for `data`, with its person and device."""
        row = cast(Session, super().create_model_instance(data))
        row.person_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.device = data.get(DEVICE, "")
        return row
