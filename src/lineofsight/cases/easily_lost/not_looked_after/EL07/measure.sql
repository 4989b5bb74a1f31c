-- Children in a private fostering arrangement that is known and not ended at the extract's date, and whether the next
-- visit is overdue: in working days from the day the council was told, then by weeks from the last visit, which are
-- fewer in the first year. Of several arrangements of a child the newest counts.
with
arrangements as (
    select
        snapshot.as_at,
        side_private_fostering.prif_person_id as person_id,
        side_private_fostering.prif_arrangement_id as arrangement_id,
        coalesce(side_private_fostering.prif_notified_date, side_private_fostering.prif_start_date) as told_on,
        coalesce(side_private_fostering.prif_start_date, side_private_fostering.prif_notified_date) as began_on,
        case
            when side_private_fostering.prif_last_visit_date <= snapshot.as_at
                then side_private_fostering.prif_last_visit_date
        end as visited_on
    from snapshot
    inner join side_private_fostering
        on coalesce(
            side_private_fostering.prif_notified_date, side_private_fostering.prif_start_date, date '1900-01-01'
        ) <= snapshot.as_at
        and coalesce(side_private_fostering.prif_end_date, date '9999-12-31') > snapshot.as_at
    inner join children
        on children.person_id = side_private_fostering.prif_person_id
        and children.alive_until > snapshot.as_at
        and coalesce((children.born_on + interval 18 year)::date, date '9999-12-31') > snapshot.as_at
),

newest as (
    select
        as_at,
        person_id,
        max_by(arrangement_id, (coalesce(told_on, date '1900-01-01'), arrangement_id)) as arrangement_id
    from arrangements
    group by as_at, person_id
),

clocks as (
    select
        arrangements.as_at,
        arrangements.person_id,
        arrangements.arrangement_id,
        arrangements.told_on,
        arrangements.began_on,
        arrangements.visited_on,
        case
            when arrangements.visited_on is null then 'private_fostering.first_visit'
            when first_year.due_on > arrangements.visited_on then 'private_fostering.visit_first_year'
            else 'private_fostering.visit_later'
        end as key
    from newest
    inner join arrangements
        on arrangements.arrangement_id = newest.arrangement_id
        and arrangements.person_id = newest.person_id
    left join due_dates as first_year
        on first_year.key = 'private_fostering.first_year'
        and first_year.started_on = arrangements.began_on
)

select
    clocks.as_at,
    clocks.person_id,
    clocks.arrangement_id as event_id,
    'private fostering ' || coalesce(clocks.told_on::text, clocks.arrangement_id) as anchor,
    null::text as team_id,
    null::text as worker_id,
    due_dates.due_on,
    null::date as done_on,
    due_dates.due_on >= clocks.as_at as met,
    (clocks.as_at - clocks.told_on)::double as value,
    coalesce('known since ' || strftime(clocks.told_on, '%-d %B %Y'), 'since when it is known is not recorded') || ', '
    || coalesce('last visited on ' || strftime(clocks.visited_on, '%-d %B %Y'), 'no visit recorded') as reason
from clocks
left join due_dates
    on due_dates.key = clocks.key
    and due_dates.started_on = coalesce(clocks.visited_on, clocks.told_on)
