"""The tables of an extract belong together: keys, references, codes, the order of days."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lineofsight import schema, synth

# Column -> the key it refers to. A reference may be empty; where it is not, its row must be in the same extract.
REFERENCES = {
    "ssd_cin_assessments.cina_referral_id": "ssd_cin_episodes.cine_referral_id",
    "ssd_cin_assessments.cina_assessment_team": "ssd_department.dept_team_id",
    "ssd_cin_assessments.cina_assessment_worker_id": "ssd_professionals.prof_professional_id",
    "ssd_cin_episodes.cine_referral_team": "ssd_department.dept_team_id",
    "ssd_cin_episodes.cine_referral_worker_id": "ssd_professionals.prof_professional_id",
    "ssd_assessment_factors.cinf_assessment_id": "ssd_cin_assessments.cina_assessment_id",
    "ssd_cin_plans.cinp_referral_id": "ssd_cin_episodes.cine_referral_id",
    "ssd_cin_plans.cinp_cin_plan_team": "ssd_department.dept_team_id",
    "ssd_cin_plans.cinp_cin_plan_worker_id": "ssd_professionals.prof_professional_id",
    "ssd_s47_enquiry.s47e_referral_id": "ssd_cin_episodes.cine_referral_id",
    "ssd_s47_enquiry.s47e_s47_completed_by_worker_id": "ssd_professionals.prof_professional_id",
    "ssd_initial_cp_conference.icpc_s47_enquiry_id": "ssd_s47_enquiry.s47e_s47_enquiry_id",
    "ssd_initial_cp_conference.icpc_referral_id": "ssd_cin_episodes.cine_referral_id",
    "ssd_initial_cp_conference.icpc_cp_plan_id": "ssd_cp_plans.cppl_cp_plan_id",
    "ssd_initial_cp_conference.icpc_icpc_worker_id": "ssd_professionals.prof_professional_id",
    "ssd_cp_plans.cppl_icpc_id": "ssd_initial_cp_conference.icpc_icpc_id",
    "ssd_cp_plans.cppl_referral_id": "ssd_cin_episodes.cine_referral_id",
    "ssd_cp_reviews.cppr_cp_plan_id": "ssd_cp_plans.cppl_cp_plan_id",
    "ssd_cp_visits.cppv_cp_plan_id": "ssd_cp_plans.cppl_cp_plan_id",
    "ssd_cla_episodes.clae_referral_id": "ssd_cin_episodes.cine_referral_id",
    "ssd_cla_episodes.clae_cla_placement_id": "ssd_cla_placement.clap_cla_placement_id",
    "ssd_cla_placement.clap_cla_id": "ssd_cla_episodes.clae_cla_id",
    "ssd_cla_reviews.clar_cla_id": "ssd_cla_episodes.clae_cla_id",
    "ssd_cla_visits.clav_cla_id": "ssd_cla_episodes.clae_cla_id",
    "ssd_permanence.perm_cla_id": "ssd_cla_episodes.clae_cla_id",
    "ssd_care_leavers.clea_care_leaver_allocated_team": "ssd_department.dept_team_id",
    "ssd_care_leavers.clea_care_leaver_worker_id": "ssd_professionals.prof_professional_id",
    "ssd_early_help_episodes.earl_episode_worker_id": "ssd_professionals.prof_professional_id",
    "ssd_involvements.invo_professional_id": "ssd_professionals.prof_professional_id",
    "ssd_involvements.invo_professional_team": "ssd_department.dept_team_id",
    "ssd_involvements.invo_referral_id": "ssd_cin_episodes.cine_referral_id",
    "ssd_department.dept_team_parent_id": "ssd_department.dept_team_id",
    "ssd_mother.moth_person_id": "ssd_person.pers_person_id",
    "ssd_mother.moth_childs_person_id": "ssd_person.pers_person_id",
    "side_supervision.supv_worker_id": "ssd_professionals.prof_professional_id",
    "side_supervision.supv_supervisor_id": "ssd_professionals.prof_professional_id",
    "side_supervision.supv_person_id": "ssd_person.pers_person_id",
    "side_absence.abse_worker_id": "ssd_professionals.prof_professional_id",
    "side_absence.abse_covered_by_worker_id": "ssd_professionals.prof_professional_id",
    "side_post.post_worker_id": "ssd_professionals.prof_professional_id",
    "side_post.post_team_id": "ssd_department.dept_team_id",
    "side_placement_approval.plap_placement_id": "ssd_cla_placement.clap_cla_placement_id",
    "side_core_group.cgrp_cp_plan_id": "ssd_cp_plans.cppl_cp_plan_id",
    "side_core_group.cgrp_worker_id": "ssd_professionals.prof_professional_id",
    "side_cin_plan_review.cinr_cin_plan_id": "ssd_cin_plans.cinp_cin_plan_id",
    "side_cin_plan_review.cinr_chair_worker_id": "ssd_professionals.prof_professional_id",
    "side_decision.deci_decided_by_worker_id": "ssd_professionals.prof_professional_id",
    "side_return_interview.rhin_missing_id": "ssd_missing.miss_table_id",
    "side_oversight.over_manager_id": "ssd_professionals.prof_professional_id",
    "side_oversight.over_worker_id": "ssd_professionals.prof_professional_id",
    "side_registration.regi_worker_id": "ssd_professionals.prof_professional_id",
}

# Start and end of what lasts. Nothing ends before it starts.
SPANS = {
    "ssd_cin_episodes": ("cine_referral_date", "cine_close_date"),
    "ssd_cin_assessments": ("cina_assessment_start_date", "cina_assessment_auth_date"),
    "ssd_cin_plans": ("cinp_cin_plan_start_date", "cinp_cin_plan_end_date"),
    "ssd_s47_enquiry": ("s47e_s47_start_date", "s47e_s47_end_date"),
    "ssd_cp_plans": ("cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
    "ssd_cla_episodes": ("clae_cla_episode_start_date", "clae_cla_episode_ceased_date"),
    "ssd_cla_placement": ("clap_cla_placement_start_date", "clap_cla_placement_end_date"),
    "ssd_legal_status": ("lega_legal_status_start_date", "lega_legal_status_end_date"),
    "ssd_involvements": ("invo_involvement_start_date", "invo_involvement_end_date"),
    "ssd_address": ("addr_address_start_date", "addr_address_end_date"),
    "ssd_missing": ("miss_missing_episode_start_date", "miss_missing_episode_end_date"),
    "side_absence": ("abse_start_date", "abse_end_date"),
    "side_post": ("post_start_date", "post_end_date"),
    "side_restriction": ("rest_start_date", "rest_end_date"),
    "side_decision": ("deci_received_date", "deci_decided_date"),
    "side_return_interview": ("rhin_offered_date", "rhin_held_date"),
    "side_core_group": ("cgrp_date", "cgrp_minutes_sent_date"),
    "side_registration": ("regi_valid_from", "regi_valid_until"),
    "side_professional_around_child": ("parc_start_date", "parc_end_date"),
    "side_case_transfer": ("tran_asked_date", "tran_date"),
    "side_deprivation_of_liberty": ("depr_start_date", "depr_end_date"),
    "side_private_fostering": ("prif_start_date", "prif_end_date"),
    "side_homelessness": ("homl_presented_date", "homl_end_date"),
    "side_conference_invitation": ("invt_invited_date", "invt_report_sent_date"),
}


@pytest.mark.parametrize("which", [0, 1, 2])
def test_every_key_is_there_once(three_extracts: list[Path], read_extract: Callable, which: int) -> None:
    reading = read_extract(three_extracts[which])
    for name in reading.tables():
        key = ", ".join(schema.tables()[name].key)
        total, distinct, empty = reading.rows(
            f"select count(*), count(distinct ({key})), count(*) filter ({key.split(',')[0]} is null) from {name}"
        )[0]
        assert (name, total, empty) == (name, distinct, 0)


def _astray(reading: Any) -> dict[str, int]:
    """References that find no row, with how many."""
    references = dict(REFERENCES)
    for name in reading.tables():
        person = schema.tables()[name].person_column
        if person and name != "ssd_person":
            references[f"{name}.{person}"] = "ssd_person.pers_person_id"
    assert len(references) > 60
    found = {}
    for source, target in references.items():
        (table, column), (other, key) = source.split("."), target.split(".")
        found[source] = reading.one(
            f"select count(*) from {table} where {column} is not null and {column} not in (select {key} from {other})"
        )
    return {source: lost for source, lost in found.items() if lost}


@pytest.mark.parametrize("which", [0, 1, 2])
def test_every_reference_finds_its_row(three_extracts: list[Path], read_extract: Callable, which: int) -> None:
    assert _astray(read_extract(three_extracts[which])) == {}


@pytest.mark.full
def test_every_reference_finds_its_row_in_a_large_authority(tmp_path: Path, read_extract: Callable) -> None:
    for folder in synth.write(tmp_path, children=25_000, seed=6, like="886", until=date(2026, 10, 31)):
        assert _astray(read_extract(folder)) == {}


def test_every_table_of_the_ssd_that_a_case_system_fills_is_there(
    three_extracts: list[Path], read_extract: Callable
) -> None:
    reading = read_extract(three_extracts[-1])
    left_out = set(schema.tables()) - set(reading.tables())
    # Education and pre-proceedings are placeholders in the SSD, and a voice questionnaire is nobody's yet.
    assert left_out == {
        "ssd_ehcp_active_plans",
        "ssd_ehcp_assessment",
        "ssd_ehcp_named_plan",
        "ssd_ehcp_requests",
        "ssd_pre_proceedings",
        "ssd_sen_need",
        "ssd_send",
        "ssd_voice_of_child",
    }


def test_coded_columns_hold_codes_of_their_list(three_extracts: list[Path], read_extract: Callable) -> None:
    reading = read_extract(three_extracts[-1])
    checked = 0
    for name in reading.tables():
        for column in schema.tables()[name].columns:
            if column.codes is None:
                continue
            found = {code for (code,) in reading.rows(f"select distinct {column.name} from {name}")} - {None}
            assert found <= set(schema.codes(column.codes)), (name, column.name)
            checked += bool(found)
    assert checked >= 20


def test_nothing_ends_before_it_starts(three_extracts: list[Path], read_extract: Callable) -> None:
    reading = read_extract(three_extracts[-1])
    for name, (start, end) in SPANS.items():
        sentinel = "date '1900-01-01'"
        backwards = reading.one(f"select count(*) from {name} where {end} < {start} and {end} <> {sentinel}")
        assert (name, backwards) == (name, 0)


def test_looked_after_episodes_follow_on_without_a_gap(three_extracts: list[Path], read_extract: Callable) -> None:
    reading = read_extract(three_extracts[-1])
    pairs = reading.rows("""
        select clae_cla_episode_ceased_reason, clae_cla_episode_ceased_date,
            lead(clae_cla_episode_start_date) over episodes,
            lead(clae_cla_episode_start_reason) over episodes
        from ssd_cla_episodes
        window episodes as (partition by clae_cla_id order by clae_cla_episode_start_date)
        qualify clae_cla_episode_ceased_reason = 'X1'""")
    assert len(pairs) > 50
    assert all(ended == begun and why in ("P", "L", "B") for _, ended, begun, why in pairs)


def test_a_child_in_care_or_on_a_plan_is_under_18(three_extracts: list[Path], read_extract: Callable) -> None:
    reading = read_extract(three_extracts[-1])
    for table, person, start, end in (
        ("ssd_cp_plans", "cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
        ("ssd_cla_episodes", "clae_person_id", "clae_cla_episode_start_date", "clae_cla_episode_ceased_date"),
    ):
        grown = reading.one(
            f"""select count(*) from {table} join ssd_person on pers_person_id = {person}
            where pers_dob is not null
                and coalesce(nullif({end}, date '1900-01-01'), $as_at) > pers_dob + interval 6576 day""",
            as_at=reading.as_at,
        )
        assert (table, grown) == (table, 0)
        born = reading.one(
            f"select count(*) from {table} join ssd_person on pers_person_id = {person} where pers_dob > {start}"
        )
        # A plan may begin before the birth; care may not.
        assert born == 0 or table == "ssd_cp_plans"


def test_children_in_one_family_are_known_as_siblings(three_extracts: list[Path], read_extract: Callable) -> None:
    reading = read_extract(three_extracts[-1])
    families, largest = reading.rows("""
        select count(*) filter (people > 1), max(people) from (
            select fami_family_id, count(distinct fami_person_id) as people from ssd_family group by fami_family_id
        )""")[0]
    assert families > 100
    assert largest >= 4


def test_postcodes_are_of_no_place(three_extracts: list[Path], read_extract: Callable) -> None:
    reading = read_extract(three_extracts[-1])
    assert reading.one("select count(*) from ssd_address where addr_address_postcode not like 'ZZ%'") == 0
    assert reading.one("select count(*) from ssd_cla_placement where clap_cla_placement_postcode not like 'ZZ%'") == 0
