-- Who a child belongs to at each month end, from one of them (from_on) until another (until_on): never nobody. In this
-- order: the team of the allocated worker, of another open involvement, of the open episode; else the last team that
-- held the child; else the duty team.
-- Every holding has a number, best first. What is open, what ended last, and the duty team until the first holding
-- are spans of time; of the spans at a month end the open one with the lowest number answers.
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

people as (
    select
        person_id,
        row_number() over () as person_number
    from children
),

numbered as (
    select
        people.person_number,
        holdings.team_id,
        holdings.worker_id,
        holdings.started_on,
        holdings.open_until,
        row_number() over (
            order by holdings.rank, holdings.started_on desc, holdings.source_id, holdings.team_id
        ) as holding
    from holdings
    inner join people on people.person_id = holdings.person_id
),

ended as (
    select
        person_number,
        open_until as ended_on,
        min(holding) as holding
    from numbered
    where open_until < date '9999-12-31'
    group by person_number, open_until
),

spans as (
    select
        person_number,
        started_on,
        open_until,
        1 as standing,
        holding
    from numbered

    union all

    select
        person_number,
        ended_on as started_on,
        lead(ended_on, 1, date '9999-12-31') over (partition by person_number order by ended_on) as open_until,
        2 as standing,
        holding
    from ended

    union all

    select
        people.person_number,
        date '1900-01-01' as started_on,
        coalesce(min(numbered.started_on), date '9999-12-31') as open_until,
        3 as standing,
        0 as holding
    from people
    left join numbered on numbered.person_number = people.person_number
    group by people.person_number
),

best as (
    select
        spans.person_number,
        month_spans.as_at,
        min(spans.standing::bigint * 1000000000 + spans.holding) as answer
    from spans
    inner join month_spans
        on spans.started_on <= month_spans.as_at
        and spans.open_until > month_spans.as_at
    group by spans.person_number, month_spans.as_at
),

turns as (
    select
        person_number,
        as_at,
        answer,
        lag(answer) over (partition by person_number order by as_at) is distinct from answer as turned
    from best
),

spells as (
    select
        person_number,
        answer,
        as_at as from_on,
        lead(as_at, 1, date '9999-12-31') over (partition by person_number order by as_at) as until_on
    from turns
    where turned
)

select
    people.person_id,
    spells.from_on,
    spells.until_on,
    coalesce(numbered.team_id, duty_team.team_id) as team_id,
    coalesce(teams.service_id, duty_team.service_id) as service_id,
    case when spells.answer < 2000000000 then numbered.worker_id end as worker_id
from spells
inner join people on people.person_number = spells.person_number
left join numbered on numbered.holding = spells.answer % 1000000000
left join duty_team on true
left join teams on teams.team_id = coalesce(numbered.team_id, duty_team.team_id)
