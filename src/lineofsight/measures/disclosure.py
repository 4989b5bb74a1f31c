"""Masks for small numbers, decided once over every table that could give one away (DESIGN 5 J).

A number from 1 to `below` - 1 is never to be read off, nor worked out by adding and subtracting what is shown:

- along a breakdown: its cells add up to the authority, which is known exactly; the teams of a service add up to it;
- across the parts of a cell: counted, the rest and unknown add up to its size;
- across measures: the children of one measure may be among those of another, so the size of a cell is shown there,
  and those of the other who are *not* in this one are a number too.

So a cell with any small part is hidden whole, in its measure and in every measure among it, and further cells are
hidden until what is hidden adds up, part by part, to nothing or to no small number, and until each small number
could, for all that is shown, be as many different numbers as there are small ones. Why that is enough: two children
of hidden cells may change places without changing anything that is shown. Zero is not a small number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

Hidden = Mapping[str, frozenset[str]]  # breakdown -> its hidden groups
NOWHERE: Hidden = {}


class Cell(NamedTuple):
    """One cell: its group, the group it is part of (a team's service), and its parts, which add up to it."""

    group: str
    parts: tuple[int, ...]
    parent: str | None = None

    @property
    def size(self) -> int:
        return sum(self.parts)


@dataclass(frozen=True)
class Family:
    """Every breakdown of one measure on one date, and the measure whose children its own are among (None: nobody's)."""

    measure: str
    cells: Mapping[str, Sequence[Cell]]
    among: str | None = None


@dataclass(frozen=True)
class Known:
    """What is hidden in the measure whose children these are among: every other cell's size is told there.

    `told` is whether there is such a measure at all; without one no size of a hidden cell is told.
    """

    hidden: Hidden = field(default_factory=dict)
    told: bool = False

    def pool(self, breakdown: str, cell: Cell) -> str:
        """Cells of one pool are told by their sum alone; a cell whose size is told is a pool of its own."""
        if self.told and cell.group not in self.hidden.get(breakdown, ()):
            return f"cell {cell.group}"
        told = self.told and cell.parent is not None and cell.parent not in self.hidden.get("service", ())
        return f"within {cell.parent}" if told else "all"


UNKNOWN = Known()


def small(number: int, below: int) -> bool:
    """Whether `number` is one that could point to a child: from 1 to `below` - 1."""
    return 0 < number < below


def unsafe(parts: Sequence[int], below: int) -> bool:
    """Whether any part is small."""
    return any(small(part, below) for part in parts)


def hidden_groups(
    cells: Sequence[Cell], below: int, *, known: Known = UNKNOWN, breakdown: str = "", also: Iterable[str] = ()
) -> frozenset[str]:
    """The groups of a flat family that must not be shown beside its exact total; `also` are hidden in any case."""
    hidden = {cell.group for cell in cells if unsafe(cell.parts, below)} | {*also} & {cell.group for cell in cells}
    others = sorted((cell for cell in cells if cell.group not in hidden), key=lambda cell: (cell.size, cell.group))
    for extra in (*others, None):
        if held([cell for cell in cells if cell.group in hidden], below, known=known, breakdown=breakdown):
            break
        hidden |= {extra.group} if extra else set()
    return frozenset(hidden)


def hidden_teams(
    teams: Sequence[Cell],
    hidden_services: Iterable[str],
    below: int,
    *,
    known: Known = UNKNOWN,
    also: Iterable[str] = (),
) -> frozenset[str]:
    """The teams that must not be shown beside the exact total of every service that is shown.

    Every team of a hidden service is hidden: shown, its teams would add up to it.
    """
    gone = frozenset(hidden_services)
    by_service: dict[str | None, list[Cell]] = {}
    for team in teams:
        by_service.setdefault(team.parent, []).append(team)
    hidden: set[str] = set()
    for service, members in by_service.items():
        if service in gone:
            hidden |= {team.group for team in members}
        else:
            hidden |= hidden_groups(members, below, known=known, breakdown="team", also=also)
    return frozenset(hidden)


def held(hidden: Sequence[Cell], below: int, *, known: Known = UNKNOWN, breakdown: str = "") -> bool:
    """Whether what is hidden here gives no small number away, though the sum of each part is known.

    The sums are nothing or not small; and each small number, by what is told of the sizes (`known`), lies in a
    range at least as wide as that of the small numbers. The ranges are exact: they are the bounds of a two-way table
    with known margins (M. Fréchet).
    """
    if not hidden:
        return True
    sums = [sum(parts) for parts in zip(*(cell.parts for cell in hidden), strict=True)]
    return not unsafe(sums, below) and _vague(hidden, sums, below, known, breakdown)


def as_vague_as_can_be(hidden: Sequence[Cell], below: int, *, known: Known = UNKNOWN, breakdown: str = "") -> bool:
    """The same for a family of which nothing is shown: its sums are the authority's own, small or not."""
    sums = [sum(parts) for parts in zip(*(cell.parts for cell in hidden), strict=True)]
    return _vague(hidden, sums, below, known, breakdown)


def masks(cells: Mapping[str, Sequence[Cell]], below: int, *, known: Known = UNKNOWN) -> dict[str, frozenset[str]]:
    """The hidden groups of every breakdown (name -> its cells) of one measure on one date."""
    hidden = {
        name: hidden_groups(family, below, known=known, breakdown=name, also=known.hidden.get(name, ()))
        for name, family in cells.items()
        if name != "team"
    }
    if "team" in cells:
        gone, also = hidden.get("service", ()), known.hidden.get("team", ())
        hidden["team"] = hidden_teams(cells["team"], gone, below, known=known, also=also)
    return hidden


def joint_masks(families: Sequence[Family], below: int) -> dict[str, dict[str, frozenset[str]]]:
    """The masks of every measure of one date together: measure -> breakdown -> hidden groups.

    What is hidden of a measure is hidden of every measure among it. Where a measure cannot be kept vague even with
    nothing of it shown, because the other tells the sizes, that breakdown of the other is hidden whole as well.
    """
    known = {one.measure: one for one in families}
    ordered = sorted(families, key=lambda one: len(_above(one, known)))
    whole: dict[str, set[str]] = {one.measure: set() for one in families}
    while True:
        found: dict[str, dict[str, frozenset[str]]] = {}
        told: tuple[str, str] | None = None
        for one in ordered:
            other = known.get(one.among or "")
            above = Known(found[other.measure], told=True) if other else UNKNOWN
            cells = {name: _with_those_outside(family, other, name) for name, family in one.cells.items()}
            found[one.measure] = _hidden_with(masks(cells, below, known=above), cells, whole[one.measure])
            loose = _loose(cells, found[one.measure], below, above)
            if loose and other and loose not in whole[other.measure]:
                told = (other.measure, loose)
                break
        if told is None:
            return found
        whole[told[0]].add(told[1])


def rounded(number: int, to: int) -> int:
    """`number` to the nearest multiple of `to`, halves up."""
    return (2 * number + to) // (2 * to) * to


def _above(one: Family, known: Mapping[str, Family]) -> list[str]:
    """The measures that this one's children are among, the nearest first."""
    chain: list[str] = []
    while one.among in known and one.among not in chain:
        chain.append(str(one.among))
        one = known[chain[-1]]
    return chain


def _with_those_outside(cells: Sequence[Cell], other: Family | None, breakdown: str) -> list[Cell]:
    """The cells with one more part: those of the other measure who are not in this one."""
    if other is None:
        return list(cells)
    sizes = {cell.group: cell.size for cell in other.cells.get(breakdown, ())}
    return [
        Cell(cell.group, (*cell.parts, max(sizes.get(cell.group, cell.size) - cell.size, 0)), cell.parent)
        for cell in cells
    ]


def _hidden_with(
    hidden: dict[str, frozenset[str]], cells: Mapping[str, Sequence[Cell]], whole: set[str]
) -> dict[str, frozenset[str]]:
    """The masks, with every group of the breakdowns in `whole`; a service's own teams go with it."""
    named = {*whole, "team"} if "service" in whole else whole
    return {
        name: frozenset(cell.group for cell in cells[name]) if name in named else groups
        for name, groups in hidden.items()
    }


def _loose(cells: Mapping[str, Sequence[Cell]], hidden: Hidden, below: int, known: Known) -> str | None:
    """A breakdown of which something could still be worked out though all that can be is hidden; None where none."""
    for name, family in cells.items():
        gone = [cell for cell in family if cell.group in hidden[name]]
        parts = _apart(gone, hidden) if name == "team" else [gone]
        for one in parts:
            if one and not as_vague_as_can_be(one, below, known=known, breakdown=name):
                return name
    return None


def _apart(teams: Sequence[Cell], hidden: Hidden) -> list[list[Cell]]:
    """Hidden teams by the total that is told of them: each shown service's own, and those of all hidden services."""
    found: dict[str | None, list[Cell]] = {}
    for team in teams:
        gone = team.parent in hidden.get("service", ())
        found.setdefault(None if gone else team.parent, []).append(team)
    return list(found.values())


def _vague(hidden: Sequence[Cell], sums: Sequence[int], below: int, known: Known, breakdown: str) -> bool:
    """Whether every small number among `hidden` has a range of at least `below` - 1 numbers, or all there can be."""
    pools: dict[str, list[Cell]] = {}
    for cell in hidden:
        pools.setdefault(known.pool(breakdown, cell), []).append(cell)
    everything = sum(sums)
    for members in pools.values():
        size = sum(cell.size for cell in members)
        for cell in members:
            for part, number in enumerate(cell.parts):
                if not small(number, below):
                    continue
                high = min(size, sums[part])
                low = max(0, size + sums[part] - everything) if len(members) == 1 else 0
                if high - low < min(below - 2, high):
                    return False
    return True
