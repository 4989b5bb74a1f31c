-- Factors found at the end of the assessments authorised in the month: one row an assessment and factor. The list may
-- be written as pairs of a code and yes or no, or as codes alone; "no factors found" (code 21) is no factor.
with
lists as (
    select
        cinf_assessment_id as assessment_id,
        regexp_replace(upper(cinf_assessment_factors_json), '"[^"]*"\s*:\s*\[', '[', 'g') as list
    from ssd_assessment_factors
    where cinf_assessment_id is not null
),

found as (
    select
        assessment_id,
        unnest(
            case
                when contains(list, ':')
                    then regexp_extract_all(list, '"\s*([0-9]{1,2}[A-Z]?)\s*"\s*:\s*"?(?:YES|Y|TRUE|1)\b', 1)
                else regexp_extract_all(list, '\b([0-9]{1,2}[A-Z]?)\b', 1)
            end
        ) as factor
    from lists
),

factors as (
    select
        assessment_id,
        factor
    from found
    where factor <> '21'
    group by assessment_id, factor
)

select
    assessments_done.as_at,
    assessments_done.person_id,
    assessments_done.assessment_id as event_id,
    assessments_done.anchor || ' factor ' || factors.factor as anchor,
    assessments_done.team_id,
    assessments_done.worker_id,
    null::date as due_on,
    assessments_done.authorised_on as done_on,
    true as met,
    null::double as value,
    'found at the end of the assessment authorised ' || strftime(assessments_done.authorised_on, '%-d %B %Y') as reason,
    factors.factor as category
from assessments_done
inner join factors on factors.assessment_id = assessments_done.assessment_id
