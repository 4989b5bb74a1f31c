"""Every load, from the manifests of the lake and from what was asked of the worker. No child is in any of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from lineofsight import loading, policy
from lineofsight.lake import Lake, Snapshot
from lineofsight.loading.comparing import TableChange
from lineofsight.policy import Policy
from lineofsight.web.access.desk.wording import called, names
from lineofsight.web.access.house import home_in_use, lake_in_use
from lineofsight.web.access.loads import LOADED
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.data.models import Job
from lineofsight.web.data.permissions import may_load
from lineofsight.web.data.queries import roles
from lineofsight.web.data.queries.issues import IssueCount, counted
from lineofsight.web.data.queries.roles import Roles

if TYPE_CHECKING:
    from lineofsight.nightly import LastNight

PAGE = 30

State = Literal["stands", "waits", "withdrawn"]


@dataclass(frozen=True)
class Load:
    """One load as the list shows it. `carried` counts the tables that came from an earlier load.

    `new_issues` is None where that was not counted. `fell` are the tables with fewer rows, or fewer that can be
    dated, than before: those `beyond` what policy lets pass first, then by how many.
    """

    id: str
    as_at: date
    loaded_at: datetime
    by: str
    state: State
    tables: int
    carried: int
    rows: int
    issues: int
    new_issues: int | None
    fell: tuple[TableChange, ...]
    computed: bool
    withdrawn_at: datetime | None = None
    deciding: str = ""

    @property
    def by_whom(self) -> str:
        """Who loaded it, in the middle of a sentence."""
        return self.by[:1].lower() + self.by[1:] if self.by.startswith("The ") else self.by

    @property
    def beyond(self) -> tuple[TableChange, ...]:
        return tuple(one for one in self.fell if one.beyond)


@dataclass(frozen=True)
class Front:
    """The page of all loads: those that stand, wait or were withdrawn, and what was sent and is under way or failed."""

    loads: Sequence[Load]
    under_way: Sequence[Job]
    failed: Sequence[Job]
    newest: Load | None
    waiting: Sequence[Load]
    may_load: bool
    number: int = 1
    pages: int = 1
    nightly: LastNight | None = None
    anything: bool = field(default=True)


def front(viewer: Viewer, number: int = 1) -> Front:
    """Every load, the newest first, a page of them. Raises Refused."""
    check(viewer, Capability.SEE_DATA)
    lake = lake_in_use()
    held = [*lake.snapshots(withdrawn=True), *lake.waiting()]
    held.sort(key=lambda one: (one.loaded_at, one.id), reverse=True)
    waiting = [one for one in held if _waits(one)]
    pages = max(-(-len(held) // PAGE), 1)
    number = min(max(number, 1), pages)
    newest = lake.latest()
    shown = held[(number - 1) * PAGE : number * PAGE]
    wanted = {one.id: one for one in [*shown, *waiting, *([newest] if newest else [])]}
    told = {one.id: one for one in loads_of(lake, wanted.values())}
    return Front(
        loads=[told[one.id] for one in shown],
        under_way=under_way(),
        failed=list(Job.objects.of_loads().filter(state=Job.FAILED).order_by("-ended_at")[:10]) if number == 1 else [],
        newest=told[newest.id] if newest else None,
        waiting=[told[one.id] for one in waiting],
        may_load=may_load(viewer),
        number=number,
        pages=pages,
        nightly=_nightly(),
        anything=bool(held) or Job.objects.of_loads().exists(),
    )


@dataclass(frozen=True)
class Today:
    """What whoever loads data has to know today: the last loads, what waits, what is wrong in the newest, what fell."""

    loads: Sequence[Load]
    waiting: Sequence[Load]
    under_way: int
    new_by_file: Sequence[IssueCount]
    words: Roles
    nightly: LastNight | None

    @property
    def newest(self) -> Load | None:
        return self.loads[0] if self.loads else None


def today(viewer: Viewer, most: int = 3) -> Today:
    """The last loads that stand, the newest first, with what they ask for. Raises Refused."""
    check(viewer, Capability.SEE_DATA)
    lake = lake_in_use()
    stand = sorted(lake.snapshots(), key=lambda one: (one.as_at, one.loaded_at, one.id), reverse=True)[:most]
    by_file = counted(lake, stand[0], "file") if stand else []
    return Today(
        loads=loads_of(lake, stand),
        waiting=loads_of(lake, lake.waiting()),
        under_way=len(under_way()),
        words=roles.listed(viewer),
        new_by_file=[one for one in by_file if one.new],
        nightly=_nightly(),
    )


def under_way() -> list[Job]:
    """What the worker has been asked for and has not done yet, the oldest first."""
    return list(Job.objects.of_loads().open().exclude(state=Job.WAITS).order_by("asked_at"))


def loads_of(lake: Lake, snapshots: Iterable[Snapshot]) -> list[Load]:
    """What the list says of these snapshots."""
    wanted = list(snapshots)
    rules = policy.load(home_in_use())
    who = loaded_by(wanted, released_here=[one.id for one in wanted if _released_here(lake, one)])
    deciding = {job.snapshot: job.kind for job in under_way() if job.kind != Job.READ}
    return [_load(lake, one, rules, who.get(one.id, ""), deciding.get(one.id, "")) for one in wanted]


def loaded_by(snapshots: Sequence[Snapshot], *, released_here: Collection[str] = ()) -> Mapping[str, str]:
    """Who loaded each of these snapshots, in words; blank for one the chain does not tell of yet.

    The chain tells of a load when it is published: of those `released_here` that is who said yes, not who sent it.
    """
    subjects = {f"snapshot {one.id}": one.id for one in snapshots if one.id not in released_here}
    events = ChainEvent.objects.filter(action=LOADED, subject__in=subjects).values_list("subject", "actor")
    known = names()
    found = {subjects[subject]: called(actor, known) for subject, actor in events}
    sent = Job.objects.filter(kind=Job.READ, snapshot__in=[one.id for one in snapshots]).order_by("-asked_at")
    for key, name in sent.values_list("snapshot", "by_name"):
        found.setdefault(key, name)
    return found


def _released_here(lake: Lake, snapshot: Snapshot) -> bool:
    """Whether somebody said yes in the browser to a load that had waited."""
    mark = None if _waits(snapshot) else lake.accepted(snapshot)
    return mark is not None and not mark.by.startswith("console:")


def state_of(lake: Lake, snapshot: Snapshot) -> State:
    """Whether a snapshot stands, waits for a yes, or was withdrawn."""
    if _waits(snapshot):
        return "waits"
    return "stands" if lake.withdrawn(snapshot) is None else "withdrawn"


def changes_of(lake: Lake, snapshot: Snapshot, rules: Policy) -> tuple[TableChange, ...]:
    """Every table of a snapshot against the load it was compared with."""
    return loading.between(lake, snapshot, loading.compared_with(lake, snapshot), rules)


def _load(lake: Lake, snapshot: Snapshot, rules: Policy, by: str, deciding: str) -> Load:
    mark = None if _waits(snapshot) else lake.withdrawn(snapshot)
    changes = changes_of(lake, snapshot, rules)
    return Load(
        id=snapshot.id,
        as_at=snapshot.as_at,
        loaded_at=snapshot.loaded_at,
        by=by,
        state=state_of(lake, snapshot),
        tables=len(snapshot.tables),
        carried=sum(one.how == "carried" for one in changes),
        rows=sum(entry.rows for entry in snapshot.tables.values()),
        issues=snapshot.issues,
        new_issues=snapshot.account.new_issues,
        fell=tuple(sorted(_fallen(changes), key=lambda one: (not one.beyond, -max(one.lost, one.lost_dated)))),
        computed=not _waits(snapshot) and lake.computation(snapshot) is not None,
        withdrawn_at=mark.at if mark else None,
        deciding=deciding,
    )


def _fallen(changes: Iterable[TableChange]) -> Iterable[TableChange]:
    return (one for one in changes if one.lost or one.lost_dated)


def _waits(snapshot: Snapshot) -> bool:
    return snapshot.directory.parent.name == "waiting"


def _nightly() -> LastNight | None:
    """How the nightly load stands; None where there is none."""
    from lineofsight.nightly import last_night  # readers of databases are loaded by the first page that asks

    found = last_night(home_in_use())
    return None if found.state == "off" else found
