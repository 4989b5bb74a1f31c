-- Children in need under 18 whom somebody or something is recorded as holding at the month end, and whether it is a
-- named worker: not a manager, a duty desk, a team or a vacant post. Days run from the day the stand-in began.
select
    needs_open.as_at,
    needs_open.person_id,
    needs_open.referral_id as event_id,
    needs_open.anchor,
    null::text as team_id,
    null::text as worker_id,
    case when tiers.tier = 'stand_in' then tiers.since end as due_on,
    case when tiers.tier not in ('stand_in', 'unknown') then tiers.since end as done_on,
    case tiers.tier when 'stand_in' then false when 'unknown' then null else true end as met,
    case when tiers.tier = 'stand_in' then (today.working_number - beginning.working_number)::double end as value,
    tiers.reason
    || case
        when tiers.tier = 'stand_in' then
            ', ' || (today.working_number - beginning.working_number)::text
            || case when today.working_number - beginning.working_number = 1 then ' working day' else ' working days' end
            || ' since '
            || strftime(tiers.since, '%-d %B %Y')
        else ''
    end as reason
from needs_open
inner join allocation_tiers as tiers
    on tiers.person_id = needs_open.person_id
    and tiers.as_at = needs_open.as_at
    and tiers.lead_role = 'family_help_lead'
    and tiers.tier <> 'nobody'
left join children on children.person_id = needs_open.person_id
inner join calendar as today on today.day = needs_open.as_at
inner join calendar as beginning on beginning.day = tiers.since
where coalesce(children.adult_on, date '9999-12-31') > needs_open.as_at
