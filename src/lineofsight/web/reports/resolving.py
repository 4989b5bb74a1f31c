"""What packs and frozen figures say in the thread, and the steps from a figure to its children and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.urls import reverse

from lineofsight.cases import refs
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.house import keys_in_use
from lineofsight.web.access.permissions import Capability, may
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.commitments.permissions import office_title
from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence.models import Evidence, Link
from lineofsight.web.evidence.resolvers import Shown, Step
from lineofsight.web.evidence.withdrawn import withdrawn_words
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries import figures, measures, people
from lineofsight.web.practice.queries.rows import is_of_workers, may_rows
from lineofsight.web.practice.queries.standing import catalogue, sees_authority, standing, theirs, withheld
from lineofsight.web.reports import counting
from lineofsight.web.reports.comparing import figures_now
from lineofsight.web.reports.models import Pack
from lineofsight.web.reports.permissions import may_read_pack
from lineofsight.web.reports.standings import FigureKey

PACKS_SEARCHED = 60  # two offices, and their editions, over two years
EVIDENCE_SEARCHED = 100


@resolvers.register("pack")
def _pack(viewer: Viewer, key: str) -> Shown | None:
    """A pack and when it was made. Who signed it stands above it; that it exists, all who see records may know."""
    try:
        found = Pack.objects.defer("content", "rows").filter(pk=UUID(key)).first()
    except ValueError:
        return None
    if found is None or not (may_read_pack(viewer, found.office) or may(viewer, Capability.SEE_RECORDS)):
        return None
    address = reverse("reports:pack", args=[found.office, f"{found.month:%Y-%m}"]) + f"?pack={found.pk}"
    now = figures_now(found) if may_read_pack(viewer, found.office) else None
    since = (now.sentence, *(f"{one.title}: {one.sentence}" for one in now.differences)) if now else ()
    return Shown(
        label=f"{found.month:%B %Y} pack for the {office_title(found.office)}",
        url=address if may_read_pack(viewer, found.office) else "",
        note=f"As at {wording.day(found.as_at)}, made {wording.day(found.made_at.date())}.",
        at=found.made_at,
        since=tuple(filter(None, since)),
        withdrawn=withdrawn_words(viewer, found.snapshot_id),
    )


@resolvers.register("figure")
def _figure(viewer: Viewer, key: str) -> Shown | None:
    """One measure as one computation counted it, over what this viewer may open."""
    told = FigureKey.read(key)
    definition = catalogue().get(told.measure) if told else None
    if told is None or definition is None or not may(viewer, Capability.SEE_MEASURES):
        return None
    address = reverse("practice:measure", args=[told.measure])
    try:
        stand = told.standing()
        series = figures.own(stand, viewer).get(told.measure)
    except PlainError as gone:
        return Shown(definition.title, address, str(gone))
    if series is None:
        return Shown(definition.title, address, "It was not counted then.")
    said = measures.value_words(definition, series.headline)
    of = measures.of_words(definition, series.headline)
    words = f"{said} ({of})" if of else said
    return Shown(
        definition.title,
        address,
        f"{words[:1].upper()}{words[1:]}, as at {wording.day(stand.as_at)}.",
        withdrawn=withdrawn_words(viewer, told.snapshot),
    )


@resolvers.register_down("figure", near=False)
def _rows_of_figure(viewer: Viewer, key: str) -> Iterable[Step]:
    """Away from where a thread begins the children behind a figure are one step, which says how many."""
    told = FigureKey.read(key)
    definition = catalogue().get(told.measure) if told else None
    if told is None or definition is None:
        return []
    try:
        series = figures.own(told.standing(), viewer).get(told.measure)
    except PlainError:
        return []
    if series is None or not series.headline.numerator or series.headline.hidden:
        return []
    if not may_rows(viewer, definition):
        return [Step("rows", key, "counts")]
    words = measures.open_words(definition, series.headline).removeprefix("Show ")
    address = reverse("evidence:thread", args=["figure", key])
    return [Step("rows", key, "counts", Shown(words[:1].upper() + words[1:], address))]


@resolvers.register_down("figure", near=True)
def _children_of_figure(viewer: Viewer, key: str) -> Iterable[Step]:
    """Where the thread begins, the children behind a figure by name, for those who may see them.

    They are those of the figure's own computation; names and pages are today's. The read is logged first.
    """
    told = FigureKey.read(key)
    definition = catalogue().get(told.measure) if told else None
    if told is None or definition is None:
        return
    if not may_rows(viewer, definition):
        yield Step("rows", key, "counts")
        return
    if is_of_workers(definition):
        return
    try:
        stand, current = told.standing(), standing()
    except PlainError:
        return
    mine = None if sees_authority(viewer) else theirs(stand, viewer)
    rows = counting.behind(stand, definition, within=mine).listed(definition)
    hidden = withheld(current, viewer)
    reasons = {row["child_key"]: row["reason"] or "" for row in rows.to_pylist() if row["child_key"]}
    keys = [one for one in reasons if one not in hidden]
    record_read(
        viewer=viewer, action="children.listed", subject=f"thread of {definition.id}", child_keys=keys,
        detail={"snapshot": told.snapshot, "rows": len(keys)},
    )  # fmt: skip
    cards = people.cards(current, viewer, keys)
    for one in keys:
        card = cards.get(one, people.ELSEWHERE)
        if card.ref:
            shown = Shown(card.name, reverse("practice:child", args=[card.ref]), reasons[one])
        else:
            shown = Shown(card.name)
        yield Step("child", one, "counts", shown)


@resolvers.register_up("measure")
def _packs_of_measure(viewer: Viewer, key: str) -> Iterable[Step]:
    """From a measure to the packs that froze it, the newest first."""
    found = Link.objects.filter(to_kind="figure", to_key__startswith=f"{key}@", from_kind="pack")
    return [Step("pack", link.from_key, "frozen in") for link in found.order_by("-made_at")[:24]]


@resolvers.register_up("child")
def _seen_of_child(viewer: Viewer, key: str) -> Iterator[Step]:
    """From a child to the frozen figures that counted them, and to the lists they stood on.

    Only for those who may open the child's page. Digests answer it: nothing of the lake is read.
    """
    if resolvers.resolve(viewer, "child", key) is None:
        return
    counted: set[str] = set()
    for pack in Pack.objects.defer("content").order_by("-made_at")[:PACKS_SEARCHED]:
        for measure, rows in pack.rows.items():
            if counting.was_counted(rows, key):
                counted.add(str(FigureKey(measure, pack.snapshot_id, pack.computation_id)))
    yield from (Step("figure", one, "was counted in") for one in sorted(counted, reverse=True))
    ref = refs.ref(keys_in_use(), "identified", key)
    for one in Evidence.objects.filter(kind="exceptions").order_by("-made_at")[:EVIDENCE_SEARCHED]:
        if any(child.get("ref") == ref for child in one.content.get("children", ())):
            yield Step("evidence", str(one.pk), "stood on")
