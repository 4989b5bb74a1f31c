"""The side tables of a synthetic authority belong to what the standard's tables tell."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lineofsight import schema


def test_every_side_table_has_rows_in_every_extract(three_extracts: list[Path], read_extract: Callable) -> None:
    for folder in three_extracts:
        reading = read_extract(folder)
        for name in (table.name for table in schema.tables().values() if table.side):
            assert reading.one(f"select count(*) from {name}") > 0, (folder.name, name)


def test_core_groups_come_while_the_plan_lasts_and_the_first_mostly_in_ten_working_days(
    three_extracts: list[Path], read_extract: Callable
) -> None:
    reading = read_extract(three_extracts[-1])
    outside = reading.one("""
        select count(*) from side_core_group join ssd_cp_plans on cppl_cp_plan_id = cgrp_cp_plan_id
        where cgrp_person_id <> cppl_person_id or cgrp_date <= cppl_cp_plan_start_date
            or cgrp_date > coalesce(nullif(cppl_cp_plan_end_date, date '1900-01-01'), date '9999-01-01')""")
    assert outside == 0
    in_time, plans = reading.rows("""
        with firsts as (
            select cgrp_cp_plan_id, min(cgrp_date) as held from side_core_group group by 1
        )
        select count(*) filter (held.working_number - begun.working_number <= 10), count(*)
        from firsts join ssd_cp_plans on cppl_cp_plan_id = cgrp_cp_plan_id
        join calendar as begun on begun.day = cppl_cp_plan_start_date
        join calendar as held on held.day = firsts.held
        where cppl_cp_plan_start_date > (select min(cgrp_date) from side_core_group)""")[0]
    assert 0.6 < in_time / plans < 1


@pytest.mark.parametrize(
    ("table", "joined", "wrong"),
    [
        ("side_decision", "ssd_contacts on cont_contact_id = deci_subject_id and deci_kind = 'contact'",
         "cont_person_id <> deci_person_id or cont_contact_date <> deci_received_date"),
        ("side_decision", "ssd_cin_episodes on cine_referral_id = deci_subject_id and deci_kind = 'referral'",
         "cine_person_id <> deci_person_id or cine_referral_date <> deci_received_date"),
        ("side_return_interview", "ssd_missing on miss_table_id = rhin_missing_id",
         "miss_person_id <> rhin_person_id or rhin_offered_date < miss_missing_episode_end_date "
         "or miss_missing_rhi_offered <> 'Y' or (miss_missing_rhi_accepted = 'N' and rhin_held_date is not null)"),
        ("side_cin_plan_review", "ssd_cin_plans on cinp_cin_plan_id = cinr_cin_plan_id",
         "cinp_person_id <> cinr_person_id or cinr_date < cinp_cin_plan_start_date"),
        ("side_conference_invitation",
         "ssd_initial_cp_conference on icpc_icpc_id = invt_conference_id and invt_conference_kind = 'initial'",
         "icpc_person_id <> invt_person_id or invt_invited_date > icpc_icpc_date"),
        ("side_conference_invitation",
         "ssd_cp_reviews on cppr_cp_review_id = invt_conference_id and invt_conference_kind = 'review'",
         "cppr_person_id <> invt_person_id or invt_invited_date > cppr_cp_review_date"),
        ("side_registration", "ssd_professionals on prof_professional_id = regi_worker_id",
         "regi_registered <> 'Y' and prof_social_worker_registration_no is not null"),
    ],
)  # fmt: skip
def test_a_row_says_nothing_against_the_row_it_belongs_to(
    three_extracts: list[Path], read_extract: Callable, table: str, joined: str, wrong: str
) -> None:
    reading = read_extract(three_extracts[-1])
    found, astray = reading.rows(f"select count(*), count(*) filter ({wrong}) from {table} join {joined}")[0]
    assert found > 10
    assert astray == 0


def test_every_invitation_and_decision_finds_what_it_is_about(
    three_extracts: list[Path], read_extract: Callable
) -> None:
    for folder in three_extracts:
        reading = read_extract(folder)
        assert (
            reading.one("""
            select count(*) from side_conference_invitation where invt_conference_id not in (
                select icpc_icpc_id from ssd_initial_cp_conference
                union all
                select cppr_cp_review_id from ssd_cp_reviews
            )""")
            == 0
        )
        assert (
            reading.one("""
            select count(*) from side_decision where deci_subject_id not in (
                select cont_contact_id from ssd_contacts union all select cine_referral_id from ssd_cin_episodes
            )""")
            == 0
        )


def test_an_allocation_is_endorsed_by_the_workers_manager_while_it_lasts(
    three_extracts: list[Path], read_extract: Callable
) -> None:
    reading = read_extract(three_extracts[-1])
    endorsed, held, own = reading.rows("""
        select count(*), count(*) filter (exists (
            select 1 from ssd_involvements
            where invo_person_id = over_person_id and invo_professional_id = over_worker_id
                and over_date >= invo_involvement_start_date)),
            count(*) filter (over_manager_id = over_worker_id)
        from side_oversight where over_kind = 'allocation'""")[0]
    assert endorsed == held > 500
    assert own == 0


def test_some_workers_are_registered_some_not_and_of_some_nobody_knows(
    demonstration: list[Path], read_extract: Callable
) -> None:
    reading = read_extract(demonstration[-1])
    assert {word for (word,) in reading.rows("select distinct regi_registered from side_registration")} == {
        "Y",
        "N",
        "U",
    }
    assert reading.one("select count(*) from side_registration where regi_dbs_date is null") > 0
    # whoever holds a family is registered, as far as is known
    assert (
        reading.one("""
        select count(*) from ssd_involvements join side_registration on regi_worker_id = invo_professional_id
        where invo_professional_role_id in ('ALLOCATED CASE WORKER', 'CSW') and regi_registered = 'N'""")
        == 0
    )


def test_no_record_that_was_merged_away_is_in_the_extract(three_extracts: list[Path], read_extract: Callable) -> None:
    reading = read_extract(three_extracts[-1])
    assert (
        reading.one("select count(*) from side_merged_record join ssd_person on pers_person_id = merg_gone_person_id")
        == 0
    )


def test_children_who_are_easily_lost_are_of_the_age_and_place_that_their_rows_say(
    three_extracts: list[Path], read_extract: Callable
) -> None:
    reading = read_extract(three_extracts[-1])
    not_looked_after = reading.one("""
        select count(*) from side_deprivation_of_liberty
        where not exists (
            select 1 from ssd_cla_episodes
            where clae_person_id = depr_person_id and clae_cla_episode_start_date <= depr_start_date
        )""")
    of_another_age = reading.one("""
        select count(*) from side_homelessness join ssd_person on pers_person_id = homl_person_id
        where date_diff('day', pers_dob, homl_presented_date) not between 16 * 365 and 18 * 366""")
    astray = reading.one("""
        select count(*) from side_private_fostering join ssd_person on pers_person_id = prif_person_id
        where prif_first_visit_date > prif_last_visit_date or prif_first_visit_date < prif_notified_date
            or prif_start_date < pers_dob""")
    assert (not_looked_after, of_another_age, astray) == (0, 0, 0)
