-- Times in the month that a child began to be looked after, and whether an earlier spell of care had ended within the
-- window: it opens the day the child left and closes on its corresponding date.
with
returns as (
    select
        person_id,
        care_id,
        anchor,
        started_on,
        lag(open_until) over (partition by person_id order by started_on) as left_on
    from care_spells
)

select
    month_spans.as_at,
    returns.person_id,
    returns.care_id as event_id,
    returns.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    returns.started_on as done_on,
    coalesce(returns.started_on > due_dates.due_on, true) as met,
    (returns.started_on - returns.left_on)::double as value,
    case
        when returns.left_on is null then 'no earlier period of care is recorded'
        else 'had left care on ' || strftime(returns.left_on, '%-d %B %Y')
    end as reason
from returns
inner join month_spans
    on month_spans.month_start = date_trunc('month', returns.started_on)::date
    and month_spans.as_at >= returns.started_on
left join due_dates
    on due_dates.key = 'la.again'
    and due_dates.started_on = returns.left_on
