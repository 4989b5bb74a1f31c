"""What this room says in the thread, and what of its pages can be frozen as evidence (DESIGN 5 P)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404
from django.urls import reverse

from lineofsight.cases import refs
from lineofsight.errors import PlainError
from lineofsight.measures.definitions import Definition
from lineofsight.web import keys_in_use
from lineofsight.web.access import scope
from lineofsight.web.access.permissions import Capability, may, may_see_children
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.evidence import resolvers, thread
from lineofsight.web.evidence.resolvers import Figure, Seen, Shown, Step
from lineofsight.web.practice import queries, wording
from lineofsight.web.practice.queries import figures, measures, rows
from lineofsight.web.practice.queries.page import MeasurePage
from lineofsight.web.practice.queries.standing import Standing, belonging, catalogue, standing

UNALLOCATED = "unallocated"


LATEST = 6  # what a measure's own page shows of its thread; the rest stands on the thread's page


def thread_of(viewer: Viewer, kind: str, key: str) -> tuple[thread.Node, ...]:
    """Who has seen this and what they asked or decided, as this viewer may read it: the latest, newest first.

    A pack that nobody has signed yet is not somebody who has seen it.
    """
    found = [node for node in thread.up(viewer, kind, key, depth=2) if node.visible]
    seen = [node for node in found if node.kind != "pack" or any(one.visible for one in node.branches)]
    return tuple(sorted(seen, key=lambda node: node.at.isoformat() if node.at else "", reverse=True)[:LATEST])


def records_of_child(viewer: Viewer, key: str) -> tuple[thread.Node, ...]:
    """Who has put on record that they saw a child's page, as this viewer may read it, newest first."""
    found = [node for node in thread.recorded(viewer, "child", key, depth=2) if node.visible]
    return tuple(sorted(found, key=lambda node: node.at.isoformat() if node.at else "", reverse=True))


@resolvers.register("measure")
def _measure(viewer: Viewer, key: str) -> Shown | None:
    """A measure's title and page. No number: what a viewer saw stands in its own evidence."""
    definition = catalogue().get(key)
    if definition is None or not may(viewer, Capability.SEE_MEASURES):
        return None
    return Shown(definition.title, reverse("practice:measure", args=[key]), definition.why_it_matters)


@resolvers.register_down("measure")
def _rows_of_measure(viewer: Viewer, key: str) -> Iterable[Step]:
    """From a measure to its rows: one step that counts them, with a page for those who may open it."""
    definition = catalogue().get(key)
    if definition is None:
        return []
    try:
        series = figures.own(standing(), viewer).get(key)
    except PlainError:
        return []
    if series is None or not series.headline.numerator or series.headline.hidden:
        return []
    what = "Workers" if rows.is_of_workers(definition) else "Children"
    if not rows.may_rows(viewer, definition):
        note = "Which they are is not shown to your office."
        return [Step("rows", key, "counts", Shown(f"{what} behind it", "", note))]
    words = measures.open_words(definition, series.headline).removeprefix("Show ")
    label = words[:1].upper() + words[1:]
    return [Step("rows", key, "counts", Shown(label, reverse("practice:rows", args=[key])))]


@resolvers.register_reader("measure")
def _read_measure(viewer: Viewer, key: str) -> Seen:
    """The measure's page as this viewer sees it, ready to be frozen."""
    page = queries.measure_page(viewer, key)
    said = f"{page.sentence} {page.change_sentence}".strip()
    return _as_seen(viewer, Seen(page.line.title, said, frozen(page)))


@resolvers.register_figure("measure")
def _figures(viewer: Viewer, keys: Collection[str]) -> Mapping[str, Figure]:
    """The newest figures of measures for what a plan wants to move: those of the whole authority, as this viewer may
    see them; over their own rows for who may not."""
    if not may(viewer, Capability.SEE_MEASURES):
        return {}
    try:
        stand = standing(viewer)
        whole = may(viewer, Capability.SEE_AUTHORITY_VALUES)
        found = figures.authority(stand, viewer.level) if whole else figures.own(stand, viewer)
    except PlainError:
        return {}
    return {key: _figure(stand, catalogue()[key], found[key]) for key in keys if key in found}


def _figure(stand: Standing, definition: Definition, series: figures.Series) -> Figure:
    """One measure's newest figure. Where it is hidden or not measured there is no value, and the words say why."""
    newest = series.headline
    value = newest.value if newest.measured and not newest.hidden else None
    said = measures.value_words(definition, newest) if value is not None else measures.missing_said(newest)
    return Figure(
        value=value,
        words=said or measures.value_words(definition, newest),
        as_at=newest.as_at,
        better=definition.better,
        write=lambda other: wording.amount(other, definition.kind, definition.unit),
        rests_on=("figure", f"{definition.id}@{stand.snapshot.id}@{stand.computation.id}"),
    )


def _as_seen(viewer: Viewer, seen: Seen) -> Seen:
    """What was seen, saying in its title and its content that the past was looked at, where it was."""
    if viewer.known is None:
        return seen
    label = f"{seen.label}, as it was known on {wording.day(viewer.known.as_at)}"
    content = {**seen.content, "title": label, "as_known_on": viewer.known.as_at.isoformat()}
    return replace(seen, label=label, content=content)


def frozen(page: MeasurePage) -> dict[str, Any]:
    """What is on a measure's page, as JSON: figures as they were shown, with their masks, and what they stand on."""
    figure, signal = page.line.figure, page.line.signal
    return {
        "title": page.line.title,
        "sentence": page.sentence,
        "change": page.change_sentence,
        "as_at": page.as_at.isoformat(),
        "covers": page.covers,
        "whose": page.whose,
        "snapshot": page.snapshot_id,
        "computation": page.computation_id,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "unknown": figure.unknown,
        "value": figure.value,
        "hidden": figure.hidden,
        "measured": figure.measured,
        "missing": list(figure.missing),
        "signal": {"kind": signal.kind, "since": signal.since.isoformat() if signal.since else None},
        "months": [[one.as_at.isoformat(), one.numerator, one.denominator, one.value] for one, _ in page.months],
        "breakdown": {
            "by": page.breakdown.by,
            "groups": [[one.title, one.value, one.of] for one in page.breakdown.groups],
        }
        if page.breakdown
        else None,
        "compared_with": [[one.title, one.value] for one in page.comparison],
    }


@resolvers.register("exceptions")
def _exceptions(viewer: Viewer, key: str) -> Shown | None:
    """The list of the unallocated, for those who see what is owed."""
    if key != UNALLOCATED or not may(viewer, Capability.SEE_EXCEPTIONS) or not may_see_children(viewer):
        return None
    return Shown("Children with no allocated social worker", reverse("practice:unallocated"))


@resolvers.register_reader("exceptions")
def _read_exceptions(viewer: Viewer, key: str) -> Seen:
    """The list of the unallocated as numbers and reasons: no child is named in evidence, each has its key's ref."""
    if key != UNALLOCATED:
        raise Http404
    page = queries.unallocated(viewer)
    stand = standing(viewer)
    content = {
        "title": "Children with no allocated social worker",
        "sentence": page.urgent.sentence,
        "detail": page.urgent.detail,
        "as_at": page.urgent.as_at.isoformat(),
        "whose": page.whose,
        "snapshot": stand.snapshot.id,
        "computation": stand.computation.id,
        "children": [
            {"ref": one.child.ref, "waited": one.waited, "held_by": one.held_by, "team": one.team}
            for one in page.children
        ],
    }
    said = f"{page.urgent.sentence}. {page.urgent.detail}"
    return _as_seen(viewer, Seen("Children with no allocated social worker", said, content))


@resolvers.register_key("child")
def _child_key(viewer: Viewer, ref: str) -> str | None:
    """From the ref in an address to the child's key, for those who may open that child's page."""
    key = refs.child_key(keys_in_use(), viewer.audience, ref) if may_see_children(viewer) else None
    return key if key and _openable(viewer, key) else None


@resolvers.register("child")
def _child(viewer: Viewer, key: str) -> Shown | None:
    """A child's page, without a name: the page itself is read, and logged, when it is opened."""
    if not may_see_children(viewer) or not _openable(viewer, key):
        return None
    ref = refs.ref(keys_in_use(), viewer.audience, key)
    return Shown("A child’s page", reverse("practice:child", args=[ref]))


@resolvers.register_reader("child")
def _read_child(viewer: Viewer, ref: str) -> Seen:
    """What a child's page said: what was owed and what stood, in words without a name."""
    child = queries.get_child(viewer, ref, by_need=False)
    stand = standing(viewer)
    content = {
        "title": "A child’s page",
        "sentence": child.sentence,
        "as_at": child.as_at.isoformat(),
        "snapshot": stand.snapshot.id,
        "computation": stand.computation.id,
        "owed": [[one.title, one.reason, one.days_over] for one in child.owed],
        "plans": [[one.kind, one.on.isoformat()] for one in child.plans],
        "events": len(child.events),
    }
    return _as_seen(viewer, Seen("A child’s page", child.sentence, content, key=child.key))


def _openable(viewer: Viewer, key: str) -> bool:
    """Whether this viewer may open the child's page. Nothing of the child leaves here, so nothing is logged."""
    try:
        held = belonging(standing(), [key]).get(key)
    except PlainError:
        return False
    return held is not None and scope.may_open(viewer, held)
