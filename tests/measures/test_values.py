"""Values: kinds, windows, groups, and what each disclosure level is shown."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.measures.conftest import PLAIN_SQL
from tests.measures.counts import Place, counted

from lineofsight import policy, schema
from lineofsight.errors import PlainError
from lineofsight.measures import definitions, engine, shown, values
from lineofsight.measures.computing import month_ends

# One row a visit, in the month it fell.
FLOW_SQL = PLAIN_SQL.replace(
    "cross join months",
    "inner join months on date_trunc('month', months.as_at) = date_trunc('month', ssd_cp_visits.cppv_cp_visit_date)",
)


def cell_of(table, **where):
    found = [row for row in table.to_pylist() if all(row[name] == value for name, value in where.items())]
    assert len(found) == 1, (where, len(found))
    return found[0]


def visits(number: int, *, seen: str = "Y", day: str = "2026-10-01", team: str = "", start: int = 0):
    return [
        {
            "cppv_cp_visit_id": f"v{day}-{team}-{seen}-{start + n}",
            "cppv_person_id": f"p{start + n}",
            "cppv_cp_plan_id": team,
            "cppv_cp_visit_date": day,
            "cppv_cp_visit_seen": seen,
        }
        for n in range(number)
    ]


@pytest.mark.parametrize(
    ("facts", "numerator", "denominator", "unknown", "value"),
    [
        ({}, 4, 6, 1, 400 / 6),
        ({"counts": "not met"}, 2, 6, 1, 200 / 6),
        ({"kind": "count", "unit": "children"}, 4, 6, 1, 4),
        ({"kind": "count", "unit": "children", "counts": "all"}, 7, 7, 0, 7),
        ({"kind": "rate", "denominator": "population", "unit": "per 10,000", "counts": "all"}, 7, 500, 0, 140),
        ({"kind": "mean", "unit": "days"}, 5, 5, 2, 4.0),
        ({"kind": "median", "unit": "days"}, 5, 5, 2, 3.0),
    ],
)
def test_each_kind_of_measure_counts_as_it_says(catalogue_of, inputs_of, facts, numerator, denominator, unknown, value):
    # values 1, 2, 3, 4, 10 for five of the seven: mean 4, median 3
    sql = PLAIN_SQL.replace(
        "null::double as value",
        "[1.0, 2.0, 3.0, 4.0, 10.0][1 + substr(ssd_cp_visits.cppv_person_id, 2)::integer]::double as value",
    )
    rows = visits(4) + visits(2, seen="N", start=4) + visits(1, seen="", start=6)
    found = cell_of(
        engine.measure(inputs_of({"ssd_cp_visits": rows}, population=500), catalogue_of(sql, **facts)).values,
        breakdown="authority",
    )
    assert (found["numerator"], found["denominator"], found["unknown"]) == (numerator, denominator, unknown)
    assert found["value"] == pytest.approx(value)


def test_a_ratio_is_all_values_over_all_weights_by_month_and_by_year(catalogue_of, inputs_of):
    """Two workers of twenty children in half a post and one of ten in a whole one: 50 over 2."""
    sql = FLOW_SQL.replace("null::double as value", "case cppv_cp_visit_seen when 'Y' then 20.0 else 10.0 end as value")
    sql = sql.replace("as reason", "as reason, case cppv_cp_visit_seen when 'Y' then 0.5 else 1.0 end as weight")
    sql = sql.replace("end as value", "end::double as value").replace("end as weight", "end::double as weight")
    rows = [
        one
        for n, end in enumerate(month_ends(date(2026, 10, 31), 12))
        for one in visits(2, day=end.isoformat(), start=10 * n)
        + visits(1, day=end.isoformat(), seen="N", start=10 * n + 5)
    ]
    catalogue = catalogue_of(sql, basis="flow", window="year", kind="ratio", unit="children")
    table = engine.measure(inputs_of({"ssd_cp_visits": rows}, months=12), catalogue).values
    assert values.headline(table, catalogue["XX01"])["value"] == pytest.approx(25.0)
    assert {row["value"] for row in values.series(table, "XX01").to_pylist()} == {25.0}
    assert values.headline(table, catalogue["XX01"])["numerator"] == 36


def test_a_rolling_year_is_the_sum_of_its_twelve_months(catalogue_of, inputs_of):
    rows = [
        one
        for number, as_at in enumerate(month_ends(date(2026, 10, 31), 14))
        for one in visits(10 + number, day=as_at.isoformat(), start=100 * number)
    ]
    catalogue = catalogue_of(FLOW_SQL, basis="flow", window="year")
    table = engine.measure(inputs_of({"ssd_cp_visits": rows}, months=14), catalogue).values
    years = values.series(table, "XX01", window="year").to_pylist()
    assert [row["as_at"] for row in years] == [date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)]
    assert [row["numerator"] for row in years] == [sum(range(10, 22)), sum(range(11, 23)), sum(range(12, 24))]
    assert values.headline(table, catalogue["XX01"])["numerator"] == sum(range(12, 24))
    assert values.headline(table, catalogue["XX01"], as_at=date(2026, 8, 31))["numerator"] == sum(range(10, 22))


def test_eleven_months_make_no_year(catalogue_of, inputs_of):
    catalogue = catalogue_of(FLOW_SQL, basis="flow", window="year")
    table = engine.measure(inputs_of({"ssd_cp_visits": visits(9)}, months=11), catalogue).values
    assert values.series(table, "XX01", window="year").num_rows == 0
    assert values.headline(table, catalogue["XX01"]) is None


def test_a_month_that_is_not_over_is_in_no_year(catalogue_of, inputs_of):
    days = [*month_ends(date(2026, 9, 30), 12), date(2026, 10, 10)]
    rows = [one for n, day in enumerate(days) for one in visits(7, day=day.isoformat(), start=100 * n)]
    catalogue = catalogue_of(FLOW_SQL, basis="flow", window="year")
    inputs = inputs_of({"ssd_cp_visits": rows}, as_at=date(2026, 10, 15), months=13)
    table = engine.measure(inputs, catalogue).values
    assert values.headline(table, catalogue["XX01"])["numerator"] == 12 * 7
    assert values.points(table, catalogue["XX01"])[-1][0] == date(2026, 10, 15)
    counted = catalogue_of(FLOW_SQL, basis="flow", kind="count")["XX01"]
    assert values.points(table, counted)[-1][0] == date(2026, 9, 30)


def test_the_median_of_a_year_is_that_of_its_rows_not_of_its_months(catalogue_of, inputs_of):
    sql = FLOW_SQL.replace("null::double as value", "day(ssd_cp_visits.cppv_cp_visit_date)::double as value")
    # eleven months with one visit on the 1st, the last with twelve on the 20th: the year's middle is 20
    ends = month_ends(date(2026, 10, 31), 12)
    rows = [one for n, end in enumerate(ends[:-1]) for one in visits(1, day=end.replace(day=1).isoformat(), start=n)]
    rows += visits(12, day="2026-10-20", start=50)
    catalogue = catalogue_of(sql, basis="flow", window="year", kind="median", unit="days")
    table = engine.measure(inputs_of({"ssd_cp_visits": rows}, months=12), catalogue).values
    assert values.headline(table, catalogue["XX01"])["value"] == 20


PEOPLE = [
    {"pers_person_id": "p0", "pers_sex": "F", "pers_ethnicity": "WBRI", "pers_dob": "2026-12-20"},
    {"pers_person_id": "p1", "pers_sex": "M", "pers_ethnicity": "BAFR", "pers_dob": "2025-11-01"},
    {"pers_person_id": "p2", "pers_sex": "F", "pers_ethnicity": "CHNE", "pers_dob": "2025-10-31"},
    {"pers_person_id": "p3", "pers_sex": "U", "pers_ethnicity": "REFU", "pers_dob": "2016-11-01"},
    {"pers_person_id": "p4", "pers_sex": "M", "pers_ethnicity": "MOTH", "pers_dob": "2016-10-31"},
    {"pers_person_id": "p5", "pers_sex": "M", "pers_ethnicity": "OOTH", "pers_dob": "2010-10-31"},
]


def test_children_fall_in_groups_of_age_sex_and_ethnicity(catalogue_of, inputs_of):
    tables = {"ssd_cp_visits": visits(7), "ssd_person": PEOPLE}
    table = engine.measure(inputs_of(tables), catalogue_of()).values

    def groups(name: str) -> dict[str, int]:
        return {
            row["group"]: row["numerator"] for row in table.to_pylist() if row["breakdown"] == name and row["numerator"]
        }

    # on 31 October 2026: p1 turns one the next day, p2 today; p3 turns ten the next day, p4 today; p5 is 16
    assert groups("age") == {
        "Unborn": 1,
        "Under 1": 1,
        "1 to 4": 1,
        "5 to 9": 1,
        "10 to 15": 1,
        "16 and over": 1,
        "Not known": 1,
    }
    assert groups("sex") == {"Female": 2, "Male": 3, "Not known": 2}
    assert groups("ethnicity") == {"White": 1, "Black": 1, "Asian": 1, "Mixed": 1, "Other": 1, "Not known": 2}


# The same rows, each in a category of its own kind.
SEEN_SQL = PLAIN_SQL.replace("'because' as reason", "'because' as reason, ssd_cp_visits.cppv_cp_visit_seen as category")


def categories_of(table) -> dict[str, int]:
    return {row["group"]: row["denominator"] for row in table.to_pylist() if row["breakdown"] == "category"}


def test_rows_fall_in_the_categories_that_their_sql_gives(catalogue_of, inputs_of):
    rows = visits(4) + visits(3, seen="N", start=4) + visits(2, seen="", start=7)
    found = engine.measure(inputs_of({"ssd_cp_visits": rows}), catalogue_of(SEEN_SQL, category="Whether seen"))
    assert categories_of(found.values) == {"N": 3, "Y": 4, "Not known": 0}
    assert found.rows["category"].to_pylist().count("Not known") == 2


def test_a_code_list_gives_categories_their_words_their_order_and_those_with_none(catalogue_of, inputs_of):
    sql = SEEN_SQL.replace("ssd_cp_visits.cppv_cp_visit_seen as category", "CATEGORY")
    given = "case cppv_person_id when 'p0' then ' nEG ' when 'p1' then 'emotional abuse' when 'p2' then 'XXX' end"
    catalogue = catalogue_of(sql.replace("CATEGORY", f"{given} as category"), category="Why", categories="cp_category")
    found = categories_of(engine.measure(inputs_of({"ssd_cp_visits": visits(5)}), catalogue).values)
    assert list(found) == [*dict.fromkeys(schema.codes("cp_category").values()), "Not known"]
    assert {name: number for name, number in found.items() if number} == {
        "Neglect": 1,
        "Emotional abuse": 1,
        "Not known": 3,
    }


def test_a_measure_without_categories_has_no_group_of_them(catalogue_of, inputs_of):
    found = engine.measure(inputs_of({"ssd_cp_visits": visits(5)}), catalogue_of())
    assert categories_of(found.values) == {}
    assert set(found.rows["category"].to_pylist()) == {None}


def test_a_measure_and_its_sql_agree_on_whether_there_are_categories(catalogue_of, inputs_of):
    with pytest.raises(PlainError, match="gives no category"):
        engine.measure(inputs_of({}), catalogue_of(category="Whether seen"))
    with pytest.raises(PlainError, match="gives a category"):
        engine.measure(inputs_of({}), catalogue_of(SEEN_SQL))


def test_groups_that_other_measures_count_are_for_the_identified_level_alone(catalogue_of, inputs_of):
    rows = visits(30, seen="Y") + visits(40, seen="N", start=30) + visits(30, seen="", start=70)
    catalogue = catalogue_of(SEEN_SQL, category="Whether seen", counts="all", kind="count", unit="visits")
    table = engine.measure(inputs_of({"ssd_cp_visits": rows}), catalogue).values.to_pylist()
    for name in ("category", "placement"):
        cells = [row for row in table if row["breakdown"] == name]
        assert sum(row["numerator"] for row in cells) == 100
        assert all(row["hidden"] and row["published_hidden"] and row["masked_numerator"] is None for row in cells)
    assert not all(row["hidden"] for row in table if row["breakdown"] == "disability")


def groups_of(table, name: str) -> dict[str, int]:
    return {
        row["group"]: row["numerator"] for row in table.to_pylist() if row["breakdown"] == name and row["numerator"]
    }


def test_a_child_with_a_disability_recorded_is_disabled_and_without_a_word_is_not_known(catalogue_of, inputs_of):
    codes = [("p0", "LD"), ("p0", "NONE"), ("p1", "none"), ("p2", "AUT"), ("p2", "MOB")]
    held = [
        {"disa_table_id": f"d{n}", "disa_person_id": person, "disa_disability_code": code}
        for n, (person, code) in enumerate(codes)
    ]
    tables = {"ssd_cp_visits": visits(5), "ssd_person": PEOPLE, "ssd_disability": held}
    found = engine.measure(inputs_of(tables), catalogue_of()).values
    assert groups_of(found, "disability") == {"Disabled": 2, "Not disabled": 1, "Not known": 2}
    without = inputs_of({"ssd_cp_visits": visits(5)}, absent=["ssd_disability"])
    assert groups_of(engine.measure(without, catalogue_of()).values, "disability") == {"Not known": 5}


PLACED = """
select date '2026-10-31' as as_at, person_id, placement
from (values ('p0', 'With parents'), ('p1', 'Children’s home')) as held (person_id, placement)
"""


def test_children_are_divided_by_where_they_are_placed_on_the_day(catalogue_of, inputs_of):
    catalogue = catalogue_of(views={"placed_on": PLACED})
    found = engine.measure(inputs_of({"ssd_cp_visits": visits(5)}), catalogue).values
    assert groups_of(found, "placement") == {"With parents": 1, "Children’s home": 1, "Not in a placement": 3}
    without = engine.measure(inputs_of({"ssd_cp_visits": visits(5)}, absent=["ssd_cla_placement"]), catalogue_of())
    assert groups_of(without.values, "placement") == {"Not known": 5}


def test_every_kind_of_placement_has_a_group_and_the_newest_that_is_open_counts(catalogue_of, inputs_of):
    kinds = [*schema.codes("placement_type"), "XX"]
    held = [
        {
            "clap_cla_placement_id": f"m{number}-{n}",
            "clap_person_id": f"p{number}",
            "clap_cla_placement_type": kind if n else "P1",
            "clap_cla_placement_start_date": day,
            "clap_cla_placement_end_date": end,
        }
        for number, kind in enumerate(kinds)
        for n, (day, end) in enumerate([("2025-01-01", ""), ("2026-01-01", ""), ("2026-02-01", "2026-10-31")])
    ]
    names = definitions.load().views
    views = {name: names[name] for name in ("month_spans", "care_children", "placements", "placed_on")}
    tables = {"ssd_cp_visits": visits(len(kinds)), "ssd_cla_placement": held}
    found = groups_of(engine.measure(inputs_of(tables), catalogue_of(views=views)).values, "placement")
    assert set(found) == set(values.PLACEMENTS) - {"Not in a placement"}
    assert found["With parents"] == 1
    assert found["Not known"] == 1
    assert sum(found.values()) == len(kinds)


def test_every_breakdown_adds_up_to_the_authority(catalogue_of, inputs_of):
    tables = {"ssd_cp_visits": visits(4, team="A") + visits(3, seen="N", start=4), "ssd_person": PEOPLE}
    catalogue = catalogue_of(SEEN_SQL, category="Whether seen")
    table = engine.measure(inputs_of(tables), catalogue).values.to_pylist()
    whole = next(row for row in table if row["breakdown"] == "authority")
    for name in values.BREAKDOWNS:
        parts = [row for row in table if row["breakdown"] == name]
        for column in ("numerator", "denominator", "unknown"):
            assert sum(row[column] for row in parts) == whole[column]


def test_rows_of_workers_have_no_breakdown_by_what_a_worker_is(catalogue_of, inputs_of):
    sql = PLAIN_SQL.replace("ssd_cp_visits.cppv_person_id as person_id", "null::text as person_id").replace(
        "null::text as worker_id", "ssd_cp_visits.cppv_person_id as worker_id"
    )
    table = engine.measure(inputs_of({"ssd_cp_visits": visits(9)}), catalogue_of(sql, rows_of="workers")).values
    assert set(table["breakdown"].to_pylist()) == {"authority", "team", "service"}


def test_a_small_team_is_hidden_with_the_one_that_would_give_it_away(catalogue_of, inputs_of):
    rows = visits(3, team="A") + visits(10, team="B", start=10) + visits(30, team="C", start=30)
    rows += visits(20, team="A", seen="N", start=60) + visits(20, team="B", seen="N", start=80)
    rows += visits(20, team="C", seen="N", start=100)
    table = engine.measure(inputs_of({"ssd_cp_visits": rows}), catalogue_of()).values
    hidden = {row["group"]: row["hidden"] for row in table.to_pylist() if row["breakdown"] == "team"}
    assert hidden == {"A": True, "B": True, "C": False}
    assert cell_of(table, group="A", breakdown="team")["masked_value"] is None
    shown_cell = cell_of(table, group="C", breakdown="team")
    assert (shown_cell["masked_numerator"], shown_cell["masked_denominator"]) == ("30", "50")
    assert shown_cell["masked_value"] == "60.0"


def test_the_authority_is_exact_below_published_and_rounded_there(catalogue_of, inputs_of):
    rows = visits(52) + visits(31, seen="N", start=60)
    (row,) = (
        one
        for one in engine.measure(inputs_of({"ssd_cp_visits": rows}), catalogue_of()).values.to_pylist()
        if one["breakdown"] == "authority"
    )
    assert (row["hidden"], row["numerator"], row["denominator"]) == (False, 52, 83)
    assert (row["masked_numerator"], row["masked_denominator"], row["masked_value"]) == ("50", "85", "58.8")


@pytest.mark.parametrize(("seen", "not_seen"), [(3, 50), (50, 3)])
def test_a_small_number_of_the_whole_authority_is_not_published(catalogue_of, inputs_of, seen, not_seen):
    rows = visits(seen) + visits(not_seen, seen="N", start=60)
    found = cell_of(engine.measure(inputs_of({"ssd_cp_visits": rows}), catalogue_of()).values, breakdown="authority")
    assert (found["hidden"], found["published_hidden"], found["masked_value"]) == (False, True, None)


def test_a_flows_groups_are_shown_by_years_to_march_without_a_month_in_common(catalogue_of, inputs_of):
    rows = [
        one
        for number, as_at in enumerate(month_ends(date(2026, 10, 31), 30))
        for team, many in (("A", 20), ("B", 30))
        for one in visits(many, day=as_at.isoformat(), team=team, start=1000 * number + 50 * (team == "B"))
    ]
    catalogue = catalogue_of(FLOW_SQL, basis="flow", window="year")
    table = engine.measure(inputs_of({"ssd_cp_visits": rows}, months=30), catalogue).values.to_pylist()
    shown_at = {(row["window"], row["as_at"]) for row in table if row["breakdown"] == "team" and not row["hidden"]}
    assert shown_at == {("year", date(2026, 3, 31))}


@pytest.mark.parametrize("later", [date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 15), date(2027, 4, 30)])
def test_no_later_extract_shows_groups_of_a_year_that_shares_months_with_one_shown_before(later):
    def years(as_at):
        return {day for day in month_ends(as_at, 30) if shown.breakdown_year(day)}

    together = sorted(years(date(2026, 10, 31)) | years(later))
    assert together
    assert all((later - earlier).days >= 365 for earlier, later in zip(together, together[1:], strict=False))


# What the public sees of a flow: months and rolling years, rounded. The attacker narrows every month by all of them.


def published_bounds(table: list[dict[str, object]], months: list[date]) -> dict[date, tuple[int, int]]:
    def seen(row: dict[str, object], *, month: bool) -> tuple[int, int]:
        if row["published_hidden"]:
            return (0, 10_000) if month else (1, 5)
        told = int(str(row["masked_numerator"]))
        return (0, 0) if told == 0 else (max(6, told - 2), told + 2)

    by_window = {
        window: {row["as_at"]: row for row in table if row["window"] == window and row["breakdown"] == "authority"}
        for window in ("month", "year")
    }
    bounds = {day: seen(by_window["month"][day], month=True) for day in months}
    years = {day: seen(row, month=False) for day, row in by_window["year"].items()}
    for _ in range(40):
        for day, (low, high) in years.items():
            place = months.index(day)
            span = months[place - 11 : place + 1]
            for one in span:
                rest_low = sum(bounds[other][0] for other in span if other != one)
                rest_high = sum(bounds[other][1] for other in span if other != one)
                mine = bounds[one]
                bounds[one] = (max(mine[0], low - rest_high), min(mine[1], high - rest_low))
    return bounds


@pytest.mark.full
@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.just(0), st.integers(1, 5), st.integers(6, 30)), min_size=24, max_size=24))
def test_no_small_month_can_be_worked_out_from_what_is_published(numbers):
    months = list(month_ends(date(2026, 10, 31), 24))
    inputs = engine.Inputs(
        as_at=months[-1],
        loaded_on=months[-1],
        months=tuple(months),
        tables={},
        columns_present={},
        policy=policy.load(),
        roles=policy.roles(),
    )
    one = _count_measure()
    authority = shown.AUTHORITY
    counts = {
        Place(day, "month", authority, authority): shown.Count(rows=number, met=number)
        for day, number in zip(months, numbers, strict=True)
    }
    for place in range(11, 24):
        total = sum(numbers[place - 11 : place + 1])
        counts[Place(months[place], "year", authority, authority)] = shown.Count(rows=total, met=total)
    nobody = shown.Universe(groups={"team": (), "service": ()}, service_of={}, of_people=frozenset())
    dates = {"month": tuple(months), "year": tuple(months[11:])}
    table = shown.sheet(inputs, [shown.Measured(one, counted(counts), dates)], nobody).to_pylist()
    bounds = published_bounds(table, months)
    for day, number in zip(months, numbers, strict=True):
        low, high = bounds[day]
        assert low <= number <= high
        if 0 < number < 6:
            assert low < high, (day, number)


def _count_measure():
    from pathlib import Path

    from lineofsight.measures.definitions import Definition

    facts = dict.fromkeys(("title", "sentence", "why_it_matters", "area", "author", "checker", "source"), "x")
    return Definition(
        id="XX01",
        **facts,
        themes=(),
        kind="count",
        unit="referrals",
        counts="all",
        better="neutral",
        basis="flow",
        denominator="rows",
        among=None,
        window="year",
        timescales=(),
        lait=None,
        exception=False,
        exception_kind="child",
        needs={},
        rag=None,
        reviewed=date(2026, 1, 1),
        next_review=date(2036, 1, 1),
        sql="",
        folder=Path(),
    )
