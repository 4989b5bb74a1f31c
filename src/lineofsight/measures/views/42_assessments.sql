-- Assessments, each with the clock it runs by: guidance counts from the referral, so the first assessment of a referral
-- runs from the referral's day (`from_referral`); a later one, and one that names no referral of this child, from its
-- own start, and so does one whose referral is dated after the extract, a typing error. It is open until it is authorised, the episode of need it belongs to closes, or the child dies;
-- an episode that had closed before the assessment began says nothing of it.
with
dated as (
    select
        ssd_cin_assessments.cina_assessment_id as assessment_id,
        ssd_cin_assessments.cina_person_id as person_id,
        ssd_cin_assessments.cina_referral_id as referral_id,
        case
            when ssd_cin_assessments.cina_assessment_start_date is not null
                then greatest(ssd_cin_assessments.cina_assessment_start_date, first_day.day)
        end as began_on,
        ssd_cin_assessments.cina_assessment_auth_date as authorised_on,
        ssd_cin_assessments.cina_assessment_team as team_id,
        ssd_cin_assessments.cina_assessment_worker_id as worker_id,
        ssd_cin_assessments.cina_assessment_child_seen as child_seen,
        ssd_cin_assessments.cina_assessment_outcome_nfa as no_action,
        case
            when ssd_cin_episodes.cine_referral_date <= snapshot.as_at
                then greatest(ssd_cin_episodes.cine_referral_date, first_day.day)
        end as referred_on,
        ssd_cin_episodes.cine_close_date as closed_on,
        coalesce(children.alive_until, date '9999-12-31') as alive_until,
        children.unborn_until,
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
    cross join snapshot
    left join ssd_cin_episodes
        on ssd_cin_episodes.cine_referral_id = ssd_cin_assessments.cina_referral_id
        and ssd_cin_episodes.cine_person_id = ssd_cin_assessments.cina_person_id
    left join children on children.person_id = ssd_cin_assessments.cina_person_id
    where ssd_cin_assessments.cina_person_id is not null
)

select
    assessment_id,
    person_id,
    referral_id,
    began_on,
    authorised_on,
    team_id,
    worker_id,
    child_seen,
    no_action,
    unborn_until,
    referred_on is not null and assessment_number = 1 as from_referral,
    case when assessment_number = 1 then coalesce(referred_on, began_on) else began_on end as clock_on,
    'assessment ' || coalesce(began_on, referred_on, authorised_on)::text as anchor,
    least(
        coalesce(authorised_on, date '9999-12-31'),
        case when closed_on >= coalesce(began_on, referred_on) then closed_on else date '9999-12-31' end,
        alive_until
    ) as open_until
from dated
