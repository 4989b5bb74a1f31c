-- Children on a plan at the month end, and whether the next review is still in time: from the last review held under this
-- plan, or from its start.
with
reviews as (
    select distinct
        cppr_person_id as person_id,
        cppr_cp_review_date as held_on
    from ssd_cp_reviews
    where cppr_person_id is not null and cppr_cp_review_date is not null
),

clocks as (
    select
        plans_open.as_at,
        plans_open.person_id,
        plans_open.plan_id,
        plans_open.anchor,
        plans_open.started_on,
        case when reviews.held_on > plans_open.started_on then reviews.held_on end as held_on
    from plans_open
    asof left join reviews
        on reviews.person_id = plans_open.person_id
        and reviews.held_on <= plans_open.as_at
),

judged as (
    select
        clocks.as_at,
        clocks.person_id,
        clocks.plan_id,
        clocks.anchor,
        clocks.held_on,
        due_dates.due_on
    from clocks
    inner join due_dates
        on due_dates.key = case when clocks.held_on is null then 'cp.first_review' else 'cp.later_review' end
        and due_dates.started_on = coalesce(clocks.held_on, clocks.started_on)
)

select
    judged.as_at,
    judged.person_id,
    judged.plan_id as event_id,
    judged.anchor,
    null::text as team_id,
    null::text as worker_id,
    judged.due_on,
    null::date as done_on,
    judged.due_on >= judged.as_at as met,
    case when judged.due_on < judged.as_at then (today.working_number - due.working_number)::double end as value,
    case
        when judged.held_on is null then 'the first review '
        else 'last reviewed ' || strftime(judged.held_on, '%-d %B %Y') || '; the next review '
    end
    || case when judged.due_on < judged.as_at then 'was due ' else 'is due ' end
    || strftime(judged.due_on, '%-d %B %Y') as reason
from judged
inner join calendar as today on today.day = judged.as_at
inner join calendar as due on due.day = judged.due_on
