"""Who gets listed, against the children who could be: by age, sex, ethnicity and disability, each with its interval.

With ten children chance alone makes large differences, so each group's figure carries its interval, and a difference
is not a cause (DESIGN 7.13).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

import pyarrow as pa

from lineofsight import schema
from lineofsight.lake.engine import connect, run
from lineofsight.measures import fairness, values

# What is read of a child, and no name.
PERSONS = (
    "child_key",
    "dob",
    "expected_dob",
    "sex",
    "ethnicity",
    "disabled",
    "on_plan",
    "looked_after",
    "in_need",
)
WAYS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "age": ("Age", values.AGE_BANDS),
    "sex": ("Sex", values.SEXES),
    "ethnicity": ("Ethnicity", values.ETHNIC_GROUPS),
    "disability": ("Disability", values.DISABILITIES),
}


@dataclass(frozen=True)
class Group:
    """One group: the children who could be listed, those who meet a rule, those listed, and how it compares."""

    label: str
    children: int
    meets: int
    listed: int
    ratio: fairness.Ratio | None


def compare(persons: pa.Table, meets: Collection[str], listed: Collection[str], as_at: date) -> dict[str, list[Group]]:
    """The groups of each of WAYS, in the order of pages; groups of nobody are left out.

    `persons` has PERSONS; `meets` are the keys of those who meet a rule, `listed` of those on the list.
    """
    keys = sorted({*meets, *listed})
    codes = schema.codes("ethnic_group")
    con = connect(
        {
            "persons": persons.select(list(PERSONS)),
            "chosen": pa.table({"child_key": pa.array(keys, pa.string()), "listed": [key in listed for key in keys]}),
            "ethnic_groups": pa.table({"code": list(codes), "label": list(codes.values())}),
            "moment": pa.table({"as_at": pa.array([as_at], pa.date32())}),
        }
    )
    try:
        rows = run(con, (files(__package__) / "fairness.sql").read_text("utf-8")).to_pylist()
    finally:
        con.close()
    return {way: _groups([row for row in rows if row["way"] == way], order) for way, (_, order) in WAYS.items()}


def _groups(rows: list[dict[str, int | str]], order: tuple[str, ...]) -> list[Group]:
    told = {str(row["label"]): row for row in rows}
    ratios = fairness.ratios({name: (int(row["listed"]), int(row["children"])) for name, row in told.items()})
    return [
        Group(
            label=name,
            children=int(told[name]["children"]),
            meets=int(told[name]["meets"]),
            listed=int(told[name]["listed"]),
            ratio=ratios.get(name),
        )
        for name in order
        if name in told
    ]
