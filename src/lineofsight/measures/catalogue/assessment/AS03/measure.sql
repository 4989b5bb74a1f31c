-- Assessments authorised in the month, and whether the child was seen. A child who was not born yet cannot be seen.
select
    as_at,
    person_id,
    assessment_id as event_id,
    anchor,
    team_id,
    worker_id,
    null::date as due_on,
    authorised_on as done_on,
    case
        when child_seen = 'Y' then true
        when unborn_until > authorised_on then null
        when child_seen = 'N' then false
    end as met,
    null::double as value,
    case
        when child_seen = 'Y' then 'the child was seen'
        when unborn_until > authorised_on then 'the child was not born yet'
        when child_seen = 'N' then 'the child was not seen'
        else 'whether the child was seen is not recorded'
    end || '; authorised ' || strftime(authorised_on, '%-d %B %Y') as reason
from assessments_done
