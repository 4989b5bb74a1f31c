-- Relevant and former relevant young people on the day of the extract, and whether their pathway plan was begun or
-- reviewed within the interval. Whoever needs no more help, or has gone home to live with a parent, is owed no
-- plan. Where no extract row has such a day at all, a blank says nothing.
with
owed as (
    select
        leavers_now.as_at,
        leavers_now.person_id,
        leavers_now.row_id,
        leavers_now.anchor,
        leavers_now.team_id,
        leavers_now.worker_id,
        leavers_now.eligibility,
        case
            when leavers_now.reviewed_on <= leavers_now.as_at then greatest(leavers_now.reviewed_on, first_day.day)
        end as reviewed_on,
        leavers_now.reviewed_on > leavers_now.as_at as still_to_come
    from leavers_now
    cross join first_day
    where
        coalesce(leavers_now.eligibility, 'relevant') in ('relevant', 'former relevant')
        and coalesce(leavers_now.in_touch, '') not in ('RHOM', 'NREQ')
),

recorded as (
    select count(owed.reviewed_on) as days
    from owed
)

select
    owed.as_at,
    owed.person_id,
    owed.row_id as event_id,
    owed.anchor,
    owed.team_id,
    owed.worker_id,
    due_dates.due_on,
    null::date as done_on,
    case
        when owed.eligibility is null or owed.still_to_come then null
        when owed.reviewed_on is not null then due_dates.due_on >= owed.as_at
        when recorded.days > 0 then false
    end as met,
    date_diff('day', owed.reviewed_on, owed.as_at)::double as value,
    case
        when owed.eligibility is null then 'what the young person is entitled to is not recorded'
        when owed.still_to_come then 'the review recorded is still to come, and no other is known'
        when owed.reviewed_on is null then 'no pathway plan and no review of one is recorded'
        else
            'pathway plan last reviewed ' || strftime(owed.reviewed_on, '%-d %B %Y') || '; due '
            || strftime(due_dates.due_on, '%-d %B %Y')
    end as reason
from owed
cross join recorded
left join due_dates
    on due_dates.key = 'leaving.pathway_review'
    and due_dates.started_on = owed.reviewed_on
