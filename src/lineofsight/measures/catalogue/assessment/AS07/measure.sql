-- Children with an open episode of need, and whether an assessment of theirs has been authorised since it began.
-- One row a child.
with
episodes as (
    select
        person_id,
        started_on
    from needs_open
    group by person_id, started_on
),

assessed as (
    select
        episodes.person_id,
        episodes.started_on,
        min(assessments.authorised_on) as authorised_on
    from episodes
    inner join assessments
        on assessments.person_id = episodes.person_id
        and assessments.authorised_on >= episodes.started_on
    group by episodes.person_id, episodes.started_on
),

judged as (
    select
        needs_open.as_at,
        needs_open.person_id,
        needs_open.referral_id,
        needs_open.anchor,
        needs_open.started_on,
        case when assessed.authorised_on <= needs_open.as_at then assessed.authorised_on end as authorised_on
    from needs_open
    left join assessed
        on assessed.person_id = needs_open.person_id
        and assessed.started_on = needs_open.started_on
)

select
    judged.as_at,
    judged.person_id,
    judged.referral_id as event_id,
    judged.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    judged.authorised_on as done_on,
    judged.authorised_on is not null as met,
    (today.working_number - asked.working_number)::double as value,
    case
        when judged.authorised_on is not null
            then 'assessed, first authorised ' || strftime(judged.authorised_on, '%-d %B %Y')
        else
            'referred ' || strftime(judged.started_on, '%-d %B %Y') || ', '
            || (today.working_number - asked.working_number)::text
            || case today.working_number - asked.working_number when 1 then ' working day' else ' working days' end
            || ' ago, and no assessment is authorised since'
    end as reason
from judged
inner join calendar as today on today.day = judged.as_at
inner join calendar as asked on asked.day = judged.started_on
