"""Whether children wait so many or so long that the partnership is told, and the alerts drafted and sent.

The rule stands in the policy (alert.unallocated_…). Software drafts, a person sends (DESIGN 7.10). Counts only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import policy
from lineofsight.cases import safeguards
from lineofsight.cases.safeguards import UNALLOCATED
from lineofsight.web import home_in_use
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import permissions, wording
from lineofsight.web.practice.models import Alert
from lineofsight.web.practice.queries import episodes, figures
from lineofsight.web.practice.queries.standing import KEPT, Standing, is_fresh, standing

IN_WRITING = {"professionals-told", "family-told"}


@dataclass(frozen=True)
class Systemic:
    """How many wait, beside what the policy takes as a sign. `met` is None where it is not measured."""

    met: bool | None
    waiting: int
    of: int
    long: int
    longest: int
    told: int
    children: int
    days: int
    share: int
    as_at: date
    fresh: bool
    unsent: bool = False

    @property
    def rule(self) -> str:
        """The rule as the alert says it."""
        return (
            f"{wording.counted(self.children, 'child', 'children')} or more waiting longer than "
            f"{wording.counted(self.days, 'working day')}, or {self.share}% or more of the children on a plan waiting"
        )

    @property
    def sentence(self) -> str:
        """Whether the rule is met, with the numbers it is read from."""
        if self.met is None:
            return "Whether the partnership has to be alerted cannot be told: allocation is not measured."
        have = "had" if not self.fresh else "have"
        on = f" on {wording.day(self.as_at)}" if not self.fresh else ""
        numbers = (
            f"{wording.counted(self.long, 'child', 'children').capitalize()} {have} waited longer than "
            f"{wording.counted(self.days, 'working day')}{on}, and {self.waiting:,} of {self.of:,} on a plan "
            f"{'waited' if not self.fresh else 'wait'}."
        )
        verb = ("is" if self.fresh else "was") + (" met" if self.met else " not met")
        return f"The rule for alerting the partnership {verb}. {numbers}"

    def counts(self) -> dict[str, int | str]:
        """What a draft is made from, to be kept with it."""
        return {
            "waiting": self.waiting,
            "of": self.of,
            "long": self.long,
            "longest": self.longest,
            "told": self.told,
            "days": self.days,
            "rule": self.rule,
        }


@dataclass(frozen=True)
class AlertPage:
    """The page of the alert: the rule and how it stands, the draft being written, and what was sent before."""

    systemic: Systemic
    title: str
    draft: Alert | None
    text: str
    sent: Sequence[Alert]


def systemic(viewer: Viewer) -> Systemic:
    """How the rule stands over the whole authority. Counts, and no child. Raises Refused."""
    permissions.check_alert(viewer)
    return counted(standing(viewer), viewer)


def systemic_for(viewer: Viewer) -> Systemic | None:
    """The same for a page of many offices: None for who does not write the alert, and where the past is looked at."""
    return systemic(viewer) if viewer.known is None and permissions.may_alert(viewer) else None


def alert_page(viewer: Viewer) -> AlertPage:
    """The rule, the draft and the alerts sent before. Raises Refused."""
    permissions.check_alert(viewer)
    stand = standing(viewer)
    found = counted(stand, viewer)
    draft = draft_of(stand)
    title, _ = safeguards.alert()
    return AlertPage(
        systemic=found,
        title=title,
        draft=draft,
        text=draft.text if draft else drafted(found),
        sent=list(Alert.objects.filter(sent_on__isnull=False)),
    )


def draft_of(stand: Standing) -> Alert | None:
    """The alert being written about this extract, None where nobody has begun one."""
    return Alert.objects.filter(as_at=stand.as_at, sent_on=None).first()


def drafted(found: Systemic) -> str:
    """The draft in our own words, with the counts filled in."""
    _, text = safeguards.alert()
    told = {**found.counts(), "told": found.told or "none", "long": found.long or "None"}
    return text.format(**told, authority=home_in_use().authority_name, as_at=wording.day(found.as_at))


def told_in_writing(keys: Sequence[str]) -> int:
    """Of how many of these waits both letters, to the professionals and to the family, are recorded as sent."""
    told = episodes.recorded(keys)
    return sum({one.safeguard for one in told.get(key, ()) if one.taken_back_at is None} >= IN_WRITING for key in keys)


def counted(stand: Standing, viewer: Viewer) -> Systemic:
    """The counts and the rule over one extract. Whoever calls it has asked whether this viewer may."""
    rules = policy.load(home_in_use())
    children, days, share = (
        int(rules.number(f"alert.unallocated_{part}", stand.on)) for part in ("children", "days", "share")
    )
    series = figures.own(stand, viewer).get(UNALLOCATED)
    figure = series.headline if series else None
    fresh = is_fresh(stand)
    if figure is None or not figure.measured or figure.numerator is None:
        return Systemic(None, 0, 0, 0, 0, 0, children, days, share, stand.as_at, fresh)
    waited = _waited(stand)
    long = pc.sum(pc.greater(waited, days)).as_py() or 0
    waiting, of = figure.numerator, figure.denominator or 0
    return Systemic(
        met=long >= children or (of > 0 and waiting > 0 and 100 * waiting >= share * of),
        waiting=waiting,
        of=of,
        long=long,
        longest=int(pc.max(waited).as_py() or 0),
        told=told_in_writing(_open(stand)),
        children=children,
        days=days,
        share=share,
        as_at=stand.as_at,
        fresh=fresh,
        unsent=not Alert.objects.filter(as_at=stand.as_at, sent_on__isnull=False).exists(),
    )


@lru_cache(maxsize=KEPT)
def _waited(stand: Standing) -> pa.ChunkedArray:
    """The working days each child of the authority has waited: numbers, and no child beside them."""
    where = (pc.field("measure") == UNALLOCATED) & (pc.field("as_at") == stand.as_at) & (~pc.field("met"))
    return stand.lake.read(stand.computation, "rows", columns=["value"], where=where)["value"]


def _open(stand: Standing) -> list[str]:
    """The keys of the waits that are open, of the whole authority."""
    every = episodes.every_wait(stand)
    keys: list[str] = every.filter(pc.equal(every["state"], "open"))["exception_id"].to_pylist()
    return keys
