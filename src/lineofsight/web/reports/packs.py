"""The writers of this room: packs made and rendered, texts released and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access import chain
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.commitments.models import Record
from lineofsight.web.evidence.actions import link_each
from lineofsight.web.evidence.withdrawn import any_withdrawn
from lineofsight.web.practice.queries import naming
from lineofsight.web.practice.queries.standing import Standing, catalogue
from lineofsight.web.reports import comparing, content, lines, rendering, standings, ten
from lineofsight.web.reports.models import Pack, Release, Rendering
from lineofsight.web.reports.verification import file as verify_file
from lineofsight.web.reports.verification import verify_pack

__all__ = [
    "FORMS",
    "make",
    "make_current",
    "release",
    "render",
    "take_back",
    "verify_file",
    "verify_pack",
    "write",
]

FORMS = ("pdf", "html")
SYSTEM = "system"


def make(office: str, month: date, by: Viewer | str = SYSTEM) -> Pack:
    """The pack of `office` for `month` on its newest computation: the one that stands, or a new one.

    A new edition is made when a corrected extract or another policy gave another computation, or when other
    texts were released. Two that make it at once make one.
    Raises PlainError for an office without packs or a month without data, Refused.
    """
    if office not in standings.OFFICES:
        raise PlainError(f"There is no pack for '{office}'. There is one for {' and '.join(standings.OFFICES)}.")
    if isinstance(by, Viewer):
        check(by, Capability.PREPARE_PACK)
    first = month.replace(day=1)
    stand = standings.of_month(first)
    standing = _standing(office, first, stand)
    if standing is not None:
        return standing
    built = content.build(office, first, stand, _earlier(office, first, stand))
    try:
        return _keep(office, first, stand, built, by)
    except IntegrityError:  # somebody else made it in the same moment, and theirs is there now
        theirs = _standing(office, first, stand)
        if theirs is None:
            raise
        return theirs


def _keep(office: str, first: date, stand: Standing, built: content.Built, by: Viewer | str) -> Pack:
    """The pack written down; or the one that stands, where another process made it while this one was built."""
    with transaction.atomic():
        known = _editions(office, first, stand)
        if known and _told_by_people(known[0].content) == _told_by_people(built.content):
            return known[0]
        pack = Pack(
            office=office,
            month=first,
            edition=known[0].edition + 1 if known else 1,
            as_at=stand.as_at,
            snapshot_id=stand.snapshot.id,
            computation_id=stand.computation.id,
            content=built.content,
            rows=built.rows,
            made_at=clock.now().replace(microsecond=0),
            made_by=by.person_key if isinstance(by, Viewer) else by,
        )
        pack.digest = pack.seal()
        pack.save()
        known_as = catalogue()
        # The headline measures first: a thread draws so many and counts the rest.
        told = sorted(built.content["figures"], key=lambda one: not known_as[one["measure"]].headline)
        keys = [str(standings.key_of(stand, figure["measure"])) for figure in told]
        link_each("pack", str(pack.pk), "figure", keys, "counts")
        _tell(by, "pack.made", pack, {"digest": pack.digest, "edition": pack.edition})
    return pack


def make_current(by: Viewer | str = SYSTEM) -> list[Pack]:
    """A pack for each office for the newest month that has data; what stands is not made again."""
    months = standings.months()
    return [make(office, months[0], by) for office in standings.OFFICES] if months else []


def render(pack: Pack, form: str) -> bytes:
    """The pack as a file ('pdf' or 'html'). The same pack gives the same bytes; their hash is kept.

    Raises PlainError for another form, or where the pack was altered since it was made.
    """
    if form not in FORMS:
        raise PlainError(f"A pack is written as {' or '.join(FORMS)}, not as '{form}'.")
    if not pack.is_as_made():
        raise PlainError("This pack was altered after it was made, so it is not written out.")
    made = rendering.pdf(pack) if form == "pdf" else rendering.html(pack)
    hashed = sha256(made).hexdigest()
    if not Rendering.objects.filter(pack=pack, form=form, sha256=hashed).exists():
        with transaction.atomic():
            now = {"made_at": clock.now()}
            _, new = Rendering.objects.get_or_create(pack=pack, form=form, sha256=hashed, defaults=now)
            if new:
                told = {"form": form, "sha256": hashed}
                chain.record(actor=SYSTEM, action="pack.rendered", subject=_subject(pack), detail=told)
    return made


def write(office: str, month: str | date, form: str, by: Viewer | str = SYSTEM) -> bytes:
    """The month's pack for `office` as a file: what was signed, else the newest made. `month` as '2026-10'.

    The caller has logged who reads it. Raises PlainError.
    """
    first = month if isinstance(month, date) else _month(month)
    if form not in FORMS:
        raise PlainError(f"A pack is written as {' or '.join(FORMS)}, not as '{form}'.")
    return render(signed_pack(office, first) or make(office, first, by), form)


def signed_pack(office: str, month: date) -> Pack | None:
    """The pack of a month that its office signed last, None where none is signed: see `of_month`."""
    packs = {str(one.pk): one for one in of_month(office, month)}
    found = Record.objects.signed().filter(about_kind="pack", about_key__in=packs, office=office, replaces=None)
    newest = found.order_by("-signed_at").first()
    return Pack.objects.get(pk=newest.about_key) if newest else None


def of_month(office: str, month: date) -> list[Pack]:
    """The packs of a month, the newest first. Those of a load that was withdrawn only where nothing else stands."""
    every = Pack.objects.filter(office=office, month=month).order_by("-made_at", "-edition").defer("content", "rows")
    made = list(every)
    return [one for one in made if stands(one)] or made


def stands(pack: Pack) -> bool:
    """Whether the load that a pack was made from was not withdrawn since."""
    return not any_withdrawn(pack.snapshot_id)


def release(office: str, month: date, text: str, *, by: Viewer) -> Release:
    """Release a text to an office that sees no child. A child's name in it is refused (DESIGN 5 H).

    Raises Refused, and PlainError where the text is empty or names a child.
    """
    check(by, Capability.RELEASE_TEXT)
    if not text.strip():
        raise PlainError("Write the text to release.")
    if naming.names_a_child(text):
        raise PlainError("This text names a child. Say what the issue is without the name, then release it.")
    with transaction.atomic():
        made = Release.objects.create(
            office=office,
            month=month.replace(day=1),
            text=text.strip(),
            released_at=clock.now(),
            released_by=by.person_key,
            released_by_name=by.person_name,
        )
        chain.record(viewer=by, action="text.released", subject=f"{office} {month:%Y-%m}", detail={"release": made.pk})
    return made


def take_back(one: Release, *, by: Viewer) -> None:
    """Take a released text back: it is no longer shown, and stays on the record as taken back. Raises Refused."""
    check(by, Capability.RELEASE_TEXT)
    with transaction.atomic():
        locked = Release.objects.select_for_update().get(pk=one.pk)
        if locked.taken_back_at:
            raise PlainError("That text has been taken back already.")
        locked.taken_back_at, locked.taken_back_by = clock.now(), by.person_key
        locked.save(update_fields=["taken_back_at", "taken_back_by"])
        chain.record(viewer=by, action="text.taken back", subject=f"{locked.office} {locked.month:%Y-%m}")


def _standing(office: str, month: date, stand: Standing) -> Pack | None:
    """The newest edition on this computation, where it shows what people have said by now."""
    known = _editions(office, month, stand)
    stands = known and _released(known[0]) == [one.pk for one in content.released(office, month)]
    if not stands:
        return None
    said = {"ten": ten.part(office, month, stand), "lines": lines.part(office, month, stand)}
    return known[0] if all(known[0].content.get(name) == now for name, now in said.items()) else None


def _editions(office: str, month: date, stand: Standing) -> list[Pack]:
    """The packs that stand on this computation, the newest first."""
    found = Pack.objects.filter(
        office=office, month=month, snapshot_id=stand.snapshot.id, computation_id=stand.computation.id
    )
    return list(found.order_by("-edition"))


def _released(pack: Pack) -> list[int]:
    return _released_in(pack.content)


def _released_in(told: Mapping[str, Any]) -> list[int]:
    return [one["id"] for one in told["released"]]


def _told_by_people(told: Mapping[str, Any]) -> tuple[list[int], Any, Any]:
    """What may differ between two editions on one computation: texts released, the ten and the lines as people left
    them."""
    return _released_in(told), told.get("ten"), told.get("lines")


def _earlier(office: str, month: date, stand: Standing) -> list[str]:
    """How the figures of the last pack before `month`, as signed or made, read on what this one stands on."""
    earlier = Pack.objects.filter(office=office, month__lt=month).order_by("-month", "-made_at")
    before = next((one for one in earlier.defer("content", "rows") if stands(one)), None)
    if before is None:
        return []
    stood = signed_pack(office, before.month) or before
    now = comparing.figures_now(stood, stand)
    return [f"{stood.month:%B %Y}, {one.title}: {one.sentence}" for one in now.differences]


def _month(text: str) -> date:
    try:
        year, number = text.split("-")
        return date(int(year), int(number), 1)
    except ValueError:
        raise PlainError(f"'{text}' is not a month. Write it as 2026-10.") from None


def _subject(pack: Pack) -> str:
    return f"pack {pack.office} {pack.month:%Y-%m}"


def _tell(by: Viewer | str, action: str, pack: Pack, detail: dict[str, object]) -> None:
    told = {"pack": str(pack.pk), **detail}
    if isinstance(by, Viewer):
        chain.record(viewer=by, action=action, subject=_subject(pack), detail=told)
    else:
        chain.record(actor=by, action=action, subject=_subject(pack), detail=told)
