-- Children not born at the extract's date for whom something is open, and whether the day they were expected has passed
-- with no birth recorded.
with
open_for as (
    select needs_open.as_at, needs_open.person_id, needs_open.started_on
    from needs_open
    union all
    select plans_open.as_at, plans_open.person_id, plans_open.started_on
    from plans_open
    union all
    select early_help_open.as_at, early_help_open.person_id, early_help_open.started_on
    from early_help_open
),

unborn as (
    select
        snapshot.as_at,
        children.person_id,
        min(open_for.started_on) as since,
        min(ssd_person.pers_expected_dob) as expected_on
    from snapshot
    inner join children
        on children.born_on is null
    inner join ssd_person
        on ssd_person.pers_person_id = children.person_id
        and ssd_person.pers_expected_dob is not null
    inner join open_for
        on open_for.person_id = children.person_id
        and open_for.as_at = snapshot.as_at
    group by snapshot.as_at, children.person_id
)

select
    as_at,
    person_id,
    null::text as event_id,
    'unborn ' || since::text as anchor,
    null::text as team_id,
    null::text as worker_id,
    expected_on as due_on,
    null::date as done_on,
    expected_on >= as_at as met,
    (as_at - since)::double as value,
    'expected on ' || strftime(expected_on, '%-d %B %Y')
    || case when expected_on >= as_at then '' else ', and no birth is recorded' end as reason
from unborn
