"""Words that a person typed, and whether another person cleared them for those who see no child by name."""

from __future__ import annotations

from typing import Any

from django.db import models

from lineofsight.web.access.fields import EncryptedTextField


class Words(models.Model):
    """Typed words, encrypted; `level` is how plainly the office that typed them sees children (DESIGN 5 H).

    Words of an office that sees children by name are shown to others only once somebody has read them again and said
    that no child can be told from them: `cleared_at`.
    """

    words = EncryptedTextField()
    level = models.CharField(max_length=20)
    written_at = models.DateTimeField()
    written_by_key = models.CharField(max_length=120)
    written_by_name = models.CharField(max_length=120)
    office = models.SlugField(max_length=40)
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by_key = models.CharField(max_length=120, blank=True, default="")
    cleared_by_name = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        abstract = True

    @property
    def cleared(self) -> bool:
        """Whether those who see no child by name may read the words."""
        return self.level != "identified" or self.cleared_at is not None


def written(by: Any, at: Any, words: str) -> dict[str, Any]:
    """The fields of `Words` for what a viewer typed just now."""
    return {
        "words": words.strip(),
        "level": by.level,
        "written_at": at,
        "written_by_key": by.person_key,
        "written_by_name": by.person_name,
        "office": by.office,
    }


def quoted(by: Any, at: Any, words: str, *, cleared: bool) -> dict[str, Any]:
    """The same for words that quote others: where those are not cleared, these are not either, and nobody's own."""
    told = written(by, at, words)
    return told if cleared or by.level == "identified" else {**told, "level": "identified", "written_by_key": ""}


def generated(by: Any, at: Any, words: str) -> dict[str, Any]:
    """The same for words that this software put together, with nothing in them that somebody typed: cleared at once."""
    cleared = {"cleared_at": at, "cleared_by_key": by.person_key, "cleared_by_name": by.person_name}
    return {**written(by, at, words), **cleared}
