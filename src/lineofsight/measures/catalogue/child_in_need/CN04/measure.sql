-- Children on a child in need plan long enough to owe a first review, and whether the next review is still in time.
with
reviews as (
    select distinct
        cinr_person_id as person_id,
        cinr_date as held_on
    from side_cin_plan_review
    where cinr_person_id is not null and cinr_date is not null and coalesce(cinr_cancelled, 'N') <> 'Y'
),

clocks as (
    select
        support_plans_open.as_at,
        support_plans_open.person_id,
        support_plans_open.plan_id,
        support_plans_open.anchor,
        support_plans_open.started_on,
        case when reviews.held_on > support_plans_open.started_on then reviews.held_on end as held_on
    from support_plans_open
    asof left join reviews
        on reviews.person_id = support_plans_open.person_id
        and reviews.held_on <= support_plans_open.as_at
),

judged as (
    select
        clocks.as_at,
        clocks.person_id,
        clocks.plan_id,
        clocks.anchor,
        clocks.held_on,
        coalesce(later.due_on, opening.due_on) as due_on
    from clocks
    inner join due_dates as opening
        on opening.key = 'cin.first_review'
        and opening.started_on = clocks.started_on
        and opening.due_on <= clocks.as_at
    left join due_dates as later
        on later.key = 'cin.later_review'
        and later.started_on = clocks.held_on
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
        when judged.held_on is null and judged.due_on < judged.as_at then
            'the first review was due ' || strftime(judged.due_on, '%-d %B %Y') || ' and has not been held'
        when judged.held_on is null then 'the first review is due ' || strftime(judged.due_on, '%-d %B %Y')
        when judged.due_on < judged.as_at then
            'last reviewed ' || strftime(judged.held_on, '%-d %B %Y') || '; the next review was due '
            || strftime(judged.due_on, '%-d %B %Y')
        else
            'last reviewed ' || strftime(judged.held_on, '%-d %B %Y') || '; next due '
            || strftime(judged.due_on, '%-d %B %Y')
    end as reason
from judged
inner join calendar as today on today.day = judged.as_at
inner join calendar as due on due.day = judged.due_on
