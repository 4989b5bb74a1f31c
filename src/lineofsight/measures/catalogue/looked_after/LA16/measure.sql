-- Children aged 4 to 16 looked after for the whole of the last year who have a score in it: their latest.
select
    sdq_now.as_at,
    sdq_now.person_id,
    sdq_now.care_id as event_id,
    sdq_now.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    sdq_now.scored_on as done_on,
    true as met,
    sdq_now.score as value,
    'scored ' || sdq_now.score::integer || ' on ' || strftime(sdq_now.scored_on, '%-d %B %Y') as reason
from sdq_now
where sdq_now.score is not null
