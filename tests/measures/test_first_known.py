"""Each month as it was first known: kept once, with its masks, and never written again."""

from datetime import date

import pyarrow as pa
import pytest

from lineofsight.measures import first_known, values

SEPTEMBER, OCTOBER = date(2026, 9, 30), date(2026, 10, 31)


def found(*rows):
    ordinary = {"measure": "CP08", "window": "month", "breakdown": "authority", "group": "authority", "hidden": False}
    return pa.Table.from_pylist([{**ordinary, **row} for row in rows], values.SCHEMA)


def kept(table):
    return [(one["as_at"], one["breakdown"], one["numerator"], one["snapshot"]) for one in table.to_pylist()]


def test_the_newest_whole_month_is_kept_by_authority_team_and_service():
    rows = [{"as_at": SEPTEMBER, "numerator": 3, "breakdown": one} for one in ("authority", "team", "service", "age")]
    older = {"as_at": date(2026, 8, 31), "numerator": 9}
    year = {"as_at": SEPTEMBER, "numerator": 40, "window": "year"}
    table = first_known.carry_on(found(*rows, older, year), SEPTEMBER, "a", "r", None)
    assert kept(table) == [(SEPTEMBER, one, 3, "a") for one in ("authority", "team", "service")]
    assert set(table["rules"].to_pylist()) == {"r"}


def test_what_a_later_extract_says_of_a_month_changes_nothing_of_when_it_was_first_known():
    first = first_known.carry_on(found({"as_at": SEPTEMBER, "numerator": 3}), SEPTEMBER, "a", "r", None)
    now = found({"as_at": SEPTEMBER, "numerator": 4}, {"as_at": OCTOBER, "numerator": 5})
    second = first_known.carry_on(now, OCTOBER, "b", "r", first)
    assert kept(second) == [(SEPTEMBER, "authority", 3, "a"), (OCTOBER, "authority", 5, "b")]
    corrected = first_known.carry_on(found({"as_at": OCTOBER, "numerator": 6}), OCTOBER, "c", "r", second)
    assert kept(corrected) == kept(second)


@pytest.mark.parametrize(
    ("as_at", "month"),
    [
        (OCTOBER, OCTOBER),
        (date(2026, 10, 30), SEPTEMBER),
        (date(2026, 3, 1), date(2026, 2, 28)),
        (date(2027, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_month_is_known_from_the_first_extract_that_covers_it_whole(as_at, month):
    assert first_known.last_whole_month(as_at) == month


def test_other_rules_have_another_name():
    assert first_known.rules("p", "d") == first_known.rules("p", "d")
    assert len({first_known.rules("p", "d"), first_known.rules("q", "d"), first_known.rules("p", "e")}) == 3
