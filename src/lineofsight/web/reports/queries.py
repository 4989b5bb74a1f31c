"""What the pages of this room show: packs with their signatures, what reads differently now, and released texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.commitments.models import Record
from lineofsight.web.commitments.permissions import office_kept_by, office_title
from lineofsight.web.evidence.withdrawn import withdrawn_words
from lineofsight.web.practice import charts
from lineofsight.web.practice.queries import people
from lineofsight.web.practice.queries.ledger import UNALLOCATED
from lineofsight.web.practice.queries.rows import may_rows
from lineofsight.web.practice.queries.standing import Standing, catalogue, standing, teams, withheld
from lineofsight.web.reports import comparing, content, counting, rendering, standings
from lineofsight.web.reports.comparing import Now
from lineofsight.web.reports.models import Pack, Release
from lineofsight.web.reports.packs import of_month, signed_pack, stands
from lineofsight.web.reports.permissions import check_read_pack, may_read_pack


@dataclass(frozen=True)
class Listed:
    """One month's pack of one office, as a list shows it."""

    office: str
    office_title: str
    month: date
    pack: Pack
    signed_at: datetime | None
    signed_by: str
    changed: str
    stands: bool

    @property
    def address(self) -> str:
        return reverse("reports:pack", args=[self.office, f"{self.month:%Y-%m}"])


@dataclass(frozen=True)
class Text:
    """A released text as its reader sees it."""

    pk: int
    words: str
    released_by: str
    released_at: datetime


@dataclass(frozen=True)
class Figure:
    """A frozen figure with its charts and what it reads now."""

    told: Mapping[str, Any]
    wide: charts.LineChart | None
    narrow: charts.LineChart | None
    now: str


@dataclass(frozen=True)
class Child:
    """A child of the unallocated, by name: on the screen of those who may see names, and nowhere else."""

    name: str
    ref: str
    age: str
    team: str
    reason: str


@dataclass(frozen=True)
class Appendix:
    """The unallocated behind the pack's figure, by name. `withheld` are restricted records."""

    children: Sequence[Child]
    withheld: int


@dataclass(frozen=True)
class Read:
    """Everything the page of a pack shows."""

    pack: Pack
    listed: Listed
    document: Mapping[str, Any]
    figures: Sequence[Figure]
    now: Now
    record: Record | None
    appendix: Appendix | None
    texts: Sequence[Text]
    newer: Pack | None
    older: Pack | None
    withdrawn: str


def newest(viewer: Viewer) -> Listed | None:
    """The newest pack for the office `viewer` holds or prepares for; None where none is made.

    One of a load that was withdrawn is not offered: it stays where the packs are listed.
    Raises Refused for an office that has to do with no pack.
    """
    office = _office_for(viewer)
    check_read_pack(viewer, office)
    made = Pack.objects.filter(office=office).order_by("-month").defer("content", "rows")
    pack = next((one for one in made if stands(one)), None)
    return _listed(office, pack.month) if pack else None


def listed(viewer: Viewer) -> list[Listed]:
    """Every month's pack of each office whose packs `viewer` may read, newest first. Raises Refused."""
    check_read_pack(viewer, _office_for(viewer))
    found = []
    for office in standings.OFFICES:
        if may_read_pack(viewer, office):
            months = Pack.objects.filter(office=office).order_by("-month").values_list("month", flat=True).distinct()
            found += [one for month in months if (one := _listed(office, month, compare=False))]
    return sorted(found, key=lambda one: (-one.month.toordinal(), one.office))


def missing(viewer: Viewer) -> list[tuple[str, str, date]]:
    """The packs that could be made: office, its title, month. For those who prepare them."""
    if Capability.PREPARE_PACK not in viewer.capabilities:
        return []
    made = {(one.office, one.month) for one in Pack.objects.defer("content", "rows") if stands(one)}
    months = standings.months()
    return [
        (office, office_title(office), month)
        for month in months
        for office in standings.OFFICES
        if (office, month) not in made and may_read_pack(viewer, office)
    ]


def released(viewer: Viewer, month: date | None = None) -> list[Text]:
    """What has been released to the Lead Member for a month (the newest with data). Raises Refused."""
    check(viewer, Capability.SEE_RELEASED_TEXT)
    if month is None:
        months = standings.months()
        month = months[0] if months else clock.today().replace(day=1)
    return [_text(one) for one in content.released("lead-member", month)]


def read(viewer: Viewer, office: str, month: date, chosen: str = "") -> Read:
    """One pack as `viewer` may read it: the signed one first, else the newest edition, or the one chosen by id.

    The read is in the log before anything is shown; children by name are read, and logged, for those alone who
    may see them. Raises Refused, Http404, LogUnavailable.
    """
    check_read_pack(viewer, office)
    signed, newest_made = signed_pack(office, month), _newest(office, month)
    pack = _chosen(office, month, chosen) if chosen else signed or newest_made
    if pack is None:
        raise Http404
    listed_here = _unallocated(viewer, pack) if office == "dcs" else None
    record_read(
        viewer=viewer,
        action="pack.read",
        subject=f"pack {office} {month:%Y-%m}",
        child_keys=listed_here.keys if listed_here else (),
        detail={"pack": str(pack.pk)},
    )
    now = comparing.figures_now(pack)
    written = Record.objects.filter(about_kind="pack", about_key=str(pack.pk), office=office)
    records = sorted(written, key=lambda one: one.version)
    texts = [_text(one) for one in content.released("lead-member", month)] if _sees_texts(viewer) else []
    return Read(
        pack=pack,
        listed=_told(pack, next((one for one in records if one.signed), None), now.sentence),
        document=rendering.document(pack),
        figures=[_figure(told, now) for told in pack.content["figures"]],
        now=now,
        record=records[-1] if records else None,
        appendix=_appendix(viewer, listed_here) if listed_here else None,
        texts=texts,
        newer=newest_made if newest_made and _is_newer(newest_made, pack) else None,
        older=signed if signed and signed.pk != pack.pk else None,
        withdrawn=withdrawn_words(viewer, pack.snapshot_id),
    )


def pack_of(office: str, month: date, chosen: str = "") -> Pack:
    """The pack to show: the one `chosen` by id, else the signed one, else the newest. Raises Http404."""
    found = _chosen(office, month, chosen) if chosen else signed_pack(office, month) or _newest(office, month)
    if found is None:
        raise Http404
    return found


def _chosen(office: str, month: date, chosen: str) -> Pack | None:
    try:
        return Pack.objects.filter(pk=UUID(chosen), office=office, month=month).first()
    except ValueError:
        return None


def _newest(office: str, month: date) -> Pack | None:
    return next(iter(of_month(office, month)), None)


def _is_newer(newest_made: Pack, pack: Pack) -> bool:
    """Whether the newest pack of a month is to be read instead: made later, or made before a load was withdrawn."""
    return newest_made.pk != pack.pk and (newest_made.made_at > pack.made_at or not stands(pack))


def _office_for(viewer: Viewer) -> str:
    kept = office_kept_by(viewer)
    return kept if kept in standings.OFFICES else "dcs"


def _listed(office: str, month: date, compare: bool = True) -> Listed | None:
    pack = signed_pack(office, month) or _newest(office, month)
    if pack is None:
        return None
    return _told(pack, _signature(pack), comparing.figures_now(pack).sentence if compare else "")


def _told(pack: Pack, record: Record | None, changed: str) -> Listed:
    return Listed(
        office=pack.office,
        office_title=office_title(pack.office),
        month=pack.month,
        pack=pack,
        signed_at=record.signed_at if record else None,
        signed_by=record.person_name if record else "",
        changed=changed,
        stands=stands(pack),
    )


def _signature(pack: Pack) -> Record | None:
    """The first signed record of this very pack by its office."""
    found = Record.objects.signed().filter(about_kind="pack", about_key=str(pack.pk), office=pack.office)
    return found.order_by("version").first()


def _figure(told: Mapping[str, Any], now: Now) -> Figure:
    drawn = told["status"] == "measured" and not told["hidden"]
    wide, narrow = (rendering.chart_of(told, frame) if drawn else None for frame in (charts.WIDE, charts.NARROW))
    return Figure(told, wide, narrow, now.of(str(told["measure"])))


@dataclass(frozen=True)
class _Rows:
    """The rows of the unallocated behind a pack that a viewer may see, and how many are withheld."""

    rows: Sequence[Mapping[str, Any]]
    withheld: int
    stand: Standing

    @property
    def keys(self) -> list[str]:
        return [row["child_key"] for row in self.rows]


def _unallocated(viewer: Viewer, pack: Pack) -> _Rows | None:
    """The rows behind the pack's figure, for those who may see the children; None for everybody else."""
    definition = catalogue().get(UNALLOCATED)
    if definition is None or not may_rows(viewer, definition) or viewer.scope.kind != "authority":
        return None
    try:
        stand = standings.of(pack.snapshot_id, pack.computation_id)
        rows = counting.behind(stand, definition, pack.as_at).listed(definition).to_pylist()
        hidden = withheld(standing(), viewer)
    except PlainError:
        return None
    told = [row for row in rows if row["child_key"] and row["child_key"] not in hidden]
    told.sort(key=lambda one: (-(one["value"] or 0), one["child_key"]))
    return _Rows(told, len(rows) - len(told), stand)


def _appendix(viewer: Viewer, found: _Rows) -> Appendix:
    """The unallocated of a pack by name. Call it after the read has been logged."""
    cards, known = people.cards(standing(), viewer, found.keys), teams(found.stand)
    children = []
    for row in found.rows:
        card = cards.get(row["child_key"], people.ELSEWHERE)
        team = known[row["team_id"]].name if row["team_id"] in known else ""
        children.append(Child(card.name, card.ref, card.age, team, row["reason"] if card.ref else ""))
    return Appendix(children, found.withheld)


def _sees_texts(viewer: Viewer) -> bool:
    return Capability.SEE_RELEASED_TEXT in viewer.capabilities


def _text(one: Release) -> Text:
    return Text(one.pk, one.text, one.released_by_name, one.released_at)
