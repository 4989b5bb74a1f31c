-- Assessments authorised in the month, against the clock from the referral (the first assessment of a referral)
-- or from the assessment's own start (a later one, or no referral known). The reason says which clock ran, and
-- beside the clock from the referral how long it was from the assessment's own start.
with
judged as (
    select
        assessments_done.as_at,
        assessments_done.assessment_id,
        assessments_done.person_id,
        assessments_done.anchor,
        assessments_done.team_id,
        assessments_done.worker_id,
        assessments_done.authorised_on,
        assessments_done.from_referral,
        assessments_done.clock_on,
        assessments_done.began_on,
        assessments_done.days,
        assessments_done.own_days,
        due_dates.due_on,
        case
            when assessments_done.days is not null then assessments_done.authorised_on <= due_dates.due_on
        end as in_time,
        case
            when assessments_done.own_days is not null then assessments_done.authorised_on <= own_dates.due_on
        end as own_in_time
    from assessments_done
    left join due_dates
        on due_dates.key = 'assessment.complete'
        and due_dates.started_on = assessments_done.clock_on
    left join due_dates as own_dates
        on own_dates.key = 'assessment.complete'
        and own_dates.started_on = assessments_done.began_on
)

select
    as_at,
    person_id,
    assessment_id as event_id,
    anchor,
    team_id,
    worker_id,
    due_on,
    authorised_on as done_on,
    in_time as met,
    days::double as value,
    case
        when clock_on is null then 'no day is recorded on which the assessment started'
        when days is null then 'recorded as authorised before it was asked for'
        else
            days::text || case days when 1 then ' working day' else ' working days' end || ' from the '
            || case when from_referral then 'referral' else 'start of the assessment' end
            || ' on ' || strftime(clock_on, '%-d %B %Y')
            || '; due ' || strftime(due_on, '%-d %B %Y')
            || case
                when from_referral and began_on <> clock_on
                    then coalesce(
                        '; ' || own_days::text || ' from its own start on ' || strftime(began_on, '%-d %B %Y'), ''
                    )
                else ''
            end
    end as reason,
    case
        when own_in_time then 'In time from its own start'
        when not own_in_time then 'Late from its own start'
    end as category
from judged
