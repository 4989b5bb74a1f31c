-- Core groups held in the month whose minutes were sent, or should have been by now, and whether they were in time.
with
core_groups as (
    select
        month_spans.as_at,
        side_core_group.cgrp_core_group_id as core_group_id,
        side_core_group.cgrp_person_id as person_id,
        side_core_group.cgrp_worker_id as worker_id,
        side_core_group.cgrp_date as held_on,
        case when side_core_group.cgrp_minutes_sent_date <= snapshot.as_at then side_core_group.cgrp_minutes_sent_date end
            as sent_on,
        due_dates.due_on,
        due_dates.due_on < snapshot.as_at as is_over
    from side_core_group
    cross join snapshot
    inner join month_spans
        on month_spans.month_start = date_trunc('month', side_core_group.cgrp_date)::date
        and month_spans.as_at >= side_core_group.cgrp_date
    inner join due_dates
        on due_dates.key = 'cp.core_group_minutes'
        and due_dates.started_on = side_core_group.cgrp_date
    where side_core_group.cgrp_person_id is not null and coalesce(side_core_group.cgrp_cancelled, 'N') <> 'Y'
)

select
    core_groups.as_at,
    core_groups.person_id,
    core_groups.core_group_id as event_id,
    'core group ' || core_groups.held_on::text as anchor,
    null::text as team_id,
    core_groups.worker_id,
    core_groups.due_on,
    core_groups.sent_on as done_on,
    coalesce(core_groups.sent_on <= core_groups.due_on, false) as met,
    (sent.working_number - beginning.working_number)::double as value,
    'the core group of ' || strftime(core_groups.held_on, '%-d %B %Y') || ': minutes '
    || coalesce('sent ' || strftime(core_groups.sent_on, '%-d %B %Y'), 'not sent')
    || '; due ' || strftime(core_groups.due_on, '%-d %B %Y') as reason
from core_groups
inner join calendar as beginning on beginning.day = core_groups.held_on
left join calendar as sent on sent.day = core_groups.sent_on
where core_groups.sent_on is not null or core_groups.is_over
