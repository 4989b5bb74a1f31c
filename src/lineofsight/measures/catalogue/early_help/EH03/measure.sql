-- Children who had early help in the year, and whether they were referred to social care after it began.
-- A referral from before the early help is what it may have come from, not what came of it.
with
episodes as (
    select
        ssd_early_help_episodes.earl_person_id as person_id,
        greatest(ssd_early_help_episodes.earl_episode_start_date, first_day.day) as started_on,
        coalesce(due_dates.due_on, date '9999-12-31') as counts_until
    from ssd_early_help_episodes
    cross join first_day
    left join due_dates
        on due_dates.key = 'early_help.look_back'
        and due_dates.started_on = case
            when ssd_early_help_episodes.earl_episode_end_date is not null
                then greatest(ssd_early_help_episodes.earl_episode_end_date, first_day.day)
        end
    where
        ssd_early_help_episodes.earl_person_id is not null
        and ssd_early_help_episodes.earl_episode_start_date is not null
),

helped as (
    select
        month_spans.as_at,
        episodes.person_id,
        min(episodes.started_on) as started_on
    from episodes
    inner join month_spans
        on episodes.started_on <= month_spans.as_at
        and episodes.counts_until > month_spans.as_at
    group by month_spans.as_at, episodes.person_id
),

referrals as (
    select
        ssd_cin_episodes.cine_person_id as person_id,
        ssd_cin_episodes.cine_referral_date as referred_on,
        due_dates.due_on as counts_until
    from ssd_cin_episodes
    inner join due_dates
        on due_dates.key = 'early_help.look_back'
        and due_dates.started_on = ssd_cin_episodes.cine_referral_date
    where ssd_cin_episodes.cine_person_id is not null
),

followed as (
    select
        helped.as_at,
        helped.person_id,
        helped.started_on,
        case
            when referrals.counts_until > helped.as_at and referrals.referred_on >= helped.started_on
                then referrals.referred_on
        end as referred_on
    from helped
    asof left join referrals
        on referrals.person_id = helped.person_id
        and referrals.referred_on <= helped.as_at
)

select
    as_at,
    person_id,
    null::text as event_id,
    'early help ' || started_on::text as anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    referred_on as done_on,
    referred_on is not null as met,
    (referred_on - started_on)::double as value,
    'early help since ' || strftime(started_on, '%-d %B %Y')
    || coalesce('; referred ' || strftime(referred_on, '%-d %B %Y'), '; no referral in the year') as reason
from followed
