"""The engine: the row contract, what is not measured, who answers for a row, and the locked connection."""

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from lineofsight.errors import PlainError
from lineofsight.measures import engine, relations
from lineofsight.measures.contract import ROWS_SCHEMA
from lineofsight.measures.values import SCHEMA


def authority_of(measured: engine.Measured, **where: object) -> list[dict[str, object]]:
    rows = [row for row in measured.values.to_pylist() if row["breakdown"] == "authority"]
    return [row for row in rows if all(row[name] == value for name, value in where.items())]


def test_every_number_opens_to_its_rows(catalogue_of, inputs_of, visits_of):
    visits = visits_of(Ada="Y", Ben="N", Cy="Y", Di="")
    measured = engine.measure(inputs_of({"ssd_cp_visits": visits}), catalogue_of())
    (value,) = authority_of(measured)
    rows = measured.rows.to_pylist()
    assert value["numerator"] == sum(row["met"] is True for row in rows) == 2
    assert value["denominator"] == sum(row["met"] is not None for row in rows) == 3
    assert value["unknown"] == sum(row["met"] is None for row in rows) == 1
    assert value["value"] == pytest.approx(200 / 3)
    assert measured.rows.schema == ROWS_SCHEMA
    assert measured.values.schema == SCHEMA


def test_an_absent_table_is_not_measured_and_named_never_zero(catalogue_of, inputs_of):
    catalogue = catalogue_of(needs={"ssd_cp_visits": ["cppv_cp_visit_seen"], "ssd_person": []})
    measured = engine.measure(inputs_of(absent=["ssd_cp_visits"], months=3), catalogue)
    found = authority_of(measured)
    assert len(found) == 3
    for row in found:
        assert (row["status"], row["missing"]) == ("not measured", ["ssd_cp_visits"])
        assert row["numerator"] is row["denominator"] is row["value"] is row["masked_value"] is None
    assert measured.rows.num_rows == 0


def test_an_absent_column_is_not_measured_and_named(catalogue_of, inputs_of, visits_of):
    catalogue = catalogue_of(needs={"ssd_cp_visits": ["cppv_cp_visit_seen"]})
    tables = {"ssd_cp_visits": visits_of(Ada="Y")}
    measured = engine.measure(inputs_of(tables, absent=["ssd_cp_visits.cppv_cp_visit_seen"]), catalogue)
    (row,) = authority_of(measured)
    assert row["missing"] == ["ssd_cp_visits.cppv_cp_visit_seen"]


def test_a_rate_without_a_population_is_not_measured(catalogue_of, inputs_of, visits_of):
    catalogue = catalogue_of(kind="rate", denominator="population", counts="all", unit="per 10,000")
    tables = {"ssd_cp_visits": visits_of(Ada="Y", Ben="N")}
    (lacking,) = authority_of(engine.measure(inputs_of(tables), catalogue))
    assert lacking["missing"] == ["the number of children aged 0 to 17"]
    (known,) = authority_of(engine.measure(inputs_of(tables, population=4000), catalogue))
    assert (known["numerator"], known["denominator"], known["value"]) == (2, 4000, 5.0)


def test_nothing_to_divide_by_is_measured_with_no_value(catalogue_of, inputs_of):
    (row,) = authority_of(engine.measure(inputs_of(), catalogue_of()))
    assert (row["status"], row["numerator"], row["denominator"], row["value"]) == ("measured", 0, 0, None)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("as reason", "as why", "XX01 gives .*why; it must give"),
        ("null::text as worker_id,", "", "XX01 gives .*; it must give"),
        ("as met", "::integer as met", "XX01 gives met as INTEGER; it must be BOOLEAN"),
        ("null::date as due_on", "'2026-01-01' as due_on", "XX01 gives due_on as VARCHAR"),
        ("months.as_at,", "date '2026-10-01' as as_at,", "a date that is not one of the months"),
        ("months.as_at,", "null::date as as_at,", "a row with no date"),
        ("ssd_cp_visits.cppv_person_id as", "null::text as", "a row of no child, and its measure.toml says"),
        (
            "ssd_cp_visits.cppv_person_id as person_id,\n    ssd_cp_visits.cppv_cp_visit_id as",
            "null::text as person_id, null::text as",
            "a row of nobody and nothing",
        ),
        ("as reason", "as reason, 1.0::double as weight", "gives a weight, and its measure.toml says otherwise"),
        ("'visit ' || ssd_cp_visits.cppv_cp_visit_id as", "null::text as", "no anchor"),
        ("'because' as", "' ' as", "not met and no reason"),
        ("cross join months", "cross join months cross join range(2)", "the same row twice"),
        ("from ssd_cp_visits", "from ssd_tea_visits as ssd_cp_visits", "cannot be run: its SQL is wrong"),
        ("cross join months", "cross join months; select 1", "one select statement and nothing else"),
        ("cross join months", "cross join read_csv('/etc/passwd') cross join months", "its SQL is wrong"),
    ],
)
def test_sql_that_breaks_the_contract_is_an_error_naming_the_measure(
    catalogue_of, inputs_of, visits_of, old, new, words
):
    from tests.measures.conftest import PLAIN_SQL

    assert old in PLAIN_SQL
    catalogue = catalogue_of(PLAIN_SQL.replace(old, new, 1))
    with pytest.raises(PlainError, match=words) as refused:
        engine.measure(inputs_of({"ssd_cp_visits": visits_of(Ada="Y", Ben="N")}), catalogue)
    assert "Ada" not in str(refused.value)


@pytest.mark.parametrize(
    ("value", "weight", "words"),
    [
        ("2.0::double", None, "gives no weight, and its measure.toml says otherwise"),
        ("2.0::double", "null::double", "a value with nothing to set it against"),
        ("null::double", "1.0::double", "a value with nothing to set it against"),
        ("2.0::double", "-0.5::double", "a value with nothing to set it against"),
    ],
)
def test_a_ratio_gives_each_value_with_what_it_is_set_against(catalogue_of, inputs_of, visits_of, value, weight, words):
    from tests.measures.conftest import PLAIN_SQL

    sql = PLAIN_SQL.replace("null::double as value", f"{value} as value")
    if weight is not None:
        sql = sql.replace("as reason", f"as reason, {weight} as weight")
    with pytest.raises(PlainError, match=words):
        engine.measure(inputs_of({"ssd_cp_visits": visits_of(Ada="Y")}), catalogue_of(sql, kind="ratio"))


def test_a_measure_without_history_tells_the_newest_day_alone(catalogue_of, inputs_of, visits_of):
    from tests.measures.conftest import PLAIN_SQL

    inputs = inputs_of({"ssd_cp_visits": visits_of(Ada="Y", Ben="N")}, months=3)
    with pytest.raises(PlainError, match="a row of an earlier day, and its measure.toml says that it has no history"):
        engine.measure(inputs, catalogue_of(history=False))
    sql = PLAIN_SQL.replace("cross join months", "inner join snapshot as months on true")
    rows = authority_of(engine.measure(inputs, catalogue_of(sql, history=False)))
    assert [(row["status"], row["value"]) for row in rows] == [
        ("not measured", None),
        ("not measured", None),
        ("measured", 50.0),
    ]
    assert rows[0]["missing"] == ["what was so on an earlier day"]


def test_a_flow_event_in_two_months_is_an_error(catalogue_of, inputs_of, visits_of):
    inputs = inputs_of({"ssd_cp_visits": visits_of(Ada="Y")}, months=2)
    with pytest.raises(PlainError, match="the same event twice, or in two months"):
        engine.measure(inputs, catalogue_of(basis="flow"))


def test_a_column_without_any_value_may_be_of_any_type(catalogue_of, inputs_of, visits_of):
    from tests.measures.conftest import PLAIN_SQL

    catalogue = catalogue_of(PLAIN_SQL.replace("null::date as due_on", "null as due_on"))
    measured = engine.measure(inputs_of({"ssd_cp_visits": visits_of(Ada="Y")}), catalogue)
    assert measured.rows.to_pylist()[0]["due_on"] is None


VIEWS = {
    "teams": "select * from (values ('T1', 'S1'), ('T2', 'S1'), ('T3', 'S2')) as listed(team_id, service_id)",
    "duty_team": "select 'T1' as team_id, 'S1' as service_id",
    "responsible": """
        select person_id, date '2020-01-31' as from_on, date '9999-12-31' as until_on, team_id, service_id, worker_id
        from (values ('Ada', 'T3', 'S2', 'W1'), ('Ben', 'T2', 'S1', null))
            as told(person_id, team_id, service_id, worker_id)
    """,
}


def test_a_row_that_names_no_team_gets_the_one_that_answers_for_the_child(catalogue_of, inputs_of, visits_of):
    visits = visits_of(Ada="Y") + visits_of(team="T2", start=5, Ben="N")
    rows = engine.measure(inputs_of({"ssd_cp_visits": visits}), catalogue_of(views=VIEWS)).rows.to_pylist()
    told = {row["person_id"]: (row["team_id"], row["service_id"], row["worker_id"]) for row in rows}
    assert told == {"Ada": ("T3", "S2", "W1"), "Ben": ("T2", "S1", None)}


def test_an_unlisted_team_stands_under_the_duty_teams_service(catalogue_of, inputs_of, visits_of):
    visits = visits_of(team="T9", Ada="Y")
    (row,) = engine.measure(inputs_of({"ssd_cp_visits": visits}), catalogue_of(views=VIEWS)).rows.to_pylist()
    assert (row["team_id"], row["service_id"]) == ("T9", "S1")


def test_views_that_give_one_child_two_teams_are_an_error(catalogue_of, inputs_of, visits_of):
    twice = {**VIEWS, "responsible": VIEWS["responsible"].replace("'Ben', 'T2'", "'Ada', 'T2'")}
    with pytest.raises(PlainError, match="give one child or one team twice"):
        engine.measure(inputs_of({"ssd_cp_visits": visits_of(Ada="Y")}), catalogue_of(views=twice))


def test_the_childs_key_comes_with_the_row(catalogue_of, inputs_of, visits_of):
    keys = pa.table({"person_id": ["Ada"], "child_key": ["a" * 32]})
    inputs = inputs_of({"ssd_cp_visits": visits_of(Ada="Y", Ben="N")}, child_keys=keys)
    found = {row["person_id"]: row["child_key"] for row in engine.measure(inputs, catalogue_of()).rows.to_pylist()}
    assert found == {"Ada": "a" * 32, "Ben": None}


def test_only_what_some_sql_names_is_brought_in(catalogue_of, inputs_of, tmp_path, visits_of):
    inputs = inputs_of({"ssd_cp_visits": visits_of(Ada="Y")})
    path = tmp_path / "visits.parquet"
    pq.write_table(inputs.tables["ssd_cp_visits"], path)
    held = {**inputs.tables, "ssd_cp_visits": ds.dataset(path)}
    catalogue = catalogue_of()
    brought = relations.Relations(
        engine.Inputs(**{**vars(inputs), "tables": held}), catalogue, engine._views_used(catalogue)
    )
    assert {name for name in brought if name.startswith("ssd_")} == {
        "ssd_cp_visits",
        "ssd_person",
        "ssd_disability",
    }
    assert set(brought["ssd_cp_visits"].schema.names) == {
        "cppv_cp_visit_id",
        "cppv_person_id",
        "cppv_cp_plan_id",
        "cppv_cp_visit_date",
        "cppv_cp_visit_seen",
    }


def test_rows_are_in_order_of_measure_date_and_person(catalogue_of, inputs_of, visits_of):
    known = [{"pers_person_id": name} for name in ("Cy", "Ada", "Ben")]
    inputs = inputs_of({"ssd_person": known, "ssd_cp_visits": visits_of(Cy="Y", Ada="N", Ben="Y")}, months=2)
    rows = engine.measure(inputs, catalogue_of()).rows.to_pylist()
    order = [(row["measure"], row["as_at"], row["person_id"]) for row in rows]
    assert order == sorted(order)
    assert {row["as_at"] for row in rows} == {date(2026, 9, 30), date(2026, 10, 31)}


def test_each_measure_tells_how_long_it_took(catalogue_of, inputs_of):
    measured = engine.measure(inputs_of(), catalogue_of(views=VIEWS))
    assert {"XX01", "view teams", "rows", "values"} <= set(measured.seconds)
    assert all(seconds >= 0 for seconds in measured.seconds.values())


def test_only_the_rules_that_some_sql_asks_for_are_worked_out(catalogue_of, inputs_of):
    def keys(catalogue):
        brought = relations.Relations(inputs_of(), catalogue, engine._views_used(catalogue))
        return set(brought["timescales"]["key"].to_pylist())

    assert keys(catalogue_of()) == set()
    assert keys(catalogue_of(timescales=["cp.visit"])) == {"cp.visit"}
    views = {"responsible": VIEWS["responsible"] + " -- select number from timescales where key = 'extract.fresh'"}
    assert keys(catalogue_of(views=views)) == {"extract.fresh"}


def test_what_is_handed_on_as_it_comes_is_every_row_and_the_last_month_is_left(catalogue_of, inputs_of, visits_of):
    inputs = inputs_of({"ssd_cp_visits": visits_of(Cy="Y", Ada="N", Ben="Y")}, months=2)
    whole, kept = engine.measure(inputs, catalogue_of()), []
    found = engine.measure(inputs, catalogue_of(), keep=lambda name, rows: kept.append((name, rows)))
    assert [name for name, _ in kept] == ["XX01"]
    assert pa.concat_tables(rows for _, rows in kept) == whole.rows
    assert found.rows == whole.rows.filter(pc.field("as_at") == inputs.as_at)
    assert found.values == whole.values


def test_what_cannot_be_kept_stops_the_measuring(catalogue_of, inputs_of, visits_of):
    def refuse(name, rows):
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk is full"):
        engine.measure(inputs_of({"ssd_cp_visits": visits_of(Ada="Y")}), catalogue_of(), keep=refuse)
