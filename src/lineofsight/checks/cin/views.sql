-- What several rules of the census stand on. Made once, after the tables.

-- A yes or no of the return; anything else is neither.
create macro is_yes(said) as coalesce(lower(said) in ('true', '1'), false);
create macro is_no(said) as coalesce(lower(said) in ('false', '0'), false);

-- A referral that went on to something, and an assessment's factors one by one. An assessment is known by its number;
-- where a table gives none, by what stands in the row.
create table factor as
select
    row,
    episode,
    coalesce(
        episode || '|' || AssessmentID,
        episode || '|' || coalesce(AssessmentActualStartDate::varchar, '')
            || '|' || coalesce(AssessmentAuthorisationDate::varchar, '')
    ) as assessment,
    unnest(AssessmentFactors) as factor
from Assessments;
