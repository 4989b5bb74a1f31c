"""Whatever an extract lacks, it clears nothing: every table and every column the measures read, taken out in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from functools import cache

import pyarrow as pa
import pytest
from tests.world import making, oracle
from tests.world.conftest import LARGE, SEEDS
from tests.world.oracle import Owed

from lineofsight import loading, policy, schema, sources
from lineofsight.home import create_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import Lake
from lineofsight.measures import computing, definitions, engine
from lineofsight.measures.engine import Inputs
from lineofsight.measures.relations import words_of

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def inputs(tmp_path_factory) -> Inputs:
    """What the newest extract of the world gives, at its own date alone."""
    place = tmp_path_factory.mktemp("missing")
    world = making.make(place / "extracts", people_known=LARGE, seed=SEEDS[LARGE])
    home = create_home(place / "home", authority="999", authority_name="Fernbridge")
    create_keys(home)
    snapshot = loading.load(home, sources.read([world.months[-1]])).snapshot
    found = computing.inputs(Lake(home, open_keys(home)), snapshot, policy.load(home), policy.roles(home))
    tables = {name: one if isinstance(one, pa.Table) else one.to_table() for name, one in found.tables.items()}
    return replace(found, months=found.months[-1:], tables=tables)


def without_each(inputs: Inputs) -> Iterator[tuple[str, Inputs]]:
    """The same with one table or column less, for each that some measure of exceptions or its views name.

    A file without its key or its person is not read at all: such a column goes with its table.
    """
    words = set[str]().union(*words_read().values())
    for name in sorted(set(inputs.tables) & words):
        table, known = inputs.tables[name], schema.tables()[name]
        if name != "ssd_person":
            yield name, replace(inputs, tables={one: rows for one, rows in inputs.tables.items() if one != name})
        for place, column in enumerate(known.columns):
            if column.name in words and column.name not in (*known.key, known.person_column):
                empty = table.set_column(place, column.name, pa.nulls(table.num_rows, table.schema.field(place).type))
                present = {**inputs.columns_present, name: inputs.columns_present[name] - {column.name}}
                yield (
                    f"{name}.{column.name}",
                    replace(inputs, tables={**inputs.tables, name: empty}, columns_present=present),
                )


@cache
def words_read() -> Mapping[str, Set[str]]:
    """Every word of the SQL of each measure of exceptions, and of the views that it stands on."""
    catalogue = definitions.load()
    found = {}
    for one in oracle.needs():
        found[one] = words_of(catalogue[one].sql)
        for view in reversed(list(catalogue.views)):  # each names those before it alone
            if view in found[one]:
                found[one] |= words_of(catalogue.views[view])
    return found


def seen(inputs: Inputs, measures: list[str]) -> tuple[Mapping[Owed, Set[str]], Set[str]]:
    """How each thing stands, and which of these measures were measured."""
    catalogue = definitions.load().only(measures)
    rows = engine.measure(inputs, catalogue).rows.to_pylist()
    measured = {one.id for one in catalogue.values() if not engine.lacking(one, inputs)}
    return oracle.standings(rows, measured), measured


def test_no_table_and_no_column_that_is_missing_clears_an_exception(inputs, counted):
    """What was owed with all of it there is owed without, or cannot be told, or was not measured."""
    everything, _ = seen(inputs, list(oracle.needs()))
    owed = {thing for thing, standings in everything.items() if "owed" in standings}
    assert len({measure for measure, _, _ in owed}) > 6
    cleared = {}
    for what, less in without_each(inputs):
        word = what.rpartition(".")[2]
        now, measured = seen(less, [one for one, words in words_read().items() if word in words])
        gone = {one for one in owed if one[0] in measured and not now.get(one, set()) & {"owed", "unknown"}}
        if gone:
            cleared[what] = sorted({measure for measure, _, _ in gone})
        counted("tables and columns taken out in turn")
    assert not cleared
