"""Children on a plan with no allocated social worker: the one thing told first, and their own page.

While a child waits, safeguards are owed (cases/safeguards.toml). Extracts hold only one of them, visits; the others are
recorded here with the case system's reference, and none is taken as done because nothing is said of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import policy
from lineofsight.cases import safeguards
from lineofsight.measures import disclosure
from lineofsight.web import home_in_use
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.pace import LISTING, check_pace
from lineofsight.web.access.permissions import Capability, check, check_see_children
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.models import SafeguardDone
from lineofsight.web.practice.queries import ages, alerts, episodes, figures, ledger, measures, people, telling
from lineofsight.web.practice.queries.rows import may_rows
from lineofsight.web.practice.queries.standing import (
    Standing,
    catalogue,
    is_fresh,
    sees_authority,
    standing,
    team_name,
    theirs,
    whose,
    without_withheld,
)

UNALLOCATED = ledger.UNALLOCATED
COLUMNS = ["child_key", "anchor", "team_id", "worker_id", "due_on", "value", "reason"]


@dataclass(frozen=True)
class Urgent:
    """The unallocated in numbers. `count` is None where it was not measured; `visited` where it was not looked up.

    `by_words` says that some cannot be told because of a role word without a meaning.
    """

    count: int | None
    denominator: int | None
    unknown: int
    longest: int | None
    visited: int | None
    sentence: str
    detail: str
    opens: bool
    as_at: date
    fresh: bool
    older: str
    by_words: bool = False

    @property
    def show_words(self) -> str:
        """The words of the button to the list."""
        return "Show the child" if self.count == 1 else "Show the children"


@dataclass(frozen=True)
class Waiting:
    """One child who waits: since when, who holds them meanwhile, and each safeguard. `key` opens the wait's page."""

    key: str
    child: people.Card
    waited: int
    since: date | None
    held_by: str
    team: str
    owing: Sequence[episodes.Owing]

    @property
    def in_writing(self) -> bool:
        """Whether both letters, to the professionals and to the family, are recorded as sent."""
        return {one.safeguard.key for one in self.owing if one.stands.done} >= alerts.IN_WRITING

    @property
    def overdue(self) -> int:
        """How many safeguards are overdue."""
        return sum(one.word == "overdue" for one in self.owing)


@dataclass(frozen=True)
class Unallocated:
    """The page of the unallocated: longest wait first, and the waits that ended last."""

    urgent: Urgent
    children: Sequence[Waiting]
    ended: Sequence[episodes.Ended]
    withheld: int
    whose: str

    safeguards = tuple(safeguards.safeguards().values())

    @property
    def told_in_writing(self) -> str:
        """Of how many who wait both letters are recorded as sent."""
        of, told = len(self.children), sum(one.in_writing for one in self.children)
        whom = "this child" if of == 1 else f"{f'{told:,}' if told else 'none'} of the {of:,} children"
        recorded = "are not recorded" if of == 1 and not told else "are recorded"
        return f"Both letters, to the professionals and to the family, {recorded} for {whom}." if of else ""

    @property
    def owed_words(self) -> str:
        """How much is overdue, over all who wait; nothing where the list is no work to do."""
        overdue = sum(one.overdue for one in self.children)
        if not self.urgent.fresh or not self.children:
            return ""
        if not overdue:
            return "No safeguard is overdue."
        of = sum(one.overdue > 0 for one in self.children)
        return (
            f"{wording.counted(overdue, 'safeguard').capitalize()} {'is' if overdue == 1 else 'are'} overdue "
            f"for {wording.counted(of, 'child', 'children')}."
        )

    @property
    def empty_why(self) -> str:
        """Why there is no child in the list."""
        if self.urgent.count is None:
            return "Whether every child on a plan has an allocated social worker cannot be told from this extract."
        if self.urgent.unknown:
            return "No child on a plan whom you may see is known to have no allocated social worker."
        return "Every child on a plan whom you may see has an allocated social worker."


def urgent(viewer: Viewer) -> Urgent:
    """How many, the longest wait, and how many were visited since: counts in the viewer's scope. Raises Refused."""
    check(viewer, Capability.SEE_MEASURES)
    stand = standing(viewer)
    return _urgent(stand, viewer, None)


def urgent_beside(viewer: Viewer, longest: int | None) -> Urgent:
    """The same above a page that knows the longest wait, without reading anything again: visits are not counted there.

    Raises Refused.
    """
    check(viewer, Capability.SEE_MEASURES)
    return _told(standing(viewer), viewer, longest, None)


def unallocated(viewer: Viewer) -> Unallocated:
    """The children, longest wait first. The read is in the log before this returns. Raises Refused, LogUnavailable."""
    check(viewer, Capability.SEE_EXCEPTIONS)
    check_see_children(viewer)
    stand = standing(viewer)
    waiting = _waiting(stand, viewer)
    rows, hidden = without_withheld(stand, viewer, waiting)
    told = rows.sort_by([("value", "descending"), ("child_key", "ascending")]).to_pylist()
    keys = [row["child_key"] for row in told]
    waits = episodes.waits(stand, viewer)
    over = [] if stand.past else episodes.ended(waits)
    key_of = _keys(waits)
    check_pace(viewer, LISTING)
    record_read(
        viewer=viewer,
        action="children.listed",
        subject=f"measure {UNALLOCATED}",
        child_keys=list(dict.fromkeys([*keys, *(row["child_key"] for row in over)])),
        detail={"as_at": stand.as_at.isoformat(), "rows": len(told), "format": "unallocated"},
    )
    ended = [row["child_key"] for row in over]
    seen = episodes.visits(stand, [*waiting["child_key"].to_pylist(), *ended])  # the counts are of all who wait
    cards = people.cards(stand, viewer, [*keys, *ended])
    done = {} if stand.past else episodes.recorded([*key_of.values(), *(row["exception_id"] for row in over)])
    return Unallocated(
        urgent=_urgent(stand, viewer, (waiting, _last(seen))),
        children=[
            _child(stand, row, cards, key_of.get((row["child_key"], row["anchor"]), ""), (seen, done)) for row in told
        ],
        ended=[_over(stand, row, cards, (seen, done)) for row in over],
        withheld=hidden,
        whose=whose(stand, viewer),
    )


def _urgent(stand: Standing, viewer: Viewer, read: tuple[pa.Table, Mapping[str, date]] | None) -> Urgent:
    figure = _figure(stand, viewer)
    if figure is None or not figure.numerator or viewer.level == "published":
        return _told(stand, viewer, None, None)
    waiting = read[0] if read else _waiting(stand, viewer)
    keys = waiting["child_key"].to_pylist()
    visits = read[1] if read else _last(episodes.visits(stand, keys))
    since = dict(zip(keys, waiting["due_on"].to_pylist(), strict=True))
    if not telling.tells_of_visits(stand):
        return _told(stand, viewer, int(pc.max(waiting["value"]).as_py() or 0), None)
    visited = sum(_visited(since[key], visits.get(key)) for key in keys)
    told = visited if _may_be_told(stand, viewer, visited, len(keys) - visited) else None
    return _told(stand, viewer, int(pc.max(waiting["value"]).as_py() or 0), told)


def _may_be_told(stand: Standing, viewer: Viewer, *parts: int) -> bool:
    """Whether the unallocated may be divided so for this viewer: below the identified level never by small numbers."""
    below = int(policy.load(home_in_use()).number("disclosure.suppress_below", stand.as_at))
    return viewer.level == "identified" or not disclosure.unsafe(parts, below)


def _figure(stand: Standing, viewer: Viewer) -> figures.Figure | None:
    """The measure's figure where there is a number to show."""
    series = figures.own(stand, viewer).get(UNALLOCATED)
    figure = series.headline if series else None
    return figure if figure and figure.measured and not figure.hidden and figure.numerator is not None else None


def _told(stand: Standing, viewer: Viewer, most: int | None, visited: int | None) -> Urgent:
    """The sentences around the figure; without a figure, why there is none."""
    opens = UNALLOCATED in catalogue() and may_rows(viewer, catalogue()[UNALLOCATED])
    fresh, figure = is_fresh(stand), _figure(stand, viewer)
    older = ages.sentence(ages.older(stand, catalogue()[UNALLOCATED].needs if UNALLOCATED in catalogue() else ()))
    if figure is None or figure.numerator is None:
        series = figures.own(stand, viewer).get(UNALLOCATED)
        said = _missing(series.headline if series else None)
        return Urgent(None, None, 0, None, None, said, "", opens, stand.as_at, fresh, older)
    because = telling.why(stand, catalogue()[UNALLOCATED]) if figure.unknown else ""
    return Urgent(
        count=figure.numerator,
        denominator=figure.denominator,
        unknown=figure.unknown,
        longest=most,
        visited=visited,
        sentence=_sentence(figure.numerator, figure.denominator or 0, figure.unknown, because),
        detail=_detail(figure.numerator, most, visited, known=telling.tells_of_visits(stand)),
        opens=opens,
        as_at=stand.as_at,
        fresh=fresh,
        older=older,
        by_words=because == telling.UNMAPPED,
    )


def _missing(figure: figures.Figure | None) -> str:
    """Why there is no number, and of what."""
    if figure is not None and figure.hidden:
        what = "How many children on a protection plan have no allocated social worker is not shown"
        return f"{what}: numbers this small could point to a child."
    why = measures.missing_said(figure) if figure else "It is not measured."
    return f"Whether every child on a protection plan has an allocated social worker is not known. {why}".strip()


def _sentence(count: int, of: int, unknown: int = 0, because: str = "") -> str:
    if not of and unknown:
        known = f": {because}" if because else ""
        children = wording.counted(unknown, "child", "children")
        return f"Whether any of {children} on a plan is allocated cannot be told{known}."
    if not of:
        return "No child is on a protection plan."
    if not count:
        every = "The one child" if of == 1 else f"Every one of the {of:,} children"
        of_whom = " of whom it can be told" if unknown else ""
        more = f" {telling.said(unknown, because)}." if unknown else ""
        return f"{every} on a protection plan{of_whom} has an allocated social worker.{more}"
    have = "has" if count == 1 else "have"
    more = f", and {telling.said(unknown, because, 'for')}" if unknown else ""
    return f"{count:,} of {of:,} children on a protection plan {have} no allocated social worker{more}"


NOT_KNOWN = "was seen since the wait began is not measured: the extract does not tell of visits up to its date."


def _detail(count: int, most: int | None, visited: int | None, *, known: bool = True) -> str:
    """'The longest has waited 9 working days. 7 of 11 have been seen since their wait began.'"""
    if not count or most is None:
        return ""
    days = wording.counted(most, "working day") if most else "less than one working day"
    said = f"{'That child' if count == 1 else 'The longest'} has waited {days}."
    if not known:
        return f"{said} Whether {'the child' if count == 1 else 'each of them'} {NOT_KNOWN}"
    return said if visited is None else f"{said} {_seen(count, visited)}"


def _seen(count: int, visited: int) -> str:
    """How many of those who wait have been seen since; only of an extract that tells of visits."""
    if count == 1:
        return f"The child has {'been seen' if visited else 'not been seen'} since the wait began."
    if not visited:
        nobody = "Neither" if count == 2 else f"None of the {wording.spelled(count)}"
        return f"{nobody} has been seen since their wait began."
    if visited == count:
        return f"{'Both' if count == 2 else f'All {count:,}'} have been seen since their wait began."
    return f"{visited:,} of the {count:,} {'has' if visited == 1 else 'have'} been seen since their wait began."


def _waiting(stand: Standing, viewer: Viewer) -> pa.Table:
    """The rows of the unallocated in scope, of the newest date."""
    where = (pc.field("measure") == UNALLOCATED) & (pc.field("as_at") == stand.as_at) & (~pc.field("met"))
    mine = None if sees_authority(viewer) else theirs(stand, viewer)
    return stand.lake.read(stand.computation, "rows", columns=COLUMNS, where=where if mine is None else where & mine)


def _last(seen: Mapping[str, Sequence[date]]) -> Mapping[str, date]:
    """The last day each of these children was seen."""
    return {key: max(days) for key, days in seen.items()}


def _keys(waits: pa.Table) -> Mapping[tuple[str, str], str]:
    """Each open wait's key, by the child and the plan it is of."""
    rows = waits.filter(pc.equal(waits["state"], "open"))
    columns = (rows[name].to_pylist() for name in ("child_key", "anchor", "exception_id"))
    return {(child, anchor): key for child, anchor, key in zip(*columns, strict=True)}


def _visited(since: date | None, visited_on: date | None) -> bool:
    return since is not None and visited_on is not None and visited_on >= since


Recorded = tuple[Mapping[str, Sequence[date]], Mapping[str, Sequence[SafeguardDone]]]


def _child(
    stand: Standing, row: Mapping[str, Any], cards: Mapping[str, people.Card], key: str, recorded: Recorded
) -> Waiting:
    card = cards.get(row["child_key"], people.ELSEWHERE)
    wait = {"exception_id": key, "child_key": row["child_key"], "owed_since": row["due_on"]}
    return Waiting(
        key=key,
        child=card,
        waited=int(row["value"] or 0),
        since=row["due_on"],
        held_by=(row["reason"] or "").rsplit(", ", 1)[0] if card.ref else "",
        team=team_name(stand, row["team_id"]),
        owing=episodes.owing_of(stand, wait, *recorded, is_open=True),
    )


def _over(
    stand: Standing,
    row: Mapping[str, Any],
    cards: Mapping[str, people.Card],
    recorded: Recorded,
) -> episodes.Ended:
    """A wait that is over, with how many safeguards were recorded."""
    owing = episodes.owing_of(stand, row, *recorded, is_open=False)
    card = cards.get(row["child_key"], people.ELSEWHERE)
    count = sum(one.stands.done is not None for one in owing)
    return episodes.Ended(row["exception_id"], card, row["owed_since"], row["cleared_on"], count, len(owing))
