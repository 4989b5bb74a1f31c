-- Each person of the extract once: who they are, what is open for them, who holds it, who may see it.
-- Open means begun by the snapshot's date and not ended by the end of that day.
with involvements as (
    select
        invo_person_id as person_id,
        invo_professional_team as team_id,
        invo_professional_id as worker_id,
        roles.role_kind,
        coalesce(invo_involvement_start_date, date '1900-01-01') as began,
        coalesce(invo_involvement_end_date, date '9999-12-31') as ended,
        invo_involvements_id as row_id
    from ssd_involvements
    left join roles on roles.role_word = upper(trim(invo_professional_role_id))
),

open_involvements as (
    select involvements.person_id, team_id, worker_id, role_kind, began, row_id
    from involvements
    cross join snapshot
    where began <= snapshot.as_at and ended > snapshot.as_at
),

lead_workers as (
    select person_id, arg_max(worker_id, (began, row_id)) as worker_id
    from open_involvements
    where role_kind = 'allocated_worker' and worker_id is not null
    group by person_id
),

-- the team that took a referral holds the child until an involvement says who does
held_elsewhere as (
    select distinct person_id
    from open_involvements
    where team_id is not null and role_kind in ('allocated_worker', 'family_help_lead', 'duty', 'manager')
),

dated_work as (
    select
        cine_person_id as person_id,
        cine_referral_team as team_id,
        cine_referral_worker_id as worker_id,
        'referral' as work,
        coalesce(cine_referral_date, date '1900-01-01') as began,
        coalesce(cine_close_date, date '9999-12-31') as ended
    from ssd_cin_episodes
    union all
    select
        cina_person_id, cina_assessment_team, cina_assessment_worker_id, 'assessment',
        coalesce(cina_assessment_start_date, date '1900-01-01'),
        coalesce(cina_assessment_auth_date, date '9999-12-31')
    from ssd_cin_assessments
    union all
    select
        cinp_person_id, cinp_cin_plan_team, cinp_cin_plan_worker_id, 'plan',
        coalesce(cinp_cin_plan_start_date, date '1900-01-01'),
        coalesce(cinp_cin_plan_end_date, date '9999-12-31')
    from ssd_cin_plans
    union all
    select
        earl_person_id, null, earl_episode_worker_id, 'early help',
        coalesce(earl_episode_start_date, date '1900-01-01'),
        coalesce(earl_episode_end_date, date '9999-12-31')
    from ssd_early_help_episodes
    union all
    select
        clea_person_id, clea_care_leaver_allocated_team, clea_care_leaver_worker_id, 'leaving care',
        date '1900-01-01', date '9999-12-31'
    from ssd_care_leavers
),

-- rank 1 holds the child before rank 2, and so on
open_work as (
    select
        person_id, team_id, worker_id, began,
        case role_kind
            when 'allocated_worker' then 1 when 'family_help_lead' then 2 when 'personal_adviser' then 4
            when 'duty' then 6 when 'manager' then 7 else 8
        end as rank
    from open_involvements
    union all
    select
        dated_work.person_id, dated_work.team_id, dated_work.worker_id, dated_work.began,
        case dated_work.work when 'plan' then 3 when 'leaving care' then 4 else 5 end as rank
    from dated_work
    cross join snapshot
    left join held_elsewhere on held_elsewhere.person_id = dated_work.person_id
    where dated_work.began <= snapshot.as_at
        and dated_work.ended > snapshot.as_at
        and (dated_work.work in ('plan', 'early help', 'leaving care') or held_elsewhere.person_id is null)
),

holding as (
    select
        person_id,
        arg_min(team_id, (rank, date '9999-12-31' - began, team_id)) filter (where team_id is not null) as team_id,
        list(distinct team_id order by team_id) filter (where team_id is not null) as scope_teams,
        list(distinct worker_id order by worker_id) filter (where worker_id is not null) as scope_workers
    from open_work
    group by person_id
),

past_work as (
    select person_id, team_id, began, ended from involvements
    union all
    select person_id, team_id, began, ended from dated_work
),

last_teams as (
    select past_work.person_id, arg_max(past_work.team_id, (past_work.ended, past_work.began, past_work.team_id)) as team_id
    from past_work
    cross join snapshot
    where past_work.team_id is not null and past_work.began <= snapshot.as_at
    group by past_work.person_id
),

-- the duty team is the one that most duty work is held in; where none is told, the one that takes most referrals
duty_work as (
    select team_id, count(*) as pieces, 2 as weight
    from involvements
    where role_kind = 'duty' and team_id is not null
    group by team_id
    union all
    select cine_referral_team, count(*), 1
    from ssd_cin_episodes
    cross join snapshot
    where cine_referral_team is not null and cine_referral_date > snapshot.as_at - interval 1 year
    group by cine_referral_team
),

duty_team as (
    select arg_max(team_id, (weight, pieces, team_id)) as team_id
    from duty_work
),

-- every number a person is known by; one that many share is a filler, not a number
numbers as (
    select distinct person_id, number
    from (
        select pers_person_id as person_id, pers_person_id as number from ssd_person
        union all
        select pers_person_id, pers_legacy_id from ssd_person
        union all
        select pers_person_id, pers_common_child_id from ssd_person
        union all
        select link_person_id, link_identifier_value from ssd_linked_identifiers
    )
    where person_id is not null and number is not null
    qualify count(*) over (partition by number) <= 6
),

-- who is, or may be, an adopted child under the new identity: free to be worked with, and in nobody's family
adopted_before as (
    select lapp_person_id as person_id
    from ssd_cla_previous_permanence
    where code_of(lapp_previous_permanence_option) = 'p1'
    union
    select later.person_id
    from numbers as later
    join numbers as earlier on earlier.number = later.number and earlier.person_id <> later.person_id
    join adopted on adopted.person_id = earlier.person_id
),

kept_families as (
    select distinct fami_family_id as family_id, fami_person_id as person_id
    from ssd_family
    left join adopted on adopted.person_id = fami_person_id
    left join adopted_before on adopted_before.person_id = fami_person_id
    where fami_family_id is not null and adopted.person_id is null and adopted_before.person_id is null
),

-- a "family" of hundreds is a filler value, not a family
family_members as (
    select family_id, person_id
    from kept_families
    qualify count(*) over (partition by family_id) <= 30
),

-- a mother among her children's family is not their sister; one who is still a child is somebody's sister too
mothers as (
    select distinct child.family_id, mother.person_id
    from ssd_mother
    cross join snapshot
    join family_members as mother on mother.person_id = moth_person_id
    join family_members as child on child.person_id = moth_childs_person_id and child.family_id = mother.family_id
    left join ssd_person on pers_person_id = moth_person_id
    where pers_dob is null or pers_dob <= snapshot.as_at - interval 18 years
),

mother_and_child as (
    select moth_person_id as person_id, moth_childs_person_id as other_id
    from ssd_mother
    union
    select moth_childs_person_id, moth_person_id
    from ssd_mother
),

siblings as (
    select
        child.person_id,
        list(distinct children.child_key order by children.child_key) as siblings
    from family_members as child
    join family_members as other on other.family_id = child.family_id and other.person_id <> child.person_id
    join children on children.person_id = other.person_id
    left join mothers on mothers.family_id = other.family_id and mothers.person_id in (other.person_id, child.person_id)
    left join mother_and_child as pair on pair.person_id = child.person_id and pair.other_id = other.person_id
    where mothers.person_id is null and pair.person_id is null
    group by child.person_id
),

own_family as (
    select person_id, min(family_id) as family_id
    from family_members
    group by person_id
),

on_plan as (
    select distinct cppl_person_id as person_id
    from ssd_cp_plans
    cross join snapshot
    where cppl_cp_plan_start_date <= snapshot.as_at
        and coalesce(cppl_cp_plan_end_date, date '9999-12-31') > snapshot.as_at
        and coalesce(cppl_cp_plan_ola, 'N') <> 'Y'
),

looked_after as (
    select distinct clae_person_id as person_id
    from ssd_cla_episodes
    cross join snapshot
    where clae_cla_episode_start_date <= snapshot.as_at
        and coalesce(clae_cla_episode_ceased_date, date '9999-12-31') > snapshot.as_at
),

in_need as (
    select distinct cine_person_id as person_id
    from ssd_cin_episodes
    cross join snapshot
    where cine_referral_date <= snapshot.as_at
        and coalesce(cine_close_date, date '9999-12-31') > snapshot.as_at
        and coalesce(cine_referral_nfa, 'N') <> 'Y'
),

care_leavers as (
    select distinct clea_person_id as person_id
    from ssd_care_leavers
    where coalesce(lower(trim(clea_care_leaver_eligibility)), '') not in ('eligible', 'no current eligibility')
),

disability as (
    select disa_person_id as person_id, bool_or(code_of(disa_disability_code) <> 'none') as disabled
    from ssd_disability
    where disa_disability_code is not null
    group by disa_person_id
),

restricted as (
    select person_id, min(kind) as kind
    from (
        select person_id, kind from restrictions
        union all
        select person_id, 'adoption' from adopted
    )
    group by person_id
),

people as (
    select distinct on (pers_person_id)
        pers_person_id, pers_forename, pers_surname, pers_dob, pers_expected_dob, pers_death_date, pers_sex,
        pers_ethnicity
    from ssd_person
    where pers_person_id is not null
    order by pers_person_id, pers_surname, pers_forename, pers_dob
),

placed as (
    select
        people.pers_person_id as person_id,
        now_team(coalesce(holding.team_id, last_teams.team_id, duty_team.team_id)) as team_id,
        list_sort(list_distinct(list_transform(
            coalesce(
                holding.scope_teams,
                list_filter([last_teams.team_id, duty_team.team_id], lambda team: team is not null)
            ),
            lambda team: now_team(team)
        ))) as scope_teams,
        coalesce(holding.scope_workers, []) as scope_workers
    from people
    cross join duty_team
    left join holding on holding.person_id = people.pers_person_id
    left join last_teams on last_teams.person_id = people.pers_person_id
)

select
    children.child_key,
    people.pers_person_id as person_id,
    people.pers_forename as forename,
    people.pers_surname as surname,
    people.pers_dob as dob,
    people.pers_expected_dob as expected_dob,
    people.pers_death_date as death_date,
    people.pers_sex as sex,
    people.pers_ethnicity as ethnicity,
    disability.disabled,
    own_family.family_id,
    coalesce(siblings.siblings, []) as siblings,
    on_plan.person_id is not null as on_plan,
    looked_after.person_id is not null as looked_after,
    in_need.person_id is not null as in_need,
    care_leavers.person_id is not null and looked_after.person_id is null as care_leaver,
    placed.team_id,
    coalesce(teams.team_name, placed.team_id) as team_name,
    teams.service_id,
    teams.service_name,
    lead_workers.worker_id,
    coalesce(workers.worker_name, lead_workers.worker_id) as worker_name,
    placed.scope_teams,
    placed.scope_workers,
    restricted.person_id is not null as restricted,
    restricted.kind as restriction
from people
join children on children.person_id = people.pers_person_id
join placed on placed.person_id = people.pers_person_id
left join disability on disability.person_id = people.pers_person_id
left join own_family on own_family.person_id = people.pers_person_id
left join siblings on siblings.person_id = people.pers_person_id
left join on_plan on on_plan.person_id = people.pers_person_id
left join looked_after on looked_after.person_id = people.pers_person_id
left join in_need on in_need.person_id = people.pers_person_id
left join care_leavers on care_leavers.person_id = people.pers_person_id
left join lead_workers on lead_workers.person_id = people.pers_person_id
left join restricted on restricted.person_id = people.pers_person_id
left join teams on teams.team_id = placed.team_id
left join workers on workers.worker_id = lead_workers.worker_id
order by children.child_key
