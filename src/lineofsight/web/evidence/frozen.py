"""Rows that are written once: what was seen or signed never changes, a correction is a new row."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from lineofsight import clock
from lineofsight.web.access.house import keys_in_use
from lineofsight.web.access.models import Struck
from lineofsight.web.access.retention.classes import title_of


class FrozenError(TypeError):
    """Something tried to change or delete a row that is written once."""


M = TypeVar("M", bound=models.Model, covariant=True)


class FrozenQuerySet(models.QuerySet[M]):
    """Rows that can be added and read, never changed or removed in bulk."""

    def update(self, **kwargs: Any) -> int:
        raise FrozenError(f"{self.model._meta.verbose_name_plural} are written once: nothing was changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise FrozenError(f"{self.model._meta.verbose_name_plural} are never deleted: nothing was changed.")


class Frozen(models.Model):
    """A model whose rows are inserted once. Saving again or deleting raises FrozenError.

    Each model names its manager itself: `objects = FrozenQuerySet.as_manager()`.
    """

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise FrozenError(f"This {self._meta.verbose_name} is written once: nothing was changed.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise FrozenError(f"This {self._meta.verbose_name} is never deleted: nothing was changed.")


def canonical(content: Any) -> bytes:
    """`content` as JSON in the one way it can be written: sorted keys, no spaces, no NaN."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(content: Any) -> str:
    """The keyed digest (HMAC-SHA256, hex) of `content`: nobody without this home's keys can make a false one."""
    return keys_in_use().digest("evidence", canonical(content))


def same(one: str, other: str) -> bool:
    """Whether two digests are the same, in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


@dataclass(frozen=True)
class Gone:
    """That a redaction took something out of a frozen row: since when, and under which retention class."""

    since: datetime
    under: str

    @property
    def words(self) -> str:
        """'a part of it is no longer held, since 27 November 2026, under "Loaded extracts"'."""
        day = self.since.astimezone(clock.LONDON)
        return f"a part of it is no longer held, since {day.day} {day:%B %Y}, under “{self.under}”"


def gone_from(label: str, row: object, seal: str) -> Gone | None:
    """What a redaction says of a frozen row without its own seal; None where none says so: it was altered."""
    struck = Struck.objects.select_related("redaction").filter(label=label, row=str(row)).order_by("-pk").first()
    if struck is None or not same(struck.seal, seal):
        return None
    return Gone(struck.redaction.at, title_of(struck.redaction.under))


def row_digest(salt: str, child_key: str) -> str:
    """A child among the rows behind a frozen figure: says that this child was there, and gives no key back.

    Erasing the child from the lake leaves only this (DESIGN 5 G).
    """
    return hashlib.sha256(f"{salt}\x00{child_key}".encode()).hexdigest()[:24]
