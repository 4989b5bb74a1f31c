-- Referrals of the month, and whether the same child had been referred on an earlier day within the window.
-- The window opens with the earlier referral and closes on its corresponding date.
with
referral_days as (
    select
        cine_person_id as person_id,
        cine_referral_date as referred_on,
        lag(cine_referral_date) over (partition by cine_person_id order by cine_referral_date) as before_on
    from ssd_cin_episodes
    where cine_person_id is not null and cine_referral_date is not null
    group by cine_person_id, cine_referral_date
),

windows as (
    select
        referral_days.person_id,
        referral_days.referred_on,
        referral_days.before_on,
        due_dates.due_on as window_until
    from referral_days
    left join due_dates
        on due_dates.key = 'referral.rereferral_months'
        and due_dates.started_on = referral_days.before_on
)

select
    month_spans.as_at,
    ssd_cin_episodes.cine_person_id as person_id,
    ssd_cin_episodes.cine_referral_id as event_id,
    'referral ' || windows.referred_on::text as anchor,
    ssd_cin_episodes.cine_referral_team as team_id,
    ssd_cin_episodes.cine_referral_worker_id as worker_id,
    null::date as due_on,
    windows.referred_on as done_on,
    coalesce(windows.referred_on > windows.window_until, true) as met,
    (windows.referred_on - windows.before_on)::double as value,
    case
        when windows.before_on is null then 'no earlier referral is recorded'
        else 'the referral before was on ' || strftime(windows.before_on, '%-d %B %Y')
    end as reason
from ssd_cin_episodes
inner join windows
    on windows.person_id = ssd_cin_episodes.cine_person_id
    and windows.referred_on = ssd_cin_episodes.cine_referral_date
inner join month_spans
    on month_spans.month_start = date_trunc('month', windows.referred_on)::date
    and month_spans.as_at >= windows.referred_on
