"""A measure divided one way: by team, service, age and so on, each group against everybody else (DESIGN 7.13).

One way at a time, as each disclosure level may see it. A difference between groups is never called a cause.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from django.http import Http404

from lineofsight.measures import fairness, shown
from lineofsight.measures import values as stored
from lineofsight.measures.definitions import Definition
from lineofsight.measures.fairness import Ratio
from lineofsight.web.access import scope
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import forest, wording
from lineofsight.web.practice.queries import figures, measures, periods, signals
from lineofsight.web.practice.queries.figures import Figure, Series
from lineofsight.web.practice.queries.rows import is_of_workers
from lineofsight.web.practice.queries.standing import Standing, sees_authority, team_name, teams

BY = {
    "team": "Team",
    "service": "Service",
    "age": "Age",
    "sex": "Sex",
    "ethnicity": "Ethnicity",
    "disability": "Disability",
    "placement": "Placement",
    "category": "Category",
}
ORDER = stored.OF_CHILDREN
WHERE = ("team", "service")
Z = fairness.Z


@dataclass(frozen=True)
class Group:
    """One group of a breakdown. `interval` is the 95% range a percentage of so few could have by chance, `against` how
    many times as likely the group is as everybody else.
    """

    key: str
    title: str
    value: str
    of: str
    change: str
    tone: str
    interval: str
    hidden: bool
    against: str = ""
    differs: bool = False


@dataclass(frozen=True)
class Breakdown:
    """One way of dividing a measure, and the ways there are."""

    by: str
    title: str
    groups: Sequence[Group]
    ways: Sequence[tuple[str, str]]
    any_hidden: bool
    of_authority: bool
    covers: str
    another_year: bool  # an earlier one than the headline's, so that no two years shown share a month
    shares: bool = True  # a percentage, and not a number of children
    fair: str = ""  # which groups differ from everybody else, as a sentence
    wide: forest.Forest | None = None
    narrow: forest.Forest | None = None

    @property
    def all_hidden(self) -> bool:
        """Whether nothing is left to show: then a sentence stands for the table."""
        return bool(self.groups) and all(one.hidden for one in self.groups)

    @property
    def shows_change(self) -> bool:
        """Whether any group's months say something: personal breakdowns never do."""
        return any(one.change for one in self.groups)

    @property
    def shows_interval(self) -> bool:
        """Whether the 95% interval stands beside: always where people are divided (DESIGN 7.13)."""
        return any(one.interval for one in self.groups)

    @property
    def shows_against(self) -> bool:
        """Whether groups are held against everybody else: shares of people only."""
        return any(one.against for one in self.groups)

    @property
    def of_people(self) -> bool:
        """Whether people are divided by what they are, and not by who works with them."""
        return self.by not in WHERE

    @property
    def not_a_cause(self) -> str:
        """The sentence that stands below every one of these tables."""
        return fairness.NOT_A_CAUSE


def breakdown(stand: Standing, viewer: Viewer, definition: Definition, by: str) -> Breakdown | None:
    """The measure divided one way. A narrower scope is divided by its own teams only; nothing is ever combined."""
    whole = sees_authority(viewer)
    ways = ways_of(viewer, definition)
    if by not in WHERE and by not in dict(ways):
        raise Http404
    found = figures.breakdown(stand, viewer.level, definition, by)
    if not whole:
        found = [one for one in found if _inside(stand, viewer, by, one.group)]
    if not found:
        return None
    ratios = _ratios(stand, viewer, definition, by, found)
    months = figures.by_group(stand, viewer.level, definition, by)
    groups = [
        _group(stand, viewer, definition, by, one, months.get(one.group, []), ratios.get(one.group))
        for one in found
        if one.hidden or one.denominator or one.numerator
    ]
    order = ORDER.get(by) or (stored.categories(definition, [one.group for one in found]) if by == "category" else ())
    groups.sort(key=lambda one: (order.index(one.key) if one.key in order else 99, one.title))
    covers = periods.words(definition, found[0].as_at)
    wide, narrow = (
        _drawn(definition, by, covers, groups, found, narrow=one) if viewer.level == "identified" else None
        for one in (False, True)
    )
    return Breakdown(
        by=by,
        title=dict(ways).get(by, BY[by]),
        groups=groups,
        ways=ways,
        any_hidden=any(one.hidden for one in groups),
        of_authority=whole,
        covers=covers,
        another_year=found[0].as_at != figures.own(stand, viewer)[definition.id].headline.as_at,
        shares=definition.kind == "percent",
        fair=_fair(groups) if ratios else "",
        wide=wide,
        narrow=narrow,
    )


def ways_of(viewer: Viewer, definition: Definition) -> list[tuple[str, str]]:
    """The ways this viewer may have a measure divided, each with its words."""
    whole = sees_authority(viewer)
    if not whole:
        return [(key, BY[key]) for key in (WHERE[:1] if viewer.scope.kind in ("team", "own", "assigned") else WHERE)]
    found = dict(BY) if not is_of_workers(definition) else {key: BY[key] for key in (*WHERE, "category")}
    if definition.category is None:
        del found["category"]
    else:
        found["category"] = definition.category
    if viewer.level != "identified":
        found = {key: words for key, words in found.items() if key not in shown.NAMED_ONLY}
    return list(found.items())


def _inside(stand: Standing, viewer: Viewer, by: str, group: str) -> bool:
    """Whether a group lies in the viewer's scope as a whole."""
    ids = scope.named(viewer.scope.kind, viewer.scope.ids)
    if viewer.scope.kind == "team":
        return by == "team" and group in ids
    if viewer.scope.kind == "service":
        known = teams(stand).get(group)
        return group in ids if by == "service" else known is not None and known.service_id in ids
    return False


def _ratios(
    stand: Standing, viewer: Viewer, definition: Definition, by: str, found: Sequence[Figure]
) -> Mapping[str, Ratio]:
    """Each group's share over that of everybody else; only shares have one, and only where it may be worked out.

    Categories of a measure's own are no groups of people, and teams are not ranked against each other.
    """
    if definition.kind != "percent" or by in (*WHERE, "category") or viewer.level == "published":
        return {}
    whole = figures.whole_at(stand, viewer.level, definition, found[0].as_at)
    if whole is None or whole.numerator is None or whole.denominator is None:
        return {}
    ratios = {
        one.group: fairness.ratio(
            one.numerator, one.denominator, whole.numerator - one.numerator, whole.denominator - one.denominator
        )
        for one in found
        if one.numerator is not None and one.denominator
    }
    return {group: ratio for group, ratio in ratios.items() if ratio is not None}


def _fair(groups: Sequence[Group]) -> str:
    """'Two groups differ from everybody else by more than chance: Black and Mixed.'"""
    differing = [one.title for one in groups if one.differs]
    if not differing:
        return "No group differs from everybody else by more than chance could make it."
    count = wording.spelled(len(differing))
    said = f"{count[:1].upper()}{count[1:]} {'group differs' if len(differing) == 1 else 'groups differ'}"
    return f"{said} from everybody else by more than chance alone would make likely: {wording.listed(differing)}."


def _group(
    stand: Standing,
    viewer: Viewer,
    definition: Definition,
    by: str,
    figure: Figure,
    months: Sequence[Figure],
    ratio: Ratio | None,
) -> Group:
    change, tone = "", "none"
    if by in WHERE and not figure.hidden:
        found = signals.fair_signal(stand, definition, Series(months, figure))
        change = measures.change_words(found, stand.as_at)
        tone = measures.tone_of(found)
    personal = by not in WHERE and viewer.level != "published" and definition.kind == "percent"
    return Group(
        key=figure.group,
        title=group_title(stand, by, figure.group),
        value=measures.value_words(definition, figure),
        of=measures.of_words(definition, figure),
        change=change,
        tone=tone,
        interval=wilson(figure.numerator, figure.denominator) if personal else "",
        hidden=figure.hidden,
        against=fairness.words(ratio) if ratio else "",
        differs=ratio is not None and ratio.differs,
    )


def _drawn(
    definition: Definition, by: str, covers: str, groups: Sequence[Group], found: Sequence[Figure], *, narrow: bool
) -> forest.Forest | None:
    """The groups of people as a picture: only shares can be drawn so."""
    if by in WHERE or definition.kind != "percent":
        return None
    by_key = {one.group: one for one in found}
    held = []
    for one in groups:
        figure = by_key[one.key]
        if figure.numerator is not None and figure.denominator:
            low, high = interval(figure.numerator, figure.denominator)
            said = f"{one.value}, {one.of}; by chance {one.interval}"
            held.append(
                forest.Held(one.title, 100 * figure.numerator / figure.denominator, low, high, one.differs, said)
            )
    counted, out_of = (sum(getattr(one, part) or 0 for one in found) for part in ("numerator", "denominator"))
    if not out_of:
        return None
    title = f"{definition.title}, by {BY[by].lower()}, {covers}"
    return forest.forest(held, 100 * counted / out_of, title, f"{_fair(groups)} {fairness.NOT_A_CAUSE}", narrow=narrow)


def group_title(stand: Standing, by: str, group: str) -> str:
    """A group by its name: teams and services have ids, the others are words already."""
    if by == "team":
        known = teams(stand).get(group)
        return known.called if known else team_name(stand, None if group == "none" else group, "No team recorded")
    if by == "service":
        names = {team.service_id: team.service_name for team in teams(stand).values()}
        return names.get(group) or "No service recorded"
    return group


def wilson(numerator: int | None, denominator: int | None) -> str:
    """The 95% interval of a proportion as '61% to 78%'; nothing where there are no children."""
    if numerator is None or not denominator:
        return ""
    low, high = interval(numerator, denominator)
    return f"{low:.0f}% to {high:.0f}%"


def interval(numerator: int, denominator: int) -> tuple[float, float]:
    """The 95% interval of a proportion in percent (E. B. Wilson, 1927)."""
    share, n = numerator / denominator, denominator
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    reach = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return max(100 * (middle - reach), 0.0), min(100 * (middle + reach), 100.0)
