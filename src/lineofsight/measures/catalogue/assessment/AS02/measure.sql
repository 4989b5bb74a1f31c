-- Assessments open at the month end, against the clock they run by. How they stand by their own start is said beside
-- it: the children in need census knows no other. Two rows of one child that began on one day are one assessment.
with
open_assessments as (
    select
        month_spans.as_at,
        assessments.assessment_id,
        assessments.person_id,
        assessments.anchor,
        assessments.team_id,
        assessments.worker_id,
        assessments.from_referral,
        assessments.clock_on,
        assessments.began_on
    from assessments
    inner join month_spans
        on coalesce(assessments.began_on, assessments.clock_on) <= month_spans.as_at
        and assessments.open_until > month_spans.as_at
    qualify
        row_number() over (
            partition by month_spans.as_at, assessments.person_id, assessments.anchor
            order by assessments.clock_on, assessments.assessment_id
        ) = 1
),

judged as (
    select
        open_assessments.as_at,
        open_assessments.assessment_id,
        open_assessments.person_id,
        open_assessments.anchor,
        open_assessments.team_id,
        open_assessments.worker_id,
        open_assessments.from_referral,
        open_assessments.clock_on,
        open_assessments.began_on,
        due_dates.due_on,
        due_dates.due_on >= open_assessments.as_at as in_time,
        own_dates.due_on >= open_assessments.as_at as own_in_time,
        today.working_number - asked.working_number as days,
        today.working_number - began.working_number as own_days
    from open_assessments
    inner join due_dates
        on due_dates.key = 'assessment.complete'
        and due_dates.started_on = open_assessments.clock_on
    left join due_dates as own_dates
        on own_dates.key = 'assessment.complete'
        and own_dates.started_on = open_assessments.began_on
    inner join calendar as today on today.day = open_assessments.as_at
    inner join calendar as asked on asked.day = open_assessments.clock_on
    left join calendar as began on began.day = open_assessments.began_on
)

select
    as_at,
    person_id,
    assessment_id as event_id,
    anchor,
    team_id,
    worker_id,
    due_on,
    null::date as done_on,
    in_time as met,
    days::double as value,
    'open ' || days::text || case days when 1 then ' working day' else ' working days' end || ' from the '
    || case when from_referral then 'referral' else 'start of the assessment' end
    || ' on ' || strftime(clock_on, '%-d %B %Y')
    || '; due ' || strftime(due_on, '%-d %B %Y')
    || case
        when from_referral and began_on <> clock_on
            then coalesce('; ' || own_days::text || ' from its own start on ' || strftime(began_on, '%-d %B %Y'), '')
        else ''
    end as reason,
    case
        when own_in_time then 'In time from its own start'
        when not own_in_time then 'Late from its own start'
    end as category
from judged
