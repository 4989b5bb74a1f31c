-- Young people of 16 or 17 at the extract's date who came as homeless and have nowhere to live yet; whether they were
-- assessed, in working days from the day they came. Of several times that one came the newest counts.
with
presented as (
    select
        snapshot.as_at,
        side_homelessness.homl_person_id as person_id,
        side_homelessness.homl_presentation_id as presentation_id,
        greatest(side_homelessness.homl_presented_date, first_day.day) as came_on,
        case
            when side_homelessness.homl_assessed_date <= snapshot.as_at then side_homelessness.homl_assessed_date
        end as assessed_on
    from snapshot
    cross join first_day
    inner join side_homelessness
        on side_homelessness.homl_presented_date <= snapshot.as_at
        and coalesce(side_homelessness.homl_end_date, date '9999-12-31') > snapshot.as_at
    inner join children
        on children.person_id = side_homelessness.homl_person_id
        and children.alive_until > snapshot.as_at
        and (children.born_on + interval 16 year)::date <= snapshot.as_at
        and (children.born_on + interval 18 year)::date > snapshot.as_at
),

newest as (
    select
        as_at,
        person_id,
        max_by(presentation_id, (came_on, presentation_id)) as presentation_id
    from presented
    group by as_at, person_id
)

select
    presented.as_at,
    presented.person_id,
    presented.presentation_id as event_id,
    'homeless ' || presented.came_on::text as anchor,
    null::text as team_id,
    null::text as worker_id,
    case when presented.assessed_on is null then due_dates.due_on end as due_on,
    presented.assessed_on as done_on,
    presented.assessed_on is not null or due_dates.due_on >= presented.as_at as met,
    (presented.as_at - presented.came_on)::double as value,
    'came on ' || strftime(presented.came_on, '%-d %B %Y') || ', '
    || coalesce('assessed on ' || strftime(presented.assessed_on, '%-d %B %Y'), 'not assessed yet') as reason
from newest
inner join presented
    on presented.presentation_id = newest.presentation_id
    and presented.person_id = newest.person_id
inner join due_dates
    on due_dates.key = 'assessment.complete'
    and due_dates.started_on = presented.came_on
