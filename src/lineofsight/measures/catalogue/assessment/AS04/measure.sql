-- Assessments authorised in the month, and the working days they took by the clock they run by.
select
    as_at,
    person_id,
    assessment_id as event_id,
    anchor,
    team_id,
    worker_id,
    null::date as due_on,
    authorised_on as done_on,
    case when days is not null then true end as met,
    days::double as value,
    case
        when clock_on is null then 'no day is recorded on which the assessment started'
        when days is null then 'recorded as authorised before it was asked for'
        else
            days::text || case days when 1 then ' working day' else ' working days' end || ' from the '
            || case when from_referral then 'referral' else 'start of the assessment' end
            || ' on ' || strftime(clock_on, '%-d %B %Y')
            || case
                when from_referral and began_on <> clock_on
                    then coalesce(
                        '; ' || own_days::text || ' from its own start on ' || strftime(began_on, '%-d %B %Y'), ''
                    )
                else ''
            end
    end as reason
from assessments_done
