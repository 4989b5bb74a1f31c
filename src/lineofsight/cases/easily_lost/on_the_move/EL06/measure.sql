-- Children on the move at the extract's date. Moved in: within the weeks that the policy says, and nothing is recorded
-- here since. Moved out: within those weeks, and no conference there. Asked for: and not moved yet. One row a child, the
-- newest move.
with
first_events as (
    select cppv_person_id as person_id, cppv_cp_visit_date as happened_on from ssd_cp_visits
    union all
    select cinv_person_id, cinv_cin_visit_date from ssd_cin_visits
    union all
    select cina_person_id, cina_assessment_start_date from ssd_cin_assessments
    union all
    select icpc_person_id, icpc_icpc_date from ssd_initial_cp_conference
),

moves as (
    select
        snapshot.as_at,
        side_case_transfer.tran_transfer_id as transfer_id,
        side_case_transfer.tran_person_id as person_id,
        lower(trim(side_case_transfer.tran_kind)) as kind,
        case
            when side_case_transfer.tran_date <= snapshot.as_at
                then greatest(side_case_transfer.tran_date, first_day.day)
        end as moved_on,
        case
            when side_case_transfer.tran_asked_date is not null
                then greatest(side_case_transfer.tran_asked_date, first_day.day)
        end as asked_on,
        coalesce(side_case_transfer.tran_conference_date <= snapshot.as_at, false) as conferred
    from snapshot
    cross join first_day
    cross join side_case_transfer
    inner join children
        on children.person_id = side_case_transfer.tran_person_id
        and children.alive_until > snapshot.as_at
        and coalesce((children.born_on + interval 18 year)::date, date '9999-12-31') > snapshot.as_at
    where lower(trim(side_case_transfer.tran_kind)) in ('in', 'out')
),

taken_on as (
    select distinct moves.transfer_id
    from moves
    inner join first_events
        on first_events.person_id = moves.person_id
        and first_events.happened_on >= moves.moved_on
        and first_events.happened_on <= moves.as_at
    where moves.kind = 'in'
),

watched as (
    select
        moves.as_at,
        moves.transfer_id,
        moves.person_id,
        moves.kind,
        moves.moved_on,
        moves.asked_on,
        coalesce(moves.moved_on, moves.asked_on) as since
    from moves
    left join taken_on on taken_on.transfer_id = moves.transfer_id
    left join due_dates
        on due_dates.key = 'transfer.watched'
        and due_dates.started_on = moves.moved_on
    where
        (moves.moved_on is null and coalesce(moves.asked_on, date '1900-01-01') <= moves.as_at)
        or (due_dates.due_on >= moves.as_at and not moves.conferred and taken_on.transfer_id is null)
),

newest as (
    select
        as_at,
        person_id,
        max_by(transfer_id, (coalesce(since, date '1900-01-01'), transfer_id)) as transfer_id
    from watched
    group by as_at, person_id
)

select
    watched.as_at,
    watched.person_id,
    watched.transfer_id as event_id,
    'move ' || watched.kind || ' ' || coalesce(watched.since::text, watched.transfer_id) as anchor,
    null::text as team_id,
    null::text as worker_id,
    due_dates.due_on,
    null::date as done_on,
    due_dates.due_on >= watched.as_at as met,
    (watched.as_at - watched.since)::double as value,
    case
        when watched.moved_on is null then
            'asked for on '
            || coalesce(strftime(watched.since, '%-d %B %Y'), 'a day that is not recorded') || ' and not moved '
            || watched.kind || ' yet'
        when watched.kind = 'in' then
            'moved in on ' || strftime(watched.since, '%-d %B %Y') || ', and nothing is recorded here since'
        else 'moved out on ' || strftime(watched.since, '%-d %B %Y') || ', and no conference there is recorded'
    end as reason
from newest
inner join watched
    on watched.transfer_id = newest.transfer_id
    and watched.person_id = newest.person_id
left join due_dates
    on due_dates.key = 'transfer.taken_on'
    and due_dates.started_on = watched.since
