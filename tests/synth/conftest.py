"""An independent reading of an extract: plain SQL over the CSV files, sharing no code with the product's measures."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import pytest

from lineofsight import calendar, schema, synth

CODES = {
    "referrals": "CPP_Total_Rateper10,000",
    "rereferrals": "ReReferral",
    "assessed_in_time": "Continue_Assess_Comp",
    "in_need": "CIN",
    "enquiries": "Section_47",
    "conferences_in_time": "CP_conf_15days",
    "plans_open": "CPP_rate",
    "reviewed_in_time": "RevCP",
    "looked_after": "LAC",
}

RATES = {
    "referrals": """
        select 10000.0 * count(*) / $children from ssd_cin_episodes
        where cine_referral_date > $as_at - interval 1 year and cine_referral_date <= $as_at""",
    "rereferrals": """
        select 100.0 * avg((exists (
            select 1 from ssd_cin_episodes as earlier
            where earlier.cine_person_id = later.cine_person_id
                and earlier.cine_referral_date < later.cine_referral_date
                and earlier.cine_referral_date >= later.cine_referral_date - interval 1 year
        ))::int) from ssd_cin_episodes as later
        where cine_referral_date > $as_at - interval 1 year and cine_referral_date <= $as_at""",
    "assessed_in_time": """
        select 100.0 * avg((done.working_number - begun.working_number <= 45)::int)
        from ssd_cin_assessments
        join ssd_cin_episodes on cine_referral_id = cina_referral_id
        join calendar as begun on begun.day = cine_referral_date
        join calendar as done on done.day = cina_assessment_auth_date
        where cina_assessment_auth_date > $as_at - interval 1 year and cina_assessment_auth_date <= $as_at""",
    "in_need": """
        select 10000.0 * count(*) / $children from ssd_cin_episodes
        where cine_referral_date <= $as_at and coalesce(cine_close_date, date '9999-01-01') > $as_at
            and cine_referral_nfa = 'N'""",
    "enquiries": """
        select 10000.0 * count(*) / $children from ssd_s47_enquiry
        where s47e_s47_start_date > $as_at - interval 1 year and s47e_s47_start_date <= $as_at""",
    "conferences_in_time": """
        select 100.0 * avg((held.working_number - begun.working_number <= 15)::int)
        from ssd_initial_cp_conference
        join ssd_s47_enquiry on s47e_s47_enquiry_id = icpc_s47_enquiry_id
        join calendar as begun on begun.day = s47e_s47_start_date
        join calendar as held on held.day = icpc_icpc_date
        where icpc_icpc_transfer_in = 'N' and icpc_icpc_date > $as_at - interval 1 year and icpc_icpc_date <= $as_at""",
    "plans_open": """
        select 10000.0 * count(*) / $children from open_plans where $children > 0""",
    "reviewed_in_time": """
        with steps as (
            select plan_id, started as step, started + interval 3 month as due from open_plans
            union all
            select cppr_cp_plan_id, cppr_cp_review_date, cppr_cp_review_date + interval 6 month
            from ssd_cp_reviews where cppr_cp_review_date <= $as_at
        ), clocks as (
            select plan_id, due, lead(step, 1, $as_at) over (partition by plan_id order by step) as next_step from steps
        )
        select 100.0 * avg(met::int) from (
            select bool_and(next_step <= due) as met from clocks
            join open_plans using (plan_id) where started <= $as_at - interval 3 month group by plan_id
        )""",
    "looked_after": """
        select 10000.0 * count(distinct clae_person_id) / $children from ssd_cla_episodes
        where clae_cla_episode_start_date <= $as_at
            and coalesce(clae_cla_episode_ceased_date, date '9999-01-01') > $as_at
            and clae_person_id not in (
                select lega_person_id from ssd_legal_status where lega_legal_status in ('V3', 'V4')
                    and lega_legal_status_start_date <= $as_at
                    and coalesce(lega_legal_status_end_date, date '9999-01-01') > $as_at)""",
}

_OPEN_PLANS = """
    create view open_plans as
    select cppl_cp_plan_id as plan_id, cppl_person_id as person_id, cppl_cp_plan_start_date as started
    from ssd_cp_plans
    where cppl_cp_plan_start_date <= date '{as_at}' and coalesce(cppl_cp_plan_ola, 'N') <> 'Y'
        and coalesce(nullif(cppl_cp_plan_end_date, date '1900-01-01'), date '9999-01-01') > date '{as_at}'"""


class Reading:
    """One extract, open for questions in SQL. Tables carry their SSD names."""

    def __init__(self, folder: Path) -> None:
        self.as_at = date.fromisoformat(folder.name)
        self.connection = duckdb.connect()
        for name, table in schema.tables().items():
            path = folder / "ssd" / f"{name}.csv"
            kinds = {"date": "DATE", "integer": "BIGINT", "real": "DOUBLE"}
            columns = {column.name: kinds.get(column.kind, "VARCHAR") for column in table.columns}
            if path.exists():
                text = ", ".join(f"'{column}': '{kind}'" for column, kind in columns.items())
                self.connection.execute(
                    f"create table {name} as select * from read_csv('{path}', header = true, columns = {{{text}}})"
                )
        self.connection.register("calendar", calendar.calendar_table())
        self.connection.execute(_OPEN_PLANS.format(as_at=self.as_at))

    def rows(self, sql: str, **values: object) -> list[tuple]:
        """The rows of a query."""
        return self.connection.execute(sql, values or None).fetchall()

    def one(self, sql: str, **values: object) -> object:
        """The one value of a query."""
        return self.rows(sql, **values)[0][0]

    def tables(self) -> list[str]:
        """Names of the tables in the extract."""
        found = self.rows("select table_name from duckdb_tables() order by 1")
        return [name for (name,) in found if name.startswith(("ssd_", "side_"))]

    def rate(self, name: str, children: int) -> float:
        """One of RATES, as it is published."""
        values = {"children": children, "as_at": self.as_at}
        sql = RATES[name]
        return float(self.one(sql, **{key: value for key, value in values.items() if f"${key}" in sql}))


@pytest.fixture(scope="session")
def read_extract() -> Callable[[Path], Reading]:
    """Opens an extract folder for questions."""
    return cache(Reading)


@pytest.fixture(scope="session")
def published_codes() -> dict[str, str]:
    """LAIT codes of the rates that a `Reading` can compute."""
    return CODES


UNTIL = date(2026, 10, 31)


@pytest.fixture(scope="session")
def three_extracts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three monthly extracts of an authority of about 3,000 people."""
    return synth.write(tmp_path_factory.mktemp("three"), children=3_000, seed=11, like="372", until=UNTIL)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three monthly extracts of an authority of the size that is shown first."""
    return synth.write(tmp_path_factory.mktemp("shown"), children=5_000, seed=1, like="306", until=UNTIL)
