"""Earlier findings that were closed and that one finding may repeat, side by side with it: a person decides.

What findings say is compared as keyed digests of their words' stems, kept per process: typed words are decrypted for
those that nobody compared here before, and for the few that are shown. A viewer is given likeness in those words alone
that they may read.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement.models import Finding
from lineofsight.web.improvement.permissions import check_see, may_read_words
from lineofsight.web.improvement.queries.called import finding_called
from lineofsight.web.improvement.repeats import Likeness, Told, likely, reason, telling, tells
from lineofsight.web.improvement.stems import spoken
from lineofsight.web.improvement.themes import title_of

COMPARED = 2_000  # findings, those closed last
CHUNK = 500
_KEPT = 10_000
_KEY = secrets.token_bytes(32)  # a digest means nothing outside this process
_NOTHING: frozenset[int] = frozenset()
_says: dict[UUID, frozenset[int]] = {}


@dataclass(frozen=True)
class Beside:
    """An earlier finding as it stands beside a later one. `words` are None for who may not read them; `why` says in
    which words the two are alike."""

    key: UUID
    title: str
    words: str | None
    source: str
    found_on: date
    closed_on: date
    theme: str
    why: str


@dataclass(frozen=True)
class SameAgain:
    """The earlier findings that one most likely repeats, and how many closed ones it was compared with, of how many."""

    likely: Sequence[Beside] = ()
    compared: int = 0
    closed: int = 0

    @property
    def note(self) -> str:
        """That older ones were not looked at, where that is so."""
        left = self.closed - self.compared
        return f"Compared with the {self.compared:,} closed last; {left:,} closed earlier were not." if left else ""


def same_again(viewer: Viewer, finding: Finding, titles: Mapping[str, str]) -> SameAgain:
    """What an open finding may repeat, but for what a person said it does not. Nothing once it is closed, or is said
    to have come back. Raises Refused."""
    check_see(viewer)
    if finding.closed_on or finding.repeats_id:
        return SameAgain()
    earlier = (
        Finding.objects.exclude(closed_on=None)
        .filter(found_on__lte=finding.found_on)
        .exclude(pk__in=finding.not_repeats.values("earlier"))
    )
    total = earlier.count()
    light = earlier.only("theme", "level", "cleared_at", "written_by_key").order_by("-closed_on", "pk")
    rows = list(light[:COMPARED])
    _learn([row.pk for row in rows])
    said = telling(_readable(viewer, finding))
    written = {_digest(stem): word for stem, word in said.items()}
    one = Told(str(finding.pk), finding.theme, frozenset(written))
    others = [Told(str(row.pk), row.theme, _known(viewer, row)) for row in rows]
    found = likely(one, others, written.__getitem__)
    return SameAgain(_beside(viewer, found, written, titles), len(rows), total)


def _beside(
    viewer: Viewer, found: Sequence[Likeness[int]], written: Mapping[int, str], titles: Mapping[str, str]
) -> list[Beside]:
    """The likeliest, with their words for who may read them."""
    rows = {str(row.pk): row for row in Finding.objects.filter(pk__in=[like.key for like in found])}
    return [
        Beside(
            key=row.pk,
            title=finding_called(viewer, row),
            words=row.words if may_read_words(viewer, row) else None,
            source=row.get_source_display(),
            found_on=row.found_on,
            closed_on=row.closed_on,
            theme=title_of(row.theme, titles),
            why=reason(like, title_of(row.theme, titles), written),
        )
        for like in found
        if (row := rows.get(like.key)) is not None and row.closed_on
    ]


def _readable(viewer: Viewer, finding: Finding) -> str:
    return f"{finding.title}\n{finding.words}" if may_read_words(viewer, finding) else ""


def _known(viewer: Viewer, row: Finding) -> frozenset[int]:
    """What a finding says that this viewer may read: all of it, or nothing."""
    return _says.get(row.pk, _NOTHING) if may_read_words(viewer, row) else _NOTHING


def _learn(keys: Sequence[UUID]) -> None:
    """Take the digests of those findings that this process has not compared yet. What is typed once never changes."""
    new = [key for key in keys if key not in _says]
    if len(_says) + len(new) > _KEPT:
        _says.clear()
        new = list(keys)
    digests: dict[str, int | None] = {}
    for first in range(0, len(new), CHUNK):
        some = Finding.objects.filter(pk__in=new[first : first + CHUNK]).order_by()
        for key, title, words in some.values_list("pk", "title", "words"):
            _says[key] = _digests(f"{title}\n{words}", digests)


def _digests(text: str, known: dict[str, int | None]) -> frozenset[int]:
    """The digests of what a text says; `known` are those of the words that were met before."""
    found = set(spoken(text))
    for said in found:
        if said not in known:
            stem = tells(said)
            known[said] = None if stem is None else _digest(stem)
    return frozenset(digest for said in found if (digest := known[said]) is not None)


def _digest(stem: str) -> int:
    return int.from_bytes(hashlib.blake2b(stem.encode("utf-8", "replace"), key=_KEY, digest_size=8).digest())
