"""What the SQL of views and measures may see: the extract's tables, and the facts beside them."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from lineofsight import schema
from lineofsight.calendar import calendar_table
from lineofsight.lake import identities
from lineofsight.measures.definitions import Catalogue

if TYPE_CHECKING:
    from lineofsight.measures.engine import Inputs

# What the values and the rows need of the extract beside what the measures name.
ALWAYS = {
    "ssd_person": ("pers_person_id", "pers_sex", "pers_ethnicity", "pers_dob"),
    "ssd_disability": ("disa_person_id", "disa_disability_code"),
}


class Relations(Mapping[str, pa.Table]):
    """What the SQL may see, each read when it is asked for, so that no two tables are held twice at once."""

    def __init__(self, inputs: "Inputs", catalogue: Catalogue, views: tuple[str, ...]) -> None:
        self._inputs = inputs
        sql = [one.sql for one in catalogue.values()] + [catalogue.views[name] for name in views]
        words = words_of(" ".join(sql))
        # a rule is known by its key in quotes; what no SQL asks for need not be worked out for every day
        keys = {key for key in inputs.policy.keys() if any(f"'{key}'" in one for one in sql)}  # noqa: SIM118
        keys |= {key for one in catalogue.values() for key in one.timescales}
        wanted: dict[str, list[str]] = {name: [] for name in schema.tables() if name in words or name in ALWAYS}
        for name, columns in wanted.items():
            always = (*ALWAYS.get(name, ()), *schema.tables()[name].key)
            columns += [one.name for one in schema.tables()[name].columns if one.name in words or one.name in always]
        self._columns = wanted
        self._made = _facts(inputs, keys)
        merges = identities.MERGES.empty_table() if inputs.merges is None else inputs.merges
        self._ids = identities.ids_of(inputs.registry, merges)

    def __getitem__(self, name: str) -> pa.Table:
        if name in self._made:
            return self._made[name]
        columns = self._columns[name]
        source = self._inputs.tables.get(name)
        if source is None:
            return schema.shaped(name, schema.arrow_schema(name).empty_table(), columns)
        have = [column for column in columns if column in source.schema.names]
        found = source.to_table(columns=have) if isinstance(source, ds.Dataset) else source.select(have)
        return identities.stood_in(name, schema.shaped(name, found, columns), self._ids)

    def __iter__(self) -> Iterator[str]:
        return iter([*self._columns, *self._made])

    def __len__(self) -> int:
        return len(self._columns) + len(self._made)


def _facts(inputs: "Inputs", keys: set[str]) -> dict[str, pa.Table]:
    """The relations beside the extract's own: months, calendar, policy, roles, snapshot, keys, population."""
    calendar = calendar_table()
    working = calendar.filter(calendar["is_working"])
    months = pa.array(inputs.months, pa.date32())
    known = [day for day in inputs.months if day in inputs.population]
    ethnic = schema.codes("ethnic_group")
    rules = inputs.policy.table().select(["key", "number", "unit", "valid_from", "valid_until"])
    people = pa.schema([("person_id", pa.string()), ("child_key", pa.string())]).empty_table()
    return {
        "months": pa.table({"as_at": months}),
        "calendar": calendar,
        "working_days": working.select(["working_number", "day"]),
        "timescales": rules.filter(pc.is_in(rules["key"], pa.array(sorted(keys), pa.string()))),
        "role_map": inputs.roles.table(),
        "merged_teams": inputs.registry.merges_table(),
        "snapshot": pa.table(
            {
                "as_at": pa.array([inputs.as_at], pa.date32()),
                "loaded_on": pa.array([inputs.loaded_on], pa.date32()),
            }
        ),
        "child_keys": people if inputs.child_keys is None else inputs.child_keys.select(people.schema.names),
        "ethnic_groups": pa.table(
            {"code": pa.array(ethnic, pa.string()), "label": pa.array(ethnic.values(), pa.string())}
        ),
        "category_labels": _category_labels(),
        "populations": pa.table(
            {
                "as_at": pa.array(known, pa.date32()),
                "children": pa.array([inputs.population[day] for day in known], pa.int64()),
            }
        ),
    }


def _category_labels() -> pa.Table:
    """What each code list calls what is given as a code, or in the list's own words."""
    told = {
        (name, given.upper()): label
        for name, codes in schema.code_lists().items()
        for given, label in [*((label, label) for label in codes.values()), *codes.items()]
    }
    return pa.table(
        {
            "code_list": [name for name, _ in told],
            "given": [given for _, given in told],
            "label": list(told.values()),
        }
    )


def words_of(sql: str) -> set[str]:
    """The words of some SQL outside its comments."""
    return set(re.findall(r"\w+", re.sub(r"--[^\n]*", " ", sql)))
