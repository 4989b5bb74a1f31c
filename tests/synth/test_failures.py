"""What goes wrong in the authority, as it does in life, and can be found in its extracts."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from lineofsight.synth.involvements import UNMAPPED

ALLOCATED = "('ALLOCATED CASE WORKER', 'CSW')"
_HELD = f"""
    exists (
        select 1 from ssd_involvements
        where invo_person_id = person_id and invo_professional_role_id in {ALLOCATED}
            and invo_involvement_start_date <= $day
            and coalesce(nullif(invo_involvement_end_date, date '1900-01-01'), date '9999-01-01') > $day
    )"""
_SEEN = """
    select avg((exists (
        select 1 from ssd_cp_visits join calendar as visited on visited.day = cppv_cp_visit_date
        where cppv_person_id = cppl_person_id and cppv_cp_visit_seen = 'Y' and cppv_cp_visit_date <= $day
            and visited.working_number >= today.working_number - 10
    ))::int)
    from ssd_cp_plans
    join calendar as today on today.day = $day
    join calendar as begun on begun.day = cppl_cp_plan_start_date
    where begun.working_number < today.working_number - 10
        and coalesce(nullif(cppl_cp_plan_end_date, date '1900-01-01'), date '9999-01-01') > $day"""


def test_a_few_plans_have_no_worker_and_the_longest_wait_is_about_two_weeks(
    demonstration: list[Path], read_extract: Callable
) -> None:
    reading = read_extract(demonstration[-1])
    waits = reading.rows(
        f"""select today.working_number - ended.working_number from (
            select person_id, (
                select max(invo_involvement_end_date) from ssd_involvements
                where invo_person_id = person_id and invo_professional_role_id in {ALLOCATED}
            ) as ended_on from open_plans where not {_HELD}
        ) join calendar as ended on ended.day = ended_on join calendar as today on today.day = $day""",
        day=reading.as_at,
    )
    assert 3 <= len(waits) <= 6
    assert 8 <= max(wait for (wait,) in waits) <= 15


def test_some_of_those_without_a_worker_are_held_by_duty_or_a_manager(
    demonstration: list[Path], read_extract: Callable
) -> None:
    reading = read_extract(demonstration[-1])
    held = reading.rows(
        f"""select person_id, invo_professional_role_id from open_plans
        left join ssd_involvements on invo_person_id = person_id
            and invo_professional_role_id in ('DUTY', 'TEAM MANAGER')
            and coalesce(invo_involvement_end_date, date '1900-01-01') = date '1900-01-01'
        where not {_HELD}""",
        day=reading.as_at,
    )
    roles = {role for _, role in held}
    assert roles & {"DUTY", "TEAM MANAGER"}
    assert None in roles


def test_the_extract_before_had_others_without_a_worker_who_have_one_now(
    demonstration: list[Path], read_extract: Callable
) -> None:
    before, now = read_extract(demonstration[-2]), read_extract(demonstration[-1])
    sql = f"select person_id from open_plans where not {_HELD}"
    earlier = {row[0] for row in before.rows(sql, day=before.as_at)}
    later = {row[0] for row in now.rows(sql, day=now.as_at)}
    assert earlier
    assert earlier - later


def test_visits_in_time_fall_when_the_posts_fall_vacant(demonstration: list[Path], read_extract: Callable) -> None:
    reading = read_extract(demonstration[-1])
    month_ends = [
        day
        for (day,) in reading.rows(
            "select last_day(month::date) from range(date '2024-06-01', date '2026-11-01', interval 1 month) t(month)"
        )
    ]
    seen = {day: reading.one(_SEEN, day=day) for day in month_ends}
    before = [share for day, share in seen.items() if day < date(2026, 4, 1)]
    after = [share for day, share in seen.items() if day > date(2026, 6, 1)]
    assert 0.88 <= sum(before) / len(before) <= 0.95
    assert 0.70 <= sum(after) / len(after) <= 0.84
    assert max(after) < sum(before) / len(before)


def test_late_visits_cluster_where_posts_are_vacant(demonstration: list[Path], read_extract: Callable) -> None:
    reading = read_extract(demonstration[-1])
    vacant = {
        team
        for (team,) in reading.rows("""
        select post_team_id from side_post where post_end_date is null
        group by 1 having count(*) filter (post_worker_id is null) >= 2""")
    }
    late = reading.rows(
        """select invo_professional_team, count(*), count(*) filter (not exists (
            select 1 from ssd_cp_visits where cppv_person_id = person_id and cppv_cp_visit_seen = 'Y'
                and cppv_cp_visit_date > $day - 15))
        from open_plans join ssd_involvements on invo_person_id = person_id
        where invo_professional_role_id = 'ALLOCATED CASE WORKER' and started < $day - 20
            and coalesce(nullif(invo_involvement_end_date, date '1900-01-01'), date '9999-01-01') > $day group by 1""",
        day=reading.as_at,
    )
    inside = [(plans, missed) for team, plans, missed in late if team in vacant]
    outside = [(plans, missed) for team, plans, missed in late if team not in vacant]
    rate = [sum(missed for _, missed in rows) / sum(plans for plans, _ in rows) for rows in (inside, outside)]
    assert rate[0] > 2 * rate[1]


def test_supervision_is_rarer_where_posts_are_vacant(demonstration: list[Path], read_extract: Callable) -> None:
    reading = read_extract(demonstration[-1])
    rates = dict(
        reading.rows("""
        with teams as (
            select post_team_id as team, count(*) filter (post_worker_id is null) >= 2 as vacant
            from side_post where post_end_date is null group by 1
        )
        select vacant, avg((gap > 30)::int) from (
            select vacant, supv_date,
                supv_date - lag(supv_date) over (partition by supv_worker_id order by supv_date) as gap
            from side_supervision
            join side_post on post_worker_id = supv_worker_id and post_title = 'Social Worker'
            join teams on team = post_team_id
            where supv_kind = 'personal'
        ) where supv_date > date '2026-05-15' group by 1""")
    )
    assert rates[True] > 2 * rates[False]


def test_most_workers_hold_from_ten_to_twenty_children_and_a_few_more_than_the_limit(
    demonstration: list[Path], read_extract: Callable
) -> None:
    reading = read_extract(demonstration[-1])
    loads = [
        load
        for (load,) in reading.rows(
            f"""select count(distinct invo_person_id) from ssd_involvements
        where invo_professional_role_id in {ALLOCATED} and invo_involvement_start_date <= $day
            and coalesce(nullif(invo_involvement_end_date, date '1900-01-01'), date '9999-01-01') > $day
        group by invo_professional_id""",
            day=reading.as_at,
        )
    ]
    assert sum(9 <= load <= 20 for load in loads) > 0.75 * len(loads)
    assert 1 <= sum(load > 18 for load in loads) <= 0.25 * len(loads)


def test_a_team_keeps_its_id_under_a_new_name(demonstration: list[Path], read_extract: Callable) -> None:
    names = [
        dict(read_extract(folder).rows("select dept_team_id, dept_team_name from ssd_department"))
        for folder in demonstration
    ]
    changed = {team for team in names[0] if names[0][team] != names[1][team]}
    assert len(changed) == 1
    assert names[1] == names[2]
    team = changed.pop()
    staff = read_extract(demonstration[-1]).rows(
        "select count(*) from ssd_professionals where prof_professional_department = $name", name=names[2][team]
    )
    assert staff[0][0] >= 2


def test_what_life_brings_is_there(demonstration: list[Path], read_extract: Callable) -> None:
    reading = read_extract(demonstration[-1])
    counts = {
        "a child whose plan is another authority's": "from ssd_cp_plans where cppl_cp_plan_ola = 'Y'",
        "a plan that came from another authority": "from ssd_initial_cp_conference where icpc_icpc_transfer_in = 'Y'",
        "an end date that means no date": "from ssd_involvements where invo_involvement_end_date = date '1900-01-01'",
        "an adopted child": "from ssd_cla_episodes where clae_cla_episode_ceased_reason in ('E11', 'E12')",
        "an unborn child": "from ssd_person where pers_expected_dob is not null",
        "a child alone in the country": "from ssd_immigration_status",
        "a role word nobody has mapped": f"from ssd_involvements where invo_professional_role_id = '{UNMAPPED}'",
        "a newly qualified worker": "from side_post where post_asye_start_date is not null",
        "a worker without a registration number": "from ssd_professionals where "
        "prof_professional_job_title = 'Social Worker' and prof_social_worker_registration_no is null",
        "long sickness that nobody covers": "from side_absence where abse_kind = 'sickness' "
        "and abse_covered_by_worker_id is null and coalesce(abse_end_date, date '2026-10-31') - abse_start_date > 6",
        "a referral and an enquiry on one day": "from ssd_cin_episodes join ssd_s47_enquiry "
        "on s47e_referral_id = cine_referral_id and s47e_s47_start_date = cine_referral_date",
        "a child referred again within sixty days of closing": """from ssd_cin_episodes as closed
            join ssd_cin_episodes as opened on opened.cine_person_id = closed.cine_person_id
            and opened.cine_referral_date between closed.cine_close_date + 1 and closed.cine_close_date + 60""",
        "four siblings on plans that began together lately": """from (
            select count(*) as together from ssd_cp_plans join ssd_family on fami_person_id = cppl_person_id
            where cppl_cp_plan_start_date > date '2026-07-15'
            group by fami_family_id, cppl_cp_plan_start_date having count(*) >= 4)""",
        "a second plan": """from ssd_cp_plans as later join ssd_cp_plans as earlier
            on earlier.cppl_person_id = later.cppl_person_id
            and earlier.cppl_cp_plan_end_date < later.cppl_cp_plan_start_date""",
    }
    missing = [words for words, sql in counts.items() if reading.one(f"select count(*) {sql}") == 0]
    assert not missing
    adopted = reading.rows("""
        select count(*) from ssd_cin_episodes join ssd_cla_episodes on clae_referral_id = cine_referral_id
        where clae_cla_episode_ceased_reason in ('E11', 'E12') and cine_close_reason <> 'RC1'""")
    assert adopted[0][0] == 0
