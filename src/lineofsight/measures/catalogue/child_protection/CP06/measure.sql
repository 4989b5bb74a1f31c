-- Children on a plan long enough to owe a first review, and whether every review was in time so far.
-- A step is a review, or the plan's start; each sets the day by which the next review is due.
with
steps as (
    select
        person_id,
        started_on,
        started_on as step_on,
        'cp.first_review' as key
    from protection_plans

    union

    select
        protection_plans.person_id,
        protection_plans.started_on,
        ssd_cp_reviews.cppr_cp_review_date as step_on,
        'cp.later_review' as key
    from protection_plans
    inner join ssd_cp_reviews
        on ssd_cp_reviews.cppr_person_id = protection_plans.person_id
        and ssd_cp_reviews.cppr_cp_review_date
            between protection_plans.started_on + 1 and protection_plans.open_until
),

clocks as (
    select
        steps.person_id,
        steps.started_on,
        steps.step_on,
        due_dates.due_on,
        lead(steps.step_on) over (partition by steps.person_id, steps.started_on order by steps.step_on) as next_on
    from steps
    inner join due_dates
        on due_dates.key = steps.key
        -- named, so that the days of no other clock are read
        and due_dates.key in ('cp.first_review', 'cp.later_review')
        and due_dates.started_on = steps.step_on
),

children_reviewed as (
    select
        plans_open.as_at,
        plans_open.person_id,
        any_value(plans_open.plan_id) as plan_id,
        any_value(plans_open.anchor) as anchor,
        min(clocks.due_on) filter (where clocks.step_on = plans_open.started_on) as first_due_on,
        max(clocks.step_on) as last_step_on,
        arg_max(clocks.due_on, clocks.step_on) as next_due_on,
        max(plans_open.started_on) as started_on,
        max(clocks.due_on) filter (where clocks.next_on <= plans_open.as_at and clocks.next_on > clocks.due_on)
            as missed_due_on,
        max(clocks.next_on) filter (where clocks.next_on <= plans_open.as_at and clocks.next_on > clocks.due_on)
            as missed_held_on
    from plans_open
    inner join clocks
        on clocks.person_id = plans_open.person_id
        and clocks.started_on = plans_open.started_on
        and clocks.step_on <= plans_open.as_at
    group by plans_open.as_at, plans_open.person_id
),

judged as (
    select
        as_at,
        person_id,
        plan_id,
        anchor,
        started_on,
        last_step_on,
        missed_held_on,
        next_due_on < as_at as overdue,
        missed_due_on is not null as missed,
        case when next_due_on >= as_at and missed_due_on is not null then missed_due_on else next_due_on end as due_on
    from children_reviewed
    where first_due_on <= as_at
)

select
    judged.as_at,
    judged.person_id,
    judged.plan_id as event_id,
    judged.anchor,
    null::text as team_id,
    null::text as worker_id,
    judged.due_on,
    case when judged.missed and not judged.overdue then judged.missed_held_on end as done_on,
    not judged.overdue and not judged.missed as met,
    case
        when judged.overdue then (today.working_number - due.working_number)::double
        when judged.missed then (held.working_number - due.working_number)::double
    end as value,
    case
        when judged.overdue then
            case when judged.last_step_on = judged.started_on then 'the first review' else 'the next review' end
            || ' was due ' || strftime(judged.due_on, '%-d %B %Y') || ' and has not been held'
            || case when judged.missed then '; an earlier review was late too' else '' end
        when judged.missed then
            'a review due ' || strftime(judged.due_on, '%-d %B %Y') || ' was held '
            || strftime(judged.missed_held_on, '%-d %B %Y')
        when judged.last_step_on = judged.started_on then
            'the first review is due ' || strftime(judged.due_on, '%-d %B %Y')
        else
            'last reviewed ' || strftime(judged.last_step_on, '%-d %B %Y') || '; next due '
            || strftime(judged.due_on, '%-d %B %Y')
    end as reason
from judged
inner join calendar as today on today.day = judged.as_at
inner join calendar as due on due.day = judged.due_on
left join calendar as held on held.day = judged.missed_held_on
