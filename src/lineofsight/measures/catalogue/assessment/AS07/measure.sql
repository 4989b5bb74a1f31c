-- Children with an open episode of need, and whether an assessment of theirs has been authorised since it began.
-- One row a child.
with
authorised as (
    select
        person_id,
        authorised_on
    from assessments
    where authorised_on is not null
)

select
    needs_open.as_at,
    needs_open.person_id,
    needs_open.referral_id as event_id,
    needs_open.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    case when authorised.authorised_on >= needs_open.started_on then authorised.authorised_on end as done_on,
    coalesce(authorised.authorised_on >= needs_open.started_on, false) as met,
    (today.working_number - asked.working_number)::double as value,
    case
        when authorised.authorised_on >= needs_open.started_on
            then 'assessed, the last time authorised ' || strftime(authorised.authorised_on, '%-d %B %Y')
        else
            'referred ' || strftime(needs_open.started_on, '%-d %B %Y') || ', '
            || (today.working_number - asked.working_number)::text
            || case today.working_number - asked.working_number when 1 then ' working day' else ' working days' end
            || ' ago, and no assessment is authorised since'
    end as reason
from needs_open
asof left join authorised
    on authorised.person_id = needs_open.person_id
    and authorised.authorised_on <= needs_open.as_at
inner join calendar as today on today.day = needs_open.as_at
inner join calendar as asked on asked.day = needs_open.started_on
