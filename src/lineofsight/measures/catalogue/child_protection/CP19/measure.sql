-- Children on a plan at the month end, and whether they have had as many allocated social workers within the year before as
-- the policy calls many. A worker counts who held the child on any day of it; two holds of one worker are one worker.
with
holds as (
    select
        social_work_holds.person_id,
        social_work_holds.worker_id,
        social_work_holds.started_on,
        coalesce(counted.due_on, social_work_holds.open_until) as counts_until
    from social_work_holds
    left join due_dates as counted
        on counted.key = 'cp.workers_window'
        and counted.started_on = social_work_holds.open_until
),

counted_workers as (
    select
        plans_open.as_at,
        plans_open.person_id,
        plans_open.plan_id,
        plans_open.anchor,
        count(distinct holds.worker_id) as workers
    from plans_open
    left join holds
        on holds.person_id = plans_open.person_id
        and holds.started_on <= plans_open.as_at
        and holds.counts_until > plans_open.as_at
    group by plans_open.as_at, plans_open.person_id, plans_open.plan_id, plans_open.anchor
)

select
    counted_workers.as_at,
    counted_workers.person_id,
    counted_workers.plan_id as event_id,
    counted_workers.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    null::date as done_on,
    counted_workers.workers >= many.number as met,
    counted_workers.workers::double as value,
    'allocated social workers within the year: ' || counted_workers.workers::text as reason
from counted_workers
inner join timescales as many
    on many.key = 'cp.workers_many'
    and counted_workers.as_at between many.valid_from and many.valid_until
