"""What stands behind a kind and a key: each room registers its own, and each answer is for one viewer.

A resolver says what this viewer may read of a thing, or None: "something you may not see". It is asked again
for every viewer, so evidence seen by one office is never widened for another (DESIGN 5 P).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from lineofsight.errors import PlainError
from lineofsight.web.access.viewer import Viewer


@dataclass(frozen=True)
class Shown:
    """One thing as a viewer may read it: a label, its page where they may open it, and a line below.

    `since` are lines on what is known differently today of something frozen; `withdrawn` says that a load it stands
    on was withdrawn.
    """

    label: str
    url: str = ""
    note: str = ""
    at: datetime | None = None
    since: tuple[str, ...] = ()
    withdrawn: str = ""


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

    `rests_on` is the kind and key that the thread leads down to, None for the thing itself. `key` is the lasting
    key, where the address holds one that changes (a child's ref).
    """

    label: str
    sentence: str
    content: Mapping[str, Any] = field(default_factory=dict)
    rests_on: tuple[str, str] | None = None
    key: str = ""


@dataclass(frozen=True)
class Figure:
    """The newest number of a thing as a viewer may see it. `value` is None where there is none to see; `words` say the
    value as it is written, or why there is none. `write` writes any other value of it (a target) in the same way.

    `better` is higher, lower or neutral. `rests_on` is what the thread leads down to: a figure of one computation.
    """

    value: float | None
    words: str
    as_at: date | None
    better: str
    write: Callable[[float], str] = str
    rests_on: tuple[str, str] | None = None


Resolver = Callable[[Viewer, str], "Shown | str | None"]
Walker = Callable[[Viewer, str], Iterable[Step]]
Reader = Callable[[Viewer, str], Seen]
Figures = Callable[[Viewer, Collection[str]], Mapping[str, Figure]]

_resolvers: dict[str, Resolver] = {}
_down: dict[str, list[tuple[bool | None, Walker]]] = {}
_up: dict[str, list[tuple[bool | None, Walker]]] = {}
_readers: dict[str, Reader] = {}
_figures: dict[str, Figures] = {}
_keys: dict[str, Callable[[Viewer, str], str | None]] = {}


def register(kind: str) -> Callable[[Resolver], Resolver]:
    """Decorate the one resolver of `kind`: fn(viewer, key) -> Shown, a label, or None for what they may not see."""

    def keep(resolver: Resolver) -> Resolver:
        _once(_resolvers, kind, resolver)
        return resolver

    return keep


def register_down(kind: str, *, near: bool | None = None) -> Callable[[Walker], Walker]:
    """Decorate a walker that works out steps from `kind` towards the child: fn(viewer, key) -> steps.

    With `near` true it is asked only where a thread begins, with false only further away, so that children are
    listed in their own thread and counted in any other.
    """

    def keep(walker: Walker) -> Walker:
        _down.setdefault(kind, []).append((near, walker))
        return walker

    return keep


def register_up(kind: str, *, near: bool | None = None) -> Callable[[Walker], Walker]:
    """Decorate a walker that works out steps from `kind` towards those who saw; `near` as for `register_down`."""

    def keep(walker: Walker) -> Walker:
        _up.setdefault(kind, []).append((near, walker))
        return walker

    return keep


def register_reader(kind: str) -> Callable[[Reader], Reader]:
    """Decorate the one reader of `kind`: fn(viewer, key) -> Seen, raising Refused or Http404 like the page does."""

    def keep(reader: Reader) -> Reader:
        _once(_readers, kind, reader)
        return reader

    return keep


def register_key(kind: str) -> Callable[[Callable[[Viewer, str], str | None]], Callable[[Viewer, str], str | None]]:
    """Decorate the one reader of addresses of `kind`: from the key in an address to the lasting key, or None."""

    def keep(reader: Callable[[Viewer, str], str | None]) -> Callable[[Viewer, str], str | None]:
        _once(_keys, kind, reader)
        return reader

    return keep


def register_figure(kind: str) -> Callable[[Figures], Figures]:
    """Decorate the one reader of numbers of `kind`: fn(viewer, keys) -> the figures this viewer may see, by key."""

    def keep(reader: Figures) -> Figures:
        _once(_figures, kind, reader)
        return reader

    return keep


def figures(viewer: Viewer, kind: str, keys: Collection[str]) -> Mapping[str, Figure]:
    """The newest numbers of things of one kind, for those that have one and that `viewer` may see, in one reading."""
    reader = _figures.get(kind)
    return reader(viewer, keys) if reader and keys else {}


def figure(viewer: Viewer, kind: str, key: str) -> Figure | None:
    """The newest number of (`kind`, `key`) as `viewer` may see it; None where they see none or no room knows it."""
    return figures(viewer, kind, [key]).get(key)


def lasting_key(viewer: Viewer, kind: str, key: str) -> str | None:
    """The lasting key of what an address names; None for one that means nothing to this viewer."""
    return _keys[kind](viewer, key) if kind in _keys else key


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


def steps_down(viewer: Viewer, kind: str, key: str, near: bool) -> list[Step]:
    """The worked-out steps from here towards the child. `near` is true where the thread begins."""
    return _asked(_down, viewer, kind, key, near)


def steps_up(viewer: Viewer, kind: str, key: str, near: bool) -> list[Step]:
    """The worked-out steps from here towards those who saw."""
    return _asked(_up, viewer, kind, key, near)


def _asked(
    walkers: Mapping[str, list[tuple[bool | None, Walker]]], viewer: Viewer, kind: str, key: str, near: bool
) -> list[Step]:
    chosen = [walker for when, walker in walkers.get(kind, ()) if when in (None, near)]
    return [step for walker in chosen for step in walker(viewer, key)]


def _once(registry: dict[str, Any], kind: str, given: Any) -> None:
    standing = registry.get(kind)
    if standing is not None and (standing.__module__, standing.__qualname__) != (given.__module__, given.__qualname__):
        raise ValueError(f"two rooms answer for '{kind}': {standing.__module__} and {given.__module__}")
    registry[kind] = given
