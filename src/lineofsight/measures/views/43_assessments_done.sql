-- Assessments by the month they were authorised in, with the working days they took: `days` by the clock they run by,
-- `own_days` from their own start. Neither is told where there is no start, or it is after the end.
select
    month_spans.as_at,
    assessments.assessment_id,
    assessments.person_id,
    assessments.anchor,
    assessments.team_id,
    assessments.worker_id,
    assessments.began_on,
    assessments.authorised_on,
    assessments.child_seen,
    assessments.unborn_until,
    assessments.from_referral,
    assessments.clock_on,
    case
        when assessments.clock_on <= assessments.authorised_on then finish.working_number - asked.working_number
    end as days,
    case
        when assessments.began_on <= assessments.authorised_on then finish.working_number - began.working_number
    end as own_days
from assessments
inner join month_spans
    on month_spans.month_start = date_trunc('month', assessments.authorised_on)::date
    and month_spans.as_at >= assessments.authorised_on
left join calendar as finish on finish.day = assessments.authorised_on
left join calendar as asked on asked.day = assessments.clock_on
left join calendar as began on began.day = assessments.began_on
