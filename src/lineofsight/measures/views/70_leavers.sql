-- Care leavers, one row a person: the row with the latest contact or review, of several; of two
-- with the same day, the one whose other day is later. Systems write a code alone, a
-- code with its words ('F1 - ...', 'F1: ...') or the words of the inspection list ('a) Suitable'); what is none of
-- these is null, not known. A heading of the inspection list ('d1) Not in education') is no code.
-- The table holds the present alone: no day before the extract's can be told from it.
with
listed as (
    select
        clea_person_id as person_id,
        clea_table_id as row_id,
        regexp_replace(lower(trim(coalesce(clea_care_leaver_eligibility, ''))), '^[a-e]\) *', '') as eligibility,
        regexp_replace(lower(trim(coalesce(clea_care_leaver_in_touch, ''))), '^[a-f]\) *', '') as in_touch,
        upper(trim(coalesce(clea_care_leaver_accommodation, ''))) as accommodation,
        regexp_replace(lower(trim(coalesce(clea_care_leaver_accom_suitable, ''))), '^[ab]\) *', '') as suitable,
        upper(trim(coalesce(clea_care_leaver_activity, ''))) as activity,
        clea_care_leaver_latest_contact as contact_on,
        clea_pathway_plan_review_date as reviewed_on,
        nullif(trim(clea_care_leaver_personal_advisor), '') as adviser,
        clea_care_leaver_allocated_team as team_id,
        clea_care_leaver_worker_id as worker_id
    from ssd_care_leavers
    where clea_person_id is not null
    qualify
        row_number() over (
            partition by clea_person_id
            order by
                greatest(clea_care_leaver_latest_contact, clea_pathway_plan_review_date) desc nulls last,
                least(
                    coalesce(clea_care_leaver_latest_contact, date '1900-01-01'),
                    coalesce(clea_pathway_plan_review_date, date '1900-01-01')
                ) desc,
                clea_table_id desc
        ) = 1
)

select
    listed.person_id,
    listed.row_id,
    'leaving care' as anchor,
    children.born_on,
    coalesce(children.alive_until, date '9999-12-31') as open_until,
    case
        when starts_with(listed.eligibility, 'former relevant') then 'former relevant'
        when starts_with(listed.eligibility, 'relevant') then 'relevant'
        when starts_with(listed.eligibility, 'qualifying') then 'qualifying'
        when starts_with(listed.eligibility, 'eligible') then 'eligible'
        when starts_with(listed.eligibility, 'no current') then 'none'
    end as eligibility,
    case
        when regexp_matches(listed.in_touch, '^(y|yes|in touch)( *[-:].*)?$') then 'YES'
        when regexp_matches(listed.in_touch, '^(n|no|not in touch)( *[-:–].*)?$') then 'NO'
        when regexp_matches(listed.in_touch, '^died\b') then 'DIED'
        when regexp_matches(listed.in_touch, '^refu') then 'REFU'
        when regexp_matches(listed.in_touch, '^(nreq|no longer)\b') then 'NREQ'
        when regexp_matches(listed.in_touch, '^(rhom|returned)\b') then 'RHOM'
    end as in_touch,
    nullif(regexp_extract(listed.accommodation, '^([B-EGHKR-Z])[12]?( *[-:].*)?$', 1), '') as accommodation,
    case
        when regexp_matches(listed.suitable, '^(1|suitable)( *[-:].*)?$') then true
        when regexp_matches(listed.suitable, '^(2|unsuitable|not suitable)( *[-:].*)?$') then false
    end as suitable,
    nullif(regexp_extract(listed.activity, '^([FP][1-5]|G[4-6])( *[-:].*)?$', 1), '') as activity,
    listed.contact_on,
    listed.reviewed_on,
    listed.adviser,
    listed.team_id,
    listed.worker_id
from listed
left join children on children.person_id = listed.person_id
