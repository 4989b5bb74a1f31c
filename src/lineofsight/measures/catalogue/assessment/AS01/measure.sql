-- Assessments authorised in the month, against the clock from the referral (the first assessment of a referral)
-- or from the assessment's own start (a later one, or no referral known). The reason says which clock ran.
with
assessments as (
    select
        ssd_cin_assessments.cina_assessment_id as assessment_id,
        ssd_cin_assessments.cina_person_id as person_id,
        case
            when ssd_cin_assessments.cina_assessment_start_date is not null
                then greatest(ssd_cin_assessments.cina_assessment_start_date, first_day.day)
        end as began_on,
        ssd_cin_assessments.cina_assessment_auth_date as authorised_on,
        ssd_cin_assessments.cina_assessment_team as team_id,
        ssd_cin_assessments.cina_assessment_worker_id as worker_id,
        case
            when ssd_cin_episodes.cine_referral_date is not null
                then greatest(ssd_cin_episodes.cine_referral_date, first_day.day)
        end as referred_on,
        row_number() over (
            partition by ssd_cin_assessments.cina_person_id, ssd_cin_assessments.cina_referral_id
            order by
                coalesce(
                    ssd_cin_assessments.cina_assessment_start_date,
                    ssd_cin_assessments.cina_assessment_auth_date
                ),
                ssd_cin_assessments.cina_assessment_id
        ) as assessment_number
    from ssd_cin_assessments
    cross join first_day
    left join ssd_cin_episodes
        on ssd_cin_episodes.cine_referral_id = ssd_cin_assessments.cina_referral_id
        and ssd_cin_episodes.cine_person_id = ssd_cin_assessments.cina_person_id
    where ssd_cin_assessments.cina_person_id is not null
),

clocks as (
    select
        month_spans.as_at,
        assessments.assessment_id,
        assessments.person_id,
        assessments.began_on,
        assessments.authorised_on,
        assessments.team_id,
        assessments.worker_id,
        assessments.referred_on is not null and assessments.assessment_number = 1 as from_referral,
        case
            when assessments.assessment_number = 1 then coalesce(assessments.referred_on, assessments.began_on)
            else assessments.began_on
        end as clock_on
    from assessments
    inner join month_spans
        on month_spans.month_start = date_trunc('month', assessments.authorised_on)::date
        and month_spans.as_at >= assessments.authorised_on
)

select
    clocks.as_at,
    clocks.person_id,
    clocks.assessment_id as event_id,
    'assessment ' || coalesce(clocks.began_on, clocks.authorised_on)::text as anchor,
    clocks.team_id,
    clocks.worker_id,
    due_dates.due_on,
    clocks.authorised_on as done_on,
    case when clocks.clock_on <= clocks.authorised_on then clocks.authorised_on <= due_dates.due_on end as met,
    case
        when clocks.clock_on <= clocks.authorised_on
            then (finish.working_number - beginning.working_number)::double
    end as value,
    case
        when clocks.clock_on is null then 'no day is recorded on which the assessment started'
        when clocks.clock_on > clocks.authorised_on then 'recorded as authorised before it was asked for'
        else
            (finish.working_number - beginning.working_number)::text || ' working days from the '
            || case when clocks.from_referral then 'referral' else 'start of the assessment' end
            || ' on ' || strftime(clocks.clock_on, '%-d %B %Y')
            || '; due ' || strftime(due_dates.due_on, '%-d %B %Y')
    end as reason
from clocks
left join due_dates
    on due_dates.key = 'assessment.complete'
    and due_dates.started_on = clocks.clock_on
left join calendar as beginning on beginning.day = clocks.clock_on
left join calendar as finish on finish.day = clocks.authorised_on
