"""Whether what something stands on was withdrawn: said wherever it stands, for good.

The reason is somebody's own words, so who sees no child by name is told the day and not the words (rule 7.4).
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.evidence.models import Evidence, Link

DEPTH = 4


def withdrawn_words(viewer: Viewer, *snapshots: str) -> str:
    """What stands on these snapshots says of those that were withdrawn; blank where none was."""
    lake, said = lake_in_use(), []
    for snapshot_id in dict.fromkeys(filter(None, snapshots)):
        try:
            mark = lake.withdrawn(lake.snapshot(snapshot_id))
        except PlainError:  # it is no longer held, which is said where its rows are asked for
            continue
        if mark is not None:
            on = f"{mark.at.astimezone(clock.LONDON):%-d %B %Y}"
            why = f" because: {mark.why.rstrip('.')}." if viewer.level == "identified" else "."
            said.append(f"This stands on a load that was withdrawn on {on}{why}")
    return " ".join(said)


def any_withdrawn(*snapshots: str) -> bool:
    """Whether any of these snapshots was withdrawn."""
    lake = lake_in_use()
    held = {one.id: one for one in lake.snapshots(withdrawn=True)} if any(snapshots) else {}
    return any(lake.withdrawn(held[one]) is not None for one in set(snapshots) & held.keys())


def withdrawn_under(viewer: Viewer, kind: str, key: str) -> str:
    """The same of something that rests on evidence and figures, however many steps down."""
    return withdrawn_words(viewer, *snapshots_under(kind, key))


def snapshots_under(kind: str, key: str) -> list[str]:
    """The snapshots that something stands on: of the evidence and the figures that the thread leads down to."""
    passed = {(kind, key)}
    front, found = [(kind, key)], dict[str, None]()
    for _ in range(DEPTH):
        found |= dict.fromkeys(_named(front))
        front = [one for one in _below(front) if one not in passed]
        passed |= set(front)
        if not front:
            break
    return list(found)


def _below(things: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    by_kind: dict[str, list[str]] = {}
    for kind, key in things:
        by_kind.setdefault(kind, []).append(key)
    below: dict[tuple[str, str], None] = {}
    for kind, keys in by_kind.items():
        links = Link.objects.filter(from_kind=kind, from_key__in=keys)
        below |= dict.fromkeys(links.values_list("to_kind", "to_key"))
    return list(below)


def _named(things: Iterable[tuple[str, str]]) -> list[str]:
    """The snapshots that figures name in their keys (measure@snapshot@computation), and evidence in its row."""
    keys = [key for kind, key in things if kind == "evidence" and _is_uuid(key)]
    of_evidence = Evidence.objects.filter(pk__in=keys).values_list("snapshot_id", flat=True) if keys else []
    of_figures = [key.split("@")[1] for kind, key in things if kind == "figure" and key.count("@") == 2]
    return [*filter(None, of_evidence), *of_figures]


def _is_uuid(key: str) -> bool:
    try:
        UUID(key)
    except ValueError:
        return False
    return True
