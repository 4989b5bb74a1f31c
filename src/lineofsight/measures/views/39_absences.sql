-- Workers away at each month end for as long as the policy lets a child go without cover. Absences with no working
-- day between them are one. `covered_by` is a named person who is there: a manager, duty, or a colleague who is away
-- as long covers nobody. An absence recorded as ended before it began is none.
with
spells as (
    select
        side_absence.abse_absence_id as absence_id,
        side_absence.abse_worker_id as worker_id,
        greatest(side_absence.abse_start_date, first_day.day + 1) as started_on,
        coalesce(side_absence.abse_end_date, date '9999-12-31') as ended_on,
        least(coalesce(side_absence.abse_end_date, date '9999-12-31'), last_day.day) as known_to,
        side_absence.abse_covered_by_worker_id as cover_id
    from side_absence
    cross join first_day
    cross join (select max(as_at) as day from month_spans) as last_day
    where
        side_absence.abse_worker_id is not null
        and side_absence.abse_start_date <= last_day.day
        and coalesce(side_absence.abse_end_date, date '9999-12-31') >= side_absence.abse_start_date
),

dated as (
    select
        spells.absence_id,
        spells.worker_id,
        spells.started_on,
        spells.ended_on,
        spells.cover_id,
        day_before.working_number as number_before,
        day_last.working_number as number_last
    from spells
    inner join calendar as day_before on day_before.day = spells.started_on - 1
    inner join calendar as day_last on day_last.day = greatest(spells.started_on, spells.known_to)
),

breaks as (
    select
        absence_id,
        worker_id,
        started_on,
        ended_on,
        cover_id,
        coalesce(
            number_before > max(number_last) over (
                partition by worker_id
                order by started_on, ended_on, absence_id
                rows between unbounded preceding and 1 preceding
            ),
            true
        ) as begins
    from dated
),

numbered as (
    select
        absence_id,
        worker_id,
        started_on,
        ended_on,
        cover_id,
        sum(begins::integer) over (
            partition by worker_id
            order by started_on, ended_on, absence_id
            rows between unbounded preceding and current row
        ) as absence
    from breaks
),

whole as (
    select
        worker_id,
        absence,
        min(started_on) as started_on,
        max(ended_on) as ended_on
    from numbered
    group by worker_id, absence
),

limits as (
    select started_on, due_on from due_dates where key = 'absence.cover'
),

long as (
    select
        whole.worker_id,
        whole.absence,
        whole.started_on,
        whole.ended_on,
        limits.due_on
    from whole
    inner join limits on limits.started_on = whole.started_on - 1
    where limits.due_on <= whole.ended_on
),

away as (
    select
        month_spans.as_at,
        long.worker_id,
        long.absence,
        long.started_on as away_since
    from long
    inner join month_spans
        on long.due_on <= month_spans.as_at
        and long.ended_on >= month_spans.as_at
),

covers as (
    select
        away.as_at,
        away.worker_id,
        max(away.away_since) as away_since,
        arg_max_null(numbered.cover_id, (numbered.started_on, numbered.ended_on, numbered.absence_id)) as cover_id
    from away
    inner join numbered
        on numbered.worker_id = away.worker_id
        and numbered.absence = away.absence
        and numbered.started_on <= away.as_at
    group by away.as_at, away.worker_id
)

select
    covers.as_at,
    covers.worker_id,
    covers.away_since,
    case when professionals.kind = 'person' and cover_away.worker_id is null then covers.cover_id end as covered_by
from covers
left join professionals on professionals.worker_id = covers.cover_id
left join away as cover_away
    on cover_away.worker_id = covers.cover_id
    and cover_away.as_at = covers.as_at
