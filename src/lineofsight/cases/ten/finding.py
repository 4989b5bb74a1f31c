"""Who meets the rules of the ten, in what order, with a sentence for each reason. No number stands on any child.

Harm decides the order; what the service has failed to do decides only between children alike in harm; of those alike
in both, the one whose oldest reason is older comes first. Brothers and sisters are one place, told once.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from importlib.resources import files

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.cases.ten.rules import AMONG, HARM, Rule, load, rules_hash
from lineofsight.lake import Lake, Snapshot
from lineofsight.lake.engine import connect, run
from lineofsight.measures import definitions, engine, values

TEN = 10
TOLD = "measured"
COULD_NOT_TELL = "not measured"

# The children who meet a rule, best known first: `place` is that of the family, `first` marks the one child of it who
# is listed, `siblings` the others of it who meet a rule too.
CHILDREN = pa.schema(
    [
        ("child_key", pa.string()),
        ("person_id", pa.string()),
        ("place", pa.int64()),
        ("first", pa.bool_()),
        ("siblings", pa.list_(pa.string())),
        ("team_id", pa.string()),
        ("service_id", pa.string()),
        ("worker_id", pa.string()),
        ("agency", pa.string()),
    ]
)
# Why: a row for each rule a child meets. `since` is when it was owed, or happened.
REASONS = pa.schema(
    [
        ("child_key", pa.string()),
        ("person_id", pa.string()),
        ("rule", pa.string()),
        ("theme", pa.string()),
        ("since", pa.date32()),
        ("reason", pa.string()),
    ]
)
# What the rules were: as they stood, how many children met each, and what could not be told.
RULES = pa.schema(
    [
        ("rule", pa.string()),
        ("version", pa.int64()),
        ("theme", pa.string()),
        ("position", pa.int64()),
        ("weight", pa.int64()),
        ("words", pa.string()),
        ("status", pa.string()),
        ("missing", pa.list_(pa.string())),
        ("children", pa.int64()),
        ("rules_hash", pa.string()),
    ]
)
# What the persons model gives of those who may be listed.
PERSONS = ("child_key", "siblings", "team_id", "service_id", "worker_id", *AMONG)


def own_rules(rules: Mapping[str, Rule] | None = None) -> Mapping[str, definitions.Definition]:
    """The rules that have their own SQL, by their slugs, as the measures' engine runs them beside the measures."""
    known = load() if rules is None else rules
    return {slug: _as_measure(one) for slug, one in known.items() if one.sql is not None}


def derive(
    lake: Lake,
    snapshot: Snapshot,
    measured: engine.Measured,
    beside: engine.Measured,
    people: Mapping[str, pa.Table] | None = None,
) -> Mapping[str, pa.Table]:
    """The files of a computation that tell the ten: `ten`, `ten_reasons` and `ten_rules`.

    `measured` is of the measures, `beside` of `own_rules`.
    """
    persons = people["persons"] if people else lake.persons(snapshot, columns=list(PERSONS))
    return find(snapshot.as_at, measured, beside, persons.select(list(PERSONS)))


def find(
    as_at: date,
    measured: engine.Measured,
    beside: engine.Measured,
    persons: pa.Table,
    rules: Mapping[str, Rule] | None = None,
) -> Mapping[str, pa.Table]:
    """The same, from what is given: `persons` with PERSONS."""
    known = load() if rules is None else rules
    missing = _lacking(as_at, pa.concat_tables([measured.values, beside.values]), known)
    told = [one for one in known.values() if not missing[one.slug]]
    wanted = pc.field("measure").isin(pa.array([one.source for one in told], pa.string()))
    rows = pa.concat_tables([measured.rows, beside.rows]).filter((pc.field("as_at") == as_at) & wanted)
    relations = {"rules": _relation(told), "given": rows, "persons": persons}
    reasons = _query("reasons.sql", relations).cast(REASONS)
    children = _query("ten.sql", {"rules": _relation(told), "reasons": reasons, "persons": persons}).cast(CHILDREN)
    return {"ten": children, "ten_reasons": reasons, "ten_rules": _told(known, missing, reasons)}


def listed(children: pa.Table, count: int = TEN) -> pa.Table:
    """The first child of each of the first `count` families, in their order."""
    first = children.filter(pc.and_(children["first"], pc.less_equal(children["place"], count)))
    return first.sort_by([("place", "ascending")])


def _lacking(as_at: date, told: pa.Table, rules: Mapping[str, Rule]) -> Mapping[str, tuple[str, ...]]:
    """What each rule lacks: what its measure lacked, or its own SQL."""
    whole = told.filter((pc.field("as_at") == as_at) & (pc.field("breakdown") == values.AUTHORITY))
    known = {row["measure"]: row for row in whole.select(["measure", "status", "missing"]).to_pylist()}
    found = {}
    for slug, one in rules.items():
        row = known.get(one.source, {"status": "", "missing": None})
        found[slug] = () if row["status"] == values.MEASURED else tuple(row["missing"] or (one.source,))
    return found


def _as_measure(rule: Rule) -> definitions.Definition:
    """A rule of its own SQL in the shape the measures' engine runs: rows counted, and nothing else made of them."""
    shape = definitions.load()["CP01"]
    return replace(
        shape,
        id=rule.slug,
        kind="count",
        counts="all",
        denominator="rows",
        lait=None,
        among=None,
        timescales=rule.timescales,
        needs=rule.needs,
        sql=rule.sql or "",
        folder=rule.folder,
    )


def _relation(rules: list[Rule]) -> pa.Table:
    columns = {
        "rule": (pa.string(), [one.slug for one in rules]),
        "source": (pa.string(), [one.source for one in rules]),
        "theme": (pa.string(), [one.theme for one in rules]),
        "weight": (pa.int64(), [one.weight for one in rules]),
        "which": (pa.string(), [one.which for one in rules]),
        "at_least": (pa.int64(), [one.at_least for one in rules]),
        "among": (pa.list_(pa.string()), [list(one.among) for one in rules]),
        "says": (pa.string(), [one.says for one in rules]),
    }
    return pa.table({name: pa.array(told, kind) for name, (kind, told) in columns.items()})


def _told(rules: Mapping[str, Rule], missing: Mapping[str, tuple[str, ...]], reasons: pa.Table) -> pa.Table:
    counted = {one["values"]: one["counts"] for one in pc.value_counts(reasons["rule"]).to_pylist()}
    told = [
        {
            "rule": slug,
            "version": one.version,
            "theme": one.theme,
            "position": one.order,
            "weight": one.weight,
            "words": one.rule,
            "status": COULD_NOT_TELL if missing[slug] else TOLD,
            "missing": list(missing[slug]),
            "children": None if missing[slug] else counted.get(slug, 0),
            "rules_hash": rules_hash(rules),
        }
        for slug, one in rules.items()
    ]
    return pa.Table.from_pylist(told, RULES)


def _query(name: str, relations: Mapping[str, pa.Table]) -> pa.Table:
    con = connect({**relations, "themes": pa.table({"harm": [HARM]})})
    try:
        return run(con, (files(__package__) / name).read_text("utf-8"))
    finally:
        con.close()
