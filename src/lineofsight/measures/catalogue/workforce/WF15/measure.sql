-- Children in need under 18 one of whose named workers has been away for as long as the policy allows, and whether
-- somebody covers: another named worker of the child who is there, or the colleague whom the absence names. Working
-- days away count the first.
with
away as (
    select
        needs_open.as_at,
        needs_open.person_id,
        needs_open.referral_id as event_id,
        needs_open.anchor,
        tiers.away_since,
        tiers.away_uncovered
    from needs_open
    inner join allocation_tiers as tiers
        on tiers.person_id = needs_open.person_id
        and tiers.as_at = needs_open.as_at
        and tiers.lead_role = 'family_help_lead'
        and tiers.any_away
    left join children on children.person_id = needs_open.person_id
    where coalesce(children.adult_on, date '9999-12-31') > needs_open.as_at
)

select
    away.as_at,
    away.person_id,
    away.event_id,
    away.anchor,
    null::text as team_id,
    null::text as worker_id,
    case when away.away_uncovered then limits.due_on end as due_on,
    null::date as done_on,
    not away.away_uncovered as met,
    case when away.away_uncovered then (today.working_number - day_before.working_number)::double end as value,
    case
        when away.away_uncovered then
            'the worker has been away since ' || strftime(away.away_since, '%-d %B %Y') || ' and nobody covers, '
            || (today.working_number - day_before.working_number)::text
            || case when today.working_number - day_before.working_number = 1 then ' working day' else ' working days' end
        when away.away_since is not null then
            'the worker has been away since ' || strftime(away.away_since, '%-d %B %Y') || '; a colleague covers'
        else 'one worker is away; another who is there holds the child'
    end as reason
from away
left join due_dates as limits
    on limits.key = 'absence.cover'
    and limits.started_on = away.away_since - 1
left join calendar as today on today.day = away.as_at
left join calendar as day_before on day_before.day = away.away_since - 1
