-- Children with an open case at each month end, one row a child: in need (under 18), looked after, or on a plan. The
-- case is the episode of need, which lasts longest; else the period of care, else the plan.
with
cases as (
    select
        needs_open.as_at,
        needs_open.person_id,
        needs_open.referral_id as event_id,
        needs_open.anchor,
        needs_open.started_on,
        1 as precedence
    from needs_open
    left join children on children.person_id = needs_open.person_id
    where coalesce((children.born_on + interval 18 year)::date, date '9999-12-31') > needs_open.as_at

    union all

    select as_at, person_id, care_id as event_id, anchor, started_on, 2 as precedence
    from care_open

    union all

    select as_at, person_id, plan_id as event_id, anchor, started_on, 3 as precedence
    from plans_open
)

select
    as_at,
    person_id,
    arg_min_null(event_id, precedence) as event_id,
    arg_min(anchor, precedence) as anchor,
    arg_min(started_on, precedence) as started_on
from cases
group by as_at, person_id
