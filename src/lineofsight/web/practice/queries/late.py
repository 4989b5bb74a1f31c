"""Late recording: how long after the event things were entered, by kind, team and extract, and which children.

Extracts that follow one another give bounds, never the day itself: what is dated before one and stands first in the
next was entered at least so late. By worker it is never shown (DESIGN 7.7), and supervisions open to nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.http import Http404

from lineofsight import clock, policy
from lineofsight.cases import late
from lineofsight.measures import disclosure
from lineofsight.web import home_in_use
from lineofsight.web.access import paging
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.pace import LISTING, check_pace
from lineofsight.web.access.paging import Paged
from lineofsight.web.access.permissions import Capability, agrees, check, check_see_children
from lineofsight.web.access.scope import NOTHING, row_filter
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries import people
from lineofsight.web.practice.queries.known import BY_GROUP, carried
from lineofsight.web.practice.queries.standing import Standing, standing, team_names, whose, without_withheld

PAGE = 50
# How late at the least, in working days. What was entered since the last extract stands first, by itself: it may be on
# time. The others are known to be late, so the five together are all that was entered.
NOT_KNOWN_LATE = "Not known to be late"
LATE_BANDS = (
    ("By 1 or less", 0, 1),
    ("By 2 to 5", 2, 5),
    ("By 6 to 20", 6, 20),
    ("By more than 20", 21, 10_000),
)
BANDS = (NOT_KNOWN_LATE, *(words for words, _, _ in LATE_BANDS))


@dataclass(frozen=True)
class Asked:
    """The filters, as they stand in the address."""

    kind: str = ""
    team: str = ""
    month: date | None = None
    page: int = 1
    whole: bool = False
    form: str = "page"


FIRST = Asked()


@dataclass(frozen=True)
class Line:
    """One team, kind or extract: how many were entered, how many of them late, and how late in working days."""

    key: str
    title: str
    entered: int
    late: int
    bands: Sequence[int]
    least: int | None
    most: int | None

    @property
    def share(self) -> str:
        """'5%' of what was entered was late."""
        return f"{wording.short(100 * self.late / self.entered)}%" if self.entered else ""

    @property
    def middle(self) -> str:
        """'2 to 22': half of the late ones were entered at least, and at most, so many working days late."""
        if self.least is None or self.most is None:
            return ""
        return f"{self.least}" if self.least == self.most else f"{self.least} to {self.most}"


@dataclass(frozen=True)
class LatePage:
    """What the page of late recording shows. `hidden` where numbers so small could point to a child."""

    asked: Asked
    whole: Line
    by_team: Sequence[Line]
    by_kind: Sequence[Line]
    by_month: Sequence[Line]
    kinds: Sequence[tuple[str, str]]
    months: Sequence[date]
    as_at: date
    since: date | None
    whose: str
    moved: int
    returned: int
    taken_away: int
    not_measured: Sequence[tuple[str, str]]
    opens: bool
    hidden: bool

    @property
    def sentence(self) -> str:
        """The answer in a sentence or two, with its bounds."""
        if self.since is None:
            return "This is the first extract that is held: how late things are entered shows from the next one on."
        if self.hidden:
            return "Numbers this small could point to a child, so they are not shown."
        between = f"between the extracts of {wording.day(self.since)} and {wording.day(self.as_at)}"
        if not self.whole.entered:
            return f"Nothing that could be measured was entered {between}."
        of = f"Of {wording.counted(self.whole.entered, 'event')} entered {between}"
        if not self.whole.late:
            return f"{of}, none is known to have been entered late."
        rest = self.whole.bands[0]
        not_known = f"{rest:,} {'is' if rest == 1 else 'are'} {NOT_KNOWN_LATE[:1].lower()}{NOT_KNOWN_LATE[1:]}"
        had = f"{self.whole.late:,} ({self.whole.share}) had happened earlier"
        said = f"{of}, {not_known}; {had}: entered at least a day late."
        days = "working day" if self.whole.least == 1 else "working days"
        return f"{said} Half of those were at least {self.whole.least} {days} late, at most {self.whole.most}."


@dataclass(frozen=True)
class Entered:
    """One event that was entered late, of one child."""

    child: people.Card
    what: str
    day: date
    least: int
    most: int
    team: str


@dataclass(frozen=True)
class LateChildren(Paged):
    """One page of the children whose events were entered late with the newest extract, the latest first."""

    asked: Asked
    rows: Sequence[Entered]
    number: int
    size: int
    total: int
    pages: int
    kinds: Sequence[tuple[str, str]]
    teams: Sequence[tuple[str, str]]
    withheld: int
    as_at: date
    past: bool
    whose: str


def late_page(viewer: Viewer, asked: Asked = FIRST) -> LatePage:
    """How late things were entered, in the viewer's scope. Raises Refused, Http404 for a kind or month there is not."""
    check(viewer, Capability.SEE_DATA)
    stand = standing(viewer)
    found = carried(stand, "late_counts", _within(viewer, "late_counts"))
    if found is None:
        found = late.COUNTS_SCHEMA.empty_table()
    months = sorted(set(found["as_at"].to_pylist()), reverse=True)
    month = asked.month or stand.as_at
    if (asked.kind and asked.kind not in late.kinds()) or (asked.month and month not in months):
        raise Http404
    asked = replace(asked, month=month)
    chosen = found.filter(pc.equal(found["kind"], asked.kind)) if asked.kind else found
    now = chosen.filter(pc.equal(chosen["as_at"], month))
    whole = _line("", "", now.to_pylist())
    names = team_names(stand, now["team_id"])
    identified = viewer.level == "identified"
    of_month = found.filter(pc.equal(found["as_at"], month)).to_pylist()
    return LatePage(
        asked=asked,
        whole=whole,
        by_team=_lines(now.to_pylist(), "team_id", names, "No team recorded") if identified else [],
        by_kind=_lines(of_month, "kind", _kind_names(), "") if identified and not asked.kind else [],
        by_month=_over_months(chosen) if identified else [],
        kinds=[(slug, _capital(kind.many)) for slug, kind in late.kinds().items()],
        months=months,
        as_at=month,
        since=next((row["since"] for row in of_month if row["since"]), None),
        whose=whose(stand, viewer),
        moved=_tally(now, late.MOVED),
        returned=_tally(now, late.RETURNED),
        taken_away=_tally(now, late.TAKEN_AWAY),
        not_measured=_not_measured(stand, month, asked.kind),
        opens=may_late_children(viewer) and month == stand.as_at,
        hidden=not identified and _small(whole),
    )


def check_late_children(viewer: Viewer) -> None:
    """Raise Refused unless the viewer may see which children are behind what was entered late."""
    check(viewer, Capability.SEE_DATA)
    check_see_children(viewer)


def may_late_children(viewer: Viewer) -> bool:
    """The boolean twin of `check_late_children`."""
    return agrees(check_late_children, viewer)


def late_children(viewer: Viewer, asked: Asked = FIRST) -> LateChildren:
    """The children behind what was entered late with this extract. The read is in the log before this returns.

    Raises Refused, Http404, TooFast, LogUnavailable.
    """
    check_late_children(viewer)
    stand = standing(viewer)
    if asked.kind and asked.kind not in late.kinds():
        raise Http404
    everything = _events(stand, viewer)
    shown_to, _ = without_withheld(stand, viewer, everything)
    inside = _narrowed(shown_to, asked)
    order = [("least_days", "descending"), ("kind", "ascending"), ("child_key", "ascending"), ("day", "ascending")]
    ordered = inside.sort_by(order)
    pages = 1 if asked.whole else paging.pages(ordered.num_rows, PAGE)
    if asked.page > pages:
        raise Http404
    shown = ordered if asked.whole else ordered.slice((asked.page - 1) * PAGE, PAGE)
    keys = list(dict.fromkeys(shown["child_key"].to_pylist()))
    _log(viewer, asked, keys, shown.num_rows)
    cards = people.cards(stand, viewer, keys)
    names = team_names(stand, shown_to["team_id"])
    return LateChildren(
        asked=asked,
        rows=[_entered(row, cards, names) for row in shown.to_pylist()],
        number=asked.page,
        size=PAGE,
        total=ordered.num_rows,
        pages=pages,
        kinds=[(slug, title) for slug, title in _kind_names().items() if slug in set(shown_to["kind"].to_pylist())],
        teams=sorted(((key, names.get(key, key)) for key in set(shown_to["team_id"].to_pylist()) if key), key=_second),
        withheld=_narrowed(everything, asked).num_rows - inside.num_rows,
        as_at=stand.as_at,
        past=stand.past,
        whose=whose(stand, viewer),
    )


def _within(viewer: Viewer, name: str) -> pc.Expression | None:
    """The filter that leaves this viewer's own; what could not be measured has no team and is told to everybody."""
    if viewer.scope.kind not in BY_GROUP:
        return NOTHING
    mine = row_filter(viewer)
    return mine if mine is None or name == "late" else mine | (pc.field("state") == late.NOT_MEASURED)


def _events(stand: Standing, viewer: Viewer) -> pa.Table:
    """The children's events entered late with this extract, in the viewer's scope, restricted records among them."""
    found = carried(stand, "late", _within(viewer, "late"))
    table = late.SCHEMA.empty_table() if found is None else found
    return table.filter(pc.is_valid(table["child_key"]))


def _narrowed(found: pa.Table, asked: Asked) -> pa.Table:
    for column, value in (("kind", asked.kind), ("team_id", asked.team)):
        if value:
            found = found.filter(pc.equal(found[column], value))
    return found


def _entered(row: Mapping[str, Any], cards: Mapping[str, people.Card], names: Mapping[str, str]) -> Entered:
    return Entered(
        child=cards.get(row["child_key"], people.ELSEWHERE),
        what=_capital(late.kinds()[row["kind"]].one),
        day=row["day"],
        least=row["least_working"],
        most=row["most_working"],
        team=names.get(row["team_id"], row["team_id"] or ""),
    )


def _lines(rows: Sequence[Mapping[str, Any]], by: str, names: Mapping[str, str], without: str) -> list[Line]:
    """A line a team or a kind, in the order of their names: nobody is ranked."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["state"] in (late.LATE, late.ENTERED):
            groups.setdefault(row[by] or "", []).append(row)
    lines = [_line(key, names.get(key, key) or without, held) for key, held in groups.items()]
    return sorted(lines, key=lambda one: one.title)


def _over_months(found: pa.Table) -> list[Line]:
    """A line an extract, the newest first, where anything could be measured."""
    groups: dict[date, list[Mapping[str, Any]]] = {}
    for row in found.to_pylist():
        if row["state"] != late.NOT_MEASURED:
            groups.setdefault(row["as_at"], []).append(row)
    return [_line(day.isoformat(), wording.day(day), groups[day]) for day in sorted(groups, reverse=True)]


def _line(key: str, title: str, rows: Sequence[Mapping[str, Any]]) -> Line:
    """What these counts come to. An event entered since the last extract is late by nothing that is known."""
    told = [row for row in rows if row["state"] in (late.LATE, late.ENTERED)]
    late_ones = [row for row in told if row["state"] == late.LATE]
    known = [
        sum(row["count"] for row in late_ones if low <= row["least_working"] <= high) for _, low, high in LATE_BANDS
    ]
    bands = [sum(row["count"] for row in told) - sum(row["count"] for row in late_ones), *known]
    return Line(
        key=key,
        title=title,
        entered=sum(row["count"] for row in told),
        late=sum(row["count"] for row in late_ones),
        bands=bands,
        least=_middle(late_ones, "least_working"),
        most=_middle(late_ones, "most_working"),
    )


def _middle(rows: Sequence[Mapping[str, Any]], of: str) -> int | None:
    """The lower median of the events that these rows count."""
    total, passed = sum(row["count"] for row in rows), 0
    for row in sorted(rows, key=lambda one: one[of]):
        passed += row["count"]
        if 2 * passed >= total:
            return int(row[of])
    return None


def _tally(found: pa.Table, state: str) -> int:
    return pc.sum(found.filter(pc.equal(found["state"], state))["count"]).as_py() or 0


def _not_measured(stand: Standing, month: date, kind: str) -> list[tuple[str, str]]:
    """Which kinds could not be measured, and why; nothing to be said of the first extract but its sentence."""
    where = (pc.field("state") == late.NOT_MEASURED) & (pc.field("as_at") == month)
    found = carried(stand, "late_counts", where)
    if found is None:
        return []
    names = _kind_names()
    told = [(names[row["kind"]], row["why"]) for row in found.to_pylist() if row["kind"] in names]
    return [one for one in told if (not kind or one[0] == names[kind]) and one[1] != late.FIRST]


def _kind_names() -> dict[str, str]:
    return {slug: _capital(kind.many) for slug, kind in late.kinds().items()}


def _small(line: Line) -> bool:
    """Whether a number of the whole is so small that it could point to a child (DESIGN 5 J)."""
    below = int(policy.load(home_in_use()).number("disclosure.suppress_below", clock.today()))
    return disclosure.unsafe((line.late, line.entered - line.late, *line.bands), below)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _second(pair: tuple[str, str]) -> str:
    return pair[1]


def _log(viewer: Viewer, asked: Asked, keys: list[str], rows: int) -> None:
    check_pace(viewer, LISTING)
    record_read(
        viewer=viewer,
        action="late.listed",
        subject=f"late recording {asked.kind}".strip(),
        child_keys=keys,
        detail={
            "team": asked.team,
            "page": 0 if asked.whole else asked.page,
            "format": asked.form,
            "rows": rows,
        },
    )
