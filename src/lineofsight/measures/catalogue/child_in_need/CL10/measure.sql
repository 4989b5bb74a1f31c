-- Episodes of need closed lately, and whether each was assessed, its plan reviewed and the child's views recorded before it
-- closed. A plan is a child in need plan or a child protection plan within the episode; without one, no review is owed.
with
closed as (
    select
        month_spans.as_at,
        ssd_cin_episodes.cine_person_id as person_id,
        ssd_cin_episodes.cine_referral_id as referral_id,
        ssd_cin_episodes.cine_referral_date as started_on,
        ssd_cin_episodes.cine_close_date as closed_on,
        ssd_cin_episodes.cine_referral_team as team_id
    from ssd_cin_episodes
    inner join due_dates
        on due_dates.key = 'cin.closure_checked'
        and due_dates.started_on = ssd_cin_episodes.cine_close_date
    inner join month_spans
        on ssd_cin_episodes.cine_close_date <= month_spans.as_at
        and due_dates.due_on > month_spans.as_at
    where
        ssd_cin_episodes.cine_person_id is not null
        and ssd_cin_episodes.cine_referral_date is not null
        and coalesce(ssd_cin_episodes.cine_referral_nfa, 'N') <> 'Y'
),

episodes as (
    select distinct person_id, referral_id, started_on, closed_on from closed
),

assessed as (
    select distinct
        episodes.person_id,
        episodes.referral_id
    from episodes
    inner join ssd_cin_assessments
        on ssd_cin_assessments.cina_person_id = episodes.person_id
        and coalesce(ssd_cin_assessments.cina_referral_id, episodes.referral_id) = episodes.referral_id
        and ssd_cin_assessments.cina_assessment_auth_date between episodes.started_on and episodes.closed_on
),

plans as (
    select person_id, started_on, open_until from support_plans
    union all
    select person_id, started_on, open_until from protection_plans
),

planned as (
    select
        episodes.person_id,
        episodes.referral_id,
        min(plans.started_on) as planned_on
    from episodes
    inner join plans
        on plans.person_id = episodes.person_id
        and plans.started_on between episodes.started_on and episodes.closed_on
    group by episodes.person_id, episodes.referral_id
),

reviews as (
    select
        cinr_person_id as person_id,
        cinr_date as held_on,
        cinr_participation as took_part
    from side_cin_plan_review
    where coalesce(cinr_cancelled, 'N') <> 'Y'

    union all

    select
        cppr_person_id as person_id,
        cppr_cp_review_date as held_on,
        cppr_cp_review_participation as took_part
    from ssd_cp_reviews
),

reviewed as (
    select
        episodes.person_id,
        episodes.referral_id,
        -- too young to be asked, or had a say
        coalesce(bool_or(upper(trim(reviews.took_part)) in ('PN0', 'PN1', 'PN2', 'PN3', 'PN5', 'PN6')), false) as heard,
        bool_or(reviews.took_part is null) as unrecorded
    from episodes
    inner join planned
        on planned.person_id = episodes.person_id
        and planned.referral_id = episodes.referral_id
    inner join reviews
        on reviews.person_id = episodes.person_id
        and reviews.held_on between planned.planned_on and episodes.closed_on
    group by episodes.person_id, episodes.referral_id
),

judged as (
    select
        closed.as_at,
        closed.person_id,
        closed.referral_id,
        closed.started_on,
        closed.closed_on,
        closed.team_id,
        assessed.person_id is null as not_assessed,
        planned.person_id is not null and reviewed.person_id is null as not_reviewed,
        coalesce(not reviewed.heard and not reviewed.unrecorded, false) as not_heard,
        coalesce(not reviewed.heard and reviewed.unrecorded, false) as cannot_tell
    from closed
    left join assessed
        on assessed.person_id = closed.person_id
        and assessed.referral_id = closed.referral_id
    left join planned
        on planned.person_id = closed.person_id
        and planned.referral_id = closed.referral_id
    left join reviewed
        on reviewed.person_id = closed.person_id
        and reviewed.referral_id = closed.referral_id
)

select
    as_at,
    person_id,
    referral_id as event_id,
    'referral ' || started_on::text as anchor,
    team_id,
    null::text as worker_id,
    case when not_assessed or not_reviewed or not_heard then closed_on end as due_on,
    null::date as done_on,
    case
        when not_assessed or not_reviewed or not_heard then false
        when not cannot_tell then true
    end as met,
    null::double as value,
    'closed ' || strftime(closed_on, '%-d %B %Y')
    || case
        when not_assessed or not_reviewed or not_heard then
            ' without '
            || concat_ws(
                ', ',
                case when not_assessed then 'an authorised assessment' end,
                case when not_reviewed then 'a review of the plan' end,
                case when not_heard then 'the child''s views at any review' end
            )
        when cannot_tell then '; whether the child''s views were heard is not recorded'
        else ' after assessment and review'
    end as reason
from judged
