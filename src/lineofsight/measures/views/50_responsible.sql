-- Who a child belongs to at each month end: never nobody. In this order: the team of the allocated worker, of
-- another open involvement, of the open episode; else the last team that held the child; else the duty team.
with
holdings as (
    select
        person_id,
        team_id,
        case when holder = 'person' and role_kind in ('allocated_worker', 'family_help_lead') then worker_id end
            as worker_id,
        involvement_id as source_id,
        started_on,
        open_until,
        case
            when role_kind = 'allocated_worker' and holder = 'person' then 1
            when role_kind in ('allocated_worker', 'family_help_lead') then 2
            when role_kind in ('duty', 'manager') then 3
            when role_kind = 'unmapped' then 4
            when role_kind = 'personal_adviser' then 6
            else 7
        end as rank
    from roles
    where team_id is not null

    union all

    select
        person_id,
        team_id,
        null as worker_id,
        referral_id as source_id,
        started_on,
        open_until,
        5 as rank
    from needs
    where team_id is not null

    union all

    select
        cine_person_id as person_id,
        cine_referral_team as team_id,
        null as worker_id,
        cine_referral_id as source_id,
        cine_referral_date as started_on,
        cine_referral_date as open_until,
        8 as rank
    from ssd_cin_episodes
    where cine_person_id is not null and cine_referral_date is not null and cine_referral_team is not null
),

ordered as (
    select
        person_id,
        team_id,
        worker_id,
        started_on,
        open_until,
        row_number() over (order by rank, started_on desc, source_id, team_id) as precedence
    from holdings
),

holding_now as (
    select
        ordered.person_id,
        month_spans.as_at,
        arg_min(ordered.team_id, ordered.precedence) as team_id,
        arg_min_null(ordered.worker_id, ordered.precedence) as worker_id
    from ordered
    inner join month_spans
        on ordered.started_on <= month_spans.as_at
        and ordered.open_until > month_spans.as_at
    group by ordered.person_id, month_spans.as_at
),

endings as (
    select
        person_id,
        open_until as ended_on,
        arg_min(team_id, precedence) as team_id
    from ordered
    where open_until < date '9999-12-31'
    group by person_id, open_until
),

person_months as (
    select
        children.person_id,
        month_spans.as_at
    from children
    cross join month_spans
),

last_holding as (
    select
        person_months.person_id,
        person_months.as_at,
        endings.team_id
    from person_months
    asof left join endings
        on endings.person_id = person_months.person_id
        and endings.ended_on <= person_months.as_at
)

select
    last_holding.person_id,
    last_holding.as_at,
    coalesce(holding_now.team_id, last_holding.team_id, duty_team.team_id) as team_id,
    coalesce(teams.service_id, duty_team.service_id) as service_id,
    holding_now.worker_id
from last_holding
left join holding_now
    on holding_now.person_id = last_holding.person_id
    and holding_now.as_at = last_holding.as_at
left join duty_team on true
left join teams on teams.team_id = coalesce(holding_now.team_id, last_holding.team_id, duty_team.team_id)
