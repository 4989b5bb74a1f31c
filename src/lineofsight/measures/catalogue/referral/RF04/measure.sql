-- Referrals of the month, and whether the child was assessed and found not to be in need: the first assessment that was
-- authorised says that nothing more was to be done, or the episode was closed for that reason. What has not been
-- assessed yet cannot be told.
with
assessed as (
    select
        assessments.person_id,
        assessments.referral_id,
        min(assessments.authorised_on) as authorised_on,
        arg_min_null(assessments.no_action, (assessments.authorised_on, assessments.assessment_id)) as no_action
    from assessments
    cross join snapshot
    where assessments.referral_id is not null and assessments.authorised_on <= snapshot.as_at
    group by assessments.person_id, assessments.referral_id
),

closures as (
    select
        ssd_cin_episodes.cine_person_id as person_id,
        ssd_cin_episodes.cine_referral_id as referral_id,
        nullif(upper(trim(ssd_cin_episodes.cine_close_reason)), '') as why
    from ssd_cin_episodes
    cross join snapshot
    where ssd_cin_episodes.cine_close_date <= snapshot.as_at
),

judged as (
    select
        month_spans.as_at,
        ssd_cin_episodes.cine_person_id as person_id,
        ssd_cin_episodes.cine_referral_id as referral_id,
        ssd_cin_episodes.cine_referral_date as referred_on,
        ssd_cin_episodes.cine_referral_team as team_id,
        ssd_cin_episodes.cine_referral_worker_id as worker_id,
        assessed.authorised_on,
        case
            when ssd_cin_episodes.cine_referral_nfa = 'Y' and assessed.authorised_on is null then 'not assessed'
            when closures.why = 'RC8' then 'not in need'
            when assessed.no_action = 'Y' then 'not in need'
            when assessed.no_action = 'N' then 'in need'
            when closures.why is not null then 'in need'
            when assessed.authorised_on is not null then 'not recorded'
            else 'waiting'
        end as outcome
    from ssd_cin_episodes
    inner join month_spans
        on month_spans.month_start = date_trunc('month', ssd_cin_episodes.cine_referral_date)::date
        and month_spans.as_at >= ssd_cin_episodes.cine_referral_date
    left join assessed
        on assessed.person_id = ssd_cin_episodes.cine_person_id
        and assessed.referral_id = ssd_cin_episodes.cine_referral_id
    left join closures
        on closures.person_id = ssd_cin_episodes.cine_person_id
        and closures.referral_id = ssd_cin_episodes.cine_referral_id
    where ssd_cin_episodes.cine_person_id is not null
)

select
    as_at,
    person_id,
    referral_id as event_id,
    'referral ' || referred_on::text as anchor,
    team_id,
    worker_id,
    null::date as due_on,
    authorised_on as done_on,
    case outcome
        when 'not in need' then true
        when 'in need' then false
        when 'not assessed' then false
    end as met,
    null::double as value,
    'referred ' || strftime(referred_on, '%-d %B %Y') || '; '
    || case outcome
        when 'not in need' then 'assessed, and found not to be in need'
        when 'in need' then 'not closed as being out of need after assessment'
        when 'not assessed' then 'no further action, without an assessment'
        when 'not recorded' then 'assessed, but whether more was to be done is not recorded'
        else 'no assessment is authorised yet'
    end as reason
from judged
