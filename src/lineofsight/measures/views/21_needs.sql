-- Episodes of need: a referral accepted for a service, until it is closed or the child dies.
-- A referral that ended in no further action opens no episode. `open_until` is the first day it is not open.
select
    ssd_cin_episodes.cine_person_id as person_id,
    ssd_cin_episodes.cine_referral_id as referral_id,
    greatest(ssd_cin_episodes.cine_referral_date, first_day.day) as started_on,
    least(
        coalesce(ssd_cin_episodes.cine_close_date, date '9999-12-31'),
        coalesce(children.alive_until, date '9999-12-31')
    ) as open_until,
    ssd_cin_episodes.cine_referral_team as team_id,
    'referral ' || ssd_cin_episodes.cine_referral_date::text as anchor
from ssd_cin_episodes
cross join first_day
left join children on children.person_id = ssd_cin_episodes.cine_person_id
where
    ssd_cin_episodes.cine_person_id is not null
    and ssd_cin_episodes.cine_referral_date is not null
    and coalesce(ssd_cin_episodes.cine_referral_nfa, 'N') <> 'Y'
