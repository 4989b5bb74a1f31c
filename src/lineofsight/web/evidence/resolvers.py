"""What stands behind a kind and a key: each room registers its own, and each answer is for one viewer.

A resolver says what this viewer may read of a thing, or None: "something you may not see". It is asked again
for every viewer, so evidence seen by one office is never widened for another (DESIGN 5 P).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lineofsight.errors import PlainError
from lineofsight.web.access.viewer import Viewer


@dataclass(frozen=True)
class Shown:
    """One thing as a viewer may read it: a label, its page where they may open it, and a line below."""

    label: str
    url: str = ""
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Step:
    """A step of the thread that is worked out and not stored, such as from a measure to its children.

    `shown` may be given where the step's own reader has already checked the viewer. `count` stands for many
    that are not listed one by one.
    """

    kind: str
    key: str
    relation: str
    shown: Shown | None = None
    count: int = 1


@dataclass(frozen=True)
class Seen:
    """What a viewer sees of a thing now, ready to be frozen: its title, its sentence and its content as JSON.

    `rests_on` is the kind and key that the thread leads down to, None for the thing itself.
    """

    label: str
    sentence: str
    content: Mapping[str, Any] = field(default_factory=dict)
    rests_on: tuple[str, str] | None = None


Resolver = Callable[[Viewer, str], "Shown | str | None"]
Walker = Callable[[Viewer, str], Iterable[Step]]
Reader = Callable[[Viewer, str], Seen]

_resolvers: dict[str, Resolver] = {}
_down: dict[str, list[Walker]] = {}
_up: dict[str, list[Walker]] = {}
_readers: dict[str, Reader] = {}


def register(kind: str) -> Callable[[Resolver], Resolver]:
    """Decorate the one resolver of `kind`: fn(viewer, key) -> Shown, a label, or None for what they may not see."""

    def keep(resolver: Resolver) -> Resolver:
        _once(_resolvers, kind, resolver)
        return resolver

    return keep


def register_down(kind: str) -> Callable[[Walker], Walker]:
    """Decorate a walker that works out steps from `kind` towards the child."""

    def keep(walker: Walker) -> Walker:
        _down.setdefault(kind, []).append(walker)
        return walker

    return keep


def register_up(kind: str) -> Callable[[Walker], Walker]:
    """Decorate a walker that works out steps from `kind` towards those who saw."""

    def keep(walker: Walker) -> Walker:
        _up.setdefault(kind, []).append(walker)
        return walker

    return keep


def register_reader(kind: str) -> Callable[[Reader], Reader]:
    """Decorate the one reader of `kind`: fn(viewer, key) -> Seen, raising Refused or Http404 like the page does."""

    def keep(reader: Reader) -> Reader:
        _once(_readers, kind, reader)
        return reader

    return keep


def resolve(viewer: Viewer, kind: str, key: str) -> Shown | None:
    """What `viewer` may read of (`kind`, `key`), None for something they may not see or that no room knows."""
    resolver = _resolvers.get(kind)
    found = resolver(viewer, key) if resolver else None
    return Shown(found) if isinstance(found, str) else found


def see(viewer: Viewer, kind: str, key: str) -> Seen:
    """What `viewer` sees of (`kind`, `key`) now, to be frozen. Raises PlainError for a kind that cannot be frozen."""
    reader = _readers.get(kind)
    if reader is None:
        raise PlainError("This cannot be recorded as evidence.")
    return reader(viewer, key)


def can_be_seen(kind: str) -> bool:
    """Whether something of this kind can be frozen as evidence."""
    return kind in _readers


def steps_down(viewer: Viewer, kind: str, key: str) -> list[Step]:
    """The worked-out steps from here towards the child."""
    return [step for walker in _down.get(kind, ()) for step in walker(viewer, key)]


def steps_up(viewer: Viewer, kind: str, key: str) -> list[Step]:
    """The worked-out steps from here towards those who saw."""
    return [step for walker in _up.get(kind, ()) for step in walker(viewer, key)]


def known(kind: str) -> bool:
    """Whether any room has said what a thing of this kind is."""
    return kind in _resolvers


def _once(registry: dict[str, Any], kind: str, given: Any) -> None:
    standing = registry.get(kind)
    if standing is not None and (standing.__module__, standing.__qualname__) != (given.__module__, given.__qualname__):
        raise ValueError(f"two rooms answer for '{kind}': {standing.__module__} and {given.__module__}")
    registry[kind] = given
