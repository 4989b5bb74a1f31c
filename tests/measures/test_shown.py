"""From counts to what each level is shown: figures of every kind, and the authority's own numbers that stay back."""

import random
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from tests.measures.counts import Place, counted

from lineofsight import policy
from lineofsight.measures import definitions, shown
from lineofsight.measures.shown import Count, Figure, Measured, Universe, figure, sheet

DAY, MARCH = date(2026, 10, 31), date(2026, 3, 31)
UNIVERSE = Universe({"team": ("a", "b"), "service": ("s",), "sex": ("f", "m")}, {"a": "s", "b": "s"}, frozenset({"AA"}))


def measure(name="AA", *, kind="percent", counts="met", basis="stock", among=None):
    return replace(definitions.load()["CP10"], id=name, kind=kind, counts=counts, basis=basis, among=among)


def sheet_of(*measured, population=None, universe=UNIVERSE):
    """The rows of a sheet of these measures (definition, counts, dates), by measure, window, date, breakdown, group."""
    inputs = SimpleNamespace(as_at=DAY, months=(DAY,), policy=policy.load(), population=population or {})
    told = [Measured(one, counted(counts), dates) for one, counts, dates in measured]
    rows = sheet(inputs, told, universe).to_pylist()
    return {(row["measure"], row["window"], row["as_at"], row["breakdown"], row["group"]): row for row in rows}


def measured(one, met, not_met=0, unknown=0, *, days=(DAY,), window="month", **cells):
    """A measure with these numbers of the authority on each day, and of the cells named 'breakdown_group'."""
    dates = {"month": (), "year": (), window: days}
    counts = {}
    for day in days:
        counts[Place(day, window, "authority", "authority")] = Count(met + not_met + unknown, met, not_met)
        for name, numbers in cells.items():
            counts[Place(day, window, *name.split("_"))] = Count(sum(numbers), *numbers[:2])
    return one, counts, dates


def whole(rows, name="AA", *, window="month", day=DAY):
    return rows[name, window, day, "authority", "authority"]


@pytest.mark.parametrize(
    ("kind", "counts", "population", "expected"),
    [
        ("percent", "met", None, Figure(6, 8, 2, 75.0, (6, 2, 2))),
        ("percent", "not met", None, Figure(2, 8, 2, 25.0, (2, 6, 2))),
        ("percent", "all", None, Figure(10, 10, 0, 100.0, (10, 0, 0))),
        ("count", "met", None, Figure(6, 8, 2, 6.0, (6, 2, 2))),
        ("count", "all", 500, Figure(10, 10, 0, 10.0, (10, 0, 0))),
        ("rate", "all", 500, Figure(10, 500, 0, 200.0, (10, 0, 0))),
        ("rate", "all", None, Figure(10, None, 0, None, (10, 0, 0))),
        ("rate", "all", 0, Figure(10, 0, 0, None, (10, 0, 0))),
        ("median", "all", 500, Figure(4, 4, 6, 7.0, (4, 6))),
        ("mean", "all", None, Figure(4, 4, 6, 9.0, (4, 6))),
        ("ratio", "all", None, Figure(4, 4, 6, 14.4, (4, 6))),
    ],
)
def test_a_figure_is_what_its_kind_makes_of_what_was_counted(kind, counts, population, expected):
    count = Count(rows=10, met=6, not_met=2, valued=4, total=36.0, middle=7.0, weight=2.5)
    assert figure(measure(kind=kind, counts=counts), count, population) == expected


def test_a_mean_of_nothing_is_no_number():
    assert figure(measure(kind="mean"), Count(rows=3), None) == Figure(0, 0, 3, None, (0, 3))


@pytest.mark.parametrize("weight", [None, 0.0])
def test_a_ratio_to_nothing_is_no_number(weight):
    assert figure(measure(kind="ratio"), Count(rows=3, valued=3, total=3.0, weight=weight), None).value is None


def test_only_rows_of_people_are_divided_by_what_people_are():
    assert UNIVERSE.breakdowns("AA") == ("team", "service", "sex")
    assert UNIVERSE.breakdowns("WF") == ("team", "service")


@pytest.mark.parametrize(
    ("day", "is_one"), [(MARCH, True), (date(2026, 3, 30), False), (date(2026, 5, 31), False), (DAY, False)]
)
def test_a_year_of_breakdowns_ends_on_31_march(day, is_one):
    assert shown.breakdown_year(day) is is_one


@pytest.mark.parametrize(
    ("basis", "window", "day", "is_shown"),
    [
        ("stock", "month", DAY, True),
        ("flow", "month", MARCH, False),
        ("flow", "year", MARCH, True),
        ("flow", "year", DAY, False),
        ("stock", "year", DAY, False),
    ],
)
def test_cells_are_shown_of_stocks_by_month_and_of_flows_by_years_to_march(basis, window, day, is_shown):
    cells = {"sex_f": (40, 40), "sex_m": (40, 40)}
    rows = sheet_of(measured(measure(basis=basis), 80, 80, days=(day,), window=window, **cells))
    cell = rows["AA", window, day, "sex", "f"]
    assert (cell["hidden"], cell["published_hidden"]) == (not is_shown, not is_shown)


def test_a_hidden_cell_is_hidden_at_both_levels_and_a_shown_one_rounded_at_one():
    rows = sheet_of(measured(measure(), 83, 80, sex_f=(43, 40), sex_m=(40, 40), team_a=(3, 40), team_b=(80, 40)))
    shown_cell, hidden_cell = rows["AA", "month", DAY, "sex", "f"], rows["AA", "month", DAY, "team", "a"]
    assert (shown_cell["hidden"], shown_cell["numerator"], shown_cell["masked_numerator"]) == (False, 43, "45")
    assert (hidden_cell["hidden"], hidden_cell["published_hidden"]) == (True, True)
    assert hidden_cell["masked_numerator"] is hidden_cell["masked_value"] is hidden_cell["masked_unknown"] is None
    assert rows["AA", "month", DAY, "service", "s"]["hidden"] is False, "teams have a service and others have none"


def test_a_small_team_is_hidden_with_another_of_its_own_service():
    services = {"a": "s", "b": "s", "c": "r", "d": "r"}
    universe = Universe({"team": tuple(services), "service": ("s", "r")}, services, frozenset())
    cells = {"team_a": (3, 40), "team_b": (60, 40), "team_c": (10, 10), "team_d": (20, 20)}
    cells |= {"service_s": (63, 80), "service_r": (30, 30)}
    rows = sheet_of(measured(measure(), 93, 110, **cells), universe=universe)
    hidden = {team for team in services if rows["AA", "month", DAY, "team", team]["hidden"]}
    assert hidden == {"a", "b"}, "of the others, which are smaller, the service's own total tells nothing"


@pytest.mark.parametrize(
    ("numbers", "stays_back"),
    [((0, 40), False), ((1, 40), True), ((5, 40), True), ((6, 40), False), ((40, 5), True), ((40, 6, 1), True)],
)
def test_the_authoritys_own_small_numbers_are_not_published_and_told_to_the_others(numbers, stays_back):
    row = whole(sheet_of(measured(measure(), *numbers)))
    assert (row["hidden"], row["published_hidden"]) == (False, stays_back)
    assert (row["masked_numerator"] is None) is stays_back


def test_no_month_of_a_flow_is_published_where_one_of_them_is_small_and_its_year_is():
    flow = measure(basis="flow")
    days = (date(2026, 9, 30), DAY)
    _, counts, _ = measured(flow, 40, 40, days=days)
    counts[Place(DAY, "month", "authority", "authority")] = Count(45, 40, 5)
    counts[Place(DAY, "year", "authority", "authority")] = Count(125, 80, 45)
    rows = sheet_of((flow, counts, {"month": days, "year": (DAY,)}))
    assert [whole(rows, day=day)["published_hidden"] for day in days] == [True, True]
    assert whole(rows, window="year")["published_hidden"] is False
    large = sheet_of(measured(flow, 40, 40, days=days))
    assert [whole(large, day=day)["published_hidden"] for day in days] == [False, False]


def test_a_month_of_a_stock_stays_back_alone():
    days = (date(2026, 9, 30), DAY)
    one = measured(measure(), 40, 40, days=days)
    one[1][Place(DAY, "month", "authority", "authority")] = Count(45, 40, 5)
    assert [whole(sheet_of(one), day=day)["published_hidden"] for day in days] == [False, True]


@pytest.mark.parametrize(("outside", "stays_back"), [(0, False), (1, True), (5, True), (6, False), (-1, False)])
def test_a_figure_that_leaves_few_of_the_other_measure_outside_is_not_published(outside, stays_back):
    among = {name: measure(name, among=other) for name, other in (("BB", "AA"), ("CC", "BB"), ("DD", "gone"))}
    rows = sheet_of(
        measured(measure(), 40 + outside, 40),
        measured(among["BB"], 40, 40),
        measured(among["CC"], 30, 30),
        measured(among["DD"], 38, 40),
    )
    assert whole(rows)["published_hidden"] is False
    assert whole(rows, "BB")["published_hidden"] is stays_back
    assert whole(rows, "CC")["published_hidden"] is stays_back, "its size would tell, with how many it leaves out"
    assert whole(rows, "DD")["published_hidden"] is False


@pytest.mark.parametrize(
    ("kind", "counts", "population", "told"),
    [
        ("percent", "met", None, ("45", "80", "56.2", "10")),
        ("count", "met", None, ("45", "80", "45", "10")),
        ("rate", "all", 1001, ("95", "1001", "949.1", "0")),
        ("rate", "all", None, ("95", None, None, "0")),
    ],
)
def test_what_is_published_is_rounded_and_its_value_that_of_the_rounded_numbers(kind, counts, population, told):
    one = measured(measure(kind=kind, counts=counts), 43, 39, 11)
    row = whole(sheet_of(one, population={DAY: population} if population else None))
    assert tuple(row[f"masked_{name}"] for name in ("numerator", "denominator", "value", "unknown")) == told


def test_a_published_median_is_a_whole_number_or_none():
    one = measure(kind="median", counts="all")
    place = Place(DAY, "month", "authority", "authority")
    rows = sheet_of((one, {place: Count(40, valued=31, middle=7.4)}, {"month": (DAY,), "year": ()}))
    assert (whole(rows)["masked_value"], whole(rows)["masked_numerator"]) == ("7.0", "30")
    rows = sheet_of((one, {place: Count(40)}, {"month": (DAY,), "year": ()}))
    assert whole(rows)["masked_value"] is None


def test_only_the_whole_authority_has_a_population():
    rows = sheet_of(measured(measure(kind="rate", counts="all"), 80, sex_f=(80, 0)), population={DAY: 1000})
    assert whole(rows)["denominator"] == 1000
    assert rows["AA", "month", DAY, "sex", "f"]["denominator"] is None


@pytest.mark.full
def test_the_values_are_the_figures_that_one_count_makes():
    """The page of a scope makes a figure of one count, the values make them of all: they must be the same."""
    chance = random.Random(2711)
    for kind in ("count", "percent", "rate", "median", "mean", "ratio"):
        for counts in ("met", "not met", "all"):
            one = measure(kind=kind, counts=counts)
            for _ in range(12):
                met, not_met, unknown = (chance.choice([0, 0, 1, 3, 7, 40, 333]) for _ in range(3))
                valued = chance.randint(0, met + not_met + unknown)
                weight = chance.choice([None, 0.0, 2.5, 31.0])
                told = Count(
                    met + not_met + unknown, met, not_met, valued, 1.1 * valued, 7.4 if valued else None, weight
                )
                population = chance.choice([None, 0, 997])
                place = Place(DAY, "month", "authority", "authority")
                found = sheet_of(
                    (one, {place: told}, {"month": (DAY,), "year": ()}),
                    population={} if population is None else {DAY: population},
                )
                row, expected = whole(found), figure(one, told, population)
                parts = (row["numerator"], row["denominator"], row["unknown"], row["value"])
                assert parts == (expected.numerator, expected.denominator, expected.unknown, expected.value), told
