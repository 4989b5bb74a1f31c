"""Late recording: how many days after the event it was entered, from extracts that follow one another (DESIGN 5 D).

An extract does not say when a thing was typed in. But what is dated on or before one extract and stands for the first
time in the next was entered between them: at least so many days late, and at most so many. An event is known by child,
kind and day, never by the case system's id. A table that is in one of the two only, or was copied forward, is not
measured; the first extract has nothing to be compared with.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import schema
from lineofsight.calendar import calendar_table
from lineofsight.lake import Lake, Snapshot, identities
from lineofsight.lake.engine import connect, run
from lineofsight.policy import EMPTY, Registry

LATE = "late"  # dated on or before the extract before, and not in it
ENTERED = "entered"  # dated since: on time, as far as can be told
MOVED = "moved"  # its day was corrected
RETURNED = "returned"  # came with a child who was not in the extract before
TAKEN_AWAY = "taken away"
NOT_MEASURED = "not measured"

# One row an event that was entered late. `least` and `most` are how late; in working days after the day it happened.
SCHEMA = pa.schema(
    [
        ("kind", pa.string()),
        ("child_key", pa.string()),
        ("team_id", pa.string()),
        ("service_id", pa.string()),
        ("day", pa.date32()),
        ("times", pa.int64()),
        ("least_days", pa.int64()),
        ("most_days", pa.int64()),
        ("least_working", pa.int64()),
        ("most_working", pa.int64()),
    ]
)
# How many, by the extract they came with: carried on from one computation to the next. `since` is the date of the
# extract before; `why` says what could not be measured.
COUNTS_SCHEMA = pa.schema(
    [
        ("as_at", pa.date32()),
        ("since", pa.date32()),
        ("kind", pa.string()),
        ("state", pa.string()),
        ("team_id", pa.string()),
        ("service_id", pa.string()),
        ("least_working", pa.int64()),
        ("most_working", pa.int64()),
        ("count", pa.int64()),
        ("why", pa.string()),
    ]
)
FIRST = "It is the first extract: there is none before it to compare with."


@dataclass(frozen=True)
class Through:
    """Whose an event is, where its table names only a period of care."""

    column: str
    table: str
    key: str
    person: str


@dataclass(frozen=True)
class Kind:
    """One kind of dated event (late.toml)."""

    slug: str
    one: str
    many: str
    table: str
    date: str
    event: str
    person: str = ""
    worker: str = ""
    team: str = ""
    through: Through | None = None
    beside: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables it stands on."""
        return (self.table, self.through.table) if self.through else (self.table,)

    def select(self, place: str) -> str:
        """The SQL that gives its events out of the tables of one extract, whose names begin with `place`."""
        whose = self.person or self.worker or "whose.person_id"
        beside = " || '|' || ".join(f"coalesce({name}, '')" for name in self.beside) or "''"
        joined = ""
        if self.through:
            held = self.through
            joined = (
                f"inner join (select {held.key} as held, min({held.person}) as person_id from {place}{held.table} "  # noqa: S608
                f"group by {held.key}) as whose on whose.held = {self.table}.{held.column}"
            )
        return (
            f"select '{self.slug}' as kind, {whose} as subject, {bool(self.worker)} as is_worker, {beside} as beside, "  # noqa: S608
            f"{self.date} as day, {self.event} as event_id, {self.team or 'null::varchar'} as team_id "
            f"from {place}{self.table} as {self.table} {joined} where {self.date} is not null and {whose} is not null"
        )


@dataclass(frozen=True)
class Compared:
    """Two extracts as late recording compares them: which kinds, between which dates, and why the others are not."""

    moments: Mapping[str, tuple[date, date]]
    why_not: Mapping[str, str] = field(default_factory=dict)


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of event by its slug, in the order of the file."""
    told = tomllib.loads((files(__package__) / "late.toml").read_text("utf-8"))["kind"]
    return {one["slug"]: _kind(one) for one in told}


def derive(
    lake: Lake,
    snapshot: Snapshot,
    before: Snapshot | None,
    carried: pa.Table | None,
    *,
    registry: Registry = EMPTY,
    people: Mapping[str, pa.Table] | None = None,
) -> Mapping[str, pa.Table]:
    """The files `late` (SCHEMA) and `late_counts` (COUNTS_SCHEMA) of `snapshot` against the one `before` it.

    `before` is the newest of an earlier date, so that a correction of one date is compared as the first load of that
    date was; `carried` are its counts, which are carried on (None where there are none). `people` holds `persons`,
    `teams` and `workers` as the registry tells them, where those are not the lake's.
    """
    compared = compare(snapshot, before)
    people = people or {
        "persons": lake.persons(snapshot),
        "teams": lake.teams(snapshot),
        "workers": lake.workers(snapshot),
    }
    found = _found(lake, (before, snapshot), compared, people, registry) if before and compared.moments else None
    late = found.filter(pc.field("state") == LATE).select(SCHEMA.names).cast(SCHEMA) if found else SCHEMA.empty_table()
    counts = _counts(snapshot, before, found, compared)
    earlier = carried.filter(pc.field("as_at") < snapshot.as_at) if carried is not None else COUNTS_SCHEMA.empty_table()
    return {"late": late, "late_counts": pa.concat_tables([earlier.cast(COUNTS_SCHEMA), counts])}


def compare(snapshot: Snapshot, before: Snapshot | None) -> Compared:
    """Which kinds can be told between these two, by the tables each of them holds and how old those are."""
    if before is None:
        return Compared({}, dict.fromkeys(kinds(), FIRST))
    moments: dict[str, tuple[date, date]] = {}
    why_not: dict[str, str] = {}
    for slug, kind in kinds().items():
        why = next(filter(None, (_why_not(kind, table, snapshot, before) for table in kind.tables)), "")
        if why:
            why_not[slug] = why
        else:
            moments[slug] = (before.tables[kind.table].as_at, snapshot.tables[kind.table].as_at)
    return Compared(moments, why_not)


def _why_not(kind: Kind, table: str, snapshot: Snapshot, before: Snapshot) -> str:
    """Why a kind cannot be told from these two extracts because of one of its tables; nothing where it can."""
    title = schema.tables()[table].title
    for extract, which in ((snapshot, "this extract"), (before, "the extract before")):
        entry = extract.tables.get(table)
        if entry is None:
            return f"The table '{title}' is not in {which}."
        wanted = (kind.date, kind.person or kind.worker) if table == kind.table and not kind.through else (kind.date,)
        lacking = [name for name in wanted if table == kind.table and name not in entry.columns_present]
        if lacking:
            return f"The column {lacking[0]} of '{title}' is not in {which}."
    if snapshot.tables[table].as_at <= before.tables[table].as_at and table == kind.table:
        return f"The table '{title}' was copied forward from an older load."
    return ""


def _found(
    lake: Lake,
    two: tuple[Snapshot, Snapshot],
    compared: Compared,
    people: Mapping[str, pa.Table],
    registry: Registry,
) -> pa.Table:
    """Everything that appeared, moved or went between the two extracts.

    A merged record and a merged worker are in both what they are now: else all that moved with them were late. What
    happened from the day of a merge of teams on is the other team's.
    """
    ids = identities.ids_of(registry, lake.merges(two[1]))
    chosen = [kinds()[slug] for slug in compared.moments]
    relations: dict[str, pa.Table | object] = {}
    for place, one in zip(("before_", "now_"), two, strict=True):
        held = lake.tables(one)
        relations |= {f"{place}{table}": held[table] for table in sorted({t for kind in chosen for t in kind.tables})}
    relations |= {
        "moments": pa.table(
            {
                "kind": pa.array(list(compared.moments), pa.string()),
                "since": pa.array([since for since, _ in compared.moments.values()], pa.date32()),
                "until": pa.array([until for _, until in compared.moments.values()], pa.date32()),
            }
        ),
        "known": lake.persons(two[0], columns=["person_id"]),
        **people,
        "led": pa.concat_tables([_led(ids["person"], is_worker=False), _led(ids["worker"], is_worker=True)]),
        "led_teams": ids["team"],
        "merged_teams": registry.merges_table(),
        "calendar": calendar_table(),
    }
    con = connect(relations)
    try:
        steps = ",\n".join(
            f"{name} as (\n{' union all '.join(kind.select(place) for kind in chosen)}\n)"
            for name, place in (("before", "before_"), ("now", "now_"))
        )
        told = (files(__package__) / "late.sql").read_text("utf-8").split("with\n", 1)[1]
        return run(con, f"with {steps},\n{told}")
    finally:
        con.close()


def _led(ids: pa.Table, *, is_worker: bool) -> pa.Table:
    """Ids that give way to another, with whose they are: a person and a worker may have the same one."""
    return ids.append_column("is_worker", pa.array([is_worker] * ids.num_rows, pa.bool_()))


def _counts(snapshot: Snapshot, before: Snapshot | None, found: pa.Table | None, compared: Compared) -> pa.Table:
    """The counts of this extract, and a row for each kind that could not be measured."""
    told: list[dict[str, object]] = []
    by = ["kind", "state", "team_id", "service_id", "least_working", "most_working"]
    if found is not None:
        told += [
            {**{name: row[name] for name in by}, "count": row["times_sum"]}
            for row in found.group_by(by).aggregate([("times", "sum")]).sort_by([(one, "ascending") for one in by])
            .to_pylist()
        ]  # fmt: skip
    told += _unmeasured(compared.why_not)
    stamp = {"as_at": snapshot.as_at, "since": before.as_at if before else None}
    return pa.Table.from_pylist([{**stamp, **row} for row in told], COUNTS_SCHEMA)


def _unmeasured(why_not: Mapping[str, str]) -> Iterable[dict[str, object]]:
    return ({"kind": slug, "state": NOT_MEASURED, "count": 0, "why": why} for slug, why in why_not.items())


def _kind(told: Mapping[str, object]) -> Kind:
    one, many = str(told["words"]).split(",")
    through = told.get("through")
    plain = {name: str(told[name]) for name in ("slug", "table", "date", "event")}
    further = {name: str(told.get(name, "")) for name in ("person", "worker", "team")}
    return Kind(
        **plain,
        **further,
        one=one,
        many=many,
        through=Through(**through) if isinstance(through, dict) else None,
        beside=tuple(map(str, told.get("beside", ()))),  # type: ignore[call-overload]
    )
