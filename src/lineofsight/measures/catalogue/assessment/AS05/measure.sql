-- Assessments still open at the end of a checkpoint's day, in the month that day fell in, and whether a manager had
-- made an entry of oversight by then: the first since the clock began, the second since the first checkpoint's day.
-- An allocation endorsed is not a look at the assessment.
with
checkpoints as (
    select
        assessments.assessment_id,
        assessments.person_id,
        assessments.anchor,
        assessments.team_id,
        assessments.worker_id,
        assessments.open_until,
        firsts.started_on as after_on,
        firsts.due_on,
        'First checkpoint' as checkpoint
    from assessments
    inner join due_dates as firsts
        on firsts.key = 'assessment.checkpoint_first'
        and firsts.started_on = assessments.clock_on

    union all

    select
        assessments.assessment_id,
        assessments.person_id,
        assessments.anchor,
        assessments.team_id,
        assessments.worker_id,
        assessments.open_until,
        firsts.due_on + 1 as after_on,
        seconds.due_on,
        'Second checkpoint' as checkpoint
    from assessments
    inner join due_dates as firsts
        on firsts.key = 'assessment.checkpoint_first'
        and firsts.started_on = assessments.clock_on
    inner join due_dates as seconds
        on seconds.key = 'assessment.checkpoint_second'
        and seconds.started_on = assessments.clock_on
),

looks as (
    select
        over_person_id as person_id,
        over_date as looked_on
    from side_oversight
    where over_person_id is not null and over_date is not null and coalesce(lower(trim(over_kind)), '') <> 'allocation'
),

reach as (
    select min(looked_on) as day
    from looks
),

due as (
    select
        month_spans.as_at,
        checkpoints.assessment_id,
        checkpoints.person_id,
        checkpoints.anchor,
        checkpoints.team_id,
        checkpoints.worker_id,
        checkpoints.after_on,
        checkpoints.due_on,
        checkpoints.checkpoint
    from checkpoints
    cross join snapshot
    cross join reach
    inner join month_spans
        on month_spans.month_start = date_trunc('month', checkpoints.due_on)::date
    where
        checkpoints.due_on < snapshot.as_at
        and checkpoints.open_until > checkpoints.due_on
        and checkpoints.after_on >= reach.day
),

looked_at as (
    select
        due.assessment_id,
        due.checkpoint,
        max(looks.looked_on) as looked_on
    from due
    inner join looks
        on looks.person_id = due.person_id
        and looks.looked_on >= due.after_on
        and looks.looked_on <= due.due_on
    group by due.assessment_id, due.checkpoint
)

select
    due.as_at,
    due.person_id,
    due.assessment_id as event_id,
    due.anchor || case due.checkpoint when 'First checkpoint' then ' first' else ' second' end as anchor,
    due.team_id,
    due.worker_id,
    due.due_on,
    looked_at.looked_on as done_on,
    looked_at.looked_on is not null as met,
    null::double as value,
    coalesce(
        'a manager looked at it on ' || strftime(looked_at.looked_on, '%-d %B %Y'),
        'no manager is recorded as having looked at it'
    ) || '; due ' || strftime(due.due_on, '%-d %B %Y') as reason,
    due.checkpoint as category
from due
left join looked_at
    on looked_at.assessment_id = due.assessment_id
    and looked_at.checkpoint = due.checkpoint
