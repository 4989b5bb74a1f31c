-- Children aged 4 to 16 looked after for the whole of the last year, with the latest score of the strengths and
-- difficulties questionnaire in that year: a whole number from 0 to 40. `said_on` is a later or only form without one.
with
forms as (
    select
        csdq_person_id as person_id,
        csdq_sdq_completed_date as completed_on,
        max(case
            when try_cast(trim(csdq_sdq_score) as double) between 0 and 40
                then try_cast(trim(csdq_sdq_score) as double)
        end) as score
    from ssd_sdq_scores
    where csdq_person_id is not null and csdq_sdq_completed_date is not null
    group by csdq_person_id, csdq_sdq_completed_date
)

select
    care_now.as_at,
    care_now.person_id,
    any_value(care_now.care_id) as care_id,
    any_value(care_now.anchor) as anchor,
    max(forms.completed_on) filter (where forms.score is not null) as scored_on,
    max_by(forms.score, forms.completed_on) filter (where forms.score is not null) as score,
    max(forms.completed_on) filter (where forms.score is null) as said_on
from care_now
left join forms
    on forms.person_id = care_now.person_id
    and forms.completed_on >= care_now.year_start
    and forms.completed_on <= care_now.as_at
where care_now.all_year and care_now.age between 4 and 16
group by care_now.as_at, care_now.person_id
