"""Against others: what is published of England, the region and the neighbours, and a funnel of all authorities."""

from collections.abc import Sequence
from dataclasses import dataclass

from lineofsight.measures import published_funnel
from lineofsight.measures.definitions import Definition
from lineofsight.measures.published_funnel import Funnel, Ours
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import scatter
from lineofsight.web.practice.queries import measures
from lineofsight.web.practice.queries.figures import Figure
from lineofsight.web.practice.queries.standing import Standing, sees_authority

PLACES = {
    "within": "Ours now is within the range where authorities of its size lie.",
    "above": "Ours now is higher than all but one in forty authorities of its size would be.",
    "below": "Ours now is lower than all but one in forty authorities of its size would be.",
    "far above": "Ours now is far higher than authorities of its size are: fewer than one in five hundred would be.",
    "far below": "Ours now is far lower than authorities of its size are: fewer than one in five hundred would be.",
}


@dataclass(frozen=True)
class Compared:
    """One line of the comparison: who, and their published value."""

    title: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Authority:
    """One authority of the funnel's table."""

    name: str
    value: str
    size: str
    neighbour: bool


@dataclass(frozen=True)
class Among:
    """Where the authority lies among all others: the sentence, the pictures, and the table."""

    sentence: str
    how: str
    label: str
    sizes_of: str
    wide: scatter.Scatter
    narrow: scatter.Scatter
    authorities: Sequence[Authority]


def comparison(line: measures.Line) -> list[Compared]:
    """Ours, England, the region, the neighbours: each with its value, in that order."""
    against, one = line.comparators, line.definition
    if against.year is None:
        return []
    found = [Compared("England", measures.published_words(one, against.england))]
    if against.region is not None:
        found.append(Compared(against.region_name or "Region", measures.published_words(one, against.region)))
    if against.neighbours is not None:
        count = len(against.others)
        found.append(
            Compared("Statistical neighbours", measures.published_words(one, against.neighbours), f"mean of {count}")
        )
    return found


def among(stand: Standing, viewer: Viewer, definition: Definition, headline: Figure) -> Among | None:
    """The funnel, for those who see the whole authority with its names; None where none can be made.

    Below that level a funnel of small numbers would have to be left out, and its absence would tell.
    """
    if viewer.level != "identified" or not sees_authority(viewer):
        return None
    size = float(headline.denominator) if headline.measured and headline.denominator else None
    found = published_funnel.funnel_of(stand.snapshot.authority, definition, size)
    if found is None:
        return None
    ours = found.ours(headline.value, size) if headline.value is not None and size else None
    sizes_of = "children who live there" if found.kind == "rate" else "how many each percentage is of"
    form = measures.percent_form if definition.kind == "percent" else measures.number_form
    said = PLACES[ours.place] if ours else "There is no figure of ours to stand among them."
    title = f"{definition.title}: all authorities, {found.label}"
    description = f"{said} {_how(definition, found)}"
    return Among(
        sentence=said,
        how=_how(definition, found),
        label=found.label,
        sizes_of=sizes_of,
        wide=scatter.scatter(found, ours, scatter.WIDE, title, description, form, sizes_of),
        narrow=scatter.scatter(found, ours, scatter.NARROW, title, description, form, sizes_of),
        authorities=_table(definition, found, ours, stand.snapshot.authority_name),
    )


def _how(definition: Definition, found: Funnel) -> str:
    said = "The darker area is where 95 in 100 authorities lie, the paler one nearly all; small ones vary more."
    if found.between > 0:
        reach = measures.number_form(round(found.between, 1))
        unit = "percentage points" if found.kind == "percent" else "per 10,000"
        said += (
            f" Authorities differ beyond what chance alone makes, by about {reach} {unit} either way, because places "
            "and practice differ; the areas are widened by that."
        )
    return said


def _table(definition: Definition, found: Funnel, ours: Ours | None, name: str) -> list[Authority]:
    lines = [
        Authority(
            one.name, measures.published_words(definition, one.value), f"{one.size:,.0f}", one.name in found.neighbours
        )
        for one in found.points
    ]
    if ours is None:
        return lines
    return [
        Authority(f"{name} now", measures.published_words(definition, ours.value), f"{ours.size:,.0f}", False),
        *lines,
    ]
