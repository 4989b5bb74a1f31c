"""The thread: up from anything to who saw it and what they did, down to the measures and the children."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from lineofsight.web.access.viewer import Viewer
from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence.models import Link
from lineofsight.web.evidence.resolvers import Shown, Step

# How a stored link, named from above, is said by who comes from below.
UPWARD = {
    "rests on": "signed in",
    "is about": "recorded in",
    "shows": "seen as",
    "counts": "frozen in",
    "fulfils": "kept by",
    "corrects": "corrected by",
    "came out of": "led to",
    "repeats": "came back as",
    "found": "found in",
}
HIDDEN = "Something you may not see"
DEPTH = 5
WIDTH = 40  # branches of one node drawn one by one; the rest are counted


@dataclass(frozen=True)
class Node:
    """One thing in the thread as this viewer may see it, and what it leads to."""

    kind: str
    key: str
    label: str
    url: str
    note: str
    relation: str
    visible: bool
    at: datetime | None = None
    count: int = 1
    branches: tuple[Node, ...] = field(default=())
    more: int = 0

    @property
    def size(self) -> int:
        """How many things stand in this part of the thread, itself included."""
        return 1 + sum(branch.size for branch in self.branches)


def here(viewer: Viewer, kind: str, key: str) -> Node:
    """The thing itself, without branches."""
    return _node(viewer, Step(kind, key, ""), ())


def up(viewer: Viewer, kind: str, key: str, depth: int = DEPTH) -> tuple[Node, ...]:
    """What leads here: evidence, packs and records, up to those who saw. Nearest first."""
    return _walk(_Way(viewer, _upward, depth), kind, key, depth, frozenset({(kind, key)}))[0]


def down(viewer: Viewer, kind: str, key: str, depth: int = DEPTH) -> tuple[Node, ...]:
    """What this rests on: packs, evidence, measures, and the children for those who may see them."""
    return _walk(_Way(viewer, _downward, depth), kind, key, depth, frozenset({(kind, key)}))[0]


def recorded(viewer: Viewer, kind: str, key: str, depth: int = DEPTH) -> tuple[Node, ...]:
    """What somebody put on record of this, and what that led to: what only counted it is not here."""
    return _walk(_Way(viewer, _stored_upward, depth), kind, key, depth, frozenset({(kind, key)}))[0]


Direction = Callable[[Viewer, str, str, bool], list[Step]]


def _upward(viewer: Viewer, kind: str, key: str, near: bool) -> list[Step]:
    return _stored_upward(viewer, kind, key, near) + resolvers.steps_up(viewer, kind, key, near)


def _stored_upward(viewer: Viewer, kind: str, key: str, near: bool) -> list[Step]:
    stored = Link.objects.filter(to_kind=kind, to_key=key)
    return [Step(link.from_kind, link.from_key, UPWARD.get(link.relation, link.relation)) for link in stored]


def _downward(viewer: Viewer, kind: str, key: str, near: bool) -> list[Step]:
    stored = Link.objects.filter(from_kind=kind, from_key=key)
    steps = [Step(link.to_kind, link.to_key, link.relation) for link in stored]
    return steps + resolvers.steps_down(viewer, kind, key, near)


@dataclass(frozen=True)
class _Way:
    """One walk: who walks, in which direction, and how far it goes in all."""

    viewer: Viewer
    steps: Direction
    depth: int


def _walk(
    way: _Way, kind: str, key: str, depth: int, passed: frozenset[tuple[str, str]]
) -> tuple[tuple[Node, ...], int]:
    """The branches of one node and how many more there are; a thing already passed on the way is not drawn again."""
    if depth == 0:
        return (), 0
    found = way.steps(way.viewer, kind, key, depth == way.depth)
    steps = [step for step in found if (step.kind, step.key) not in passed]
    nodes = []
    for step in steps[:WIDTH]:
        shown = step.shown or resolvers.resolve(way.viewer, step.kind, step.key)
        branches: tuple[Node, ...] = ()
        more = 0
        if shown is not None:  # behind something you may not see nothing is drawn: its shape would speak
            onward = passed | {(step.kind, step.key)}
            branches, more = _walk(way, step.kind, step.key, depth - 1, onward)
        nodes.append(_node(way.viewer, step, branches, shown, more))
    return _together(nodes), sum(step.count for step in steps[WIDTH:])


def _node(viewer: Viewer, step: Step, branches: tuple[Node, ...], found: Shown | None = None, more: int = 0) -> Node:
    found = found or step.shown or resolvers.resolve(viewer, step.kind, step.key)
    if found is None:
        return Node("", "", HIDDEN, "", "", step.relation, visible=False, count=step.count)
    return Node(
        kind=step.kind,
        key=step.key,
        label=found.label,
        url=found.url,
        note=" ".join(filter(None, (found.withdrawn, found.note))),
        relation=step.relation,
        visible=True,
        at=found.at,
        count=step.count,
        branches=branches,
        more=more,
    )


def _together(nodes: list[Node]) -> tuple[Node, ...]:
    """What may not be seen is said once for each kind of step, whatever stands behind it."""
    seen: set[str] = set()
    kept = []
    for node in nodes:
        if not node.visible:
            if node.relation in seen:
                continue
            seen.add(node.relation)
        kept.append(node)
    return tuple(kept)
