"""Masks for small numbers, decided once over a whole family of cells (DESIGN 5 J).

A family is one breakdown of one measure on one date: its cells, and the total they add up to, which is known
exactly. A number from 1 to `below` - 1 is never to be read off, nor worked out by taking the cells that
are shown from the total. So a cell with any small part is hidden whole (numerator, rest, unknown), and
further cells are hidden until what is hidden adds up, part by part, to nothing or to no small number.
Teams are a family within their service, whose own cell may be shown: that total counts too. Zero is not a
small number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """One cell: its group, the group it is part of (a team's service), and its parts, which add up to it."""

    group: str
    parts: tuple[int, ...]
    parent: str | None = None

    @property
    def size(self) -> int:
        return sum(self.parts)


def small(number: int, below: int) -> bool:
    """Whether `number` is one that could point to a child: from 1 to `below` - 1."""
    return 0 < number < below


def unsafe(parts: Sequence[int], below: int) -> bool:
    """Whether any part is small."""
    return any(small(part, below) for part in parts)


def hidden_groups(cells: Sequence[Cell], below: int) -> frozenset[str]:
    """The groups of a flat family that must not be shown beside its exact total."""
    first = {cell.group for cell in cells if unsafe(cell.parts, below)}
    return _completed(cells, first, below)


def hidden_teams(teams: Sequence[Cell], hidden_services: Iterable[str], below: int) -> frozenset[str]:
    """The teams that must not be shown beside the exact total of every service that is shown.

    Every team of a hidden service is hidden: shown, its teams would add up to it.
    """
    gone = frozenset(hidden_services)
    by_service: dict[str | None, list[Cell]] = {}
    for team in teams:
        by_service.setdefault(team.parent, []).append(team)
    hidden: set[str] = set()
    for service, members in by_service.items():
        hidden |= {team.group for team in members} if service in gone else hidden_groups(members, below)
    return frozenset(hidden)


def rounded(number: int, to: int) -> int:
    """`number` to the nearest multiple of `to`, halves up."""
    return (2 * number + to) // (2 * to) * to


def masks(families: Mapping[str, Sequence[Cell]], below: int) -> dict[str, frozenset[str]]:
    """The hidden groups of every breakdown (name -> its cells) of one measure on one date."""
    hidden = {name: hidden_groups(cells, below) for name, cells in families.items() if name != "team"}
    if "team" in families:
        hidden["team"] = hidden_teams(families["team"], hidden.get("service", ()), below)
    return hidden


def _completed(cells: Sequence[Cell], first: set[str], below: int) -> frozenset[str]:
    """`first` and the smallest other cells, until no small number is left in the sum of what is hidden."""
    hidden = set(first)
    others = iter(
        sorted((cell for cell in cells if cell.group not in hidden), key=lambda cell: (cell.size, cell.group))
    )
    sums = [sum(parts) for parts in zip(*(cell.parts for cell in cells if cell.group in hidden), strict=True)]
    while hidden and unsafe(sums, below):
        extra = next(others, None)
        if extra is None:
            break
        hidden.add(extra.group)
        sums = [have + more for have, more in zip(sums, extra.parts, strict=True)]
    return frozenset(hidden)
