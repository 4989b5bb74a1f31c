"""What a viewer sees on a page, frozen when they say so: evidence, and the record that rests on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.http import Http404

from lineofsight.web.access.viewer import Viewer
from lineofsight.web.commitments.models import Judgement, Record
from lineofsight.web.commitments.permissions import may_sign
from lineofsight.web.commitments.records import Frozen, Subject, Told, prepare_record, sign_now
from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence.actions import freeze
from lineofsight.web.evidence.frozen import digest
from lineofsight.web.evidence.resolvers import Seen, Shown


@dataclass(frozen=True)
class Page:
    """A page as one viewer sees it now. `mark` says whether it is still the same when they send."""

    kind: str
    key: str
    seen: Seen
    mark: str


def look(viewer: Viewer, kind: str, key: str) -> Page:
    """What `viewer` sees of (`kind`, `key`) now.

    Raises Http404 for what nobody can record, and whatever the page itself would raise for this viewer.
    """
    if not resolvers.can_be_seen(kind):
        raise Http404
    seen = resolvers.see(viewer, kind, key)
    return Page(kind, key, seen, digest({"by": viewer.person_key, "content": seen.content}))


def record_page(page: Page, told: Told, *, by: Viewer) -> Record:
    """Freeze the page as evidence and sign a record of it, in one transaction; a delegate leaves it as a draft.

    Raises what `sign_now` and `prepare_record` raise; then nothing is frozen either.
    """
    key = page.seen.key or page.key
    with transaction.atomic():
        evidence = freeze(by, page.kind, key, page.seen.label, page.seen.content, page.seen.rests_on)
        bound = Frozen("evidence", str(evidence.pk), evidence.digest)
        subject = Subject(page.seen.label, page.kind, key)
        signs = may_sign(by, by.office, page.kind, asking=told.judgement == Judgement.ASKED)
        return (sign_now if signs else prepare_record)(subject, told, by=by, rests_on=[bound])


@dataclass(frozen=True)
class Rest:
    """One frozen thing a record rests on, as a viewer may read it; `shown` None for what they may not see."""

    shown: Shown | None
    digest: str
    kind: str
    key: str


def rests_on(viewer: Viewer, record: Record) -> Sequence[Rest]:
    """What `record` rests on, each asked of its own resolver for this viewer."""
    return [
        Rest(resolvers.resolve(viewer, one["kind"], one["key"]), one["digest"], one["kind"], one["key"])
        for one in record.rests_on
    ]
