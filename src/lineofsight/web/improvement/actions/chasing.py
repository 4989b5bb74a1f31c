"""The writer of chasers: a person says that a letter asking for word was sent. This software sends nothing itself."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement.models import Chaser
from lineofsight.web.improvement.permissions import check_keep
from lineofsight.web.improvement.queries.chasing import to_chase


def sent(*, by: Viewer, owners: Sequence[int]) -> list[Chaser]:
    """Say that these owners were asked today for word of their actions, each for the reason that stands now.

    Raises Refused; PlainError where one of them is no longer to be asked, or was asked today already.
    """
    check_keep(by)
    if not owners:
        raise PlainError("Say whose letter was sent.")
    with transaction.atomic():
        due = {one.owner: one for chase in to_chase(by).owners for one in chase.actions}
        if set(owners) - due.keys():
            raise PlainError("Somebody has given word meanwhile: read the list again.")
        now, today = clock.now(), clock.today()
        if any(due[one].asked_on == today for one in owners):
            raise PlainError("It was said already today that this letter was sent.")
        made = Chaser.objects.bulk_create(
            Chaser(
                action_id=due[one].line.pk,
                owner_id=one,
                why=due[one].why[:200],
                sent_on=today,
                sent_at=now,
                sent_by_key=by.person_key,
                sent_by_name=by.person_name,
            )
            for one in sorted(set(owners))
        )
        detail = {"owners": sorted(set(owners)), "actions": sorted({str(due[one].line.pk) for one in owners})}
        record(viewer=by, action="improvement.chaser sent", subject="actions", detail=detail)
    return made
