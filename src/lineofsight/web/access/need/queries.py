"""What needs open, who was told of them, and the report that information governance reads each month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.urls import reverse

from lineofsight import clock
from lineofsight.cases import refs
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.house import keys_in_use
from lineofsight.web.access.models import Need, NeedQuerySet, ReadingFile, Telling
from lineofsight.web.access.need.actions import may_need
from lineofsight.web.access.need.purposes import words_of
from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import Capability, may
from lineofsight.web.access.viewer import Viewer

TOLD_SHOWN = 50
NIGHT = "Night of file reading"


@dataclass(frozen=True)
class Opening:
    """Why a child is open to somebody beside their scope, or for a night of file reading. `told` are names."""

    kind: str
    key: str
    purpose: str
    reason: str
    until: datetime
    told: tuple[str, ...] = ()
    file: int = 0


def open_needs(viewer: Viewer) -> frozenset[str]:
    """The keys of the children that `viewer` has open now, beside their scope, by their own needs."""
    return frozenset(_open(viewer).values_list("child_key", flat=True))


def need_opening(viewer: Viewer, child_key: str) -> Opening | None:
    """The need that opens this child to `viewer` now, None where there is none.

    It says nothing about restriction: whoever asks has left restricted records out (rule 7.3).
    """
    need = _open(viewer).filter(child_key=child_key).prefetch_related("tellings__person").first()
    if need is None:
        return None
    told = tuple(one.person.name for one in need.tellings.all())
    return Opening("need", str(need.key), words_of(need.purpose), need.reason, need.until, told)


def night_opening(viewer: Viewer, child_key: str) -> Opening | None:
    """The file of tonight's reading that this child is for `viewer`, None where it is none."""
    if viewer.holding_id is None or not may(viewer, Capability.READ_FILES):
        return None
    files = ReadingFile.objects.filter(
        child_key=child_key, night__person__key=viewer.person_key, night__holding=viewer.holding_id
    )
    now = clock.now()
    file = (
        files.filter(night__begun_at__lte=now, night__until__gt=now, night__closed_at=None)
        .select_related("night")
        .first()
    )
    if file is None:
        return None
    return Opening("night", str(file.night.key), NIGHT, "", file.night.until, file=file.place)


def need_of(viewer: Viewer, key: str) -> Need:
    """One of the viewer's own needs. Raises Http404 for anything else."""
    need = Need.objects.select_related("person").filter(pk=key, person__key=viewer.person_key).first()
    if need is None:
        raise Http404
    return need


def need_to_review(viewer: Viewer, key: str) -> Need:
    """One need, for those who review them. Raises Http404 for one there is not, or for anybody else."""
    need = Need.objects.select_related("person").filter(pk=key).first()
    if need is None or not may(viewer, Capability.SEE_LOG):
        raise Http404
    return need


@dataclass(frozen=True)
class ToldRow:
    """One need as the person told of it reads it. `address` is the child's page, in the codes of their own office."""

    telling: Telling
    person: str
    office: str
    purpose: str
    reason: str
    address: str
    open_until: datetime | None
    ended_at: datetime


def waiting_answers(viewer: Viewer) -> int:
    """How many needs this person was told of and has not answered. Nothing of a child is in it."""
    return Telling.objects.filter(person__key=viewer.person_key, answer="").count()


def told_page(viewer: Viewer) -> list[ToldRow]:
    """What this person was told of, unanswered first, newest first. The reading is in the log before it is shown.

    Only for an office that sees children by name: the reason may say something about one. Else an empty list.
    """
    if viewer.level != "identified":
        return []
    tellings = Telling.objects.filter(person__key=viewer.person_key).select_related("need__person", "person")
    some = sorted(tellings.order_by("-told_at", "-pk"), key=lambda one: bool(one.answer))[:TOLD_SHOWN]
    if some:
        keys = [one.need.child_key for one in some]
        record_read(viewer=viewer, action="need.told", child_keys=keys, detail={"unanswered": waiting_answers(viewer)})
    return [_told_row(viewer, one) for one in some]


def telling_of(viewer: Viewer, pk: int) -> Telling:
    """One telling of this person's own. Raises Http404 for anything else."""
    found = Telling.objects.select_related("need__person", "person").filter(pk=pk, person__key=viewer.person_key)
    telling = found.first()
    if telling is None or viewer.level != "identified":
        raise Http404
    return telling


def office_title(slug: str) -> str:
    """What an office is called; its slug where the authority no longer has it."""
    return offices()[slug].title if slug in offices() else slug


def ended_at(need: Need) -> datetime:
    """When a need stopped opening its child, or will."""
    return min(need.closed_at, need.until) if need.closed_at else need.until


def _open(viewer: Viewer) -> NeedQuerySet:
    """The needs that open something to `viewer` now: their own, in this very holding, while they may have any."""
    if viewer.holding_id is None or not may_need(viewer):
        return Need.objects.none()
    theirs = Need.objects.filter(person__key=viewer.person_key, office=viewer.office, holding=viewer.holding_id)
    return theirs.open_at(clock.now())


def _told_row(viewer: Viewer, telling: Telling) -> ToldRow:
    need, now = telling.need, clock.now()
    ref = refs.ref(keys_in_use(), viewer.audience, need.child_key)
    ends = ended_at(need)
    return ToldRow(
        telling=telling,
        person=need.person.name,
        office=office_title(need.office),
        purpose=words_of(need.purpose),
        reason=need.reason,
        address=reverse("practice:child", args=[ref]),
        open_until=ends if ends > now else None,
        ended_at=ends,
    )
