-- Initial conferences held in the month, and whether each made a child protection plan.
select
    month_spans.as_at,
    first_conferences.person_id,
    first_conferences.conference_id as event_id,
    'conference ' || first_conferences.held_on::text as anchor,
    first_conferences.team_id,
    first_conferences.worker_id,
    null::date as due_on,
    first_conferences.held_on as done_on,
    first_conferences.made_plan as met,
    null::double as value,
    'the conference of ' || strftime(first_conferences.held_on, '%-d %B %Y')
    || case
        when first_conferences.made_plan then ' made a plan'
        when not first_conferences.made_plan then ' made no plan'
        else ' has no outcome recorded'
    end
    || case when first_conferences.transfer_in then ', for a child who moved in' else '' end as reason
from first_conferences
inner join month_spans
    on month_spans.month_start = date_trunc('month', first_conferences.held_on)::date
    and month_spans.as_at >= first_conferences.held_on
