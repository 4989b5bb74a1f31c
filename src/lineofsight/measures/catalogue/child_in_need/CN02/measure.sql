-- Children in need at the month end, and whether they have been for two years or more.
select
    needs_open.as_at,
    needs_open.person_id,
    needs_open.referral_id as event_id,
    needs_open.anchor,
    null::text as team_id,
    null::text as worker_id,
    due_dates.due_on,
    null::date as done_on,
    due_dates.due_on <= needs_open.as_at as met,
    (needs_open.as_at - needs_open.started_on)::double as value,
    'in need since ' || strftime(needs_open.started_on, '%-d %B %Y')
    || case
        when due_dates.due_on <= needs_open.as_at then ', ' || due_dates.number::text || ' months or more'
        else ''
    end as reason
from needs_open
inner join due_dates
    on due_dates.key = 'cin.long'
    and due_dates.started_on = needs_open.started_on
