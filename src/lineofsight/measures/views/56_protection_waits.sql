-- Children on a plan at each month end, whether a named social worker holds them, and since when one is waited for: the
-- plan's start, or the day the last social worker's hold ended, or lost its registration.
with
social_worker_ends as (
    select distinct
        person_id,
        open_until as ended_on
    from social_work_holds
    where open_until < date '9999-12-31'
)

select
    plans_open.as_at,
    plans_open.person_id,
    plans_open.plan_id,
    plans_open.anchor,
    plans_open.started_on,
    tiers.tier,
    tiers.since,
    tiers.reason,
    tiers.tier in ('unseen', 'away', 'allocated', 'endorsed') as held,
    greatest(
        plans_open.started_on,
        coalesce(social_worker_ends.ended_on, plans_open.started_on)
    ) as waiting_since
from plans_open
inner join allocation_tiers as tiers
    on tiers.person_id = plans_open.person_id
    and tiers.as_at = plans_open.as_at
    and tiers.lead_role = 'lead_child_protection_practitioner'
asof left join social_worker_ends
    on social_worker_ends.person_id = plans_open.person_id
    and social_worker_ends.ended_on <= plans_open.as_at
