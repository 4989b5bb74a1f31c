-- Referrals of the month: one row a referral, whatever came of it.
select
    month_spans.as_at,
    ssd_cin_episodes.cine_person_id as person_id,
    ssd_cin_episodes.cine_referral_id as event_id,
    'referral ' || ssd_cin_episodes.cine_referral_date::text as anchor,
    ssd_cin_episodes.cine_referral_team as team_id,
    ssd_cin_episodes.cine_referral_worker_id as worker_id,
    null::date as due_on,
    ssd_cin_episodes.cine_referral_date as done_on,
    true as met,
    null::double as value,
    'referred ' || strftime(ssd_cin_episodes.cine_referral_date, '%-d %B %Y') as reason,
    ssd_cin_episodes.cine_referral_source_code as category
from ssd_cin_episodes
inner join month_spans
    on month_spans.month_start = date_trunc('month', ssd_cin_episodes.cine_referral_date)::date
    and month_spans.as_at >= ssd_cin_episodes.cine_referral_date
where ssd_cin_episodes.cine_person_id is not null
