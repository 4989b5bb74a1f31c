-- Workers who hold children at the month end, and whether their own supervision is in time: weekly, then
-- fortnightly in the first months of the assessed and supported year, then the practitioner interval. A shorter
-- interval binds only where it runs out while it still applies. Nobody is owed supervision while away sick or on
-- leave: it is due on the first working day back, absences with no working day between them being one. Before the supervision file begins, the answer is not known.
with
supervision_dates as (
    select key, started_on, due_on
    from due_dates
    where starts_with(key, 'supervision.')
),

supervisions as (
    select distinct
        supv_worker_id as worker_id,
        greatest(supv_date, first_day.day) as supervised_on
    from side_supervision
    cross join first_day
    where
        supv_worker_id is not null
        and supv_date is not null
        and coalesce(lower(trim(supv_kind)), 'personal') = 'personal'
),

file_begins as (
    select supervision_dates.due_on as known_from
    from supervision_dates
    where
        supervision_dates.key = 'supervision.practitioner'
        and supervision_dates.started_on = (select min(supervisions.supervised_on) from supervisions)
),

first_held as (
    select
        worker_id,
        min(started_on) as held_on
    from allocations
    group by worker_id
),

holders as (
    select
        caseloads.as_at,
        caseloads.worker_id,
        caseloads.team_id,
        first_held.held_on as holding_since,
        caseloads.asye_on
    from caseloads
    inner join first_held on first_held.worker_id = caseloads.worker_id
),

clocks as (
    select
        holders.as_at,
        holders.worker_id,
        holders.team_id,
        holders.asye_on,
        supervisions.supervised_on,
        greatest(coalesce(supervisions.supervised_on, holders.holding_since), holders.asye_on) as clock_on
    from holders
    asof left join supervisions
        on supervisions.worker_id = holders.worker_id
        and supervisions.supervised_on <= holders.as_at
),

stages as (
    select
        clocks.as_at,
        clocks.worker_id,
        clocks.team_id,
        clocks.supervised_on,
        clocks.clock_on,
        case
            when weekly.due_on < weekly_until.due_on then 'supervision.asye_first'
            when fortnightly.due_on < fortnightly_until.due_on then 'supervision.asye_later'
            else 'supervision.practitioner'
        end as key
    from clocks
    left join supervision_dates as weekly
        on weekly.key = 'supervision.asye_first'
        and weekly.started_on = clocks.clock_on
    left join supervision_dates as weekly_until
        on weekly_until.key = 'supervision.asye_first_length'
        and weekly_until.started_on = clocks.asye_on
    left join supervision_dates as fortnightly
        on fortnightly.key = 'supervision.asye_later'
        and fortnightly.started_on = clocks.clock_on
    left join supervision_dates as fortnightly_until
        on fortnightly_until.key = 'supervision.asye_later_length'
        and fortnightly_until.started_on = clocks.asye_on
),

owed as (
    select
        stages.as_at,
        stages.worker_id,
        stages.team_id,
        stages.supervised_on,
        stages.clock_on,
        supervision_dates.due_on
    from stages
    inner join supervision_dates
        on supervision_dates.key = stages.key
        and supervision_dates.started_on = stages.clock_on
),

absences_since as (
    select
        owed.as_at,
        owed.worker_id,
        owed.due_on,
        side_absence.abse_absence_id as absence_id,
        greatest(side_absence.abse_start_date, first_day.day + 1) as started_on,
        coalesce(side_absence.abse_end_date, date '9999-12-31') as ended_on,
        least(coalesce(side_absence.abse_end_date, owed.as_at), owed.as_at) as known_to
    from owed
    cross join first_day
    inner join side_absence
        on side_absence.abse_worker_id = owed.worker_id
        and side_absence.abse_start_date <= greatest(owed.due_on, owed.as_at - 1)
        and coalesce(side_absence.abse_end_date, date '9999-12-31') >= owed.due_on
        and coalesce(side_absence.abse_end_date, date '9999-12-31') >= side_absence.abse_start_date
    where lower(trim(side_absence.abse_kind)) in ('sickness', 'leave')
),

breaks as (
    select
        absences_since.as_at,
        absences_since.worker_id,
        absences_since.absence_id,
        absences_since.started_on,
        absences_since.ended_on,
        absences_since.started_on > absences_since.due_on
        and coalesce(
            day_before.working_number > max(day_last.working_number) over (
                partition by absences_since.as_at, absences_since.worker_id
                order by absences_since.started_on, absences_since.absence_id
                rows between unbounded preceding and 1 preceding
            ),
            true
        ) as back_at_work
    from absences_since
    inner join calendar as day_before on day_before.day = absences_since.started_on - 1
    inner join calendar as day_last on day_last.day = absences_since.known_to
),

until_back as (
    select
        as_at,
        worker_id,
        started_on,
        ended_on
    from breaks
    qualify
        not bool_or(back_at_work) over (
            partition by as_at, worker_id
            order by started_on, absence_id
            rows between unbounded preceding and current row
        )
),

away as (
    select
        as_at,
        worker_id,
        min(started_on) as away_since,
        max(ended_on) as away_until
    from until_back
    group by as_at, worker_id
),

judged as (
    select
        owed.as_at,
        owed.worker_id,
        owed.team_id,
        owed.supervised_on,
        owed.clock_on,
        away.away_since,
        owed.due_on < owed.as_at and coalesce(away.away_until >= owed.as_at, false) as still_away,
        coalesce(owed.as_at < file_begins.known_from, true) as unknown_yet,
        greatest(owed.due_on, coalesce(working_days.day, owed.due_on)) as due_on
    from owed
    left join away
        on away.worker_id = owed.worker_id
        and away.as_at = owed.as_at
    left join calendar on calendar.day = away.away_until
    left join working_days on working_days.working_number = calendar.working_number + 1
    left join file_begins on true
)

select
    judged.as_at,
    null::text as person_id,
    null::text as event_id,
    'worker ' || judged.worker_id as anchor,
    judged.team_id,
    judged.worker_id,
    judged.due_on,
    null::date as done_on,
    case when judged.unknown_yet or judged.still_away then null else judged.due_on >= judged.as_at end as met,
    (judged.as_at - judged.clock_on)::double as value,
    case
        when judged.unknown_yet then 'supervision is not recorded for long enough to tell'
        when judged.still_away then
            'away since ' || strftime(judged.away_since, '%-d %B %Y') || '; supervision is due on return'
        when judged.supervised_on is null then
            'no supervision is recorded; due ' || strftime(judged.due_on, '%-d %B %Y')
        else
            'last supervised ' || strftime(judged.supervised_on, '%-d %B %Y') || '; due '
            || strftime(judged.due_on, '%-d %B %Y')
    end as reason
from judged
