-- Children aged 4 to 16 looked after for the whole of the last year, and whether they have a score in it.
select
    sdq_now.as_at,
    sdq_now.person_id,
    sdq_now.care_id as event_id,
    sdq_now.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    sdq_now.scored_on as done_on,
    sdq_now.scored_on is not null as met,
    null::double as value,
    case
        when sdq_now.scored_on is not null then 'scored ' || strftime(sdq_now.scored_on, '%-d %B %Y')
        when sdq_now.said_on is not null then 'a form of ' || strftime(sdq_now.said_on, '%-d %B %Y') || ' has no score'
        else 'no form in the year'
    end as reason
from sdq_now
