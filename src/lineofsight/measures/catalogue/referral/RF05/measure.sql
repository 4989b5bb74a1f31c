-- Referrals of the month, and whether a manager decided on them in time. A referral that is not in the file of
-- decisions cannot be told; one from before that file begins, or whose day has not come yet, is not counted.
with
reach as (
    select min(coalesce(received_on, decided_on)) as day
    from decisions
    where kind = 'referral'
),

referrals as (
    select
        month_spans.as_at,
        ssd_cin_episodes.cine_person_id as person_id,
        ssd_cin_episodes.cine_referral_id as referral_id,
        ssd_cin_episodes.cine_referral_date as referred_on,
        ssd_cin_episodes.cine_referral_team as team_id,
        ssd_cin_episodes.cine_referral_worker_id as worker_id,
        decisions.subject_id is not null as listed,
        coalesce(decisions.received_on, ssd_cin_episodes.cine_referral_date) as received_on,
        case when decisions.decided_on <= snapshot.as_at then decisions.decided_on end as decided_on,
        snapshot.as_at as today_on
    from ssd_cin_episodes
    cross join reach
    cross join snapshot
    inner join month_spans
        on month_spans.month_start = date_trunc('month', ssd_cin_episodes.cine_referral_date)::date
        and month_spans.as_at >= ssd_cin_episodes.cine_referral_date
    left join decisions
        on decisions.kind = 'referral'
        and decisions.subject_id = ssd_cin_episodes.cine_referral_id
        and decisions.person_id = ssd_cin_episodes.cine_person_id
    where
        ssd_cin_episodes.cine_person_id is not null
        and ssd_cin_episodes.cine_referral_date >= reach.day
),

judged as (
    select
        referrals.as_at,
        referrals.person_id,
        referrals.referral_id,
        referrals.referred_on,
        referrals.team_id,
        referrals.worker_id,
        referrals.received_on,
        referrals.decided_on,
        due_dates.due_on,
        finish.working_number - beginning.working_number as days,
        case
            when not referrals.listed then 'not listed'
            when referrals.received_on > coalesce(referrals.decided_on, referrals.today_on) then 'out of order'
            when referrals.decided_on is not null then 'decided'
            when due_dates.due_on < referrals.today_on then 'waiting'
            else 'not due'
        end as standing
    from referrals
    left join due_dates
        on due_dates.key = 'referral.decision'
        and due_dates.started_on = referrals.received_on
    left join calendar as beginning on beginning.day = referrals.received_on
    left join calendar as finish on finish.day = referrals.decided_on
)

select
    as_at,
    person_id,
    referral_id as event_id,
    'referral ' || referred_on::text as anchor,
    team_id,
    worker_id,
    due_on,
    decided_on as done_on,
    case standing
        when 'decided' then decided_on <= due_on
        when 'waiting' then false
    end as met,
    case when standing = 'decided' then days::double end as value,
    case standing
        when 'not listed' then 'the referral is not in the file of decisions'
        when 'out of order' then 'recorded as decided before it came in'
        when 'waiting' then
            'came in ' || strftime(received_on, '%-d %B %Y') || ', no decision is recorded; due '
            || strftime(due_on, '%-d %B %Y')
        else
            'came in ' || strftime(received_on, '%-d %B %Y') || ', decided '
            || case days when 0 then 'the same working day' when 1 then 'one working day later'
                else days::text || ' working days later' end
            || '; due ' || strftime(due_on, '%-d %B %Y')
    end as reason
from judged
where standing <> 'not due'
