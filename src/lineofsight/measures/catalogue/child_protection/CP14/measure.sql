-- Children on a plan at the month end, and whether they have been for 15 months and not yet for two years: those for whom
-- there is still time to decide.
select
    plans_open.as_at,
    plans_open.person_id,
    plans_open.plan_id as event_id,
    plans_open.anchor,
    null::text as team_id,
    null::text as worker_id,
    long.due_on,
    null::date as done_on,
    warned.due_on <= plans_open.as_at and long.due_on >= plans_open.as_at as met,
    (plans_open.as_at - plans_open.started_on)::double as value,
    'on a plan since ' || strftime(plans_open.started_on, '%-d %B %Y')
    || case
        when long.due_on < plans_open.as_at then ', two years or more'
        when warned.due_on <= plans_open.as_at then
            ', ' || warned.number::text || ' months or more; two years are over after ' || strftime(long.due_on, '%-d %B %Y')
        else ''
    end as reason
from plans_open
inner join due_dates as warned
    on warned.key = 'cp.early_warning'
    and warned.started_on = plans_open.started_on
inner join due_dates as long
    on long.key = 'cp.long'
    and long.started_on = plans_open.started_on
