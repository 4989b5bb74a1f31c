-- Episodes of need closed in the month, by the reason given: one row a child and episode.
select
    month_spans.as_at,
    ssd_cin_episodes.cine_person_id as person_id,
    ssd_cin_episodes.cine_referral_id as event_id,
    'referral ' || ssd_cin_episodes.cine_referral_date::text as anchor,
    ssd_cin_episodes.cine_referral_team as team_id,
    null::text as worker_id,
    null::date as due_on,
    ssd_cin_episodes.cine_close_date as done_on,
    true as met,
    (ssd_cin_episodes.cine_close_date - ssd_cin_episodes.cine_referral_date)::double as value,
    'in need since ' || strftime(ssd_cin_episodes.cine_referral_date, '%-d %B %Y') || ', closed '
    || strftime(ssd_cin_episodes.cine_close_date, '%-d %B %Y') as reason,
    upper(trim(ssd_cin_episodes.cine_close_reason)) as category
from ssd_cin_episodes
inner join month_spans
    on month_spans.month_start = date_trunc('month', ssd_cin_episodes.cine_close_date)::date
    and month_spans.as_at >= ssd_cin_episodes.cine_close_date
where
    ssd_cin_episodes.cine_person_id is not null
    and ssd_cin_episodes.cine_referral_date is not null
    and coalesce(ssd_cin_episodes.cine_referral_nfa, 'N') <> 'Y'
